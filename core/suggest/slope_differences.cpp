#include "suggest/slope_differences.h"

#include "study/slopes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr double kHalfWay = 5e-4; ///< of a parameter's range

/// A slope along one coordinate that the model can learn from.
struct Along {
    Eigen::Index coordinate = 0;
    double slope = 0.0; ///< by the position
    double noiseSd = 0.0;
};

std::vector<Along> usableSlopes(const StudyModel::State& state, const ObservedTrial& trial,
                                const Measurement& measurement) {
    std::vector<Along> usable;
    const std::vector<Coordinate>& coordinates = state.encoding.coordinates();
    for (std::size_t c = 0; c < coordinates.size(); ++c) {
        const auto found = measurement.slopes.find(coordinates[c].parameter);
        const auto value = trial.setting.find(coordinates[c].parameter);
        const Parameter* parameter = state.definition.space.find(coordinates[c].parameter);
        if (found == measurement.slopes.end() || value == trial.setting.end() || !hasSlopes(*parameter))
            continue;
        const double perPosition =
            Encoding::slopeAt(std::get<RealRange>(parameter->domain), std::get<double>(value->second));
        usable.push_back({static_cast<Eigen::Index>(c), found->second.value * perPosition,
                          found->second.noiseSd.value_or(0.0) * std::abs(perPosition)});
    }
    return usable;
}

} // namespace

SlopeDifferences slopeDifferences(const StudyModel::State& state, MeasureId measure,
                                  const std::vector<const ObservedTrial*>& results,
                                  std::optional<Goal> goal) {
    std::vector<std::size_t> order(results.size());
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
    if (goal)
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return isBetter(*goal, results[a]->values.at(measure).value,
                            results[b]->values.at(measure).value);
        });
    SlopeDifferences made;
    std::vector<Eigen::RowVectorXd> ahead;
    std::vector<Eigen::RowVectorXd> behind;
    std::vector<double> rises;
    std::vector<double> noise;
    for (const std::size_t row : order) {
        const ObservedTrial& trial = *results[row];
        const std::vector<Along> usable = usableSlopes(state, trial, trial.values.at(measure));
        if (results.size() + rises.size() + usable.size() > kMostWithSlopes) {
            made.leftOut += usable.size();
            continue;
        }
        const Eigen::RowVectorXd point = state.encoding.encode(trial.setting);
        const Eigen::RowVectorXd activity = state.encoding.activity(trial.setting);
        for (const Along& along : usable) {
            Eigen::RowVectorXd up = point;
            Eigen::RowVectorXd down = point;
            double& high = up(along.coordinate);
            double& low = down(along.coordinate);
            high = std::min(1.0, high + kHalfWay);
            low = std::max(0.0, low - kHalfWay);
            const double way = high - low;
            rises.push_back(along.slope * way);
            noise.push_back(std::pow(along.noiseSd * way, 2));
            ahead.push_back(state.features.row(up, activity));
            behind.push_back(state.features.row(down, activity));
            made.differences.owner.push_back(static_cast<Eigen::Index>(row));
        }
    }
    const auto count = static_cast<Eigen::Index>(rises.size());
    made.differences.ahead.resize(count, state.features.columns());
    made.differences.behind.resize(count, state.features.columns());
    for (Eigen::Index i = 0; i < count; ++i) {
        made.differences.ahead.row(i) = ahead[static_cast<std::size_t>(i)];
        made.differences.behind.row(i) = behind[static_cast<std::size_t>(i)];
    }
    made.differences.value = Eigen::Map<const Eigen::VectorXd>(rises.data(), count);
    if (std::any_of(noise.begin(), noise.end(), [](double variance) { return variance > 0.0; }))
        made.differences.noise = Eigen::Map<const Eigen::VectorXd>(noise.data(), count);
    return made;
}

} // namespace alidade
