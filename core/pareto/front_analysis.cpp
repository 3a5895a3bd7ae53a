#include "pareto/front_analysis.h"

#include "base/constants.h"
#include "pareto/dominance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace alidade {

namespace {

// Front moved and scaled to [0, 1] per objective, without the constant ones.
ObjectiveMatrix scaledFront(const ObjectiveMatrix& front) {
    std::vector<Eigen::Index> varying;
    for (Eigen::Index k = 0; k < front.cols(); ++k) {
        if (front.rows() > 0 && front.col(k).maxCoeff() > front.col(k).minCoeff())
            varying.push_back(k);
    }
    ObjectiveMatrix scaled(front.rows(), static_cast<Eigen::Index>(varying.size()));
    for (Eigen::Index j = 0; j < scaled.cols(); ++j) {
        const auto column = front.col(varying[static_cast<std::size_t>(j)]);
        const double low = column.minCoeff();
        // Halves first: the range of finite values may itself overflow.
        const double halfRange = 0.5 * column.maxCoeff() - 0.5 * low;
        scaled.col(j) = (0.5 * column.array() - 0.5 * low) / halfRange;
    }
    return scaled;
}

} // namespace

std::vector<double> crowdingDistances(const ObjectiveMatrix& front) {
    std::vector<double> distances(static_cast<std::size_t>(front.rows()), 0.0);
    std::vector<int> distinct = paretoFront(front, Duplicates::FirstOnly);
    if (distinct.size() <= 2) {
        for (const int row : distinct)
            distances[static_cast<std::size_t>(row)] = kInfinity;
        return distances;
    }
    const ObjectiveMatrix scaled = scaledFront(front);
    for (Eigen::Index k = 0; k < scaled.cols(); ++k) {
        auto order = distinct;
        std::stable_sort(order.begin(), order.end(),
                         [&](int a, int b) { return scaled(a, k) < scaled(b, k); });
        distances[static_cast<std::size_t>(order.front())] = kInfinity;
        distances[static_cast<std::size_t>(order.back())] = kInfinity;
        for (std::size_t i = 1; i + 1 < order.size(); ++i)
            distances[static_cast<std::size_t>(order[i])] +=
                scaled(order[i + 1], k) - scaled(order[i - 1], k);
    }
    return distances;
}

std::vector<double> kneeDistances(const ObjectiveMatrix& front) {
    const ObjectiveMatrix scaled = scaledFront(front);
    std::vector<double> distances(static_cast<std::size_t>(front.rows()), 0.0);
    if (scaled.cols() < 2)
        return distances;
    for (Eigen::Index i = 0; i < scaled.rows(); ++i)
        distances[static_cast<std::size_t>(i)] =
            (1.0 - scaled.row(i).sum()) / std::sqrt(static_cast<double>(scaled.cols()));
    return distances;
}

std::optional<int> kneePoint(const ObjectiveMatrix& front) {
    const auto distances = kneeDistances(front);
    const auto largest = std::max_element(distances.begin(), distances.end());
    // The extremes lie on the plane only up to rounding.
    if (largest == distances.end() || *largest <= 1e-12)
        return std::nullopt;
    return static_cast<int>(largest - distances.begin());
}

std::optional<int> closestToIdeal(const ObjectiveMatrix& front) {
    if (front.rows() == 0)
        return std::nullopt;
    Eigen::Index nearest = 0;
    const ObjectiveMatrix scaled = scaledFront(front);
    if (scaled.cols() > 0)
        scaled.rowwise().squaredNorm().minCoeff(&nearest);
    return static_cast<int>(nearest);
}

} // namespace alidade
