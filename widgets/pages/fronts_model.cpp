#include "pages/fronts_model.h"

#include <algorithm>
#include <limits>
#include <set>

namespace alidade {

namespace {

Result<std::vector<PredictedTrial>> predicted(const Study& study, const FrontsData& data,
                                              const StudyModel& model, const std::vector<TrialId>& ids) {
    std::vector<PredictedTrial> trials;
    std::vector<Setting> settings;
    for (const TrialId id : ids)
        if (const Trial* trial = study.find(id)) {
            trials.push_back({id, {}, {}, 1.0});
            settings.push_back(trial->setting);
        }
    if (settings.empty())
        return trials;
    for (const Objective& objective : data.objectives) {
        ALIDADE_ASSIGN(const Prediction prediction, model.predict(objective.id, settings));
        for (std::size_t i = 0; i < trials.size(); ++i) {
            trials[i].mean.push_back(prediction.mean(static_cast<Eigen::Index>(i)));
            trials[i].standardDeviation.push_back(prediction.standardDeviation(static_cast<Eigen::Index>(i)));
        }
    }
    const Eigen::VectorXd feasibility = model.feasibility(settings);
    for (std::size_t i = 0; i < trials.size(); ++i)
        trials[i].feasibility = feasibility(static_cast<Eigen::Index>(i));
    return trials;
}

/// Best value of objective `y` among the points that reach `at` in objective `x`; nothing if none does.
std::optional<double> bestAt(const ObjectiveMatrix& points, const std::vector<Objective>& objectives,
                             Eigen::Index x, Eigen::Index y, double at) {
    const Goal goalX = objectives[static_cast<std::size_t>(x)].goal;
    const Goal goalY = objectives[static_cast<std::size_t>(y)].goal;
    std::optional<double> best;
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        if (!isBetter(goalX, at, points(i, x)) && (!best || isBetter(goalY, points(i, y), *best)))
            best = points(i, y);
    return best;
}

} // namespace

Result<FrontsModel> modelFronts(const Study& study, const FrontsData& data, const StudyModel& model,
                                const Monitor& monitor) {
    FrontsModel result;
    for (const Objective& objective : data.objectives) {
        const auto info = std::find_if(
            model.info().begin(), model.info().end(),
            [&objective](const MeasureModelInfo& measure) { return measure.measure == objective.id; });
        result.noiseSd.push_back(info == model.info().end() ? 0.0 : info->noiseSd);
    }
    ALIDADE_ASSIGN(result.failed, predicted(study, data, model, data.failed));
    ALIDADE_ASSIGN(result.pending, predicted(study, data, model, data.pending));
    if (result.pending.empty() || data.reference.empty())
        return result;
    std::vector<Setting> settings;
    for (const PredictedTrial& trial : result.pending)
        settings.push_back(study.find(trial.id)->setting);
    constexpr int kSamples = 256;
    ALIDADE_ASSIGN(result.gain, expectedHypervolumeGain(model, settings, data.reference, kSamples, monitor));
    result.reference = data.reference;
    return result;
}

bool FrontsBelief::fits(const std::vector<Objective>& others) const {
    return std::equal(
        objectives.begin(), objectives.end(), others.begin(), others.end(),
        [](const Objective& a, const Objective& b) { return a.id == b.id && a.goal == b.goal; });
}

Result<FrontsBelief> believeFronts(const StudyModel& model, const std::vector<Objective>& objectives,
                                   const std::vector<double>& reference, const Monitor& monitor) {
    ModelledFrontOptions options;
    options.levels = {0.025, 0.5, 0.975};
    FrontsBelief belief;
    belief.objectives = objectives;
    ALIDADE_ASSIGN(belief.front, modelledFront(model, reference, options, monitor));
    for (std::size_t x = 0; x < belief.bands.size(); ++x)
        belief.bands[x] = bandOf(belief.front, objectives, x);
    return belief;
}

FrontBand bandOf(const ModelledFront& front, const std::vector<Objective>& objectives, std::size_t x) {
    FrontBand band;
    if (front.band.size() != 3 || objectives.size() != 2 || front.reference.size() != 2 || x > 1)
        return band;
    const auto across = static_cast<Eigen::Index>(x);
    const Eigen::Index up = 1 - across;
    std::set<double> corners{front.reference[x]};
    for (const ModelledFront::Level& level : front.band)
        for (const double value : level.points.col(across))
            corners.insert(value);
    const double worst = front.reference[1 - x];
    // Between two corners nothing changes.
    for (auto corner = corners.begin(); std::next(corner) != corners.end(); ++corner) {
        const double left = *corner;
        const double right = *std::next(corner);
        const double at = 0.5 * (left + right);
        const auto reached = [&](const ModelledFront::Level& level) {
            const auto best = bestAt(level.points, objectives, across, up, at);
            return best && isBetter(objectives[1 - x].goal, *best, worst) ? best : std::nullopt;
        };
        const auto best = reached(front.band.front());
        if (!best || isBetter(objectives[x].goal, front.reference[x], at))
            continue; // even the optimistic edge does not come here, or nobody wants it
        const double cautious = reached(front.band.back()).value_or(worst);
        const double middle = reached(front.band[1]).value_or(std::numeric_limits<double>::quiet_NaN());
        for (const double end : {left, right}) {
            band.x.push_back(end);
            band.low.push_back(std::min(*best, cautious));
            band.high.push_back(std::max(*best, cautious));
            band.middle.push_back(middle);
        }
    }
    return band;
}

} // namespace alidade
