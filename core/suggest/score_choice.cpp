#include "suggest/score_choice.h"

#include "base/text.h"
#include "space/sampling.h"
#include "suggest/maximiser.h"
#include "suggest/method.h"
#include "suggest/observed_trials.h"
#include "suggest/suggest.h"
#include "surrogate/fit.h"
#include "surrogate/sized_posterior.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr std::size_t kManyDimensions = 20;
// Noise variance, of standardised outcomes, that makes the incumbent doubtful. On noisy functions the regret
// without regard to it is twice as large already at 0.0025; but models of rough functions show as much, too.
constexpr double kNoisy = 0.01;
constexpr std::size_t kBaseline = 12; // measured settings that may be the incumbent
constexpr std::size_t kCandidates = 64;
constexpr Eigen::Index kCostFrom = 300; ///< trials that hyper-parameters of the cost are fitted to
constexpr double kMargin = 0.01;
constexpr std::size_t kIncumbentsPerDraw = 64; ///< of hyper-parameters; 16 make batches worse, 128 no better
// Of more than 1,000 results those that a method solves with at once: up to 12 times the first, and the
// second.
constexpr Eigen::Index kNearBest = 32;
constexpr Eigen::Index kEvenlySpread = 200;

double noiseOf(const OutcomeModel& model) {
    const Eigen::VectorXd& noise = model.process.data().extraNoise;
    const double known = noise.size() > 0 ? noise.head(model.own()).mean() : 0.0;
    return model.process.hyperparameters().noiseVariance + known;
}

bool hasKnownNoise(const StudyModel::State& state, MeasureId measure) {
    return std::any_of(state.observed.begin(), state.observed.end(), [&](const ObservedTrial& trial) {
        const auto found = trial.values.find(measure);
        return found != trial.values.end() && found->second.noiseSd.value_or(0.0) > 0.0;
    });
}

/// Feasible measured settings that may well be the best one, likeliest first.
Eigen::MatrixXd baseline(const ScoreRequest& request) {
    const GaussianProcess& process = request.model->process;
    const std::vector<const ObservedTrial*> feasible = promisingTrials(*request.state);
    Eigen::MatrixXd rows(static_cast<Eigen::Index>(feasible.size()), process.data().x.cols());
    for (std::size_t i = 0; i < feasible.size(); ++i)
        rows.row(static_cast<Eigen::Index>(i)) = feasible[i]->features;
    const GpPrediction prediction = process.predict(rows);
    // In standard deviations behind the best mean; replicates of one setting count once.
    std::vector<std::pair<double, Eigen::Index>> order;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const double behind =
            request.maximise ? request.best - prediction.mean(i) : prediction.mean(i) - request.best;
        order.emplace_back(behind / std::sqrt(prediction.variance(i) + 1e-12), i);
    }
    std::sort(order.begin(), order.end());
    std::vector<Eigen::Index> kept;
    for (const auto& [behind, i] : order) {
        if (kept.size() == kBaseline || (behind > 4.0 && !kept.empty()))
            break;
        if (std::none_of(kept.begin(), kept.end(),
                         [&, row = i](Eigen::Index k) { return rows.row(k) == rows.row(row); }))
            kept.push_back(i);
    }
    return rows(kept, Eigen::all);
}

