#include "learning_rate/bound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace alidade {
namespace {

constexpr std::size_t kTerms = 24;
constexpr std::size_t kLeaf = 32;
constexpr double kAdmissible = 0.25; // 0.25^24 = 4e-15

/// A sum kept as high + low, so that differences of near prefix sums keep full relative precision.
struct DoubleDouble {
    double high = 0.0;
    double low = 0.0;

    [[nodiscard]] DoubleDouble plus(double x) const {
        const double sum = high + x;
        const double virtualPart = sum - high;
        const double error = (high - (sum - virtualPart)) + (x - virtualPart) + low;
        const double result = sum + error;
        return {result, error - (result - sum)};
    }
    [[nodiscard]] double minus(const DoubleDouble& other) const {
        return (high - other.high) + (low - other.low);
    }
};

struct Node {
    std::size_t begin = 0; ///< sources k in [begin, end), 0-based
    std::size_t end = 0;
    DoubleDouble center;
    double radius = 0.0;
    std::array<double, kTerms> moments{}; ///< sum q_k ((S_k - center) / radius)^p
    std::size_t left = 0;                 ///< 0: leaf
    std::size_t right = 0;
};

/// Evaluates sum_{k<t} q_k / (S_t - S_k) for ascending S by a binary tree over k.
class CauchySum {
public:
    CauchySum(std::vector<double> weights, std::vector<DoubleDouble> positions)
        : m_weights(std::move(weights)), m_positions(std::move(positions)) {
        m_nodes.reserve(4 * m_weights.size() / kLeaf + 2);
        build(0, m_weights.size());
    }

    /// t is the 0-based target; sources 0 ... t - 1 contribute.
    [[nodiscard]] double at(std::size_t t) const { return evaluate(0, t); }

private:
    std::size_t build(std::size_t begin, std::size_t end) {
        const std::size_t index = m_nodes.size();
        m_nodes.emplace_back();
        Node node;
        node.begin = begin;
        node.end = end;
        const double width = m_positions[end - 1].minus(m_positions[begin]);
        node.center = m_positions[begin].plus(width / 2.0);
        node.radius = width / 2.0;
        if (end - begin > kLeaf) {
            const std::size_t middle = begin + (end - begin) / 2;
            node.left = build(begin, middle);
            node.right = build(middle, end);
            addMoments(node, m_nodes[node.left]);
            addMoments(node, m_nodes[node.right]);
        } else {
            for (std::size_t k = begin; k < end; ++k) {
                const double offset =
                    node.radius > 0.0 ? m_positions[k].minus(node.center) / node.radius : 0.0;
                double power = m_weights[k];
                for (double& moment : node.moments) {
                    moment += power;
                    power *= offset;
                }
            }
        }
        m_nodes[index] = node;
        return index;
    }

    /// Moments about the child's centre become moments about the node's: with s the ratio of the radii and d
    /// the distance of the centres in the node's radii, sum_j C(p, j) d^(p-j) s^j m_j. The child lies within
    /// the node, |d| + s <= 1, so that nothing grows.
    static void addMoments(Node& node, const Node& child) {
        if (!(node.radius > 0.0)) {
            node.moments[0] += child.moments[0];
            return;
        }
        const double shift = child.center.minus(node.center) / node.radius;
        const double ratio = child.radius / node.radius;
        std::array<double, kTerms> scaled{};
        double power = 1.0;
        for (std::size_t j = 0; j < kTerms; ++j) {
            scaled[j] = power * child.moments[j];
            power *= ratio;
        }
        // Row by row as in Pascal's triangle: after p rounds entry 0 is the sum for p.
        for (std::size_t p = 0; p < kTerms; ++p) {
            node.moments[p] += scaled[0];
            for (std::size_t j = 0; j + p + 1 < kTerms; ++j)
                scaled[j] = shift * scaled[j] + scaled[j + 1];
        }
    }

    [[nodiscard]] double evaluate(std::size_t index, std::size_t t) const {
        const Node& node = m_nodes[index];
        if (node.begin >= t)
            return 0.0;
        if (node.end <= t) {
            const double distance = m_positions[t].minus(node.center);
            if (node.radius < kAdmissible * distance) {
                const double ratio = node.radius / distance;
                double sum = 0.0;
                for (std::size_t p = kTerms; p-- > 0;)
                    sum = sum * ratio + node.moments[p];
                return sum / distance;
            }
        }
        if (node.left == 0) {
            double sum = 0.0;
            for (std::size_t k = node.begin; k < std::min(node.end, t); ++k)
                if (m_weights[k] > 0.0)
                    sum += m_weights[k] / m_positions[t].minus(m_positions[k]);
            return sum;
        }
        return evaluate(node.left, t) + evaluate(node.right, t);
    }

    std::vector<double> m_weights;
    std::vector<DoubleDouble> m_positions;
    std::vector<Node> m_nodes;
};

/// Bounds at 0-based steps stepAt(0) ... stepAt(count - 1).
template <typename F>
Result<std::vector<BoundTerms>> evaluate(std::span<const double> rates, const BoundProblem& problem,
                                         std::size_t count, F stepAt, const Monitor& monitor) {
    const std::size_t steps = rates.size();
    std::vector<double> weights(steps);
    std::vector<DoubleDouble> positions(steps);
    DoubleDouble sum;
    for (std::size_t k = 0; k < steps; ++k) {
        const double product = rates[k] * problem.norm(k);
        weights[k] = product * product;
        sum = sum.plus(rates[k]);
        positions[k] = sum;
    }
    const CauchySum cauchy(std::move(weights), positions);
    std::vector<BoundTerms> curve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 4096 == 0) {
            if (monitor.stopRequested())
                return makeError(ErrorCode::Cancelled, "the bound was stopped before the curve was complete");
            monitor.progress(static_cast<double>(i) / static_cast<double>(count), "bound");
        }
        const std::size_t t = stepAt(i);
        const double last = rates[t] * problem.norm(t) * problem.norm(t);
        curve[i].distanceTerm = problem.distance * problem.distance / (2.0 * positions[t].high);
        curve[i].noiseTerm = 0.5 * (last + cauchy.at(t));
    }
    return curve;
}

} // namespace

Result<std::vector<BoundTerms>> boundCurve(std::span<const double> rates, const BoundProblem& problem,
                                           const Monitor& monitor) {
    ALIDADE_CHECK(validate(problem, rates));
    return evaluate(
        rates, problem, rates.size(), [](std::size_t i) { return i; }, monitor);
}

Result<std::vector<BoundTerms>> boundCurveAt(std::span<const double> rates, const BoundProblem& problem,
                                             std::span<const std::size_t> steps, const Monitor& monitor) {
    ALIDADE_CHECK(validate(problem, rates));
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (steps[i] < 1 || steps[i] > rates.size())
            return makeError(ErrorCode::InvalidArgument,
                             "a step is " + std::to_string(steps[i]) + " but must be between 1 and " +
                                 std::to_string(rates.size()),
                             "at[" + std::to_string(i) + "]");
    return evaluate(
        rates, problem, steps.size(), [&](std::size_t i) { return steps[i] - 1; }, monitor);
}

} // namespace alidade
