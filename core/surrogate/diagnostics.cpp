#include "surrogate/diagnostics.h"

#include "base/inverse_normal.h"
#include "math/normal.h"

#include <algorithm>
#include <cmath>

namespace alidade {

double LeaveOneOut::coverage(double nominal) const {
    if (residuals.size() == 0)
        return 0.0;
    const double limit = inverseNormalCdf(0.5 + 0.5 * nominal);
    return static_cast<double>((residuals.array().abs() <= limit).count()) /
           static_cast<double>(residuals.size());
}

LeaveOneOut leaveOneOut(const OutcomeModel& model) {
    const Eigen::Index n = model.own();
    const Eigen::VectorXd y = model.process.data().y.head(n);
    const GpPrediction prediction = model.process.leaveOneOut();
    LeaveOneOut result;
    result.measured.resize(n);
    result.mean.resize(n);
    result.standardDeviation.resize(n);
    result.low.resize(n);
    result.high.resize(n);
    const double reach = inverseNormalCdf(0.975);
    result.residuals.resize(n);
    const double center = y.mean();
    // The mean of the others differs from y_i by this factor more than the mean of all does.
    const double others = n > 1 ? static_cast<double>(n) / static_cast<double>(n - 1) : 1.0;
    double errors = 0.0;
    double deviations = 0.0;
    double userErrors = 0.0;
    double density = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
        const double sd = std::sqrt(prediction.variance(i));
        const OutcomeBelief belief = beliefInUserUnits(model.transform, prediction.mean(i), sd);
        result.measured(i) = model.toUser(y(i));
        result.mean(i) = belief.center;
        result.standardDeviation(i) = belief.spread;
        result.low(i) = model.toUser(prediction.mean(i) - reach * sd);
        result.high(i) = model.toUser(prediction.mean(i) + reach * sd);
        result.residuals(i) = (y(i) - prediction.mean(i)) / sd;
        errors += std::pow(y(i) - prediction.mean(i), 2);
        deviations += std::pow(others * (y(i) - center), 2);
        userErrors += std::pow(result.measured(i) - belief.center, 2);
        density += logNormalPdf(result.residuals(i)) - std::log(sd) +
                   std::log(model.transform.slope(result.measured(i)));
    }
    if (n > 0) {
        result.rootMeanSquareError = std::sqrt(userErrors / static_cast<double>(n));
        result.logPredictiveDensity = density / static_cast<double>(n);
    }
    result.rSquared = deviations > 0.0 ? 1.0 - errors / deviations : 0.0;
    for (int percent = 5; percent < 100; percent += 5)
        result.calibration.push_back({percent / 100.0, result.coverage(percent / 100.0)});
    return result;
}

double binomialUpperTail(std::size_t k, std::size_t n, double p) {
    double sum = 0.0;
    const auto count = static_cast<double>(n);
    for (std::size_t i = k; i <= n; ++i) {
        const auto successes = static_cast<double>(i);
        sum += std::exp(std::lgamma(count + 1.0) - std::lgamma(successes + 1.0) -
                        std::lgamma(count - successes + 1.0) + successes * std::log(p) +
                        (count - successes) * std::log1p(-p));
    }
    return std::min(1.0, sum);
}

} // namespace alidade