/// The outcome's posterior for methods that solve with all observations at once. Above 1,000 results it knows
/// only the nearest ones to the settings that may be the best, and others spread evenly over the outcomes:
/// exact there, cautious elsewhere.
Result<GaussianProcess> solvable(const ScoreRequest& request) {
    const GaussianProcess& process = request.model->process;
    if (!process.local())
        return process;
    ALIDADE_ASSIGN(const GaussianProcess around, process.near(baseline(request), kNearBest));
    GpData data = around.data();
    const GpData spread = evenSubset(process.data(), kEvenlySpread);
    std::vector<Eigen::Index> fresh;
    for (Eigen::Index i = 0; i < spread.y.size(); ++i) {
        bool known = false;
        for (Eigen::Index k = 0; k < data.y.size() && !known; ++k)
            known = data.y(k) == spread.y(i) && data.x.row(k) == spread.x.row(i);
        if (!known)
            fresh.push_back(i);
    }
    const Eigen::Index before = data.y.size();
    const Eigen::Index after = before + std::ssize(fresh);
    data.x.conservativeResize(after, Eigen::NoChange);
    data.y.conservativeResize(after);
    data.x.bottomRows(std::ssize(fresh)) = spread.x(fresh, Eigen::all);
    data.y.tail(std::ssize(fresh)) = spread.y(fresh);
    if (data.extraNoise.size() != 0) {
        data.extraNoise.conservativeResize(after);
        data.extraNoise.tail(std::ssize(fresh)) = spread.extraNoise(fresh);
    }
    return GaussianProcess::condition(std::move(data), process.family(), process.hyperparameters());
}

Result<PathwiseSamples> samplePath(const ScoreRequest& request, std::size_t paths, std::uint64_t number,
                                   std::string_view stream) {
    PathwiseOptions options;
    options.paths = paths;
    options.seed = Rng(request.state->definition.seed, stream, request.index * 64 + number).bits();
    options.stream = stream;
    return PathwiseSamples::draw(request.model->process, options);
}

/// Optima of sample functions of the posterior over the space.
struct SampledOptima {
    Eigen::MatrixXd rows;
    Eigen::VectorXd values; ///< of the sample functions, model units
};

Result<SampledOptima> sampleOptima(const ScoreRequest& request, const Monitor& monitor) {
    const std::size_t count = request.optima;
    SampledOptima optima{
        Eigen::MatrixXd(static_cast<Eigen::Index>(count), request.model->process.data().x.cols()),
        Eigen::VectorXd(static_cast<Eigen::Index>(count))};
    for (std::size_t i = 0; i < count; ++i) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "stopped while sampling where the optimum may be");
        ALIDADE_ASSIGN(PathwiseSamples path, samplePath(request, 1, request.draw * count + i, "optima"));
        const auto shared = std::make_shared<const PathwiseSamples>(std::move(path));
        const AcquisitionTarget target =
            AcquisitionTarget::scored(request.state, PathScore{shared, 0, request.maximise});
        MaximiserOptions search;
        search.seed = request.state->definition.seed;
        search.index = request.index * 64 + request.draw * count + i;
        search.rawCandidates = 384;
        search.starts = 3;
        search.threads = request.threads;
        ALIDADE_ASSIGN(const MaximiserReport report, maximise(target, {}, search, monitor));
        if (report.found.empty())
            return makeError(ErrorCode::Infeasible, "no feasible setting was found");
        const MaximiserReport::Found& best = report.found.front();
        const Eigen::RowVectorXd row = request.state->features.row(best.setting);
        optima.rows.row(static_cast<Eigen::Index>(i)) = row;
        optima.values(static_cast<Eigen::Index>(i)) = shared->values(row)(0, 0); // without the chances
    }
    return optima;
}

/// Sampled optima, the best measured settings, and settings spread over the space.
Result<Eigen::MatrixXd> gainCandidates(const ScoreRequest& request, const Monitor& monitor) {
    const Eigen::MatrixXd known = baseline(request);
    ALIDADE_ASSIGN(const SampledOptima optima, sampleOptima(request, monitor));
    SamplingOptions sampling;
    sampling.seed = request.state->definition.seed;
    sampling.stream = "gain";
    sampling.skip = request.index * kCandidates;
    ALIDADE_ASSIGN(const std::vector<Setting> spread,
                   sampleFeasible(request.state->definition.space, kCandidates, sampling, monitor));
    const Eigen::MatrixXd far = request.state->features.rows(spread);
    Eigen::MatrixXd rows(known.rows() + optima.rows.rows() + far.rows(), far.cols());
    rows << known, optima.rows, far;
    return rows;
}

