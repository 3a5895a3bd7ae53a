#pragma once

#include "base/ids.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QSpinBox;

namespace alidade {

class JobRunner;
class MessageBar;
class ProjectDocument;
class TrialSelection;
class TrialsView;

/// The trials as a table: suggestions with their reasons on top, results typed, pasted or measured by a
/// program; below it the log of a run and what the selected trial's program printed.
class TrialsPage : public QWidget {
    Q_OBJECT

public:
    TrialsPage(ProjectDocument& document, JobRunner& jobs, TrialSelection& selection,
               QWidget* parent = nullptr);

    /// What the window knows about a run.
    void setRunning(bool running);
    void appendLog(const QString& line);
    void showError(const QString& text);

public slots:
    void suggest();
    void addTrial();
    void toggleExcluded();
    void editSlopes();
    void removeSelected();
    void run();

signals:
    /// `budget` counts finished trials in all; nothing: without end.
    void runRequested(std::optional<int> budget);
    void stopRequested();

private:
    [[nodiscard]] QWidget* buildBar();
    [[nodiscard]] QWidget* buildBottom();
    void pasteTrials(const QString& text);
    void updateState();
    void showOutput();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    TrialSelection& m_selection;
    TrialsView* m_view = nullptr;
    QStackedWidget* m_stack = nullptr;
    MessageBar* m_message = nullptr;
    QPushButton* m_suggest = nullptr;
    QSpinBox* m_batch = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QSpinBox* m_budget = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_counts = nullptr;
    QPlainTextEdit* m_log = nullptr;
    QPlainTextEdit* m_output = nullptr;
    bool m_running = false;
};

} // namespace alidade
