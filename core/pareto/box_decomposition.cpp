#include "pareto/box_decomposition.h"

#include "base/constants.h"
#include "pareto/dominance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace alidade {

namespace {

// An upper corner of the region that no point dominates yet. Column j of `defining` is the point that sets
// component j of the corner.
struct LocalBound {
    Eigen::VectorXd corner;
    Eigen::MatrixXd defining;
};

// The largest j-th component among the points that define the other components.
double largestOfOthers(const LocalBound& bound, Eigen::Index j) {
    double largest = -kInfinity;
    for (Eigen::Index k = 0; k < bound.corner.size(); ++k) {
        if (k != j)
            largest = std::max(largest, bound.defining(j, k));
    }
    return largest;
}

std::vector<LocalBound> localUpperBounds(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    const Eigen::Index objectives = reference.size();
    LocalBound start{reference, Eigen::MatrixXd::Constant(objectives, objectives, -kInfinity)};
    start.defining.diagonal() = reference;
    std::vector<LocalBound> bounds{start};
    std::vector<LocalBound> next;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const Eigen::VectorXd point = points.row(i).transpose();
        next.clear();
        for (LocalBound& bound : bounds) {
            if (!(point.array() < bound.corner.array()).all()) {
                next.push_back(std::move(bound));
                continue;
            }
            for (Eigen::Index j = 0; j < objectives; ++j) {
                if (point[j] < largestOfOthers(bound, j))
                    continue;
                LocalBound lowered = bound;
                lowered.corner[j] = point[j];
                lowered.defining.col(j) = point;
                next.push_back(std::move(lowered));
            }
        }
        bounds.swap(next);
    }
    return bounds;
}

// The boxes that tile what the points dominate, one for each local bound that is not degenerate.
std::vector<ObjectiveBox> dominatedBoxes(const std::vector<LocalBound>& bounds,
                                         const Eigen::VectorXd& reference) {
    std::vector<ObjectiveBox> boxes;
    for (const LocalBound& bound : bounds) {
        ObjectiveBox box{Eigen::VectorXd(reference.size()), bound.corner};
        box.lower[0] = bound.defining(0, 0);
        box.upper[0] = reference[0];
        for (Eigen::Index j = 1; j < reference.size(); ++j)
            box.lower[j] = bound.defining.row(j).head(j).maxCoeff();
        if ((box.lower.array() < box.upper.array()).all())
            boxes.push_back(std::move(box));
    }
    return boxes;
}

std::vector<ObjectiveBox> stripes(const ObjectiveMatrix& front, const Eigen::VectorXd& reference) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(front.rows()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::sort(order.begin(), order.end(),
              [&](Eigen::Index a, Eigen::Index b) { return front(a, 0) < front(b, 0); });
    std::vector<ObjectiveBox> boxes;
    Eigen::Vector2d lower(-kInfinity, -kInfinity);
    double height = reference[1];
    for (const Eigen::Index i : order) {
        boxes.push_back({lower, Eigen::Vector2d(front(i, 0), height)});
        lower[0] = front(i, 0);
        height = front(i, 1);
    }
    boxes.push_back({lower, Eigen::Vector2d(reference[0], height)});
    return boxes;
}

} // namespace

Result<std::vector<ObjectiveBox>> nonDominatedBoxes(const ObjectiveMatrix& points,
                                                    const Eigen::VectorXd& reference) {
    if (points.cols() != reference.size() || reference.size() == 0)
        return makeError(ErrorCode::InvalidArgument,
                         "the reference point has " + std::to_string(reference.size()) +
                             " values but the points have " + std::to_string(points.cols()),
                         "reference");
    if (!reference.allFinite())
        return makeError(ErrorCode::InvalidArgument, "the reference point must be finite", "reference");
    std::vector<int> inside;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        if ((points.row(i).transpose().array() < reference.array()).all())
            inside.push_back(static_cast<int>(i));
    }
    const ObjectiveMatrix candidates = selectPoints(points, inside);
    const ObjectiveMatrix front = selectPoints(candidates, paretoFront(candidates, Duplicates::FirstOnly));
    if (reference.size() == 2)
        return stripes(front, reference);
    const auto bounds = localUpperBounds(front, reference);
    if (reference.size() == 1) {
        const Eigen::VectorXd lower = Eigen::VectorXd::Constant(1, -kInfinity);
        return std::vector<ObjectiveBox>{{lower, bounds.front().corner}};
    }
    // Below the local bounds = what their mirror images dominate below a mirrored reference at infinity.
    ObjectiveMatrix mirrored(static_cast<Eigen::Index>(bounds.size()), reference.size());
    for (std::size_t i = 0; i < bounds.size(); ++i)
        mirrored.row(static_cast<Eigen::Index>(i)) = -bounds[i].corner.transpose();
    const Eigen::VectorXd far = Eigen::VectorXd::Constant(reference.size(), kInfinity);
    auto boxes = dominatedBoxes(localUpperBounds(mirrored, far), far);
    for (ObjectiveBox& box : boxes) {
        const Eigen::VectorXd lower = -box.upper;
        box.upper = -box.lower;
        box.lower = lower;
    }
    return boxes;
}

} // namespace alidade
