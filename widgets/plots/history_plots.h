#pragma once

#include "plots/mark_items.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"

#include <array>
#include <functional>
#include <optional>
#include <vector>

namespace alidade {

class BandItem;
class LineItem;
class TimelineItem;

/// Styles of trials in the plots of the history, by number: the origins, then these.
enum class TrialStyle { Manual, Imported, Initial, Random, Model, Infeasible, Excluded };
[[nodiscard]] std::vector<PointStyle> trialStyles();

/// Text of a trial for read-outs.
using TrialText = std::function<QString(qint64 key)>;

struct BestSoFarData {
    AxisSpec measure;              ///< title, unit, Linear or Log
    std::vector<PlotPoint> trials; ///< x: evaluation, style: TrialStyle
    std::vector<double> bestX;     ///< steps of the best so far
    std::vector<double> bestY;
    std::vector<double> bestLow; ///< 95 % interval at bestX, NaN: none; empty where there is none anywhere
    std::vector<double> bestHigh;
    bool replicated = false; ///< bestY are means over replicates
    std::vector<BorderMarksItem::Mark> failed;
    std::optional<double> knownOptimum;
    std::vector<double> wanted; ///< a target, or the ends of a range
};

/// Every trial in order of completion, the best so far as a step line. A few values far from the rest do not
/// press it flat: they are marked at the border.
class BestSoFarPlot : public PlotView {
    Q_OBJECT
public:
    explicit BestSoFarPlot(QWidget* parent = nullptr);
    void setData(const BestSoFarData& data);
    void setTrialText(TrialText text);
    [[nodiscard]] const LineItem& best() const { return *m_best; }
    [[nodiscard]] const BandItem& interval() const { return *m_interval; }
    /// The target or the lower end of the wanted range, and its upper end.
    [[nodiscard]] const std::array<LevelItem*, 2>& wanted() const { return m_wanted; }
    [[nodiscard]] const PointsItem& trials() const { return *m_trials; }
    [[nodiscard]] const BorderMarksItem& failed() const { return *m_failed; }
    [[nodiscard]] const BorderMarksItem& above() const { return *m_above; }
    [[nodiscard]] const BorderMarksItem& below() const { return *m_below; }

private:
    BandItem* m_interval = nullptr;
    PointsItem* m_trials = nullptr;
    LineItem* m_best = nullptr;
    LevelItem* m_optimum = nullptr;
    std::array<LevelItem*, 2> m_wanted{};
    BorderMarksItem* m_failed = nullptr;
    BorderMarksItem* m_above = nullptr;
    BorderMarksItem* m_below = nullptr;
};

/// Distance of the best so far to a known optimum, log scale.
class RegretPlot : public PlotView {
    Q_OBJECT
public:
    explicit RegretPlot(QWidget* parent = nullptr);
    /// A regret of 0 cannot stand on a log axis: it is marked at the lower border.
    void setData(const AxisSpec& measure, const std::vector<double>& x, const std::vector<double>& regret);
    [[nodiscard]] const LineItem& line() const { return *m_line; }
    [[nodiscard]] const BorderMarksItem& reached() const { return *m_reached; }

private:
    LineItem* m_line = nullptr;
    BorderMarksItem* m_reached = nullptr;
};

struct FrontPlotData {
    AxisSpec x;
    AxisSpec y;
    std::vector<PlotPoint> trials; ///< style: TrialStyle
    std::vector<PlotPoint> front;
    std::vector<double> borderX;
    std::vector<double> borderY;
};

/// Two objectives against each other, the measured front highlighted.
class MeasuredFrontPlot : public PlotView {
    Q_OBJECT
public:
    explicit MeasuredFrontPlot(QWidget* parent = nullptr);
    void setData(const FrontPlotData& data);
    void setTrialText(TrialText text);
    [[nodiscard]] const PointsItem& front() const { return *m_front; }
    [[nodiscard]] const LineItem& border() const { return *m_border; }

private:
    PointsItem* m_trials = nullptr;
    PointsItem* m_front = nullptr;
    LineItem* m_border = nullptr;
};

} // namespace alidade
