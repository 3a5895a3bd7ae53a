#pragma once

#include <QWidget>

class QTableView;

namespace alidade {

class MessageBar;
class ProjectDocument;
class StudyFindings;

/// What a good result is, how it is measured, and how the next settings are chosen.
class GoalsPage : public QWidget {
    Q_OBJECT

public:
    GoalsPage(ProjectDocument& document, StudyFindings& findings, QWidget* parent = nullptr);

private:
    void addObjective();
    void addLimit();
    void removeObjective();
    void removeLimit();

    ProjectDocument& m_document;
    QTableView* m_objectives = nullptr;
    QTableView* m_limits = nullptr;
    MessageBar* m_message = nullptr;
};

} // namespace alidade
