#include "suggest/ehvi_score.h"

#include "study/best_end.h"

#include <cmath>
#include <limits>

namespace alidade {
namespace {

Eigen::MatrixXd featureRows(const StudyModel::State& state, bool feasible) {
    std::vector<const ObservedTrial*> trials;
    for (const ObservedTrial& trial : state.observed)
        if (trial.feasible == feasible)
            trials.push_back(&trial);
    Eigen::MatrixXd rows(static_cast<Eigen::Index>(trials.size()), state.features.columns());
    for (std::size_t i = 0; i < trials.size(); ++i)
        rows.row(static_cast<Eigen::Index>(i)) = trials[i]->features;
    return rows;
}

} // namespace

Eigen::VectorXd EhviScore::values(const Eigen::MatrixXd& features) const {
    return improvement->logValues(features);
}

double EhviScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return improvement->logValue(features, gradient);
}

void EhviScore::believe(const Eigen::RowVectorXd& features) {
    // A place so close to others that nothing can be sampled there adds nothing.
    if (auto with = improvement->withPending(features))
        improvement = std::make_shared<const NoisyHypervolumeImprovement>(std::move(with).value());
}

std::optional<double> EhviScore::relativeGain(const Eigen::RowVectorXd& features) const {
    if (!(improvement->volume() > 0.0))
        return std::nullopt;
    return std::exp(improvement->logValues(features)(0)) / improvement->volume();
}

Result<std::optional<EhviScore>> makeEhviScore(const StudyModel::State& state, std::uint64_t index) {
    NoisyHypervolumeImprovement::Problem problem;
    const auto& objectives = state.definition.objectives;
    problem.reference.resize(static_cast<Eigen::Index>(objectives.size()));
    for (std::size_t k = 0; k < objectives.size(); ++k) {
        const ScaledProcess& scaled = state.processes.at(objectives[k].id);
        problem.processes.push_back(scaled.process);
        problem.goals.push_back(objectives[k].goal);
        double& worst = problem.reference(static_cast<Eigen::Index>(k));
        if (const auto range = wantedRange(objectives[k])) {
            const WantedInterval wanted{scaled.toModel(range->low), scaled.toModel(range->high)};
            worst = std::isfinite(range->high) ? scaled.toModel(range->high + range->acceptable) - wanted.high
                                               : wanted.low - scaled.toModel(range->low - range->acceptable);
            problem.wanted.emplace_back(wanted);
            continue;
        }
        worst = objectives[k].reference ? scaled.toModel(*objectives[k].reference)
                                        : std::numeric_limits<double>::quiet_NaN();
        problem.wanted.emplace_back(std::nullopt);
    }
    problem.measured = featureRows(state, true);
    problem.others = featureRows(state, false);
    if (problem.measured.rows() == 0 && !problem.reference.allFinite())
        return std::optional<EhviScore>();
    NoisyFrontOptions options;
    options.seed = state.definition.seed + 1000003 * index;
    ALIDADE_ASSIGN(auto improvement, NoisyHypervolumeImprovement::make(std::move(problem), options));
    return std::optional(
        EhviScore{std::make_shared<const NoisyHypervolumeImprovement>(std::move(improvement))});
}

} // namespace alidade
