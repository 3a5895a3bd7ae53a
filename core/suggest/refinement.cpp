#include "suggest/refinement.h"

#include "base/rng.h"
#include "base/text.h"
#include "surrogate/pathwise.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace alidade {
namespace {

// Chosen by the regret on Branin, Hartmann, Ackley, Levy and Rosenbrock functions.
constexpr std::uint64_t kEvery = 4;
constexpr std::uint64_t kEveryFilling = 2;  ///< where a batch fills the space soon,
constexpr std::uint64_t kAllButFilling = 3; ///< and all but one of these once the best place is sure
constexpr double kSure = 0.02; ///< standard deviation at the best prediction, of that before any data
constexpr std::size_t kFewDimensions = 3;
constexpr std::array kRadii{0.1, 0.3}; // in length scales
constexpr double kWidest = 0.5;        // on the unit cube
constexpr double kSamePlace = 1e-4;

bool applies(const AcquisitionTarget& target) {
    const StudyModel::State& state = target.state();
    const bool limited = state.success || !state.definition.outcomeConstraints.empty();
    return target.hasProcess() && target.incumbent() && !target.beliefs() && !state.conditions && !limited;
}

bool isBranched(const AcquisitionTarget& target) {
    const std::vector<Parameter>& parameters = target.state().definition.space.parameters;
    return std::any_of(parameters.begin(), parameters.end(),
                       [](const Parameter& parameter) { return !parameter.conditions.empty(); });
}

bool isKnown(const GaussianProcess& process, const Eigen::RowVectorXd& row) {
    for (const auto& other : process.data().x.rowwise())
        if ((other - row).cwiseAbs().maxCoeff() < kSamePlace)
            return true;
    return false;
}

bool isContinuous(const StudyModel::State& state) {
    const std::vector<Coordinate>& coordinates = state.encoding.coordinates();
    return std::all_of(coordinates.begin(), coordinates.end(), [](const Coordinate& coordinate) {
        return coordinate.kind == CoordinateKind::Continuous;
    });
}

} // namespace

SearchBox boxOfLengthScales(const AcquisitionTarget& target, const Setting& center, double radius) {
    const StudyModel::State& state = target.state();
    const Eigen::VectorXd& lengthScales = target.process().process.hyperparameters().lengthScales;
    const Eigen::RowVectorXd at = state.encoding.encode(center);
    const Eigen::RowVectorXd row = state.features.row(center);
    SearchBox box{at, at, at};
    for (Eigen::Index i = 0; i < at.size(); ++i) {
        if (state.encoding.coordinates()[static_cast<std::size_t>(i)].kind == CoordinateKind::Category)
            continue; // boxes leave categories free
        // Length scales are measured along the axis as the model bends it.
        const double feature = row(state.features.columnOf(i));
        const double half = std::min(kWidest, radius * lengthScales(i));
        box.lower(i) = state.features.position(i, std::max(0.0, feature - half));
        box.upper(i) = state.features.position(i, std::min(1.0, feature + half));
    }
    return box;
}

Result<std::optional<Diversion>> Refinement::next(const AcquisitionTarget& target, std::uint64_t index,
                                                  const std::unordered_set<std::string>& taken,
                                                  const MaximiserOptions& search, const Monitor& monitor) {
    const bool branched = isBranched(target);
    const std::vector<Coordinate>& coordinates = target.state().encoding.coordinates();
    const bool continuous = isContinuous(target.state());
    const bool filling = m_together && !branched && continuous && coordinates.size() <= kFewDimensions;
    // Together the best prediction comes first, so that the others keep away from it; doubts are due at even
    // numbers, too, and wait until it is known.
    const bool due = filling      ? index % (m_sure ? kAllButFilling : kEveryFilling) != 0
                     : m_together ? index % kEvery == 0
                                  : index % kEvery == kEvery - 1;
    if (!due || !applies(target))
        return std::optional<Diversion>();
    const std::shared_ptr<const StudyModel::State>& state = target.sharedState();
    const GaussianProcess& process = target.process().process;
    const bool firstOfBatch = !m_center;
    if (firstOfBatch) {
        // Among taken settings too: the next best is no optimum.
        ALIDADE_ASSIGN(const MaximiserReport best,
                       maximise(AcquisitionTarget::scored(state, MeanScore{process, target.maximise()}), {},
                                search, monitor));
        if (best.found.empty())
            return std::optional<Diversion>();
        m_center = best.found.front().setting;
        if (filling) {
            const double variance = process.predict(state->features.row(*m_center)).variance(0);
            m_sure = variance < kSure * kSure * process.hyperparameters().outputVariance;
            m_scatter = scatterRound(target, *m_center);
        }
        if (!taken.contains(settingKey(*m_center)) && !isKnown(process, state->features.row(*m_center)))
            return std::optional(Diversion{*m_center, "refines: the best prediction"});
    }
    if (branched || (firstOfBatch && !filling))
        return std::optional<Diversion>();
    // Settings as far from the best place as the optimum may be make the next model right there, also where
    // this one is sure of a wrong place.
    if (m_scatter && (index / kEveryFilling) % 2 == 0)
        if (auto near = scatteredSetting(target, *m_scatter, index, taken))
            return std::optional(
                Diversion{std::move(*near), "refines: scattered round the best prediction, within " +
                                                percentText(m_scatter->radius) + " of each range"});
    // Where the draws of the hyper-parameters disagree about the best place, each has its say; where they
    // agree, it is known. With a stepped axis more runs ended above the optimum (benchmarks).
    if (const std::vector<GaussianProcess>& draws = target.process().draws; !draws.empty() && continuous) {
        const GaussianProcess& drawn =
            draws[Rng(state->definition.seed, "which draw", index).below(draws.size())];
        MaximiserOptions anywhere = search;
        anywhere.warm = {*m_center};
        ALIDADE_ASSIGN(MaximiserReport found,
                       maximise(AcquisitionTarget::scored(state, MeanScore{drawn, target.maximise()}), taken,
                                anywhere, monitor));
        if (!found.found.empty() && !isKnown(drawn, state->features.row(found.found.front().setting)))
            return std::optional(Diversion{std::move(found.found.front().setting),
                                           "refines: the best prediction by one draw of hyper-parameters"});
    }
    const double radius = filling ? kRadii[(index / kEveryFilling) % kRadii.size()] : kRadii.front();
    PathwiseOptions drawing;
    drawing.paths = 1;
    drawing.seed = Rng(state->definition.seed, "refinement", index).bits();
    drawing.stream = "refinement";
    ALIDADE_ASSIGN(PathwiseSamples path, PathwiseSamples::draw(process, drawing));
    MaximiserOptions nearby = search;
    nearby.rawCandidates = 384;
    nearby.starts = 3;
    nearby.warm = {*m_center};
    nearby.box = boxOfLengthScales(target, *m_center, radius);
    ALIDADE_ASSIGN(MaximiserReport found,
                   maximise(AcquisitionTarget::scored(
                                state, PathScore{std::make_shared<const PathwiseSamples>(std::move(path)), 0,
                                                 target.maximise()}),
                            taken, nearby, monitor));
    if (found.found.empty())
        return std::optional<Diversion>();
    return std::optional(Diversion{std::move(found.found.front().setting),
                                   "refines: the optimum of a sample function within " +
                                       formatDouble(radius) + " length scales of the best prediction"});
}

} // namespace alidade
