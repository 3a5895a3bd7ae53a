#include "suggest/suggest.h"

#include "base/rng.h"
#include "base/text.h"
#include "space/constraint.h"
#include "space/sampling.h"
#include "suggest/belief_design.h"
#include "suggest/diversion.h"
#include "suggest/doubt.h"
#include "suggest/environment.h"
#include "suggest/maximiser.h"
#include "suggest/reason.h"
#include "suggest/refinement.h"
#include "suggest/repetition.h"
#include "suggest/score_choice.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace alidade {
namespace {

constexpr std::uint64_t kEnumerable = 4096;
constexpr std::size_t kDesignWithSources = 3; ///< results that may show an earlier study to be related

constexpr std::size_t kWarmStarts = 3;
constexpr double kApart = 0.1; // on the unit cube

/// What the study already holds.
struct Tally {
    std::size_t started = 0; ///< every trial but withdrawn ones
    std::size_t initial = 0; ///< of the initial design
    std::size_t usable = 0;  ///< complete, not excluded, all objectives finite
    std::unordered_set<std::string> taken;
};

Tally tallyOf(const Study& study) {
    Tally tally;
    for (const Trial& trial : study.trials) {
        if (trial.state == TrialState::Withdrawn)
            continue;
        ++tally.started;
        tally.initial += trial.origin == Origin::Initial ? 1 : 0;
        tally.taken.insert(settingKey(trial.setting));
        if (trial.state == TrialState::Complete && !trial.excluded &&
            std::all_of(study.definition.objectives.begin(), study.definition.objectives.end(),
                        [&](const Objective& objective) {
                            const auto found = trial.values.find(objective.id);
                            return found != trial.values.end() && std::isfinite(found->second.value);
                        }))
            ++tally.usable;
    }
    return tally;
}

/// Settings of a sequence that are not taken yet; `skip` points of the sequence are passed over first.
Result<std::vector<Setting>> untried(const Study& study, std::size_t count, std::string_view stream,
                                     std::uint64_t skip, std::unordered_set<std::string>& taken,
                                     const Monitor& monitor) {
    const SearchSpace& space = study.definition.space;
    const bool random = stream == "random";
    std::vector<Setting> result;
    std::uint64_t position = skip;
    for (int round = 0; round < 200 && result.size() < count; ++round) {
        SamplingOptions options;
        options.seed = random ? Rng(study.definition.seed, "random", position).bits() : study.definition.seed;
        options.stream = stream;
        options.skip = random ? 0 : position;
        const std::size_t wanted = random ? 1 : count - result.size();
        ALIDADE_ASSIGN(std::vector<Setting> settings, sampleFeasible(space, wanted, options, monitor));
        position += wanted;
        for (Setting& setting : settings)
            if (taken.insert(settingKey(setting)).second)
                result.push_back(std::move(setting));
    }
    if (result.size() == count)
        return result;
    // A small space where sampling keeps hitting known settings: take what is left in order.
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    if (auto all = enumerateSettings(space, constraints, kEnumerable * 16))
        for (Setting& setting : *all)
            if (result.size() < count && taken.insert(settingKey(setting)).second)
                result.push_back(std::move(setting));
    return result;
}

Error exhausted(std::size_t tried) {
    return makeError(ErrorCode::Exhausted,
                     "all " + std::to_string(tried) +
                         " settings of the space have been tried; widen a range or stop here");
}

/// The initial design starts with the best setting of each earlier study: a place worth a trial, and one
/// that tells whether the study is related.
class SourceDesign {
public:
    SourceDesign(const Definition& definition, Method method,
                 const std::shared_ptr<const SourceStudies>& sources)
        : m_definition(definition) {
        if (sources && method != Method::Random && method != Method::Sobol)
            m_sources = sources;
    }

