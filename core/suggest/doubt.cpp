#include "suggest/doubt.h"

#include "base/rng.h"
#include "space/sampling.h"
#include "suggest/model_state.h"
#include "suggest/relevance.h"
#include "surrogate/kernel.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

// Once little is expected (less than a hundredth of the outcomes' standard deviation), every fourth
// suggestion comes from a rougher model; of these every fourth, with noise every second, is far from the
// best. When next to nothing is expected, another fourth changes one parameter of the incumbent. Noisy log EI
// never expects as little, because another measurement of the best setting always might say more. Chosen by
// the regret on Branin, Hartmann, Ackley, Levy and Rosenbrock functions and a mixed problem, and, with noise,
// on Hartmann, Levy and Styblinski-Tang functions.
constexpr double kLittleExpected = 0.01;
constexpr double kLittleWithNoise = 0.05;
constexpr std::uint64_t kFarEvery = 16;
constexpr std::uint64_t kFarWithNoise = 8;
constexpr double kNothingExpected = 1e-4;
// Beliefs that have been followed for a while, or to where little is left to gain, have done their work:
// every second suggestion then leaves them out. A misleading one may agree with a local optimum, and no data
// near it would tell.
constexpr double kLittleByBeliefs = 0.05;
constexpr std::size_t kBelievedPerCoordinate = 5; // trials
constexpr double kRougher = 0.5;
constexpr double kLongest = 0.5;
constexpr double kUnrelated = 0.1; // correlation
constexpr std::size_t kCandidates = 2048;
constexpr std::size_t kLocalCandidates = 512; // each prediction takes a while

} // namespace

Doubt doubtDue(Method method, const AcquisitionTarget& target, const MaximiserReport& report,
               std::uint64_t index) {
    const auto* mixture = std::get_if<MixtureScore>(&target.score());
    const Score& score = mixture ? mixture->parts.front().score : target.score();
    if ((!std::holds_alternative<SampledImprovementScore>(score) &&
         !std::holds_alternative<ImprovementScore>(score)) ||
        report.enumerated || report.stopped || report.found.empty())
        return Doubt::None;
    const bool noisy = method == Method::LogNei;
    const StudyModel::State& state = target.state();
    double expected = report.found.front().value;
    if (target.beliefs()) // what is to be gained there, not how much they make of it
        expected -= target.beliefs()->values(state.features.row(report.found.front().setting))(0);
    if (target.beliefs() && target.beliefs()->model && index % 2 == 1) {
        const auto coordinates = static_cast<std::size_t>(state.encoding.dimension());
        if (state.observed.size() >= kBelievedPerCoordinate * coordinates ||
            expected < std::log(kLittleByBeliefs))
            return Doubt::Beliefs;
    }
    if (index % kDoubtEvery == 0 && expected < std::log(noisy ? kLittleWithNoise : kLittleExpected))
        return index % (noisy ? kFarWithNoise : kFarEvery) == 0 ? Doubt::Place : Doubt::Roughness;
    if (index % kDoubtEvery == kDoubtEvery / 2 && expected < std::log(kNothingExpected))
        return Doubt::Relevance;
    return Doubt::None;
}

Result<AcquisitionTarget> roughened(const AcquisitionTarget& target) {
    const Eigen::VectorXd& lengthScales = target.process().process.hyperparameters().lengthScales;
    return target.withLengthScales((kRougher * lengthScales).cwiseMin(kLongest));
}

Result<std::optional<Setting>> settingElsewhere(const AcquisitionTarget& target, std::uint64_t index,
                                                const std::unordered_set<std::string>& taken,
                                                const Monitor& monitor) {
    const ObservedTrial* incumbent = target.observedIncumbent();
    if (!incumbent)
        return std::optional<Setting>();
    const StudyModel::State& state = target.state();
    ALIDADE_ASSIGN(const AcquisitionTarget rougher, roughened(target));
    const GaussianProcess& process = rougher.process().process;
    SamplingOptions sampling;
    sampling.seed = Rng(state.definition.seed, "elsewhere", index).bits();
    sampling.stream = "elsewhere";
    ALIDADE_ASSIGN(std::vector<Setting> settings,
                   sampleFeasible(state.definition.space, process.local() ? kLocalCandidates : kCandidates,
                                  sampling, monitor));
    const Eigen::VectorXd covariances =
        covariance(process.family(), process.hyperparameters(), process.data().groups,
                   state.features.rows(settings), incumbent->features);
    const double related = kUnrelated * process.hyperparameters().outputVariance;
    std::vector<Setting> far;
    for (std::size_t i = 0; i < settings.size(); ++i)
        if (covariances(static_cast<Eigen::Index>(i)) <= related && !taken.contains(settingKey(settings[i])))
            far.push_back(std::move(settings[i]));
    if (far.empty())
        return std::optional<Setting>();
    Eigen::Index best = 0;
    rougher.withoutBeliefs().values(state.features.rows(far)).maxCoeff(&best);
    return std::optional(std::move(far[static_cast<std::size_t>(best)]));
}

Result<Doubt> followDoubt(Doubt doubt, const AcquisitionTarget& target, const MaximiserOptions& search,
                          const std::unordered_set<std::string>& taken, const Monitor& monitor,
                          MaximiserReport& found) {
    const auto maximised = [&](const AcquisitionTarget& other) {
        auto otherwise = maximise(other, taken, search, monitor);
        if (!otherwise || otherwise->found.empty())
            return false;
        found = *std::move(otherwise);
        return true;
    };
    // In a trust region, elsewhere is for the next one.
    if (doubt == Doubt::Place && !search.box) {
        ALIDADE_ASSIGN(auto elsewhere, settingElsewhere(target, search.index, taken, monitor));
        if (elsewhere) {
            found.found.front().setting = *std::move(elsewhere);
            return Doubt::Place;
        }
    }
    if (doubt == Doubt::Place || doubt == Doubt::Roughness) {
        ALIDADE_ASSIGN(const AcquisitionTarget rougher, roughened(target));
        return maximised(rougher) ? Doubt::Roughness : Doubt::None;
    }
    if (doubt == Doubt::Beliefs)
        return maximised(target.withoutBeliefs()) ? doubt : Doubt::None;
    if (doubt == Doubt::Relevance) {
        if (auto check = checkOfRelevance(target, search.index / kDoubtEvery, taken)) {
            found.found.front().setting = *std::move(check);
            return doubt;
        }
    }
    return Doubt::None;
}

std::string_view doubtText(Doubt doubt) {
    switch (doubt) {
    case Doubt::None: return "";
    case Doubt::Roughness: return "chosen in case the outcome varies twice as fast as the fit says";
    case Doubt::Place: return "chosen far from the best, in case a better optimum is elsewhere";
    case Doubt::Relevance:
        return "differs from the best in one parameter, in case it matters more than the fit says";
    case Doubt::Beliefs:
        return "chosen without your beliefs, which have been followed for a while, in case they mislead";
    }
    return "";
}

} // namespace alidade
