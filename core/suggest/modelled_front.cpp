#include "suggest/modelled_front.h"

#include "base/rng.h"
#include "pareto/attainment.h"
#include "pareto/dominance.h"
#include "pareto/front_analysis.h"
#include "pareto/hypervolume.h"
#include "space/sampling.h"
#include "suggest/model_state.h"
#include "surrogate/pathwise.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_set>

namespace alidade {
namespace {

constexpr std::size_t kPerRefinement = 192;

std::vector<Goal> goalsOf(const StudyModel::State& state) {
    std::vector<Goal> goals;
    for (const Objective& objective : state.definition.objectives)
        goals.push_back(objective.goal);
    return goals;
}

/// The reference point, minimised.
Result<Eigen::VectorXd> checkedReference(const StudyModel::State& state,
                                         const std::vector<double>& reference) {
    const std::size_t objectives = state.definition.objectives.size();
    if (objectives < 2)
        return makeError(ErrorCode::InvalidArgument, "a front needs at least two objectives");
    if (reference.size() != objectives)
        return makeError(ErrorCode::InvalidArgument,
                         "the reference needs one value for each of " + std::to_string(objectives) +
                             " objectives",
                         "reference");
    const Eigen::VectorXd point =
        Eigen::Map<const Eigen::VectorXd>(reference.data(), static_cast<Eigen::Index>(objectives));
    if (!point.allFinite())
        return makeError(ErrorCode::InvalidArgument, "the reference point must be finite", "reference");
    return toMinimization(point, goalsOf(state));
}

/// Predicted means, minimised, one column per objective.
ObjectiveMatrix minimisedMeans(const StudyModel::State& state, const Eigen::MatrixXd& features) {
    const auto& objectives = state.definition.objectives;
    ObjectiveMatrix means(features.rows(), static_cast<Eigen::Index>(objectives.size()));
    for (std::size_t k = 0; k < objectives.size(); ++k) {
        const ScaledProcess& scaled = state.processes.at(objectives[k].id);
        const double sign = objectives[k].goal == Goal::Minimize ? 1.0 : -1.0;
        means.col(static_cast<Eigen::Index>(k)) = scaled.process.predict(features).mean.unaryExpr(
            [&](double value) { return sign * scaled.toUser(value); });
    }
    return means;
}

/// Settings that are likely to succeed, looked at once each.
class Candidates {
public:
    Candidates(const StudyModel& model) : m_model(model), m_state(*model.state()) {}

    void add(std::vector<Setting> settings) {
        std::erase_if(settings,
                      [&](const Setting& setting) { return !m_seen.insert(settingKey(setting)).second; });
        if (settings.empty())
            return;
        const Eigen::VectorXd feasibility = m_model.feasibility(settings);
        std::vector<Setting> kept;
        for (std::size_t i = 0; i < settings.size(); ++i)
            if (feasibility(static_cast<Eigen::Index>(i)) > 0.5)
                kept.push_back(std::move(settings[i]));
        if (kept.empty())
            return;
        const Eigen::MatrixXd rows = m_state.features.rows(kept);
        const ObjectiveMatrix fresh = minimisedMeans(m_state, rows);
        ObjectiveMatrix means(m_means.rows() + fresh.rows(), fresh.cols());
        if (m_means.rows() > 0)
            means << m_means, fresh;
        else
            means = fresh;
        m_means = std::move(means);
        m_settings.insert(m_settings.end(), std::make_move_iterator(kept.begin()),
                          std::make_move_iterator(kept.end()));
    }

    /// New settings between and around those on the front of the means, the sparse parts first.
    void refine(Rng& rng) {
        std::vector<int> front = paretoFront(m_means, Duplicates::FirstOnly);
        if (front.empty())
            return;
        const std::vector<double> crowding = crowdingDistances(selectPoints(m_means, front));
        const auto pick = [&]() -> Eigen::RowVectorXd {
            const std::size_t a = rng.below(front.size());
            const std::size_t b = rng.below(front.size());
            const std::size_t winner = crowding[a] >= crowding[b] ? a : b;
            return m_state.encoding.encode(m_settings[static_cast<std::size_t>(front[winner])]);
        };
        std::vector<Setting> fresh;
        for (std::size_t i = 0; i < kPerRefinement; ++i) {
            Eigen::RowVectorXd point = pick();
            const Eigen::RowVectorXd other = pick();
            const double share = rng.uniform(-0.25, 1.25);
            const double spread = std::pow(10.0, rng.uniform(-3.0, -0.5));
            for (Eigen::Index c = 0; c < point.size(); ++c) {
                const Coordinate& coordinate = m_state.encoding.coordinates()[static_cast<std::size_t>(c)];
                if (coordinate.kind == CoordinateKind::Category) {
                    if (rng.uniform() < 0.5)
                        point(c) = other(c);
                    if (rng.uniform() < 0.1)
                        point(c) = static_cast<double>(rng.below(coordinate.levels));
                    continue;
                }
                point(c) += share * (other(c) - point(c));
                if (rng.uniform() < 0.5)
                    point(c) += spread * rng.normal();
                if (coordinate.kind != CoordinateKind::Share)
                    point(c) = std::clamp(point(c), 0.0, 1.0);
            }
            Setting setting = m_state.encoding.decode(point);
            if (m_state.constraints.feasible(setting))
                fresh.push_back(std::move(setting));
        }
        add(std::move(fresh));
    }

