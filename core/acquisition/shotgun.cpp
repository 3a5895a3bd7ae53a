#include "acquisition/shotgun.h"

#include "base/inverse_normal.h"
#include "math/normal.h"
#include "optim/bounded_minimiser.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace alidade {

double lipschitzEstimate(const GradientNorm& norm, const Eigen::VectorXd& lower, const Eigen::VectorXd& upper,
                         const Eigen::MatrixXd& starts, const LipschitzOptions& options) {
    Rng rng(options.seed, "lipschitz");
    Eigen::VectorXd best = 0.5 * (lower + upper);
    double most = norm(best);
    const auto consider = [&](const Eigen::VectorXd& point) {
        const double value = norm(point);
        if (value > most) {
            most = value;
            best = point;
        }
    };
    for (int i = 0; i < options.candidates; ++i) {
        Eigen::VectorXd point(lower.size());
        for (Eigen::Index c = 0; c < point.size(); ++c)
            point(c) = rng.uniform(lower(c), upper(c));
        consider(point);
    }
    for (Eigen::Index i = 0; i < starts.rows(); ++i)
        consider(starts.row(i).transpose().cwiseMax(lower).cwiseMin(upper));
    // The gradient of the norm by central differences, one-sided at the border.
    const auto objective = [&](const Eigen::VectorXd& point, Eigen::VectorXd& gradient) {
        for (Eigen::Index c = 0; c < point.size(); ++c) {
            Eigen::VectorXd ahead = point;
            Eigen::VectorXd behind = point;
            ahead(c) = std::min(upper(c), point(c) + 1e-5);
            behind(c) = std::max(lower(c), point(c) - 1e-5);
            const double width = ahead(c) - behind(c);
            gradient(c) = width > 0.0 ? -(norm(ahead) - norm(behind)) / width : 0.0;
        }
        return -norm(point);
    };
    BoundedOptions search;
    search.functionTolerance = 10.0;
    search.gradientTolerance = 1e-8;
    const BoundedReport report = minimiseBounded(objective, best, lower, upper, search);
    if (report.usable())
        most = std::max(most, -report.value);
    return most < 1e-7 ? 10.0 : most;
}

double shotgunRadius(double mean, double standardDeviation, double best, double lipschitz, double diagonal,
                     double gamma) {
    return std::min((std::abs(mean - best) + gamma * standardDeviation) / lipschitz, 0.5 * diagonal);
}

Eigen::RowVectorXd shotgunDraw(const Eigen::RowVectorXd& center, double radius, Rng& rng) {
    Eigen::RowVectorXd point = center;
    for (Eigen::Index c = 0; c < point.size(); ++c) {
        const double u = rng.uniform();
        if (!(radius > 0.0))
            continue;
        // The centre lies inside, so one of the two halves always has mass: no tail is inverted.
        const double low = normalCdf((0.0 - center(c)) / radius);
        const double high = normalCdf((1.0 - center(c)) / radius);
        const double step = inverseNormalCdf(low + u * (high - low));
        point(c) = std::clamp(center(c) + radius * step, 0.0, 1.0);
    }
    return point;
}

std::vector<std::size_t> exploitExploreFront(const Eigen::VectorXd& mean,
                                             const Eigen::VectorXd& standardDeviation, bool maximise) {
    const auto badness = [&](std::size_t i) {
        const double value = mean(static_cast<Eigen::Index>(i));
        return maximise ? -value : value;
    };
    const auto spread = [&](std::size_t i) { return standardDeviation(static_cast<Eigen::Index>(i)); };
    std::vector<std::size_t> order(static_cast<std::size_t>(mean.size()));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
        return badness(i) != badness(j) ? badness(i) < badness(j)
               : spread(i) != spread(j) ? spread(i) > spread(j)
                                        : i < j;
    });
    std::vector<std::size_t> front;
    double widest = -std::numeric_limits<double>::infinity();
    for (const std::size_t i : order)
        if (spread(i) > widest) {
            widest = spread(i);
            front.push_back(i);
        }
    std::sort(front.begin(), front.end());
    return front;
}

} // namespace alidade
