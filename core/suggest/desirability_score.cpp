#include "suggest/desirability_score.h"

#include "desirability/study_goals.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace alidade {
namespace {

/// The processes' predictions for goal-wise use.
struct Moments {
    Eigen::MatrixXd means; ///< points x goals
    Eigen::MatrixXd deviations;
};

Moments momentsOf(const std::vector<GaussianProcess>& processes, const Eigen::MatrixXd& features) {
    Moments moments{Eigen::MatrixXd(features.rows(), static_cast<Eigen::Index>(processes.size())),
                    Eigen::MatrixXd(features.rows(), static_cast<Eigen::Index>(processes.size()))};
    for (std::size_t k = 0; k < processes.size(); ++k) {
        const GpPrediction prediction = processes[k].predict(features);
        moments.means.col(static_cast<Eigen::Index>(k)) = prediction.mean;
        moments.deviations.col(static_cast<Eigen::Index>(k)) = prediction.variance.cwiseSqrt();
    }
    return moments;
}

/// The best feasible trial by D at the predicted means, which stand for noisy values.
void findBest(DesirabilityScore& score, const StudyModel::State& state) {
    for (const ObservedTrial& trial : state.observed) {
        if (!trial.feasible)
            continue;
        const double overall = score.overallAtMeans(trial.features);
        if (score.bestTrial && !(overall > score.best))
            continue;
        score.best = overall;
        score.bestTrial = trial.id;
    }
}

Result<DesirabilityScore> scoreOf(OverallDesirability goals, std::vector<OutcomeTransform> transforms,
                                  std::vector<GaussianProcess> processes, const StudyModel::State& state,
                                  DesirabilityAim aim) {
    DesirabilityGainOptions options;
    options.seed = state.definition.seed;
    ALIDADE_ASSIGN(DesirabilityGain gain,
                   DesirabilityGain::make(std::move(goals), std::move(transforms), 0.0, options));
    DesirabilityScore score;
    score.processes = std::move(processes);
    score.gain = std::make_shared<const DesirabilityGain>(std::move(gain));
    findBest(score, state);
    if (aim == DesirabilityAim::Improvement && score.best > 0.0) {
        ALIDADE_ASSIGN(DesirabilityGain over, score.gain->withBest(score.best));
        score.gain = std::make_shared<const DesirabilityGain>(std::move(over));
    }
    return score;
}

/// 1 / (1 + t / reference) as a table over six decades.
DesirabilityCustom efficiencyTable(double reference) {
    DesirabilityCustom table;
    constexpr int kKnots = 121;
    for (int i = 0; i < kKnots; ++i) {
        const double ratio = std::pow(10.0, -3.0 + 6.0 * i / (kKnots - 1));
        table.x.push_back(reference * ratio);
        table.d.push_back(1.0 / (1.0 + ratio));
    }
    return table;
}

DesirabilityFunction effectivenessOf(const Objective& objective, const std::vector<double>& measured) {
    const auto [low, high] = std::minmax_element(measured.begin(), measured.end());
    const double range = *high > *low ? *high - *low : std::max(1e-9, std::abs(*high));
    DesirabilityFunction function;
    if (objective.goal == Goal::Maximize) {
        DesirabilityMax shape;
        shape.low = objective.reference.value_or(*low - 1e-3 * range);
        shape.high = objective.knownOptimum.value_or(*high + 0.25 * range);
        if (!(shape.low < shape.high))
            shape.high = shape.low + range;
        function.shape = shape;
    } else {
        DesirabilityMin shape;
        shape.high = objective.reference.value_or(*high + 1e-3 * range);
        shape.low = objective.knownOptimum.value_or(*low - 0.25 * range);
        if (!(shape.low < shape.high))
            shape.low = shape.high - range;
        function.shape = shape;
    }
    return function;
}

} // namespace

Eigen::VectorXd DesirabilityScore::values(const Eigen::MatrixXd& features) const {
    const Moments moments = momentsOf(processes, features);
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = gain->logValue(moments.means.row(i), moments.deviations.row(i)).logValue;
    return result;
}

double DesirabilityScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    std::vector<GpPointPrediction> points;
    Eigen::VectorXd means(static_cast<Eigen::Index>(processes.size()));
    Eigen::VectorXd deviations(means.size());
    for (std::size_t k = 0; k < processes.size(); ++k) {
        points.push_back(processes[k].predictPoint(features));
        means(static_cast<Eigen::Index>(k)) = points.back().mean;
        deviations(static_cast<Eigen::Index>(k)) = std::sqrt(points.back().variance);
    }
    const DesirabilityGain::Value value = gain->logValue(means, deviations);
    gradient = Eigen::VectorXd::Zero(features.size());
    for (std::size_t k = 0; k < processes.size(); ++k) {
        const auto index = static_cast<Eigen::Index>(k);
        gradient += value.byMean(index) * points[k].meanGradient;
        if (deviations(index) > 0.0)
            gradient +=
                value.byStandardDeviation(index) / (2.0 * deviations(index)) * points[k].varianceGradient;
    }
    return value.logValue;
}

