#include "optim/feasible_ascent.h"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <vector>

namespace alidade {
namespace {

constexpr double kDifference = 1e-6;
constexpr double kSmallestStep = 1e-9;

bool satisfied(const Eigen::VectorXd& slacks) {
    return std::all_of(slacks.begin(), slacks.end(), [](double slack) { return slack >= 0.0; });
}

/// Gradient of one slack; 0 where it has none.
Eigen::VectorXd normalOf(const FeasibleProblem& problem, const Eigen::VectorXd& x, Eigen::Index constraint) {
    Eigen::VectorXd normal(x.size());
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        Eigen::VectorXd ahead = x;
        Eigen::VectorXd behind = x;
        ahead(i) = std::min(problem.upper(i), x(i) + kDifference);
        behind(i) = std::max(problem.lower(i), x(i) - kDifference);
        const double width = ahead(i) - behind(i);
        const double slope =
            width > 0.0 ? (problem.slacks(ahead)(constraint) - problem.slacks(behind)(constraint)) / width
                        : 0.0;
        normal(i) = std::isfinite(slope) ? slope : 0.0;
    }
    return normal;
}

/// The direction without its components into `normals` and beyond bounds that are reached; constraints that
/// the direction leaves are let go.
Eigen::VectorXd projected(const FeasibleProblem& problem, const Eigen::VectorXd& x,
                          const Eigen::VectorXd& gradient, std::vector<Eigen::VectorXd> normals) {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        if (x(i) <= problem.lower(i))
            normals.push_back(Eigen::VectorXd::Unit(x.size(), i));
        else if (x(i) >= problem.upper(i))
            normals.push_back(-Eigen::VectorXd::Unit(x.size(), i));
    }
    while (!normals.empty()) {
        Eigen::MatrixXd matrix(x.size(), static_cast<Eigen::Index>(normals.size()));
        for (std::size_t k = 0; k < normals.size(); ++k)
            matrix.col(static_cast<Eigen::Index>(k)) = normals[k];
        const Eigen::VectorXd multipliers = matrix.colPivHouseholderQr().solve(gradient);
        Eigen::Index leaving = 0;
        // The gradient pushes into a constraint where its multiplier is negative; else it leads away.
        if (multipliers.maxCoeff(&leaving) <= 1e-12)
            return gradient - matrix * multipliers;
        normals.erase(normals.begin() + leaving);
    }
    return gradient;
}

} // namespace

FeasibleReport ascendFeasibly(const FeasibleProblem& problem, const Eigen::VectorXd& start,
                              int maximumIterations, const Monitor& monitor) {
    FeasibleReport report{start, 0.0, 0};
    Eigen::VectorXd gradient(start.size());
    report.value = problem.value(start, gradient);
    double step = 0.1; // length of the next move
    while (report.iterations < maximumIterations && !monitor.stopRequested()) {
        ++report.iterations;
        const Eigen::VectorXd slacks = problem.slacks(report.point);
        std::vector<Eigen::VectorXd> normals;
        std::vector<Eigen::Index> active;
        for (Eigen::Index j = 0; j < slacks.size(); ++j) {
            if (!std::isfinite(slacks(j)))
                continue;
            Eigen::VectorXd normal = normalOf(problem, report.point, j);
            if (normal.norm() > 0.0 && slacks(j) <= 1e-6 * normal.norm()) {
                active.push_back(j);
                normals.push_back(std::move(normal));
            }
        }
        const Eigen::VectorXd direction = projected(problem, report.point, gradient, normals);
        const double length = direction.norm();
        if (!(length > 1e-9) || !std::isfinite(length))
            break;
        bool moved = false;
        for (; step > kSmallestStep; step *= 0.4) {
            Eigen::VectorXd next =
                (report.point + step / length * direction).cwiseMax(problem.lower).cwiseMin(problem.upper);
            Eigen::VectorXd left = problem.slacks(next);
            // Back to the feasible side of curved constraints, along their normals.
            for (int correction = 0; correction < 4 && !satisfied(left); ++correction) {
                for (std::size_t k = 0; k < active.size(); ++k)
                    if (left(active[k]) < 0.0)
                        next += normals[k] * ((1e-12 - 1.0001 * left(active[k])) / normals[k].squaredNorm());
                next = next.cwiseMax(problem.lower).cwiseMin(problem.upper).eval();
                left = problem.slacks(next);
            }
            if (!satisfied(left)) { // as far as the constraint that is met first
                double inside = 0.0;
                double outside = 1.0;
                for (int halving = 0; halving < 30; ++halving) {
                    const double middle = 0.5 * (inside + outside);
                    (satisfied(problem.slacks(report.point + middle * (next - report.point))) ? inside
                                                                                              : outside) =
                        middle;
                }
                next = (report.point + inside * (next - report.point)).eval();
            }
            Eigen::VectorXd nextGradient(next.size());
            const double value = problem.value(next, nextGradient);
            if (value > report.value && satisfied(problem.slacks(next))) {
                report.point = std::move(next);
                report.value = value;
                gradient = std::move(nextGradient);
                moved = true;
                break;
            }
        }
        if (!moved)
            break;
        step = std::min(0.5, 2.0 * step);
    }
    return report;
}

} // namespace alidade