    [[nodiscard]] const std::vector<Setting>& settings() const { return m_settings; }
    [[nodiscard]] const ObjectiveMatrix& means() const { return m_means; }

private:
    const StudyModel& m_model;
    const StudyModel::State& m_state;
    std::unordered_set<std::string> m_seen;
    std::vector<Setting> m_settings;
    ObjectiveMatrix m_means;
};

/// The sampled fronts, minimised, in the user's units.
Result<std::vector<ObjectiveMatrix>> sampledFronts(const StudyModel::State& state,
                                                   const Eigen::MatrixXd& features,
                                                   const ModelledFrontOptions& options) {
    const auto& objectives = state.definition.objectives;
    std::vector<Eigen::MatrixXd> values; // per objective: settings x paths
    for (std::size_t k = 0; k < objectives.size(); ++k) {
        const ScaledProcess& scaled = state.processes.at(objectives[k].id);
        PathwiseOptions draw;
        draw.paths = options.paths;
        draw.seed = options.seed + k;
        draw.stream = "front";
        ALIDADE_ASSIGN(const PathwiseSamples samples, PathwiseSamples::draw(scaled.process, draw));
        const double sign = objectives[k].goal == Goal::Minimize ? 1.0 : -1.0;
        values.emplace_back(
            samples.values(features).unaryExpr([&](double value) { return sign * scaled.toUser(value); }));
    }
    std::vector<ObjectiveMatrix> fronts;
    for (std::size_t path = 0; path < options.paths; ++path) {
        ObjectiveMatrix points(features.rows(), static_cast<Eigen::Index>(objectives.size()));
        for (std::size_t k = 0; k < objectives.size(); ++k)
            points.col(static_cast<Eigen::Index>(k)) = values[k].col(static_cast<Eigen::Index>(path));
        fronts.push_back(selectPoints(points, paretoFront(points, Duplicates::FirstOnly)));
    }
    return fronts;
}

Result<void> addBand(ModelledFront& front, const std::vector<ObjectiveMatrix>& fronts,
                     const std::vector<double>& levels, const std::vector<Goal>& goals) {
    for (const double share : levels) {
        const int count = std::clamp(static_cast<int>(std::ceil(share * static_cast<double>(fronts.size()))),
                                     1, static_cast<int>(fronts.size()));
        ALIDADE_ASSIGN(const ObjectiveMatrix points, attainmentFront(fronts, count));
        ModelledFront::Level level;
        level.share = share;
        ALIDADE_ASSIGN(level.points, toMinimization(points, goals));
        front.band.push_back(std::move(level));
    }
    return {};
}

} // namespace

Result<ModelledFront> modelledFront(const StudyModel& model, const std::vector<double>& reference,
                                    const ModelledFrontOptions& options, const Monitor& monitor) {
    const StudyModel::State& state = *model.state();
    ALIDADE_ASSIGN(const Eigen::VectorXd limit, checkedReference(state, reference));
    if (options.paths < 2 || options.candidates < 1 ||
        std::any_of(options.levels.begin(), options.levels.end(),
                    [](double level) { return !(level > 0.0 && level < 1.0); }))
        return makeError(ErrorCode::InvalidArgument,
                         "at least two paths, one candidate and levels between 0 and 1 are needed");
    Candidates candidates(model);
    SamplingOptions sampling;
    sampling.seed = state.definition.seed;
    sampling.stream = "front";
    ALIDADE_ASSIGN(std::vector<Setting> spread,
                   sampleFeasible(state.definition.space, options.candidates, sampling, monitor));
    candidates.add(std::move(spread));
    std::vector<Setting> measured;
    for (const ObservedTrial& trial : state.observed)
        measured.push_back(trial.setting);
    candidates.add(std::move(measured));
    Rng rng(options.seed, "front refinement");
    for (int round = 0; round < options.refinements && !monitor.stopRequested(); ++round)
        candidates.refine(rng);
    if (candidates.settings().empty())
        return makeError(ErrorCode::Infeasible, "no setting is likely to succeed within all limits");
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "stopped before the front was found");

