#include "pareto/hypervolume.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

namespace alidade {

namespace {

// Inside this file a point is the vector of its edges reference - point > 0: the volume is that of a union of
// boxes [0, edge], larger edges are better, and the overlap of two boxes is their component-wise minimum.
using Boxes = std::vector<std::vector<double>>;

bool covers(const std::vector<double>& big, const std::vector<double>& small, std::size_t dimensions) {
    for (std::size_t k = 0; k < dimensions; ++k) {
        if (big[k] < small[k])
            return false;
    }
    return true;
}

// Keeps the boxes that no other covers, one of each set of equals.
void removeCovered(Boxes& boxes, std::size_t dimensions) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const auto seen = boxes.begin() + static_cast<std::ptrdiff_t>(kept);
        if (std::any_of(boxes.begin(), seen,
                        [&](const auto& other) { return covers(other, boxes[i], dimensions); }))
            continue;
        const auto last = std::remove_if(
            boxes.begin(), seen, [&](const auto& other) { return covers(boxes[i], other, dimensions); });
        kept = static_cast<std::size_t>(last - boxes.begin());
        if (kept != i)
            std::swap(boxes[kept], boxes[i]);
        ++kept;
    }
    boxes.resize(kept);
}

double planarVolume(Boxes& boxes) {
    std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a[0] > b[0]; });
    double volume = 0.0;
    double height = 0.0;
    for (const auto& box : boxes) {
        if (box[1] > height) {
            volume += box[0] * (box[1] - height);
            height = box[1];
        }
    }
    return volume;
}

// Area that box (x, y) adds to a staircase (x -> y, y strictly falling), which it joins.
double extendStaircase(std::map<double, double>& stairs, double x, double y) {
    auto step = stairs.lower_bound(x);
    if (step != stairs.end() && step->second >= y)
        return 0.0;
    double floor = step == stairs.end() ? 0.0 : step->second;
    if (step != stairs.end() && step->first == x)
        step = stairs.erase(step);
    double added = 0.0;
    double right = x;
    while (step != stairs.begin()) {
        const auto left = std::prev(step);
        added += (right - left->first) * (y - floor);
        right = left->first;
        floor = left->second;
        if (left->second > y)
            break;
        step = stairs.erase(left);
    }
    if (step == stairs.begin())
        added += right * (y - floor);
    stairs.emplace(x, y);
    return added;
}

double spatialVolume(Boxes& boxes) {
    std::sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a[2] > b[2]; });
    std::map<double, double> stairs;
    double area = 0.0;
    double volume = 0.0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        area += extendStaircase(stairs, boxes[i][0], boxes[i][1]);
        const double below = i + 1 < boxes.size() ? boxes[i + 1][2] : 0.0;
        volume += area * (boxes[i][2] - below);
    }
    return volume;
}

double boxVolume(const std::vector<double>& box, std::size_t dimensions) {
    return std::accumulate(box.begin(), box.begin() + static_cast<std::ptrdiff_t>(dimensions), 1.0,
                           std::multiplies<>());
}

// Volume of the union in the first `dimensions` components. Boxes are taken in the order of growing last
// edge: the part of each that the later ones do not hold is a prism of that height, because their overlap
// with it has the same last edge.
double unionVolume(Boxes boxes, std::size_t dimensions) {
    if (boxes.empty())
        return 0.0;
    if (dimensions == 1)
        return (*std::max_element(boxes.begin(), boxes.end()))[0];
    if (dimensions == 2)
        return planarVolume(boxes);
    if (dimensions == 3)
        return spatialVolume(boxes);
    removeCovered(boxes, dimensions);
    const std::size_t last = dimensions - 1;
    std::sort(boxes.begin(), boxes.end(), [&](const auto& a, const auto& b) { return a[last] < b[last]; });
    double volume = 0.0;
    Boxes overlaps;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        overlaps.assign(boxes.begin() + static_cast<std::ptrdiff_t>(i) + 1, boxes.end());
        for (auto& overlap : overlaps) {
            for (std::size_t k = 0; k < last; ++k)
                overlap[k] = std::min(overlap[k], boxes[i][k]);
        }
        removeCovered(overlaps, last);
        const double base = boxVolume(boxes[i], last) - unionVolume(std::move(overlaps), last);
        volume += std::max(0.0, base) * boxes[i][last];
    }
    return volume;
}

// Part of `box` outside the union of `others`.
double exclusiveVolume(const std::vector<double>& box, Boxes others) {
    const std::size_t dimensions = box.size();
    for (auto& other : others) {
        for (std::size_t k = 0; k < dimensions; ++k)
            other[k] = std::min(other[k], box[k]);
    }
    removeCovered(others, dimensions);
    return std::max(0.0, boxVolume(box, dimensions) - unionVolume(std::move(others), dimensions));
}

struct Scene {
    Boxes boxes;      // scaled edges; every row keeps its place, empty for rows that add nothing
    int exponent = 0; // volumes are to be multiplied by 2^exponent
    [[nodiscard]] Boxes inside() const {
        Boxes kept;
        std::copy_if(boxes.begin(), boxes.end(), std::back_inserter(kept),
                     [](const auto& box) { return !box.empty(); });
        return kept;
    }
};

