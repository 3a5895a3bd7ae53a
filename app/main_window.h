#pragma once

#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "models/study_findings.h"
#include "run_session.h"

#include <QMainWindow>
#include <QSettings>

#include <memory>
#include <optional>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QUndoGroup;
class QVBoxLayout;

namespace alidade {

class HelpWindow;
class LearningRatePage;
class MessageBar;
struct Report;
class TrialsPage;
class WelcomePage;

/// The workbench: a rail of pages, one central page, an inspector for the selected trial, a status bar with
/// running work. Wires document, engine and pages; computes nothing itself.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    enum Page { Welcome, Space, Goals, Beliefs, Trials, Explore, Fronts, History, LearningRate, PageCount };

    [[nodiscard]] ProjectDocument& document() { return m_document; }
    [[nodiscard]] RunSession& runSession() { return m_run; }
    void showPage(int page);
    /// `start`: measures with the study's command as soon as the project is open.
    void openPath(const QString& path, bool start = false);
    /// Makes a new project from a configuration beside the user's documents (never overwriting) and opens it.
    void openExample(const QString& configuration, bool start);

protected:
    bool event(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildPages();
    void buildRail();
    void buildMenus();
    void buildStatus();
    void connectDocument();
    void newStudy();
    void openDialog();
    void configurationDialog();
    void loadConfiguration(const QString& path, const QString& target, bool start);
    void importCsv(const QString& path);
    void saveCopy();
    void exportText(const QString& what);
    void writeText(const QString& what, const QString& path);
    void copySetting(const QString& suffix);
    [[nodiscard]] std::optional<TrialId> selectedTrial() const;
    void exportReport();
    void makeReportFile(const QString& path);
    void drawReport(const std::shared_ptr<Report>& report, std::size_t next, const QString& path);
    void startRun(std::optional<int> budget);
    void remember(const QString& path);
    void refreshTitle();
    void showError(const QString& text);
    void showAbout();
    /// About the widget under the pointer, else the one with the focus.
    void showHelpHere();
    void showHelp(const QString& key);
    [[nodiscard]] QString keyboardText() const;
    void saveLayout();
    void restoreLayout();

    QSettings m_settings;
    ProjectDocument m_document;
    JobRunner m_jobs;
    DerivedCache m_cache;
    TrialSelection m_selection;
    StudyFindings m_findings;
    RunSession m_run;
    QStackedWidget* m_pages = nullptr;
    QVBoxLayout* m_railLayout = nullptr;
    QButtonGroup* m_rail = nullptr;
    MessageBar* m_message = nullptr;
    WelcomePage* m_welcome = nullptr;
    TrialsPage* m_trials = nullptr;
    LearningRatePage* m_learningRate = nullptr;
    QUndoGroup* m_undo = nullptr; ///< of the project, or of the page Learning rate while it is shown
    QLabel* m_storeLabel = nullptr;
    HelpWindow* m_help = nullptr; ///< from the first time on that it is wanted
    bool m_startAfterOpen = false;
    bool m_closing = false;
};

} // namespace alidade
