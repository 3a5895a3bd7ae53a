#pragma once

#include "base/ids.h"

#include <QTimer>
#include <QWidget>

#include <vector>

class QCheckBox;
class QGridLayout;
class QStackedWidget;
class QTabWidget;

namespace alidade {

class BestSoFarPlot;
class DerivedCache;
class EmptyState;
class HistoryComparePanel;
class HistoryCurvesPanel;
class HistoryParallelPanel;
class JobRunner;
class MessageBar;
class MeasuredFrontPlot;
class PlotView;
class ProjectDocument;
class RegretPlot;
class TimelinePlot;
class TrialSelection;
struct HistoryProgress;
struct TimelineBarData;

/// History: how the study went. Per objective every trial and the best so far, the regret where the optimum
/// is known; for two objectives the measured front; when each trial waited and ran. In tabs beside it:
/// parallel coordinates of all trials, a comparison with other projects, learning curves where there are any.
/// Follows results as they come in and keeps what the user zoomed to.
class HistoryPage : public QWidget {
    Q_OBJECT
public:
    HistoryPage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache, TrialSelection& selection,
                QWidget* parent = nullptr);
    ~HistoryPage() override;

    [[nodiscard]] const std::vector<BestSoFarPlot*>& bestPlots() const { return m_bestPlots; }
    [[nodiscard]] BestSoFarPlot* desirability() const { return m_desirability; }
    [[nodiscard]] const std::vector<RegretPlot*>& regretPlots() const { return m_regretPlots; }
    [[nodiscard]] MeasuredFrontPlot* frontPlot() const { return m_front; } ///< null unless two objectives
    [[nodiscard]] TimelinePlot& timelinePlot() const { return *m_timeline; }
    [[nodiscard]] HistoryParallelPanel& parallel() const { return *m_parallel; }
    [[nodiscard]] HistoryComparePanel& compare() const { return *m_compare; }
    [[nodiscard]] HistoryCurvesPanel& curves() const { return *m_curves; }
    /// What to do, where there is nothing to show; no title where there is.
    struct EmptyText {
        QString title;
        QString text;
    };
    [[nodiscard]] EmptyText emptyText() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void buildTabs();
    void rebuildPlots();
    void adopt(PlotView* plot);
    void scheduleUpdate();
    void updatePlots();
    void updateProgress();
    void showProgress(const HistoryProgress& progress);
    void updateTimeline();
    void showTimeline(std::vector<TimelineBarData> bars);
    [[nodiscard]] bool isLarge() const;
    void selectionChanged();
    void showNotice(const QString& text);

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    TrialSelection& m_selection;
    QTimer m_delay;   ///< collects results that arrive together
    QTimer m_seconds; ///< running trials grow
    bool m_dirty = true;
    bool m_progressAgain = false; ///< results came while the last ones were being sorted
    bool m_timelineAgain = false;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    MessageBar* m_notice = nullptr;
    QCheckBox* m_logarithmic = nullptr;
    QTabWidget* m_tabs = nullptr;
    HistoryParallelPanel* m_parallel = nullptr;
    HistoryComparePanel* m_compare = nullptr;
    HistoryCurvesPanel* m_curves = nullptr;
    QWidget* m_content = nullptr;
    QGridLayout* m_grid = nullptr;
    QWidget* m_side = nullptr;
    BestSoFarPlot* m_desirability = nullptr; ///< only when every objective has one
    std::vector<BestSoFarPlot*> m_bestPlots;
    std::vector<RegretPlot*> m_regretPlots; ///< of objectives with a known optimum
    MeasuredFrontPlot* m_front = nullptr;
    TimelinePlot* m_timeline = nullptr;
};

} // namespace alidade
