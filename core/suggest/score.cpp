#include "suggest/score.h"

#include "acquisition/analytic.h"

#include <cmath>

namespace alidade {

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
    const GpPrediction prediction = process.predict(features);
    const Improvement improvement{maximise, best};
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) =
            logExpectedImprovement(improvement, prediction.mean(i), std::sqrt(prediction.variance(i))).value;
    return result;
}

double ImprovementScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const GpPointPrediction point = process.predictPoint(features);
    const double sd = std::sqrt(point.variance);
    const auto [value, byMean, bySd] = logExpectedImprovement({maximise, best}, point.mean, sd);
    gradient = byMean * point.meanGradient;
    if (sd > 0.0)
        gradient += bySd / (2.0 * sd) * point.varianceGradient;
    return value;
}

void ImprovementScore::believe(const Eigen::RowVectorXd& features) {
    process = believed(process, features);
}

} // namespace alidade
