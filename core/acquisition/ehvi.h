#pragma once

#include "pareto/box_decomposition.h"

#include <array>
#include <optional>
#include <vector>

namespace alidade {

/// Values that are wanted of an outcome, low <= high; one of them may be infinite.
struct WantedInterval {
    double low = 0.0;
    double high = 0.0;
};
/// Per objective, where what counts is the distance of the outcome from what is wanted, not the outcome.
using WantedIntervals = std::vector<std::optional<WantedInterval>>;

/// Exact expected hypervolume improvement of one candidate whose m objectives are predicted as independent
/// normal distributions (Emmerich et al. 2016; Yang et al. 2019), minimised, in log space:
///     EHVI = sum over boxes of prod_k [psi(upper_k) - psi(lower_k)],  psi(h) = E[max(0, h - Y_k)]
/// over the boxes of nonDominatedBoxes(). Differences in the far tail keep their digits, so log EHVI and its
/// gradient are right where EHVI itself underflows. Of an objective that wants an interval the distance
/// D = max(0, low - Y, Y - high) is minimised instead; its psi is that of a folded normal distribution.
class ExpectedHypervolumeImprovement {
public:
    /// `points`: measured points (n x m, minimised, any that may be dominated), `reference`: length m; both
    /// hold distances where `wanted`, of length m or empty, has an interval. Errors as nonDominatedBoxes(),
    /// and InvalidArgument (length of `wanted`, an interval without a finite end or with low > high).
    [[nodiscard]] static Result<ExpectedHypervolumeImprovement>
    make(const ObjectiveMatrix& points, const Eigen::VectorXd& reference, WantedIntervals wanted = {});

    /// A logarithm with its derivatives by the m means and standard deviations.
    struct Value {
        double logValue = 0.0; ///< -inf if no improvement is possible (only with standard deviations of 0)
        Eigen::VectorXd byMean;
        Eigen::VectorXd byStandardDeviation;
    };
    /// log EHVI at mean and standardDeviation of the outcomes (length m, units of the points). A standard
    /// deviation of 0 makes that objective certain. O(number of boxes * m). Derivatives are 0 where logValue
    /// is -inf. Errors: InvalidArgument (lengths, non-finite mean, negative or non-finite standard
    /// deviation).
    [[nodiscard]] Result<Value> logValue(const Eigen::VectorXd& mean,
                                         const Eigen::VectorXd& standardDeviation) const;

    /// log of the probability that the candidate beats the reference and is not dominated. Same errors.
    [[nodiscard]] Result<double> logProbability(const Eigen::VectorXd& mean,
                                                const Eigen::VectorXd& standardDeviation) const;

    [[nodiscard]] std::size_t boxCount() const { return m_boxes.size(); }

private:
    ExpectedHypervolumeImprovement() = default;
    [[nodiscard]] Result<void> check(const Eigen::VectorXd& mean,
                                     const Eigen::VectorXd& standardDeviation) const;

    using Interval = std::array<double, 2>;
    std::vector<std::vector<Interval>> m_intervals; // per objective, each occurring interval once
    std::vector<std::vector<std::size_t>> m_boxes;  // per box, the index of its interval in each objective
    WantedIntervals m_wanted;                       // per objective
};

} // namespace alidade