    /// As BeliefDesign::replacement(); `name` becomes that of the study.
    [[nodiscard]] std::optional<Setting>
    replacement(std::size_t index, std::unordered_set<std::string>& taken, std::string& name) const {
        if (!m_sources || index >= m_sources->size() || !(*m_sources)[index].study)
            return std::nullopt;
        const Study& source = *(*m_sources)[index].study;
        const Objective& objective = m_definition.objectives.front();
        const auto measure = source.definition.findMeasure(objective.name);
        const Trial* best = nullptr;
        for (const Trial& trial : source.trials)
            if (measure && !trial.excluded && isFeasible(source.definition, trial) &&
                trial.values.contains(*measure) &&
                (!best ||
                 isBetter(objective.goal, trial.values.at(*measure).value, best->values.at(*measure).value)))
                best = &trial;
        if (!best)
            return std::nullopt;
        const auto setting = translatedSetting(m_definition.space, source.definition.space, best->setting);
        const auto constraints = ConstraintSet::parse(m_definition.space);
        if (!setting || !constraints || !constraints->feasible(*setting) ||
            !taken.insert(settingKey(*setting)).second)
            return std::nullopt;
        name = (*m_sources)[index].name;
        return *setting;
    }

private:
    const Definition& m_definition;
    std::shared_ptr<const SourceStudies> m_sources;
};

Result<SuggestReport> fromSequence(const Study& study, Tally tally, std::size_t count, Method method,
                                   std::size_t design, const std::shared_ptr<const SourceStudies>& sources,
                                   const Monitor& monitor) {
    const bool random = method == Method::Random;
    const std::uint64_t skip = random                    ? tally.started
                               : method == Method::Sobol ? tally.started
                                                         : tally.initial;
    ALIDADE_ASSIGN(std::vector<Setting> settings,
                   untried(study, count, random ? "random" : "initial", skip, tally.taken, monitor));
    if (settings.empty())
        return exhausted(tally.taken.size());
    SuggestReport report;
    const BeliefDesign beliefs(study.definition, method);
    const SourceDesign earlier(study.definition, method, sources);
    for (Setting& setting : settings) {
        Suggestion suggestion;
        suggestion.origin = random ? Origin::Random : Origin::Initial;
        std::string name;
        if (auto place = tally.initial < design ? earlier.replacement(tally.initial, tally.taken, name)
                                                : std::nullopt) {
            suggestion.setting = *std::move(place);
            suggestion.reason = "Point " + std::to_string(tally.initial + 1) + " of " +
                                std::to_string(design) + " of the initial design: the best setting of " +
                                name + ".";
            ++tally.initial;
            report.suggestions.push_back(std::move(suggestion));
            continue;
        }
        if (auto place = tally.initial < design ? beliefs.replacement(setting, tally.initial, tally.taken)
                                                : std::nullopt) {
            suggestion.setting = *std::move(place);
            suggestion.reason = "Point " + std::to_string(tally.initial + 1) + " of " +
                                std::to_string(design) + " of the initial design, " +
                                (tally.initial == 0 ? "where your beliefs expect the optimum most."
                                                    : "drawn from your beliefs about the optimum.");
            ++tally.initial;
            report.suggestions.push_back(std::move(suggestion));
            continue;
        }
        suggestion.setting = std::move(setting);
        ++tally.initial;
        if (random)
            suggestion.reason = "Drawn at random, as the strategy asks.";
        else if (method == Method::Sobol)
            suggestion.reason = "Point " + std::to_string(tally.initial) +
                                " of a scrambled Sobol sequence, which covers the space evenly.";
        else if (tally.initial <= design)
            suggestion.reason =
                "Point " + std::to_string(tally.initial) + " of " + std::to_string(design) +
                " of the initial design (scrambled Sobol), which covers the space evenly before a "
                "model is used.";
        else
            suggestion.reason =
                "A further point of the Sobol design: too few results have arrived for a model.";
        report.suggestions.push_back(std::move(suggestion));
    }
    report.exhausted = report.suggestions.size() < count;
    return report;
}

/// The best settings found besides the first, some way apart: a target that resembles this one has optima
/// near them.
std::vector<Setting> distinctOptima(const StudyModel::State& state, const MaximiserReport& report) {
    std::vector<Setting> result;
    std::vector<Eigen::RowVectorXd> kept{state.encoding.encode(report.found.front().setting)};
    for (std::size_t i = 1; i < std::min<std::size_t>(report.found.size(), 300); ++i) {
        const Eigen::RowVectorXd point = state.encoding.encode(report.found[i].setting);
        if (result.size() == kWarmStarts)
            break;
        if (std::any_of(kept.begin(), kept.end(),
                        [&](const Eigen::RowVectorXd& other) { return (point - other).norm() < kApart; }))
            continue;
        kept.push_back(point);
        result.push_back(report.found[i].setting);
    }
    return result;
}

Result<SuggestReport> fromModel(const Study& study, const StudyModel& model, const Tally& tally,
                                std::size_t count, const SuggestOptions& options, const Monitor& monitor) {
    const std::shared_ptr<const StudyModel::State>& state = model.state();
    std::unordered_set<std::string> taken = tally.taken;
    SuggestReport report;
    report.warnings = state->warnings;
    std::optional<AcquisitionTarget> target;
    const MethodChoice choice = chosenMethod(*state, count);
    std::vector<Eigen::RowVectorXd> chosen;
    std::optional<Scatter> scatter;
    const bool together = choice.method == Method::QLogEi;
    Refinement refinement(together);
    // Where log EI only stands in for a method that knows of noise, the best prediction is no safe place.
    const bool refines = study.definition.strategy.method == Method::Auto &&
                         (together || (choice.method == Method::LogEi && !choice.local));
    std::vector<Setting> optima; // of the previous suggestion's target, which resembles the next one's
    for (std::size_t k = 0; k < count; ++k) {
        monitor.progress(0.3 + 0.7 * static_cast<double>(k) / static_cast<double>(count),
                         "choosing settings");
        if (k > 0 && monitor.stopRequested()) {
            report.warnings.push_back("stopped after " + std::to_string(k) + " of " + std::to_string(count) +
                                      " settings");
            break;
        }
        const std::uint64_t index = tally.started + k;
        if (!target || target->changesWithIndex()) {
            ALIDADE_ASSIGN(target,
                           AcquisitionTarget::next(state, index, options.threads, monitor, choice.method));
            for (const Eigen::RowVectorXd& row : chosen)
                target->believe(row);
        }
        MaximiserOptions search;
        search.seed = study.definition.seed;
        search.index = index;
        search.threads = options.threads;
        search.warm = optima;
        TrustRegion region;
        if (choice.method == Method::Turbo && target->incumbent() && study.definition.objectives.size() == 1)
            search.box = trustRegionBox(*target, region);
        const Turn turn{index, k, report.suggestions.empty() ? nullptr : &report.suggestions.front().setting};
        ALIDADE_ASSIGN(std::optional<Diversion> other,
                       diversion(choice.method, *target, turn, scatter, region, taken, monitor));
        if (!other && overruled(*target)) {
            ALIDADE_ASSIGN(other, displacedSetting(*target, tally.initial, taken, monitor));
        }
        Result<MaximiserReport> found = MaximiserReport{};
        if (!other && refines) {
            ALIDADE_ASSIGN(other, refinement.next(*target, index, taken, search, monitor));
        }
        if (other)
            found->found.push_back({std::move(other->setting), 0.0});
        else
            found = maximise(*target, taken, search, monitor);
        Doubt doubt = Doubt::None;
        if (found && !other) {
            doubt = doubtDue(choice.method, *target, *found, index);
            if (doubt == Doubt::Beliefs) {
                ALIDADE_ASSIGN(other, displacedSetting(*target, tally.initial, taken, monitor));
                if (other) {
                    found->found.front().setting = other->setting;
                    doubt = Doubt::None;
                }
            }
            ALIDADE_ASSIGN(doubt, followDoubt(doubt, *target, search, taken, monitor, *found));
        }
        if (!found) {
            if (report.suggestions.empty())
                return std::move(found).error();
            report.warnings.push_back(found.error().message);
            break;
        }
        if (found->found.empty()) {
            if (report.suggestions.empty()) {
                Tally rest = tally;
                return fromSequence(study, std::move(rest), count, Method::Random, 0, nullptr, monitor);
            }
            report.exhausted = true;
            break;
        }
        if (const auto* score = std::get_if<AverageImprovementScore>(&target->score())) {
            Setting& setting = found->found.front().setting;
            setting = withTellingConditions(*state, score->average, setting, taken);
        } else if (doubt == Doubt::None && !other) {
            optima = distinctOptima(*state, *found);
            other = insteadOfRepetition(*target, *found, chosen);
            if (other)
                found->found.front().setting = other->setting;
        }
        if (found->stopped)
            report.warnings.emplace_back("stopped early: the best candidates found so far");
        Suggestion suggestion;
        suggestion.setting = found->found.front().setting;
        suggestion.origin = Origin::Model;
        suggestion.reason =
            modelReason(*target, suggestion.setting, doubt, choice, other ? other->why : std::string());
        const Eigen::RowVectorXd row = state->features.row(suggestion.setting);
        taken.insert(settingKey(suggestion.setting));
        chosen.push_back(row);
        target->believe(row);
        report.suggestions.push_back(std::move(suggestion));
    }
    return report;
}

} // namespace

