#pragma once

#include "pages/history_data.h"
#include "plots/history_plots.h"
#include "plots/timeline_plot.h"

#include <optional>
#include <vector>

namespace alidade {

/// Name and unit of an objective for an axis.
[[nodiscard]] AxisSpec measureSpec(const Objective& objective);

/// What the plots of the history show; styles are TrialStyle.
[[nodiscard]] BestSoFarData bestSoFarData(const MeasureHistory& history, bool logarithmic);
[[nodiscard]] FrontPlotData frontPlotData(const TrialFront& front, const Objective& x, const Objective& y);
/// Of two objectives by index; by their distances where a value or a range is wanted.
[[nodiscard]] FrontPlotData measuredFrontData(const Study& study, std::size_t x, std::size_t y);
[[nodiscard]] std::vector<TimelineBarData> timelineData(const Timeline& shown);

/// "loss: smaller is better", "pH: 7 is best"
[[nodiscard]] QString directionTitle(const Objective& objective);

/// Everything on the tab Progress but the timeline, from the study alone.
struct HistoryProgress {
    struct Measure {
        Objective objective;
        BestSoFarData best;
        std::vector<double> regret; ///< at best.bestX; only with a known optimum
    };
    std::vector<Measure> measures; ///< one per objective
    std::optional<Measure> desirability;
    std::optional<FrontPlotData> front; ///< of two objectives
};
/// Sorts all trials several times: for thousands of them on a worker thread.
[[nodiscard]] HistoryProgress historyProgress(const Study& study, bool logarithmic);

} // namespace alidade
