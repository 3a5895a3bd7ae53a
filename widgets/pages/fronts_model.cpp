#include "pages/fronts_model.h"

#include "acquisition/ehvi.h"
#include "base/rng.h"
#include "pareto/hypervolume.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kDraws = 256;

double signOf(const Objective& objective) {
    return objective.goal == Goal::Minimize ? 1.0 : -1.0;
}

Result<std::vector<PredictedTrial>> predicted(const Study& study, const FrontsData& data,
                                              const StudyModel& model, const std::vector<TrialId>& ids) {
    std::vector<PredictedTrial> trials;
    std::vector<Setting> settings;
    for (const TrialId id : ids)
        if (const Trial* trial = study.find(id)) {
            trials.push_back({id, {}, {}, 1.0, 0.0});
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

/// Front points, minimised, and the reference.
ObjectiveMatrix frontOf(const FrontsData& data) {
    const auto count = static_cast<Eigen::Index>(data.objectives.size());
    std::vector<const FrontPoint*> members;
    for (const FrontPoint& point : data.points)
        if (point.rank == 0)
            members.push_back(&point);
    ObjectiveMatrix points(static_cast<Eigen::Index>(members.size()), count);
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        for (Eigen::Index j = 0; j < count; ++j) {
            const auto k = static_cast<std::size_t>(j);
            points(i, j) = signOf(data.objectives[k]) * members[static_cast<std::size_t>(i)]->values[k];
        }
    return points;
}

Result<double> gainTogether(const std::vector<PredictedTrial>& pending, const FrontsData& data,
                            const ObjectiveMatrix& front, const Eigen::VectorXd& reference,
                            const Monitor& monitor) {
    ALIDADE_ASSIGN(const double before, hypervolume(front, reference));
    const auto extra = static_cast<Eigen::Index>(pending.size());
    ObjectiveMatrix points(front.rows() + extra, front.cols());
    points.topRows(front.rows()) = front;
    Rng rng(0, "fronts");
    double sum = 0.0;
    for (int draw = 0; draw < kDraws; ++draw) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "newer results are being looked at");
        for (Eigen::Index i = 0; i < extra; ++i) {
            const PredictedTrial& trial = pending[static_cast<std::size_t>(i)];
            const bool counts = rng.uniform() < trial.feasibility;
            for (Eigen::Index j = 0; j < front.cols(); ++j) {
                const auto k = static_cast<std::size_t>(j);
                const double value = trial.mean[k] + trial.standardDeviation[k] * rng.normal();
                points(front.rows() + i, j) =
                    counts ? signOf(data.objectives[k]) * value : reference(j); // adds nothing there
            }
        }
        ALIDADE_ASSIGN(const double after, hypervolume(points, reference));
        sum += std::max(0.0, after - before);
    }
    return sum / kDraws;
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
    const ObjectiveMatrix front = frontOf(data);
    const auto count = static_cast<Eigen::Index>(data.objectives.size());
    Eigen::VectorXd reference(count);
    for (Eigen::Index j = 0; j < count; ++j)
        reference(j) = signOf(data.objectives[static_cast<std::size_t>(j)]) *
                       data.reference[static_cast<std::size_t>(j)];
    ALIDADE_ASSIGN(const auto improvement, ExpectedHypervolumeImprovement::make(front, reference));
    for (PredictedTrial& trial : result.pending) {
        Eigen::VectorXd mean(count);
        Eigen::VectorXd deviation(count);
        for (Eigen::Index j = 0; j < count; ++j) {
            const auto k = static_cast<std::size_t>(j);
            mean(j) = signOf(data.objectives[k]) * trial.mean[k];
            deviation(j) = trial.standardDeviation[k];
        }
        ALIDADE_ASSIGN(const auto value, improvement.logValue(mean, deviation));
        trial.gain = trial.feasibility * std::exp(value.logValue);
    }
    ALIDADE_ASSIGN(result.batchGain, gainTogether(result.pending, data, front, reference, monitor));
    return result;
}

} // namespace alidade
