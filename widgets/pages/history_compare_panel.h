#pragma once

#include "base/monitor.h"
#include "pages/history_comparison.h"

#include <QStringList>
#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QPushButton;

namespace alidade {

class JobRunner;
class ProjectDocument;

/// History, tab Compare: this project and others on one chart, and the distributions of their outcomes. Other
/// projects are read in the background; objectives are matched by name.
class HistoryComparePanel : public QWidget {
    Q_OBJECT
public:
    HistoryComparePanel(ProjectDocument& document, JobRunner& jobs, QWidget* parent = nullptr);

    /// Lays other projects over this one; those that are there already are read again.
    void addFiles(const QStringList& paths);
    void removeAll();
    [[nodiscard]] const QStringList& files() const { return m_paths; }
    [[nodiscard]] ComparisonPlot& best() const { return *m_best; }
    [[nodiscard]] ComparisonPlot& outcomes() const { return *m_outcomes; }

    void setLogarithmic(bool logarithmic);
    /// The study has changed.
    void updatePlots();

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Overlay {
        QString path;
        std::map<std::string, ComparedRun> runs; ///< by name of the objective
    };
    struct Loaded {
        std::vector<Overlay> overlays;
        QStringList problems;
    };
    [[nodiscard]] static Result<Loaded> load(const QStringList& paths, const Monitor& monitor);
    void buildBar(QBoxLayout& bar);
    void chooseFiles();
    void reload();
    void fillObjectives();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    QComboBox* m_objective = nullptr;
    QCheckBox* m_grouped = nullptr;
    QCheckBox* m_regret = nullptr;
    QPushButton* m_reload = nullptr;
    QPushButton* m_remove = nullptr;
    ComparisonPlot* m_best = nullptr;
    ComparisonPlot* m_outcomes = nullptr;
    QStringList m_paths;
    std::vector<Overlay> m_overlays;
    bool m_logarithmic = false;
    bool m_dirty = true;
};

} // namespace alidade
