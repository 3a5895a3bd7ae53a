#include "suggest/belief_term.h"

#include "suggest/suggest.h"
#include "suggest/target.h"
#include "suggest/weighted_view.h"

#include <charconv>
#include <cmath>

namespace alidade {
namespace {

constexpr Eigen::Index kMostForColaBo = 20;

std::string shortNumber(double value) {
    char buffer[32];
    const auto [end, status] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 2);
    return status == std::errc{} ? std::string(buffer, end) : std::string();
}

FeatureRows featureRows(const StudyModel::State& state) {
    return [&state](const std::vector<Setting>& settings) { return state.features.rows(settings); };
}

/// Scored by numbers that are no logarithms.
bool inOutcomeUnits(Method method) {
    return method == Method::Ucb || method == Method::EpsilonGreedy || method == Method::EpsilonShotgun ||
           method == Method::Thompson;
}

/// The encoded point of a feature row.
Eigen::RowVectorXd pointOf(const StudyModel::State& state, const Eigen::RowVectorXd& features) {
    const auto& coordinates = state.encoding.coordinates();
    Eigen::RowVectorXd point(state.encoding.dimension());
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const Coordinate& coordinate = coordinates[static_cast<std::size_t>(c)];
        const Eigen::Index first = state.features.columnOf(c);
        if (coordinate.kind == CoordinateKind::Category) {
            Eigen::Index chosen = 0;
            features.segment(first, static_cast<Eigen::Index>(coordinate.levels)).maxCoeff(&chosen);
            point(c) = static_cast<double>(chosen);
        } else {
            point(c) = state.features.position(c, features(first));
        }
    }
    return point;
}

/// Of a function of the setting that a feature row stands for, by central differences in the columns that are
/// no choice.
template <typename Function>
Eigen::VectorXd placeGradient(const StudyModel::State& state, const Eigen::RowVectorXd& features,
                              const Function& function) {
    constexpr double kStep = 1e-5;
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(features.size());
    for (Eigen::Index c = 0; c < state.encoding.dimension(); ++c) {
        if (state.encoding.coordinates()[static_cast<std::size_t>(c)].kind != CoordinateKind::Continuous)
            continue;
        const Eigen::Index column = state.features.columnOf(c);
        Eigen::RowVectorXd below = features;
        Eigen::RowVectorXd above = features;
        below(column) = std::max(features(column) - kStep, 0.0);
        above(column) = std::min(features(column) + kStep, 1.0);
        gradient(column) = (function(above) - function(below)) / (above(column) - below(column));
    }
    return gradient;
}

PlaceFit placeFit(std::shared_ptr<const StudyModel::State> state, std::shared_ptr<const BeliefModel> model) {
    return [state = std::move(state), model = std::move(model)](const Eigen::RowVectorXd& features,
                                                                Eigen::VectorXd* gradient) {
        const auto fit = [&](const Eigen::RowVectorXd& row) {
            return model->logPlaceFit(state->encoding.decode(pointOf(*state, row)));
        };
        if (gradient)
            *gradient = placeGradient(*state, features, fit);
        return fit(features);
    };
}

} // namespace

std::string bayesFactorText(double logBayesFactor) {
    if (logBayesFactor >= 0.0)
        return shortNumber(std::exp(std::min(logBayesFactor, 600.0)));
    return "1:" + shortNumber(std::exp(std::min(-logBayesFactor, 600.0)));
}

Eigen::VectorXd PlaceFactor::values(const Eigen::MatrixXd& features) const {
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        const Setting setting = state->encoding.decode(pointOf(*state, features.row(i)));
        result(i) = piboLogFactor(std::exp(claims->logPlaceDensity(setting)), exponent, 1.0);
    }
    return result;
}

double PlaceFactor::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    gradient = placeGradient(*state, features, [&](const Eigen::RowVectorXd& row) { return values(row)(0); });
    return values(features)(0);
}

Eigen::VectorXd PathDifference::values(const Eigen::MatrixXd& features) const {
    const auto column = static_cast<Eigen::Index>(path);
    const Eigen::VectorXd difference =
        weighted->values(features).col(column) - plain->values(features).col(column);
    return maximise ? difference : Eigen::VectorXd(-difference);
}

double PathDifference::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    Eigen::VectorXd byPlain;
    const double sign = maximise ? 1.0 : -1.0;
    const double value =
        sign * (weighted->value(path, features, gradient) - plain->value(path, features, byPlain));
    gradient = sign * (gradient - byPlain);
    return value;
}

void BeliefTerm::believe(const Eigen::RowVectorXd& features) {
    if (auto* paths = std::get_if<PathDifference>(&factor))
        paths->path = (paths->path + 1) % paths->weighted->count();
    else if (auto* improvement = std::get_if<BeliefFactor>(&factor))
        improvement->believe(features);
}

Eigen::VectorXd BeliefTerm::values(const Eigen::MatrixXd& features) const {
    return std::visit([&](const auto& f) { return f.values(features); }, factor);
}

double BeliefTerm::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return std::visit([&](const auto& f) { return f.value(features, gradient); }, factor);
}