Score sampledOr(Result<SampledImprovement> improvement, const ScoreRequest& request) {
    if (improvement)
        return SampledImprovementScore{std::move(improvement).value()};
    return ImprovementScore{request.model->process, request.maximise, request.best};
}

} // namespace

MethodChoice chosenMethod(const StudyModel::State& state, std::size_t batch) {
    const Definition& definition = state.definition;
    const Method wanted = definition.strategy.method;
    const Method own = methodFor(definition);
    if (wanted == own)
        return {wanted, {}};
    if (own == Method::Desirability)
        return {own, definition.objectives.size() > 1 ? "every objective has a desirability"
                                                      : "neither end of its desirability is best"};
    if (definition.objectives.size() > 1)
        return {own, "there are " + std::to_string(definition.objectives.size()) + " objectives"};
    if (!definition.strategy.cost.empty())
        return {Method::EiPerSecond, "the strategy names a cost"};
    if (state.conditions)
        return {Method::LogEi, {}};
    const auto dimension = static_cast<std::size_t>(state.encoding.dimension());
    if (dimension > kManyDimensions)
        return {Method::Turbo, "a space of " + std::to_string(dimension) +
                                   " dimensions is too wide to be searched everywhere"};
    const MeasureId objective = definition.objectives.front().id;
    const OutcomeModel& model = state.processes.at(objective);
    const double noise = noiseOf(model);
    const bool noisy = noise > kNoisy || hasKnownNoise(state, objective);
    if (model.process.local() && (noisy || batch + state.pending.size() > 1))
        return {Method::LogEi, "of more than 1,000 results each place is judged by some, not by all at once",
                true};
    if (noisy)
        return {Method::LogNei, "noise makes it uncertain which trial is the best"};
    const std::size_t together = batch + state.pending.size();
    if (together > 1)
        return {Method::QLogEi, std::to_string(together) + " outcomes are unknown at once"};
    return {Method::LogEi, "one setting at a time is asked for and noise is low"};
}

bool averagesBatch(const Study& study, std::size_t batch) {
    const Definition& definition = study.definition;
    const auto pending = std::count_if(study.trials.begin(), study.trials.end(), [](const Trial& trial) {
        return trial.state == TrialState::Pending || trial.state == TrialState::Running;
    });
    return definition.strategy.method == Method::Auto && definition.strategy.cost.empty() &&
           definition.beliefs.empty() && batch + static_cast<std::size_t>(pending) > 1 &&
           static_cast<std::size_t>(Encoding(definition.space).dimension()) <= kManyDimensions;
}

Result<CostModel> fitCost(const StudyModel::State& state, const Monitor& monitor) {
    const Definition& definition = state.definition;
    const std::string& wanted = definition.strategy.cost;
    std::optional<MeasureId> measure;
    if (!wanted.empty()) {
        measure = definition.findMeasure(wanted);
        if (!measure)
            return makeError(ErrorCode::InvalidArgument,
                             "\"" + wanted + "\", the cost, is neither an objective nor a limit" +
                                 didYouMean(wanted, definition.measureNames()));
    } else {
        for (const MeasureId id : definition.measures()) {
            const std::string unit = definition.measureUnit(id);
            if (!measure && (unit == "s" || unit == "sec" || unit == "seconds"))
                measure = id;
        }
    }
    std::vector<const ObservedTrial*> trials;
    std::vector<double> logs;
    for (const ObservedTrial& trial : state.observed) {
        double cost = trial.seconds;
        if (measure) {
            const auto found = trial.values.find(*measure);
            cost = found == trial.values.end() ? 0.0 : found->second.value;
        }
        if (!(cost > 0.0))
            continue;
        trials.push_back(&trial);
        logs.push_back(std::log(cost));
    }
    if (trials.size() < 2)
        return makeError(ErrorCode::InvalidArgument,
                         "expected improvement per second needs at least 2 trials with a cost above 0: name "
                         "a measure as \"cost\" of the strategy, give one the unit \"s\", or let a runner "
                         "measure the time");
    GpData data{Eigen::MatrixXd(static_cast<Eigen::Index>(trials.size()), state.features.columns()),
                Eigen::Map<const Eigen::VectorXd>(logs.data(), static_cast<Eigen::Index>(logs.size())),
                state.features.groups(),
                {}};
    for (std::size_t i = 0; i < trials.size(); ++i)
        data.x.row(static_cast<Eigen::Index>(i)) = trials[i]->features;
    FitOptions options;
    options.seed = definition.seed;
    options.restarts = 1;
    options.lowestNoiseVariance = 1e-4;
    ALIDADE_ASSIGN(const FitReport report, fitHyperparameters(evenSubset(data, kCostFrom), options, monitor));
    ALIDADE_ASSIGN(GaussianProcess process, conditionedBySize(std::move(data), options.family, report.hyper));
    return CostModel{std::move(process), measure ? definition.measureName(*measure) : "time taken",
                     measure ? definition.measureUnit(*measure) : "s"};
}