    const std::vector<Goal> goals = goalsOf(state);
    const ObjectiveMatrix& means = candidates.means();
    std::vector<int> members = paretoFront(means, Duplicates::FirstOnly);
    std::sort(members.begin(), members.end(),
              [&](int a, int b) { return means(a, 0) != means(b, 0) ? means(a, 0) < means(b, 0) : a < b; });
    ModelledFront front;
    front.reference = reference;
    for (const int member : members)
        front.settings.push_back(candidates.settings()[static_cast<std::size_t>(member)]);
    ALIDADE_ASSIGN(front.means, toMinimization(selectPoints(means, members), goals));
    front.deviations.resize(front.means.rows(), front.means.cols());
    for (Eigen::Index k = 0; k < front.means.cols(); ++k) {
        const MeasureId measure = state.definition.objectives[static_cast<std::size_t>(k)].id;
        ALIDADE_ASSIGN(const Prediction prediction, model.predict(measure, front.settings));
        front.deviations.col(k) = prediction.standardDeviation;
    }
    monitor.progress(0.5, "drawing sample functions");
    ALIDADE_ASSIGN(const std::vector<ObjectiveMatrix> fronts,
                   sampledFronts(state, state.features.rows(candidates.settings()), options));
    Eigen::VectorXd volumes(static_cast<Eigen::Index>(fronts.size()));
    for (std::size_t i = 0; i < fronts.size(); ++i) {
        ALIDADE_ASSIGN(volumes(static_cast<Eigen::Index>(i)), hypervolume(fronts[i], limit));
    }
    front.hypervolumeMean = volumes.mean();
    front.hypervolumeDeviation = std::sqrt((volumes.array() - volumes.mean()).square().mean());
    if (goals.size() == 2)
        ALIDADE_CHECK(addBand(front, fronts, options.levels, goals));
    return front;
}

std::vector<Setting> pendingSettings(const StudyModel& model) {
    return model.state()->pending;
}

Result<HypervolumeGain> expectedHypervolumeGain(const StudyModel& model, const std::vector<Setting>& settings,
                                                const std::vector<double>& reference, int samples,
                                                const Monitor& monitor) {
    const StudyModel::State& state = *model.state();
    ALIDADE_ASSIGN(const Eigen::VectorXd limit, checkedReference(state, reference));
    if (settings.empty() || samples < 2)
        return makeError(ErrorCode::InvalidArgument, "at least one setting and two samples are needed");
    std::vector<Setting> places;
    for (const ObservedTrial& trial : state.observed)
        if (trial.feasible)
            places.push_back(trial.setting);
    const auto known = static_cast<Eigen::Index>(places.size());
    places.insert(places.end(), settings.begin(), settings.end());
    const Eigen::MatrixXd features = state.features.rows(places);
    const auto& objectives = state.definition.objectives;
    const auto count = static_cast<Eigen::Index>(objectives.size());
    std::vector<Eigen::VectorXd> means;
    std::vector<Eigen::MatrixXd> factors;
    for (const Objective& objective : objectives) {
        const GaussianProcess& process = state.processes.at(objective.id).process;
        means.push_back(process.predict(features).mean);
        ALIDADE_ASSIGN(CholeskyFactor factor, factorise(process.jointCovariance(features)));
        factors.push_back(std::move(factor.lower));
    }
    const auto fresh = static_cast<Eigen::Index>(settings.size());
    const Eigen::VectorXd feasibility = model.feasibility(settings);
    HypervolumeGain gain;
    gain.alone.assign(settings.size(), 0.0);
    double squares = 0.0;
    Rng rng(state.definition.seed, "hypervolume gain");
    Rng fate(state.definition.seed, "hypervolume gain, success");
    for (int s = 0; s < samples; ++s) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "stopped before the gain was known");
        ObjectiveMatrix points(features.rows(), count);
        for (Eigen::Index k = 0; k < count; ++k) {
            Eigen::VectorXd normals(features.rows());
            for (double& z : normals)
                z = rng.normal();
            const auto index = static_cast<std::size_t>(k);
            const ScaledProcess& scaled = state.processes.at(objectives[index].id);
            const double sign = objectives[index].goal == Goal::Minimize ? 1.0 : -1.0;
            points.col(k) = (means[index] + factors[index] * normals).unaryExpr([&](double value) {
                return sign * scaled.toUser(value);
            });
        }
        const ObjectiveMatrix before = points.topRows(known);
        ALIDADE_ASSIGN(const double volume, hypervolume(before, limit));
        for (Eigen::Index i = 0; i < fresh; ++i) {
            ALIDADE_ASSIGN(const double one, hypervolumeImprovement(before, limit, points.row(known + i)));
            gain.alone[static_cast<std::size_t>(i)] += feasibility(i) * one / samples;
            if (!(fate.uniform() < feasibility(i)))
                points.row(known + i) = limit.transpose(); // dominates nothing
        }
        ALIDADE_ASSIGN(const double all, hypervolume(points, limit));
        const double added = std::max(0.0, all - volume);
        gain.value += added;
        squares += added * added;
        gain.probability += added > 1e-12 * volume ? 1.0 : 0.0;
    }
    gain.value /= samples;
    gain.probability /= samples;
    gain.standardError = std::sqrt(std::max(0.0, squares / samples - gain.value * gain.value) / samples);
    return gain;
}

} // namespace alidade
