#pragma once

#include "base/result.h"
#include "plots/comparison_plot.h"
#include "plots/curves_plot.h"
#include "study/study.h"

#include <QString>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// What one project reached in one objective, for a comparison with others.
struct ComparedRun {
    QString label;
    Goal goal = Goal::Minimize;
    std::vector<double> best; ///< best so far after 1 ... n finished trials; NaN before the first feasible
    std::vector<double> outcomes; ///< finite values of complete trials that are not excluded, ascending
};
[[nodiscard]] ComparedRun comparedRun(const Study& study, const Objective& objective, const QString& label);
/// One per objective, by its name: projects are matched by names.
[[nodiscard]] std::map<std::string, ComparedRun> comparedRuns(const Study& study, const QString& label);

/// "branin-ei" of "branin-ei-3": runs that differ only by a number at the end repeat each other.
[[nodiscard]] QString runGroup(const QString& label);

/// Best so far against finished trials. With `grouped`, runs of one group become their median with the band
/// between the quartiles, as far as the shortest run goes. With `optimum`, the distance to it (0 and less: a
/// gap, as a log axis cannot show it).
[[nodiscard]] std::vector<ComparisonCurve> bestCurves(const std::vector<ComparedRun>& runs, bool grouped,
                                                      std::optional<double> optimum);

/// Empirical distribution functions: share of the outcomes at or below a value; of a group, over all its
/// runs.
[[nodiscard]] std::vector<ComparisonCurve> outcomeCurves(const std::vector<ComparedRun>& runs, bool grouped);

/// Trials with intermediate measurements of this measure, by id; withdrawn ones are left out.
[[nodiscard]] std::vector<LearningCurve> learningCurves(const Study& study, MeasureId measure);
[[nodiscard]] bool hasLearningCurves(const Study& study);

} // namespace alidade