std::string BeliefTerm::reason(const Eigen::RowVectorXd& features) const {
    const auto times = [&] { return shortNumber(std::exp(values(features)(0))); };
    if (!model)
        return "the density of your beliefs (piBO) counts there with a factor of " + times() +
               ", less with every trial";
    const BeliefWeights& weights = model->weights();
    std::string text = std::holds_alternative<PathDifference>(factor)
                           ? "the sample function is drawn by the weight that your beliefs give it"
                       : std::holds_alternative<BoundFactor>(factor)
                           ? "mean and sd are weighted by your beliefs"
                           : "your beliefs make it " + times() + " times as promising";
    text += " (Bayes factor " + bayesFactorText(weights.logBayesFactor) + ": ";
    switch (beliefVerdict(weights.logBayesFactor)) {
    case BeliefVerdict::Agree: text += "the data agree with them"; break;
    case BeliefVerdict::Open: text += "the data say little about them yet"; break;
    case BeliefVerdict::Against: text += "the data speak against them"; break;
    case BeliefVerdict::Overrule: text += "the data overrule them"; break;
    }
    if (weights.weighting == BeliefWeighting::Tempered)
        text += "; weakened, because few functions fit both";
    else if (weights.weighting == BeliefWeighting::PriorPath)
        text += "; weights of the functions before the data, because few fit both";
    return text + ")";
}

Result<std::optional<BeliefModel>> studyBeliefModel(const StudyModel::State& state,
                                                    const OutcomeModel& outcome,
                                                    std::optional<MeasureId> objective, bool maximise,
                                                    const Monitor& monitor) {
    BeliefClaims claims(state.definition, objective);
    if (claims.empty())
        return std::optional<BeliefModel>();
    std::vector<Setting> observed;
    for (const ObservedTrial& trial : state.observed)
        observed.push_back(trial.setting);
    BeliefModelOptions options;
    options.seed = state.definition.seed;
    // A suggestion with beliefs should take no more than a few times as long as one without.
    options.features = 384;
    options.candidates = 384;
    options.mostPaths = 2048;
    ALIDADE_ASSIGN(BeliefModel model, BeliefModel::make(std::move(claims), outcome, maximise, observed,
                                                        featureRows(state), options, monitor));
    return std::optional<BeliefModel>(std::move(model));
}

Result<std::optional<BeliefTerm>> makeBeliefTerm(const BeliefRequest& request, const Monitor& monitor) {
    const StudyModel::State& state = *request.state;
    const BeliefUse use = state.definition.strategy.beliefs;
    if (use == BeliefUse::Off || state.definition.beliefs.empty())
        return std::optional<BeliefTerm>();
    const bool place =
        use == BeliefUse::PiBo || (use == BeliefUse::Auto && state.encoding.dimension() > kMostForColaBo);
    if (place) {
        auto claims = std::make_shared<const BeliefClaims>(state.definition, request.objective);
        if (!claims->hasPlace() || inOutcomeUnits(request.method))
            return std::optional<BeliefTerm>();
        const double budget = state.definition.strategy.budget.value_or(100);
        const auto design = static_cast<double>(initialDesignSize(state.definition));
        const double step = std::max(1.0, static_cast<double>(state.observed.size()) - design + 1.0);
        return std::optional<BeliefTerm>(
            BeliefTerm{PlaceFactor{request.state, std::move(claims), budget / 10.0 / step}, nullptr});
    }
    ALIDADE_ASSIGN(std::optional<BeliefModel> model,
                   studyBeliefModel(state, *request.outcome, request.objective, request.maximise, monitor));
    if (!model)
        return std::optional<BeliefTerm>();
    BeliefTerm term;
    term.model = std::make_shared<const BeliefModel>(*std::move(model));
    // Beliefs that fit all functions alike, before and after the data, change nothing, not even by rounding.
    const BeliefWeights& weights = term.model->weights();
    if ((weights.weights.array() - 1.0).abs().maxCoeff() < 1e-9 && std::abs(weights.logBayesFactor) < 1e-9)
        return std::optional<BeliefTerm>();
    const FeatureRows rows = featureRows(state);
    const std::uint64_t seed = state.definition.seed + request.index;
    const GaussianProcess& process = request.outcome->process;
    const double noise = process.hyperparameters().noiseVariance +
                         (process.data().extraNoise.size() > 0 ? process.data().extraNoise.mean() : 0.0);
    switch (request.method) {
    case Method::Kg: term.factor = makeKnowledgeFactor(*term.model, rows, noise, seed); break;
    case Method::Mes: term.factor = makeMaxValueFactor(*term.model, rows, noise, seed); break;
    case Method::Ucb: term.factor = makeBoundFactor(*term.model, state.definition.strategy.beta, seed); break;
    case Method::EpsilonGreedy:
    case Method::EpsilonShotgun: term.factor = makeBoundFactor(*term.model, 0.0, seed); break;
    case Method::Thompson:
        if (!request.paths)
            return std::optional<BeliefTerm>();
        term.factor = PathDifference{
            std::make_shared<const PathwiseSamples>(drawnByWeight(*term.model, request.paths->count(), seed)),
            request.paths, 0, request.maximise};
        break;
    default:
        term.factor =
            makeBeliefFactor(*term.model, rows, request.best, seed, placeFit(request.state, term.model));
        break;
    }
    return std::optional<BeliefTerm>(std::move(term));
}

Result<Prediction> predictWithBeliefs(const StudyModel& model, MeasureId measure,
                                      const std::vector<Setting>& settings) {
    return WeightedView(model).predict(measure, settings);
}

Result<Eigen::VectorXd> acquisitionWithBeliefs(const StudyModel& model, AcquisitionKind kind,
                                               const std::vector<Setting>& settings, double beta) {
    return WeightedView(model, kind, beta).acquisition(settings);
}

} // namespace alidade
