#pragma once

#include <QWidget>

class QTableView;

namespace alidade {

class GoalsDesirability;
class JobRunner;
class MessageBar;
class ProjectDocument;
class SourcesForm;
class StudyFindings;
class TrialSelection;

/// What a good result is, how it is measured, and how the next settings are chosen.
class GoalsPage : public QWidget {
    Q_OBJECT

public:
    GoalsPage(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings, TrialSelection& selection,
              QWidget* parent = nullptr);

    [[nodiscard]] GoalsDesirability& desirability() const { return *m_desirability; }
    [[nodiscard]] SourcesForm& sources() const { return *m_sources; }

private:
    void addObjective();
    void addLimit();
    void removeObjective();
    void removeLimit();

    ProjectDocument& m_document;
    QTableView* m_objectives = nullptr;
    QTableView* m_limits = nullptr;
    MessageBar* m_message = nullptr;
    GoalsDesirability* m_desirability = nullptr;
    SourcesForm* m_sources = nullptr;
};

} // namespace alidade
