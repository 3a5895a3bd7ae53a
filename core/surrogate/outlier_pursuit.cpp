#include "surrogate/outlier_pursuit.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kPrice = 3.0;
constexpr int kLookAhead = 3;   ///< outliers hide one another: a pair may pay where one does not
constexpr int kIterations = 40; ///< of each new estimate
constexpr double kMostOfAll = 0.2;

GpData withVariance(const GpData& data, const Eigen::VectorXd& variance) {
    GpData result = data;
    result.extraNoise = variance;
    if (data.extraNoise.size() != 0)
        result.extraNoise += data.extraNoise;
    return result;
}

} // namespace

Result<OutlierReport> pursueOutliers(const GpData& data, const FitReport& plain, const FitOptions& options,
                                     const Monitor& monitor) {
    const Eigen::Index n = data.y.size();
    OutlierReport accepted{plain, {}, Eigen::VectorXd::Zero(n), 0.0};
    OutlierReport trial = accepted;
    const auto most = static_cast<std::size_t>(kMostOfAll * static_cast<double>(n));
    const double price = kPrice + std::log(static_cast<double>(n));
    FitOptions again = options;
    again.restarts = 0;
    again.standardStarts = true; // the noise of a fit with outliers is a bad start alone
    again.maximumIterations = std::min(kIterations, options.maximumIterations);
    int ahead = 0;
    while (trial.rows.size() < most && ahead < kLookAhead && !monitor.stopRequested()) {
        ALIDADE_ASSIGN(
            const GaussianProcess process,
            GaussianProcess::condition(withVariance(data, trial.variance), options.family, trial.fit.hyper));
        const GpPrediction others = process.leaveOneOut();
        Eigen::Index worst = -1;
        double largest = 1.0;
        for (Eigen::Index i = 0; i < n; ++i) {
            const double z = std::abs(data.y(i) - others.mean(i)) / std::sqrt(others.variance(i));
            if (trial.variance(i) == 0.0 && z > largest) {
                largest = z;
                worst = i;
            }
        }
        if (worst < 0)
            break;
        trial.rows.push_back(worst);
        // The common noise is still inflated by the outlier: give it all of its residual.
        trial.variance(worst) = std::pow(data.y(worst) - others.mean(worst), 2);
        again.start = trial.fit.hyper;
        auto fit = fitHyperparameters(withVariance(data, trial.variance), again, monitor);
        if (!fit)
            break;
        trial.fit = std::move(fit).value();
        // With the new hyper-parameters the variance of each outlier in closed form.
        ALIDADE_ASSIGN(
            const GaussianProcess refitted,
            GaussianProcess::condition(withVariance(data, trial.variance), options.family, trial.fit.hyper));
        const GpPrediction apart = refitted.leaveOneOut();
        for (const Eigen::Index row : trial.rows)
            trial.variance(row) = std::max(1e-12, std::pow(data.y(row) - apart.mean(row), 2) -
                                                      (apart.variance(row) - trial.variance(row)));
        trial.logEvidence = trial.fit.logPosterior - plain.logPosterior;
        const auto added = static_cast<double>(trial.rows.size() - accepted.rows.size());
        if (trial.logEvidence - accepted.logEvidence > added * price) {
            accepted = trial;
            ahead = 0;
        } else {
            ++ahead;
        }
    }
    return accepted;
}

} // namespace alidade
