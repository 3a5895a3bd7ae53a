#pragma once

#include "base/ids.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTableView;

namespace alidade {

class ConditionGraph;
class JobRunner;
class ParameterForm;
class ParametersModel;
class ProjectDocument;
class SamplePreview;
class SpaceEnvironment;
class StudyFindings;

/// Defines the search space: parameters in a table with a form beside it, conditions as a drawing,
/// constraints with the share of the space that they leave, and a preview of sampled settings.
class SpacePage : public QWidget {
    Q_OBJECT

public:
    SpacePage(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings, QWidget* parent = nullptr);

    void addParameter(int kind);

private:
    [[nodiscard]] QWidget* buildLeft(JobRunner& jobs);
    void removeCurrent();
    void moveCurrent(int step);
    void selectParameter(ParameterId id);
    [[nodiscard]] ParameterId current() const;
    void refresh();
    void requestPreview();
    void computePreview();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    StudyFindings& m_findings;
    ParametersModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QStackedWidget* m_formStack = nullptr;
    ParameterForm* m_form = nullptr;
    SpaceEnvironment* m_environment = nullptr;
    ConditionGraph* m_graph = nullptr;
    SamplePreview* m_preview = nullptr;
    QPushButton* m_remove = nullptr;
    QPushButton* m_up = nullptr;
    QPushButton* m_down = nullptr;
    QTimer m_delay;
};

} // namespace alidade
