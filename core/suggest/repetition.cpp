#include "suggest/repetition.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kSameSetting = 1e-4;
constexpr double kElsewhere = 0.05;
constexpr double kNoNoise = 1e-4; // variance, of outcomes with variance 1

/// Largest difference in one coordinate to the nearest of the rows.
double distance(const Eigen::RowVectorXd& row, const std::vector<Eigen::RowVectorXd>& rows) {
    double nearest = HUGE_VAL;
    for (const Eigen::RowVectorXd& other : rows)
        nearest = std::min(nearest, (row - other).cwiseAbs().maxCoeff());
    return nearest;
}

} // namespace

std::optional<Diversion> insteadOfRepetition(const AcquisitionTarget& target, const MaximiserReport& report,
                                             const std::vector<Eigen::RowVectorXd>& chosen) {
    const StudyModel::State& state = target.state();
    if (report.enumerated || report.stopped || report.found.empty() || state.processes.empty())
        return std::nullopt;
    for (const auto& [measure, model] : state.processes)
        if (model.process.hyperparameters().noiseVariance > kNoNoise ||
            (model.process.data().extraNoise.size() > 0 &&
             (model.process.data().extraNoise.head(model.own()).array() > kNoNoise).any()))
            return std::nullopt;
    std::vector<Eigen::RowVectorXd> known = chosen;
    for (const ObservedTrial& trial : state.observed)
        known.push_back(trial.features);
    if (!(distance(state.features.row(report.found.front().setting), known) < kSameSetting))
        return std::nullopt;
    for (const MaximiserReport::Found& found : report.found)
        if (std::isfinite(found.value) && distance(state.features.row(found.setting), known) >= kElsewhere)
            return Diversion{found.setting,
                             "looks elsewhere, since the most promising place has been measured "
                             "and nothing points to noise"};
    return std::nullopt;
}

} // namespace alidade