double costCooling(const StudyModel::State& state) {
    const auto& budget = state.definition.strategy.budget;
    if (!budget)
        return 1.0;
    const auto first =
        static_cast<double>(std::min<std::size_t>(state.started, initialDesignSize(state.definition)));
    const double left = static_cast<double>(*budget) - static_cast<double>(state.started);
    return std::clamp(left / std::max(1.0, static_cast<double>(*budget) - first), 0.0, 1.0);
}

namespace {

/// The continuous parameters that exist at a setting. None at all where constraints or mixtures tie them, or
/// where chances count: the best setting must be one that can be chosen.
FreeColumns freeColumns(const std::shared_ptr<const StudyModel::State>& state) {
    const auto& coordinates = state->encoding.coordinates();
    std::vector<std::pair<Eigen::Index, Eigen::Index>> columns; // with that of the activity, or -1
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        if (coordinates[i].kind == CoordinateKind::Share)
            return {};
        const Eigen::Index column = state->features.columnOf(static_cast<Eigen::Index>(i));
        if (coordinates[i].kind == CoordinateKind::Continuous)
            columns.emplace_back(column, coordinates[i].conditional ? column + 1 : -1);
    }
    if (columns.empty() || !state->constraints.empty() || state->success ||
        !state->definition.outcomeConstraints.empty())
        return {};
    return [columns = std::move(columns)](const Eigen::RowVectorXd& row) {
        std::vector<Eigen::Index> free;
        for (const auto& [column, activity] : columns)
            if (activity < 0 || row(activity) > 0.5)
                free.push_back(column);
        return free;
    };
}

/// What the parts of an average share.
struct Shared {
    std::optional<Eigen::MatrixXd> candidates; ///< of the knowledge gradient
    std::optional<CostModel> cost;
};