// Edges are scaled per objective by a power of two, which is exact, so that products of very large or very
// small objectives neither overflow nor lose digits on the way.
Result<Scene> makeScene(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    if (points.cols() != reference.size())
        return makeError(ErrorCode::InvalidArgument,
                         "the reference point has " + std::to_string(reference.size()) +
                             " values but the points have " + std::to_string(points.cols()),
                         "reference");
    for (Eigen::Index k = 0; k < reference.size(); ++k) {
        if (!std::isfinite(reference[k]))
            return makeError(ErrorCode::InvalidArgument, "the reference point must be finite",
                             "reference[" + std::to_string(k) + "]");
    }
    Scene scene;
    scene.boxes.resize(static_cast<std::size_t>(points.rows()));
    std::vector<double> largest(static_cast<std::size_t>(points.cols()), 0.0);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        std::vector<double> box;
        for (Eigen::Index k = 0; k < points.cols(); ++k) {
            const double edge = reference[k] - points(i, k);
            if (!(edge > 0.0))
                break;
            if (std::isinf(edge))
                return makeError(ErrorCode::Numerical, "the distance to the reference point overflows",
                                 "points[" + std::to_string(i) + "][" + std::to_string(k) + "]");
            box.push_back(edge);
        }
        if (box.size() < largest.size() || box.empty())
            continue;
        for (std::size_t k = 0; k < box.size(); ++k)
            largest[k] = std::max(largest[k], box[k]);
        scene.boxes[static_cast<std::size_t>(i)] = std::move(box);
    }
    for (std::size_t k = 0; k < largest.size(); ++k) {
        const int exponent = largest[k] > 0.0 ? std::ilogb(largest[k]) : 0;
        scene.exponent += exponent;
        for (auto& box : scene.boxes) {
            if (!box.empty())
                box[k] = std::ldexp(box[k], -exponent);
        }
    }
    return scene;
}

Result<double> unscaled(double volume, int exponent) {
    const double value = std::ldexp(volume, exponent);
    if (std::isfinite(value))
        return value;
    return makeError(ErrorCode::Numerical,
                     "the hypervolume is too large for a number; rescale the objectives", "reference");
}

} // namespace

Result<double> hypervolume(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    ALIDADE_ASSIGN(const Scene scene, makeScene(points, reference));
    return unscaled(unionVolume(scene.inside(), static_cast<std::size_t>(points.cols())), scene.exponent);
}

Result<std::vector<double>> exclusiveHypervolumes(const ObjectiveMatrix& points,
                                                  const Eigen::VectorXd& reference) {
    ALIDADE_ASSIGN(const Scene scene, makeScene(points, reference));
    std::vector<double> contributions(scene.boxes.size(), 0.0);
    for (std::size_t i = 0; i < scene.boxes.size(); ++i) {
        if (scene.boxes[i].empty())
            continue;
        Boxes others;
        for (std::size_t j = 0; j < scene.boxes.size(); ++j) {
            if (j != i && !scene.boxes[j].empty())
                others.push_back(scene.boxes[j]);
        }
        const double volume = exclusiveVolume(scene.boxes[i], std::move(others));
        ALIDADE_ASSIGN(contributions[i], unscaled(volume, scene.exponent));
    }
    return contributions;
}

Result<double> hypervolumeImprovement(const ObjectiveMatrix& points, const Eigen::VectorXd& reference,
                                      const Eigen::VectorXd& candidate) {
    if (candidate.size() != points.cols())
        return makeError(ErrorCode::InvalidArgument,
                         "the candidate has " + std::to_string(candidate.size()) +
                             " values but the points have " + std::to_string(points.cols()),
                         "candidate");
    ObjectiveMatrix all(points.rows() + 1, points.cols());
    all.topRows(points.rows()) = points;
    all.bottomRows(1) = candidate.transpose();
    ALIDADE_ASSIGN(Scene scene, makeScene(all, reference));
    const auto box = std::move(scene.boxes.back());
    scene.boxes.pop_back();
    if (box.empty())
        return 0.0;
    return unscaled(exclusiveVolume(box, scene.inside()), scene.exponent);
}

Result<std::vector<double>> hypervolumeHistory(const ObjectiveMatrix& points,
                                               const Eigen::VectorXd& reference) {
    ALIDADE_ASSIGN(const Scene scene, makeScene(points, reference));
    std::vector<double> history;
    history.reserve(scene.boxes.size());
    Boxes front;
    double volume = 0.0;
    for (const auto& box : scene.boxes) {
        if (!box.empty()) {
            volume += exclusiveVolume(box, front);
            front.push_back(box);
            removeCovered(front, box.size());
        }
        ALIDADE_ASSIGN(const double value, unscaled(volume, scene.exponent));
        history.push_back(value);
    }
    return history;
}

} // namespace alidade
