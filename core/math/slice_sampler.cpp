#include "math/slice_sampler.h"

#include "base/constants.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr int kMostSliceSteps = 8;
constexpr int kMostShrinks = 100; ///< by then the interval is a rounding error wide

} // namespace

SliceReport sliceSweep(const LogDensity& density, const Eigen::MatrixXd& directions,
                       const Eigen::VectorXd& lower, const Eigen::VectorXd& upper, Eigen::VectorXd& point,
                       double current, Rng& rng) {
    SliceReport report{current, 0};
    for (Eigen::Index k = 0; k < directions.cols(); ++k) {
        const Eigen::VectorXd direction = directions.col(k);
        const Eigen::VectorXd start = point;
        const double level = report.logDensity + std::log1p(-rng.uniform());
        // The part of the line inside the box.
        double first = -kInfinity;
        double last = kInfinity;
        for (Eigen::Index i = 0; i < direction.size(); ++i) {
            if (direction(i) == 0.0)
                continue;
            const double toLower = (lower(i) - start(i)) / direction(i);
            const double toUpper = (upper(i) - start(i)) / direction(i);
            first = std::max(first, std::min(toLower, toUpper));
            last = std::min(last, std::max(toLower, toUpper));
        }
        first = std::min(first, 0.0);
        last = std::max(last, 0.0);
        const auto at = [&](double t) {
            ++report.evaluations;
            return density((start + t * direction).cwiseMax(lower).cwiseMin(upper));
        };
        double left = -rng.uniform();
        double right = left + 1.0;
        auto leftSteps = static_cast<int>(rng.below(kMostSliceSteps + 1));
        int rightSteps = kMostSliceSteps - leftSteps;
        for (; leftSteps > 0 && left > first && at(left) > level; --leftSteps)
            left -= 1.0;
        for (; rightSteps > 0 && right < last && at(right) > level; --rightSteps)
            right += 1.0;
        left = std::max(left, first);
        right = std::min(right, last);
        for (int i = 0; i < kMostShrinks; ++i) {
            const double t = rng.uniform(left, right);
            const double value = at(t);
            if (value > level) {
                point = (start + t * direction).cwiseMax(lower).cwiseMin(upper);
                report.logDensity = value;
                break;
            }
            (t < 0.0 ? left : right) = t;
        }
    }
    return report;
}

} // namespace alidade
