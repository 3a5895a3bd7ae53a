#include "pareto/objectives.h"

#include <cmath>
#include <string>

namespace alidade {

namespace {

Result<void> checkGoals(Eigen::Index columns, const std::vector<Goal>& goals) {
    if (columns == static_cast<Eigen::Index>(goals.size()))
        return {};
    return makeError(ErrorCode::InvalidArgument,
                     "there are " + std::to_string(columns) + " values per point but " +
                         std::to_string(goals.size()) + " goals; give one goal for each objective",
                     "goals");
}

// 0 - v rather than -v: no negative zeros in what users see.
double turned(double value, Goal goal) {
    return goal == Goal::Minimize ? value : 0.0 - value;
}

} // namespace

Result<ObjectiveMatrix> toMinimization(const ObjectiveMatrix& points, const std::vector<Goal>& goals) {
    ALIDADE_CHECK(checkGoals(points.cols(), goals));
    ObjectiveMatrix turnedPoints(points.rows(), points.cols());
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        for (Eigen::Index j = 0; j < points.cols(); ++j) {
            if (std::isinf(points(i, j)))
                return makeError(ErrorCode::InvalidArgument,
                                 "an objective value must be a finite number or missing",
                                 "points[" + std::to_string(i) + "][" + std::to_string(j) + "]");
            turnedPoints(i, j) = turned(points(i, j), goals[static_cast<std::size_t>(j)]);
        }
    }
    return turnedPoints;
}

Result<Eigen::VectorXd> toMinimization(const Eigen::VectorXd& point, const std::vector<Goal>& goals) {
    ALIDADE_CHECK(checkGoals(point.size(), goals));
    Eigen::VectorXd turnedPoint(point.size());
    for (Eigen::Index j = 0; j < point.size(); ++j)
        turnedPoint[j] = turned(point[j], goals[static_cast<std::size_t>(j)]);
    return turnedPoint;
}

bool isComplete(std::span<const double> point) {
    for (const double value : point) {
        if (std::isnan(value))
            return false;
    }
    return true;
}

bool dominates(std::span<const double> a, std::span<const double> b) {
    bool strictly = false;
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (!(a[k] <= b[k]))
            return false;
        strictly = strictly || a[k] < b[k];
    }
    return strictly;
}

} // namespace alidade
