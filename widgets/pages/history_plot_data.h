#pragma once

#include "pages/history_data.h"
#include "plots/history_plots.h"
#include "plots/timeline_plot.h"

namespace alidade {

/// Name and unit of an objective for an axis.
[[nodiscard]] AxisSpec measureSpec(const Objective& objective);

/// What the plots of the history show; styles are TrialStyle.
[[nodiscard]] BestSoFarData bestSoFarData(const MeasureHistory& history, bool logarithmic);
[[nodiscard]] FrontPlotData frontPlotData(const TrialFront& front, const Objective& x, const Objective& y);
[[nodiscard]] std::vector<TimelineBarData> timelineData(const Timeline& shown);

/// "loss: smaller is better", "pH: 7 is best"
[[nodiscard]] QString directionTitle(const Objective& objective);

} // namespace alidade
