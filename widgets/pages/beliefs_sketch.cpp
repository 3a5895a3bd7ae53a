#include "pages/beliefs_sketch.h"

#include "math/normal.h"
#include "suggest/model_state.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr int kPositions = 61;
constexpr std::size_t kShownFunctions = 14;
constexpr std::size_t kCells = 121;
constexpr double kBandwidth = 0.025; // of the axis

/// Functions before any data: a process of moderate smoothness whose one observation has no weight. Its scale
/// comes from a belief about the best value where there is one.
Result<OutcomeModel> unmeasured(const StudyModel::State& state, const Objective& objective) {
    GpData data;
    data.x = state.features.row(completed(state.definition.space, {}));
    data.y = Eigen::VectorXd::Zero(1);
    data.groups = state.features.groups();
    data.extraNoise = Eigen::VectorXd::Constant(1, 1e8);
    Hyperparameters hyper;
    const auto dimension = static_cast<double>(state.encoding.dimension());
    hyper.lengthScales = Eigen::VectorXd::Constant(state.encoding.dimension(), 0.3 * std::sqrt(dimension));
    ALIDADE_ASSIGN(GaussianProcess process,
                   GaussianProcess::condition(std::move(data), KernelFamily::Matern52, std::move(hyper)));
    OutcomeTransform transform;
    for (const Belief& belief : state.definition.beliefs) {
        const auto* best = std::get_if<BestValueBelief>(&belief.claim);
        const auto* normal =
            best && best->objective == objective.id ? std::get_if<NormalDensity>(&best->density) : nullptr;
        if (!normal)
            continue;
        // So that the best of a typical function is about there.
        transform.scale = 2.0 * normal->spread;
        transform.center = normal->center + (objective.goal == Goal::Minimize ? 2.0 : -2.0) * transform.scale;
    }
    return OutcomeModel{std::move(process), transform, {}};
}

std::vector<double> column(const Eigen::MatrixXd& values, Eigen::Index path,
                           const OutcomeTransform& transform) {
    std::vector<double> result;
    for (Eigen::Index i = 0; i < values.rows(); ++i)
        result.push_back(transform.toUser(values(i, path)));
    return result;
}

/// Spreads `weight` over `values`, which stand for [0, 1], by a normal kernel that the ends reflect: the
/// whole weight stays inside.
void addKernel(std::vector<double>& values, double center, double weight) {
    if (weight == 0.0)
        return;
    const auto count = static_cast<double>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double at = (static_cast<double>(i) + 0.5) / count;
        for (const double image : {center, -center, 2.0 - center})
            values[i] += weight * normalPdf((at - image) / kBandwidth) / kBandwidth;
    }
}

/// Density of the optima along an axis of numbers, share of each choice; both relative to an even one.
void sketchOptimum(BeliefsSketch& sketch, const Parameter& parameter, const ExploreAxis& axis) {
    const AxisSpec spec = axisSpec(parameter, axis);
    const bool choices = spec.kind == AxisKind::Category;
    const std::size_t cells = choices ? spec.categories.size() : kCells;
    const AxisRange limits = spec.limits.value_or(AxisRange{});
    const double low = choices ? 0.0 : toAxis(spec.kind, limits.low);
    const double high = choices ? 1.0 : toAxis(spec.kind, limits.high);
    sketch.optimumBefore.assign(cells, 0.0);
    sketch.optimumAfter.assign(cells, 0.0);
    const std::vector<Setting>& candidates = sketch.model->candidates();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto found = candidates[i].find(axis.parameter);
        if (found == candidates[i].end())
            continue;
        const double at = toAxis(spec.kind, axisPosition(parameter, axis, found->second));
        const double before = sketch.model->optimumShares()(static_cast<Eigen::Index>(i));
        const double after = sketch.model->beliefOptimumShares()(static_cast<Eigen::Index>(i));
        if (choices) {
            const auto choice = std::min(static_cast<std::size_t>(std::max(0.0, at)), cells - 1);
            sketch.optimumBefore[choice] += static_cast<double>(cells) * before;
            sketch.optimumAfter[choice] += static_cast<double>(cells) * after;
        } else {
            const double share = std::clamp((at - low) / (high - low), 0.0, 1.0);
            addKernel(sketch.optimumBefore, share, before);
            addKernel(sketch.optimumAfter, share, after);
        }
    }
    for (std::size_t i = 0; i < cells; ++i) {
        const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(cells);
        sketch.optimumPositions.push_back(choices ? static_cast<double>(i)
                                                  : fromAxis(spec.kind, low + (high - low) * place));
    }
}

} // namespace

