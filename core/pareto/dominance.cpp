#include "pareto/dominance.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>

namespace alidade {

namespace {

// A layer is fed in lexicographic order with distinct points, so an earlier point is never worse in the first
// objective and dominates a later one exactly when it is nowhere worse in the others.

struct SingleLayer {
    [[nodiscard]] bool dominatesNext(std::span<const double>) const { return filled; }
    void add(std::span<const double>) { filled = true; }
    bool filled = false;
};

struct PlanarLayer {
    // Within a layer the second objective falls, so the last point is the lowest.
    [[nodiscard]] bool dominatesNext(std::span<const double> point) const { return lowest <= point[1]; }
    void add(std::span<const double> point) { lowest = point[1]; }
    double lowest = std::numeric_limits<double>::infinity();
};

struct StaircaseLayer {
    [[nodiscard]] bool dominatesNext(std::span<const double> point) const {
        const auto above = stairs.upper_bound(point[1]);
        return above != stairs.begin() && std::prev(above)->second <= point[2];
    }
    void add(std::span<const double> point) {
        auto next = stairs.lower_bound(point[1]);
        while (next != stairs.end() && next->second >= point[2])
            next = stairs.erase(next);
        stairs.emplace_hint(next, point[1], point[2]);
    }
    std::map<double, double> stairs; // second objective -> lowest third one up to there, strictly falling
};

struct ListLayer {
    [[nodiscard]] bool dominatesNext(std::span<const double> point) const {
        return std::any_of(members.rbegin(), members.rend(), [&](std::span<const double> member) {
            for (std::size_t k = 1; k < point.size(); ++k) {
                if (member[k] > point[k])
                    return false;
            }
            return true;
        });
    }
    void add(std::span<const double> point) { members.push_back(point); }
    std::vector<std::span<const double>> members;
};

// Ranks of the rows in `rows` (all complete); only `layerLimit` layers are kept, deeper points get no rank.
template <typename Layer>
void rankRows(const ObjectiveMatrix& points, std::vector<int> rows, std::size_t layerLimit,
              std::vector<std::optional<int>>& ranks) {
    const auto row = [&](int index) { return pointRow(points, index); };
    std::stable_sort(rows.begin(), rows.end(), [&](int a, int b) {
        return std::lexicographical_compare(row(a).begin(), row(a).end(), row(b).begin(), row(b).end());
    });
    std::vector<Layer> layers;
    int previous = -1;
    for (const int index : rows) {
        const auto point = row(index);
        auto& rank = ranks[static_cast<std::size_t>(index)];
        if (previous >= 0 && std::equal(point.begin(), point.end(), row(previous).begin())) {
            rank = ranks[static_cast<std::size_t>(previous)];
            continue;
        }
        previous = index;
        // A point dominated by layer k is dominated by every layer before it.
        const auto free = std::partition_point(
            layers.begin(), layers.end(), [&](const Layer& layer) { return layer.dominatesNext(point); });
        const auto depth = static_cast<std::size_t>(free - layers.begin());
        if (depth >= layerLimit)
            continue;
        if (depth == layers.size())
            layers.emplace_back();
        layers[depth].add(point);
        rank = static_cast<int>(depth);
    }
}

std::vector<std::optional<int>> ranksOf(const ObjectiveMatrix& points, std::vector<int> rows,
                                        std::size_t layerLimit) {
    std::vector<std::optional<int>> ranks(static_cast<std::size_t>(points.rows()));
    if (points.cols() == 1)
        rankRows<SingleLayer>(points, std::move(rows), layerLimit, ranks);
    else if (points.cols() == 2)
        rankRows<PlanarLayer>(points, std::move(rows), layerLimit, ranks);
    else if (points.cols() == 3)
        rankRows<StaircaseLayer>(points, std::move(rows), layerLimit, ranks);
    else if (points.cols() > 3)
        rankRows<ListLayer>(points, std::move(rows), layerLimit, ranks);
    return ranks;
}

std::vector<int> completeRows(const ObjectiveMatrix& points) {
    std::vector<int> rows;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        if (isComplete(pointRow(points, i)))
            rows.push_back(static_cast<int>(i));
    }
    return rows;
}

constexpr auto kAllLayers = std::numeric_limits<std::size_t>::max();

} // namespace

std::vector<std::optional<int>> paretoRanks(const ObjectiveMatrix& points) {
    return ranksOf(points, completeRows(points), kAllLayers);
}

Result<std::vector<std::optional<int>>> constrainedRanks(const ObjectiveMatrix& points,
                                                         std::span<const double> violation) {
    if (violation.size() != static_cast<std::size_t>(points.rows()))
        return makeError(ErrorCode::InvalidArgument,
                         "there are " + std::to_string(points.rows()) + " points but " +
                             std::to_string(violation.size()) + " violations; give one for each point",
                         "violation");
    std::vector<int> feasible;
    std::vector<int> infeasible;
    const auto of = [&](int row) { return violation[static_cast<std::size_t>(row)]; };
    for (const int row : completeRows(points)) {
        if (of(row) <= 0.0)
            feasible.push_back(row);
        else if (!std::isnan(of(row)))
            infeasible.push_back(row);
    }
    auto ranks = ranksOf(points, std::move(feasible), kAllLayers);
    int next = 0;
    for (const auto& rank : ranks)
        next = std::max(next, rank.value_or(-1) + 1);
    std::stable_sort(infeasible.begin(), infeasible.end(), [&](int a, int b) { return of(a) < of(b); });
    for (std::size_t i = 0; i < infeasible.size(); ++i) {
        if (i > 0 && of(infeasible[i]) > of(infeasible[i - 1]))
            ++next;
        ranks[static_cast<std::size_t>(infeasible[i])] = next;
    }
    return ranks;
}

std::vector<int> paretoFront(const ObjectiveMatrix& points, Duplicates duplicates) {
    const auto ranks = ranksOf(points, completeRows(points), 1);
    std::vector<int> front;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (ranks[i] == 0)
            front.push_back(static_cast<int>(i));
    }
    if (duplicates == Duplicates::Keep)
        return front;
    auto sorted = front; // equal rows next to each other, the lowest index first
    const auto row = [&](int index) { return pointRow(points, index); };
    std::stable_sort(sorted.begin(), sorted.end(), [&](int a, int b) {
        return std::lexicographical_compare(row(a).begin(), row(a).end(), row(b).begin(), row(b).end());
    });
    const auto last = std::unique(sorted.begin(), sorted.end(), [&](int a, int b) {
        return std::equal(row(a).begin(), row(a).end(), row(b).begin());
    });
    sorted.erase(last, sorted.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

ObjectiveMatrix selectPoints(const ObjectiveMatrix& points, std::span<const int> indices) {
    ObjectiveMatrix selected(static_cast<Eigen::Index>(indices.size()), points.cols());
    for (std::size_t i = 0; i < indices.size(); ++i)
        selected.row(static_cast<Eigen::Index>(i)) = points.row(indices[i]);
    return selected;
}

} // namespace alidade