void DesirabilityScore::believe(const Eigen::RowVectorXd& features) {
    const double overall = overallAtMeans(features);
    for (GaussianProcess& process : processes)
        process = process.withObservation(features, process.predict(features).mean(0));
    if (gain->best() > 0.0 && overall > best) {
        best = overall;
        if (auto over = gain->withBest(best))
            gain = std::make_shared<const DesirabilityGain>(std::move(over).value());
    }
}

double DesirabilityScore::overallAtMeans(const Eigen::RowVectorXd& features) const {
    return gain->overall(momentsOf(processes, features).means.row(0));
}

Result<std::optional<DesirabilityScore>> makeDesirabilityScore(const StudyModel::State& state,
                                                               DesirabilityAim aim) {
    ALIDADE_ASSIGN(std::optional<StudyGoals> goals, studyGoals(state.definition));
    if (!goals)
        return std::optional<DesirabilityScore>();
    std::vector<OutcomeTransform> transforms;
    std::vector<GaussianProcess> processes;
    for (const MeasureId measure : goals->measures) {
        const ScaledProcess& scaled = state.processes.at(measure);
        transforms.push_back(scaled.transform);
        processes.push_back(scaled.process);
    }
    ALIDADE_ASSIGN(DesirabilityScore score, scoreOf(std::move(goals->overall), std::move(transforms),
                                                    std::move(processes), state, aim));
    return std::optional(std::move(score));
}

std::optional<std::size_t> timeObjective(const Definition& definition) {
    if (definition.objectives.size() != 2)
        return std::nullopt;
    constexpr std::array<std::string_view, 8> kUnits{"s", "ms", "min", "h", "us", "ns", "d", "seconds"};
    for (std::size_t i = 0; i < 2; ++i) {
        const Objective& objective = definition.objectives[i];
        if (objective.goal == Goal::Minimize &&
            std::find(kUnits.begin(), kUnits.end(), objective.unit) != kUnits.end())
            return i;
    }
    return 1;
}

Result<DesirabilityScore> makeEffectivenessScore(const StudyModel::State& state, std::size_t threads,
                                                 const Monitor& monitor) {
    const auto timeIndex = timeObjective(state.definition);
    if (!timeIndex)
        return makeError(ErrorCode::InvalidArgument,
                         "effectiveness against time needs exactly two objectives");
    const Objective& timed = state.definition.objectives[*timeIndex];
    const Objective& effective = state.definition.objectives[1 - *timeIndex];
    std::vector<double> times;
    std::vector<double> results;
    std::vector<Eigen::RowVectorXd> rows;
    for (const ObservedTrial& trial : state.observed) {
        if (const auto found = trial.values.find(timed.id); found != trial.values.end()) {
            if (!(found->second.value > 0.0))
                return makeError(ErrorCode::InvalidArgument, "\"" + timed.name +
                                                                 "\" is a time and must be above 0; trial " +
                                                                 std::to_string(trial.id.value) + " is not");
            times.push_back(found->second.value);
            rows.push_back(trial.features);
        }
        if (const auto found = trial.values.find(effective.id); found != trial.values.end())
            results.push_back(found->second.value);
    }
    if (times.size() < 2 || results.size() < 2)
        return makeError(ErrorCode::InvalidArgument, "at least two results are needed");
    // asinh(t / width) is log(2 t / width) to first order in (width / t)^2 when the width is far below t.
    OutcomeTransform transform;
    transform.width = 0.01 * *std::min_element(times.begin(), times.end());
    GpData data;
    data.groups = state.features.groups();
    data.x.resize(static_cast<Eigen::Index>(rows.size()), state.features.columns());
    data.y.resize(data.x.rows());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        data.x.row(static_cast<Eigen::Index>(i)) = rows[i];
        data.y(static_cast<Eigen::Index>(i)) = transform.toModel(times[i]);
    }
    transform.center = data.y.mean();
    const double spread = std::sqrt((data.y.array() - transform.center).square().mean());
    transform.scale = spread > 0.0 ? spread : 1.0;
    data.y = (data.y.array() - transform.center) / transform.scale;
    FitOptions fit;
    fit.seed = state.definition.seed;
    fit.threads = threads;
    ALIDADE_ASSIGN(const FitReport report, fitHyperparameters(data, fit, monitor));
    ALIDADE_ASSIGN(GaussianProcess timeProcess,
                   GaussianProcess::condition(std::move(data), fit.family, report.hyper));

    std::nth_element(times.begin(), times.begin() + std::ssize(times) / 2, times.end());
    const double median = times[times.size() / 2];
    DesirabilityFunction efficiency;
    efficiency.shape = efficiencyTable(timed.reference && *timed.reference > 0.0 ? *timed.reference : median);
    const auto ownOr = [](const Objective& objective, DesirabilityFunction other) {
        return objective.desirability &&
                       !std::holds_alternative<DesirabilityCategories>(objective.desirability->shape)
                   ? *objective.desirability
                   : std::move(other);
    };
    ALIDADE_ASSIGN(OverallDesirability goals,
                   OverallDesirability::make({ownOr(effective, effectivenessOf(effective, results)),
                                              ownOr(timed, std::move(efficiency))}));
    const ScaledProcess& scaled = state.processes.at(effective.id);
    return scoreOf(std::move(goals), {scaled.transform, transform}, {scaled.process, std::move(timeProcess)},
                   state, DesirabilityAim::Improvement);
}

} // namespace alidade