Result<BeliefsSketch> sketchBeliefs(const BeliefsRequest& request, const Monitor& monitor) {
    const Definition& definition = request.study->definition;
    const Objective* objective = definition.findObjective(request.objective);
    const Parameter* parameter = definition.space.find(request.axis.parameter);
    if (!objective || !parameter)
        return makeError(ErrorCode::NotFound, "the objective or the parameter does not exist any more");
    const StudyModel::State state(definition);
    const OutcomeModel* fitted = nullptr;
    if (request.model)
        if (const auto found = request.model->state()->processes.find(request.objective);
            found != request.model->state()->processes.end())
            fitted = &found->second;
    std::optional<OutcomeModel> prior;
    if (!fitted) {
        ALIDADE_ASSIGN(prior, unmeasured(state, *objective));
    }
    const OutcomeModel& outcome = fitted ? *fitted : *prior;
    // A fitted model has axes and columns of its own: bent ones, those of earlier studies.
    const FeatureMap& features = fitted ? request.model->state()->features : state.features;
    const FeatureRows rows = [&features](const std::vector<Setting>& settings) {
        return features.rows(settings);
    };
    BeliefClaims claims(definition, request.objective);

    BeliefsSketch sketch;
    sketch.measured = fitted != nullptr;
    if (request.earlier) {
        sketch.model =
            std::make_shared<const BeliefModel>(request.earlier->reweighted(std::move(claims), rows));
    } else {
        std::vector<Setting> observed;
        if (request.model)
            for (const ObservedTrial& trial : request.model->state()->observed)
                observed.push_back(trial.setting);
        BeliefModelOptions options;
        options.seed = definition.seed;
        options.features = 256; // enough for the eye
        ALIDADE_ASSIGN(BeliefModel model,
                       BeliefModel::make(std::move(claims), outcome, objective->goal == Goal::Maximize,
                                         observed, rows, options, monitor));
        sketch.model = std::make_shared<const BeliefModel>(std::move(model));
    }
    const BeliefWeights& weights = sketch.model->weights();
    for (std::size_t i = 0; i < weights.usable.size(); ++i)
        sketch.claims.push_back({sketch.model->claims().belief(static_cast<Eigen::Index>(i)).id,
                                 weights.usable[i], weights.claimLogBayesFactors[i]});

    sketch.positions = axisPositions(*parameter, request.axis, kPositions);
    std::vector<Setting> settings;
    for (const double position : sketch.positions)
        settings.push_back(completed(definition.space,
                                     movedValues(definition.space, request.values, request.axis, position)));
    const Eigen::MatrixXd lines = rows(settings);
    // As many functions of each kind as the eye can hold; those after the beliefs at even steps of the sum of
    // weights, so that a heavy one may come twice.
    std::vector<std::size_t> chosen;
    const Eigen::Index all = weights.weights.size();
    for (std::size_t i = 0; i < std::min<std::size_t>(kShownFunctions, static_cast<std::size_t>(all)); ++i)
        chosen.push_back(i);
    const std::size_t plain = chosen.size();
    double cumulative = 0.0;
    for (Eigen::Index i = 0; i < all; ++i) {
        cumulative += weights.weights(i) * static_cast<double>(kShownFunctions) / static_cast<double>(all);
        while (cumulative > static_cast<double>(chosen.size() - plain) + 0.5 &&
               chosen.size() < plain + kShownFunctions)
            chosen.push_back(static_cast<std::size_t>(i));
    }
    const OutcomeTransform& transform = outcome.transform;
    const Eigen::MatrixXd values = sketch.model->samples().chosen(chosen).values(lines);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        (i < plain ? sketch.before : sketch.after)
            .push_back(column(values, static_cast<Eigen::Index>(i), transform));
    const Eigen::VectorXd plainMean = outcome.process.predict(lines).mean;
    const Eigen::VectorXd weightedMean = sketch.model->predict(lines).mean;
    for (Eigen::Index i = 0; i < plainMean.size(); ++i) {
        sketch.meanBefore.push_back(transform.toUser(plainMean(i)));
        sketch.meanAfter.push_back(transform.toUser(weightedMean(i)));
    }
    sketchOptimum(sketch, *parameter, request.axis);
    return sketch;
}

} // namespace alidade
