#include "suggest/scatter.h"

#include "acquisition/shotgun.h"
#include "space/sampling.h"

#include <cmath>

namespace alidade {
namespace {

constexpr std::size_t kFrontCandidates = 2000;
constexpr int kTries = 500;

/// Coordinates with a position that the posterior mean can be differentiated by.
std::vector<Eigen::Index> smoothCoordinates(const StudyModel::State& state, const Setting& setting) {
    const Eigen::RowVectorXd activity = state.encoding.activity(setting);
    std::vector<Eigen::Index> result;
    for (Eigen::Index i = 0; i < activity.size(); ++i)
        if (activity(i) > 0.5 &&
            state.encoding.coordinates()[static_cast<std::size_t>(i)].kind != CoordinateKind::Category)
            result.push_back(i);
    return result;
}

} // namespace

Scatter scatterRound(const AcquisitionTarget& target, const Setting& center) {
    const StudyModel::State& state = target.state();
    const GaussianProcess& process = target.process().process;
    Scatter scatter;
    scatter.center = state.encoding.encode(center);
    const std::vector<Eigen::Index> smooth = smoothCoordinates(state, center);
    if (smooth.empty())
        return scatter;
    const Eigen::RowVectorXd activity = state.encoding.activity(center);
    const auto size = static_cast<Eigen::Index>(smooth.size());
    const auto norm = [&](const Eigen::VectorXd& position) {
        Eigen::RowVectorXd point = scatter.center;
        for (Eigen::Index k = 0; k < size; ++k)
            point(smooth[static_cast<std::size_t>(k)]) = position(k);
        const Eigen::VectorXd gradient =
            process.predictPoint(state.features.row(point, activity)).meanGradient;
        double squares = 0.0;
        for (const Eigen::Index coordinate : smooth)
            squares += std::pow(gradient(state.features.columnOf(coordinate)) *
                                    state.features.slope(coordinate, point(coordinate)),
                                2);
        return std::sqrt(squares);
    };
    Eigen::VectorXd lower(size);
    Eigen::VectorXd upper(size);
    for (Eigen::Index k = 0; k < size; ++k) {
        const Eigen::Index coordinate = smooth[static_cast<std::size_t>(k)];
        const double length = process.hyperparameters().lengthScales(coordinate);
        lower(k) = std::max(0.0, scatter.center(coordinate) - length);
        upper(k) = std::min(1.0, scatter.center(coordinate) + length);
    }
    Eigen::MatrixXd starts(static_cast<Eigen::Index>(state.observed.size()), size);
    for (std::size_t i = 0; i < state.observed.size(); ++i) {
        const Eigen::RowVectorXd point = state.encoding.encode(state.observed[i].setting);
        for (Eigen::Index k = 0; k < size; ++k)
            starts(static_cast<Eigen::Index>(i), k) = point(smooth[static_cast<std::size_t>(k)]);
    }
    scatter.lipschitz = lipschitzEstimate(norm, lower, upper, starts, {500, state.definition.seed});
    const GpPrediction here = process.predict(state.features.row(center));
    const double sd = std::sqrt(here.variance(0) + process.hyperparameters().noiseVariance);
    scatter.radius = shotgunRadius(here.mean(0), sd, target.process().toModel(*target.incumbent()),
                                   scatter.lipschitz, std::sqrt(static_cast<double>(size)));
    return scatter;
}

std::optional<Setting> scatteredSetting(const AcquisitionTarget& target, const Scatter& scatter,
                                        std::uint64_t draw, const std::unordered_set<std::string>& taken) {
    const StudyModel::State& state = target.state();
    const auto& coordinates = state.encoding.coordinates();
    Rng rng(state.definition.seed, "scatter", draw);
    // Noise-free incumbents give radii near 0, and a trial at the same place teaches nothing.
    double radius = std::max(scatter.radius, 1e-5);
    for (int attempt = 0; attempt < kTries; ++attempt) {
        Eigen::RowVectorXd point = shotgunDraw(scatter.center.cwiseMax(0.0).cwiseMin(1.0), radius, rng);
        for (Eigen::Index i = 0; i < point.size(); ++i) {
            const Coordinate& coordinate = coordinates[static_cast<std::size_t>(i)];
            if (coordinate.kind != CoordinateKind::Category)
                continue;
            point(i) = scatter.center(i);
            if (rng.uniform() < std::min(radius, 0.5))
                point(i) = static_cast<double>(rng.below(coordinate.levels));
        }
        Setting setting = state.encoding.decode(point);
        if (!taken.contains(settingKey(setting)) && state.constraints.feasible(setting))
            return setting;
        if (attempt % 20 == 19)
            radius = std::min(1.0, 1.5 * radius); // all within reach is taken: look farther
    }
    return std::nullopt;
}

Result<std::optional<Setting>> frontSetting(const AcquisitionTarget& target, std::uint64_t index,
                                            const std::unordered_set<std::string>& taken,
                                            const Monitor& monitor) {
    const StudyModel::State& state = target.state();
    SamplingOptions sampling;
    sampling.seed = state.definition.seed;
    sampling.stream = "front";
    sampling.skip = index * kFrontCandidates;
    ALIDADE_ASSIGN(std::vector<Setting> settings,
                   sampleFeasible(state.definition.space, kFrontCandidates, sampling, monitor));
    std::erase_if(settings, [&](const Setting& setting) { return taken.contains(settingKey(setting)); });
    if (settings.empty())
        return std::optional<Setting>();
    const GpPrediction prediction = target.process().process.predict(state.features.rows(settings));
    const std::vector<std::size_t> front =
        exploitExploreFront(prediction.mean, prediction.variance.cwiseSqrt(), target.maximise());
    Rng rng(state.definition.seed, "front member", index);
    return std::optional<Setting>(std::move(settings[front[rng.below(front.size())]]));
}

} // namespace alidade
