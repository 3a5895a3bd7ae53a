#include "suggest/relevance.h"

#include "suggest/model_state.h"

#include <algorithm>
#include <numeric>

namespace alidade {
namespace {

constexpr double kShort = 0.3; // length scale, on the unit cube, of a parameter that matters
constexpr int kPositions = 33;

std::vector<double> positionsOf(const Coordinate& coordinate) {
    if (coordinate.kind == CoordinateKind::Discrete && !coordinate.positions.empty())
        return coordinate.positions;
    std::vector<double> positions;
    if (coordinate.kind == CoordinateKind::Category)
        for (std::size_t i = 0; i < coordinate.levels; ++i)
            positions.push_back(static_cast<double>(i));
    else if (coordinate.kind == CoordinateKind::Continuous || coordinate.kind == CoordinateKind::Discrete)
        for (int i = 0; i < kPositions; ++i)
            positions.push_back(static_cast<double>(i) / (kPositions - 1));
    return positions;
}

std::vector<Setting> alongCoordinate(const StudyModel::State& state, const Setting& incumbent,
                                     Eigen::Index coordinate, const std::unordered_set<std::string>& taken) {
    std::vector<Setting> settings;
    if (state.encoding.activity(incumbent)(coordinate) == 0.0)
        return settings;
    Eigen::RowVectorXd point = state.encoding.encode(incumbent);
    for (const double position :
         positionsOf(state.encoding.coordinates()[static_cast<std::size_t>(coordinate)])) {
        point(coordinate) = position;
        Setting setting = state.encoding.decode(point);
        if (!taken.contains(settingKey(setting)) && state.constraints.feasible(setting))
            settings.push_back(std::move(setting));
    }
    return settings;
}

} // namespace

std::optional<Setting> checkOfRelevance(const AcquisitionTarget& target, std::uint64_t turn,
                                        const std::unordered_set<std::string>& taken) {
    const StudyModel::State& state = target.state();
    const ObservedTrial* incumbent = target.observedIncumbent();
    if (!incumbent)
        return std::nullopt;
    const Eigen::VectorXd& lengthScales = target.process().process.hyperparameters().lengthScales;
    // Those behind the coordinates belong to earlier studies.
    std::vector<Eigen::Index> byLength(static_cast<std::size_t>(state.encoding.dimension()));
    std::iota(byLength.begin(), byLength.end(), Eigen::Index{0});
    std::stable_sort(byLength.begin(), byLength.end(),
                     [&](Eigen::Index i, Eigen::Index j) { return lengthScales(i) > lengthScales(j); });
    for (std::size_t i = 0; i < byLength.size(); ++i) {
        const Eigen::Index coordinate = byLength[(turn + i) % byLength.size()];
        if (lengthScales(coordinate) <= kShort)
            continue; // known to matter
        std::vector<Setting> settings = alongCoordinate(state, incumbent->setting, coordinate, taken);
        if (settings.empty())
            continue;
        Eigen::VectorXd doubted = lengthScales;
        doubted(coordinate) = kShort;
        const auto attentive = target.withLengthScales(doubted);
        if (!attentive)
            continue;
        Eigen::Index best = 0;
        attentive->values(state.features.rows(settings)).maxCoeff(&best);
        return std::move(settings[static_cast<std::size_t>(best)]);
    }
    return std::nullopt;
}

} // namespace alidade
