#pragma once

#include "base/ids.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace alidade {

class JobRunner;
class ProjectDocument;
class StudyFindings;

/// Constraints of the search space, one a line, each with the share of the space that it leaves, while one
/// types; the share of all together above. A line becomes part of the study when it is finished.
class ConstraintList : public QWidget {
    Q_OBJECT
public:
    ConstraintList(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings,
                   QWidget* parent = nullptr);

private:
    struct Row {
        ConstraintId id; ///< none: the line for a new one
        QWidget* widget = nullptr;
        QLineEdit* edit = nullptr;
        QLabel* status = nullptr;
    };
    struct Feedback;

    void refresh();
    void rebuildRows();
    Row makeRow(ConstraintId id, const QString& name);
    void requestFeedback();
    void computeFeedback();
    void showFeedback(const Feedback& feedback);
    void add();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    StudyFindings& m_findings;
    std::vector<Row> m_rows;
    Row m_new;
    QVBoxLayout* m_rowLayout = nullptr;
    QLabel* m_summary = nullptr;
    QTimer m_delay;
};

} // namespace alidade