Result<Score> plainScore(Method method, const ScoreRequest& request, const Shared& shared,
                         const Monitor& monitor) {
    const GaussianProcess& process = request.model->process;
    const Definition& definition = request.state->definition;
    const double noise = noiseOf(*request.model);
    SampledImprovementOptions sampled;
    sampled.maximise = request.maximise;
    sampled.seed = Rng(definition.seed, "incumbents", request.index).bits() + request.draw;
    sampled.samples = request.incumbents;
    switch (method) {
    case Method::LogNei:
        return sampledOr(SampledImprovement::make(process, baseline(request), sampled), request);
    case Method::QLogEi:
        sampled.best = request.best;
        return sampledOr(
            SampledImprovement::make(process, Eigen::MatrixXd(0, process.data().x.cols()), sampled), request);
    case Method::Pi: return Score{ProbabilityScore{process, request.maximise, request.best, kMargin}};
    case Method::Ucb: return Score{BoundScore{process, request.maximise, definition.strategy.beta}};
    case Method::EpsilonGreedy:
    case Method::EpsilonShotgun: return Score{BoundScore{process, request.maximise, 0.0}};
    case Method::Thompson: {
        ALIDADE_ASSIGN(PathwiseSamples paths, samplePath(request, 16, 0, "thompson"));
        return Score{
            PathScore{std::make_shared<const PathwiseSamples>(std::move(paths)), 0, request.maximise}};
    }
    case Method::Kg: {
        return Score{KnowledgeScore{KnowledgeGradient(process, *shared.candidates, request.maximise, noise,
                                                      freeColumns(request.state)),
                                    request.maximise, noise}};
    }
    case Method::Mes: {
        ALIDADE_ASSIGN(SampledOptima optima, sampleOptima(request, monitor));
        // No sampled optimum is worse than what is known already.
        for (double& value : optima.values)
            value = request.maximise ? std::max(value, request.best) : std::min(value, request.best);
        return Score{
            MaxValueScore{MaxValueEntropy(process, std::move(optima.values), request.maximise, noise)}};
    }
    case Method::Jes: {
        ALIDADE_ASSIGN(const SampledOptima optima, sampleOptima(request, monitor));
        ALIDADE_ASSIGN(JointEntropy entropy,
                       JointEntropy::make(process, optima.rows, optima.values, request.maximise, noise));
        return Score{JointEntropyScore{std::move(entropy), request.maximise, noise}};
    }
    case Method::Pes: {
        ALIDADE_ASSIGN(const SampledOptima optima, sampleOptima(request, monitor));
        ALIDADE_ASSIGN(
            PredictiveEntropy entropy,
            PredictiveEntropy::make(process, optima.rows, baseline(request), request.maximise, noise));
        return Score{PredictiveEntropyScore{std::move(entropy)}};
    }
    case Method::EiPerSecond: {
        return Score{CostAwareScore{
            {process, request.maximise, request.best}, shared.cost->process, costCooling(*request.state)}};
    }
    default: return Score{ImprovementScore{process, request.maximise, request.best}};
    }
}

MixtureScore::Averaging averagingOf(Method method) {
    switch (method) {
    case Method::Ucb:
    case Method::EpsilonGreedy:
    case Method::EpsilonShotgun: return MixtureScore::Averaging::Mean;
    case Method::Thompson: return MixtureScore::Averaging::Alternate;
    default: return MixtureScore::Averaging::LogMean;
    }
}

} // namespace

Result<Score> makeScore(Method method, const ScoreRequest& request, const Monitor& monitor) {
    Shared shared;
    if (method == Method::Kg) {
        ALIDADE_ASSIGN(shared.candidates, gainCandidates(request, monitor));
    }
    if (method == Method::EiPerSecond) {
        ALIDADE_ASSIGN(shared.cost, fitCost(*request.state, monitor));
    }
    const bool solves = method == Method::LogNei || method == Method::QLogEi || method == Method::Kg ||
                        method == Method::Mes || method == Method::Jes || method == Method::Pes;
    const std::vector<GaussianProcess>& draws = request.model->draws;
    if (draws.empty() && solves && request.model->process.local()) {
        ALIDADE_ASSIGN(GaussianProcess process, solvable(request));
        const OutcomeModel model{std::move(process), request.model->transform, request.model->fit};
        ScoreRequest part = request;
        part.model = &model;
        return plainScore(method, part, shared, monitor);
    }
    if (draws.empty())
        return plainScore(method, request, shared, monitor);
    MixtureScore mixture;
    mixture.averaging = averagingOf(method);
    for (std::size_t k = 0; k < draws.size(); ++k) {
        OutcomeModel model{draws[k], request.model->transform, request.model->fit};
        model.ownObservations = request.model->ownObservations;
        ScoreRequest part = request;
        part.model = &model;
        part.optima = std::max<std::size_t>(1, request.optima / draws.size());
        part.draw = k;
        part.incumbents = kIncumbentsPerDraw;
        ALIDADE_ASSIGN(Score score, plainScore(method, part, shared, monitor));
        mixture.parts.push_back({std::move(score)});
    }
    return Score{std::move(mixture)};
}

} // namespace alidade
