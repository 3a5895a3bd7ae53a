#include "suggest/score.h"

#include "acquisition/analytic.h"

#include <cmath>
#include <utility>

namespace alidade {
namespace {

constexpr Eigen::Index kMostContinuous = 64; ///< settings rated by searches of their own

/// Values of a function of mean and standard deviation.
template <typename Posterior, typename Function>
Eigen::VectorXd valuesOf(const Posterior& process, const Eigen::MatrixXd& features,
                         const Function& function) {
    const GpPrediction prediction = process.predict(features);
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = function(prediction.mean(i), std::sqrt(prediction.variance(i))).value;
    return result;
}

template <typename Posterior, typename Function>
double valueOf(const Posterior& process, const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient,
               const Function& function) {
    const GpPointPrediction point = process.predictPoint(features);
    const double sd = std::sqrt(point.variance);
    const auto [value, byMean, bySd] = function(point.mean, sd);
    gradient = byMean * point.meanGradient;
    if (sd > 0.0)
        gradient += bySd / (2.0 * sd) * point.varianceGradient;
    return value;
}

template <typename AnyImprovement>
auto improvementOf(const AnyImprovement& score) {
    return [improvement = Improvement{score.maximise, score.best}](double mean, double sd) {
        return logExpectedImprovement(improvement, mean, sd);
    };
}

auto probabilityOf(const ProbabilityScore& score) {
    const double best = score.best + (score.maximise ? score.margin : -score.margin);
    return [improvement = Improvement{score.maximise, best}](double mean, double sd) {
        return logProbabilityOfImprovement(improvement, mean, sd);
    };
}

/// Larger is better in either direction.
auto boundOf(const BoundScore& score) {
    return [maximise = score.maximise, beta = score.beta](double mean, double sd) {
        AcquisitionValue bound = confidenceBound(maximise, beta, mean, sd);
        if (!maximise)
            bound = {-bound.value, -bound.byMean, -bound.byStandardDeviation};
        return bound;
    };
}

} // namespace

Eigen::VectorXd MeanScore::values(const Eigen::MatrixXd& features) const {
    return (maximise ? 1.0 : -1.0) * process.predict(features).mean;
}

double MeanScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const GpPointPrediction prediction = process.predictPoint(features);
    gradient = (maximise ? 1.0 : -1.0) * prediction.meanGradient;
    return (maximise ? 1.0 : -1.0) * prediction.mean;
}

Eigen::VectorXd AverageImprovementScore::values(const Eigen::MatrixXd& features) const {
    return valuesOf(average, features, improvementOf(*this));
}

double AverageImprovementScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return valueOf(average, features, gradient, improvementOf(*this));
}

void AverageImprovementScore::believe(const Eigen::RowVectorXd& features) {
    average = average.withObservation(features, average.process().predict(features).mean(0));
}

Eigen::VectorXd AverageMeanScore::values(const Eigen::MatrixXd& features) const {
    return (maximise ? 1.0 : -1.0) * average.predict(features).mean;
}

double AverageMeanScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const GpPointPrediction prediction = average.predictPoint(features);
    gradient = (maximise ? 1.0 : -1.0) * prediction.meanGradient;
    return (maximise ? 1.0 : -1.0) * prediction.mean;
}

GaussianProcess believed(const GaussianProcess& process, const Eigen::RowVectorXd& features) {
    return process.withObservation(features, process.predict(features).mean(0));
}

Eigen::VectorXd NoScore::values(const Eigen::MatrixXd& features) const {
    return Eigen::VectorXd::Zero(features.rows());
}

double NoScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    gradient = Eigen::VectorXd::Zero(features.size());
    return 0.0;
}

Eigen::VectorXd ImprovementScore::values(const Eigen::MatrixXd& features) const {
    return valuesOf(process, features, improvementOf(*this));
}

double ImprovementScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return valueOf(process, features, gradient, improvementOf(*this));
}

void ImprovementScore::believe(const Eigen::RowVectorXd& features) {
    process = believed(process, features);
}

Eigen::VectorXd ProbabilityScore::values(const Eigen::MatrixXd& features) const {
    return valuesOf(process, features, probabilityOf(*this));
}

double ProbabilityScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return valueOf(process, features, gradient, probabilityOf(*this));
}

void ProbabilityScore::believe(const Eigen::RowVectorXd& features) {
    process = believed(process, features);
}

Eigen::VectorXd BoundScore::values(const Eigen::MatrixXd& features) const {
    return valuesOf(process, features, boundOf(*this));
}

double BoundScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    return valueOf(process, features, gradient, boundOf(*this));
}

void BoundScore::believe(const Eigen::RowVectorXd& features) {
    process = believed(process, features);
}

void SampledImprovementScore::believe(const Eigen::RowVectorXd& features) {
    const Eigen::MatrixXd& old = improvement.posterior().anchors();
    Eigen::MatrixXd anchors(old.rows() + 1, features.size());
    anchors.topRows(old.rows()) = old;
    anchors.bottomRows(1) = features;
    auto extended =
        SampledImprovement::make(improvement.posterior().process(), anchors, improvement.options());
    // Anchors without end or at one place: better to go on without the newest than to fail.
    if (extended)
        improvement = std::move(extended).value();
}

Eigen::VectorXd KnowledgeScore::values(const Eigen::MatrixXd& features) const {
    if (!gain.free() || features.rows() > kMostContinuous)
        return gain.logValues(features);
    Eigen::VectorXd result(features.rows());
    Eigen::VectorXd ignored;
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = gain.continuousLogValue(features.row(i), ignored);
    return result;
}

void KnowledgeScore::believe(const Eigen::RowVectorXd& features) {
    const AnchoredPosterior& posterior = gain.posterior();
    gain = KnowledgeGradient(believed(posterior.process(), features), Eigen::MatrixXd(posterior.anchors()),
                             maximise, noiseVariance, gain.free());
}

void MaxValueScore::believe(const Eigen::RowVectorXd& features) {
    entropy.setProcess(believed(entropy.process(), features));
}

void JointEntropyScore::believe(const Eigen::RowVectorXd& features) {
    auto next = JointEntropy::make(believed(entropy.posterior().process(), features),
                                   entropy.posterior().anchors(), entropy.optima(), maximise, noiseVariance);
    if (next)
        entropy = std::move(next).value();
}

void PredictiveEntropyScore::believe(const Eigen::RowVectorXd& features) {
    entropy = entropy.with(believed(entropy.posterior().process(), features));
}

Eigen::VectorXd PathScore::values(const Eigen::MatrixXd& features) const {
    const Eigen::VectorXd values = paths->values(features).col(static_cast<Eigen::Index>(path));
    return maximise ? values : Eigen::VectorXd(-values);
}

double PathScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const double value = paths->value(path, features, gradient);
    if (maximise)
        return value;
    gradient = -gradient;
    return -value;
}

Eigen::VectorXd CostAwareScore::values(const Eigen::MatrixXd& features) const {
    return improvement.values(features) - cooling * logCost.predict(features).mean;
}

double CostAwareScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const double value = improvement.value(features, gradient);
    const GpPointPrediction cost = logCost.predictPoint(features);
    gradient -= cooling * cost.meanGradient;
    return value - cooling * cost.mean;
}

} // namespace alidade