std::size_t initialDesignSize(const Definition& definition) {
    if (definition.strategy.initial)
        return static_cast<std::size_t>(*definition.strategy.initial);
    const std::size_t dimension = definition.space.parameters.size();
    return std::clamp<std::size_t>(2 * (dimension + 1), 5, 20);
}

Result<SuggestReport> suggest(const Study& study, std::size_t count, const SuggestOptions& options,
                              const Monitor& monitor) {
    if (count < 1 || count > 10000)
        return makeError(ErrorCode::InvalidArgument, "between 1 and 10000 suggestions can be asked for",
                         "count");
    ALIDADE_CHECK(checkedDefinition(study.definition));
    Tally tally = tallyOf(study);
    const Method method = study.definition.strategy.method;
    const std::size_t design = initialDesignSize(study.definition);
    if (method == Method::Random || method == Method::Sobol)
        return fromSequence(study, std::move(tally), count, method, design, nullptr, monitor);
    const bool enough = tally.usable >= 2 && tally.started >= design;
    const bool taught = options.sources && !options.sources->empty();
    const bool early = taught && !study.definition.strategy.initial && tally.usable >= kDesignWithSources;
    if (enough || early) {
        monitor.progress(0.05, "fitting the models");
        ALIDADE_ASSIGN(
            const StudyModel model,
            StudyModel::fit(study, {options.threads, options.sources, averagesBatch(study, count)}, monitor));
        if (enough || std::any_of(model.related().begin(), model.related().end(),
                                  [](const Relatedness& about) { return about.used(); }))
            return fromModel(study, model, tally, count, options, monitor);
    }
    // The rest of the design first; a batch that goes beyond it is filled up once results have arrived.
    ALIDADE_ASSIGN(SuggestReport report,
                   fromSequence(study, std::move(tally), count, method, design, options.sources, monitor));
    report.warnings = problemsOfSources(options.sources);
    return report;
}

} // namespace alidade
