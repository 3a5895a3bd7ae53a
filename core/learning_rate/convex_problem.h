#pragma once

#include "base/result.h"
#include "learning_rate/optimizers/objective.h"

#include <Eigen/Core>

#include <cstdint>
#include <string_view>
#include <vector>

namespace alidade {

/// A convex function with known minimum, for trying schedules and optimisers on. All are losses of a linear
/// model: f(x) = loss(outputs), outputs = data * X with X the parameters as a matrix.
struct ConvexProblem {
    enum class Kind {
        LeastSquares, ///< sum of squared errors / (2 n)
        Logistic,     ///< mean of log(1 + exp(-y a'x)), y = +-1, plus ridge |x|^2 / 2
        Distance,     ///< |x - x*|, Euclidean
        LargestTerm   ///< max_i |a_i'(x - x*)|
    };
    Kind kind = Kind::Distance;
    Eigen::MatrixXd data;    ///< n x inputs; unused by Distance
    Eigen::MatrixXd targets; ///< n x outputs (LeastSquares); n x 1 labels -1, 1 (Logistic)
    double ridge = 0.0;
    Eigen::MatrixXd start;    ///< inputs x outputs
    Eigen::MatrixXd solution; ///< a minimiser x*
    double minimum = 0.0;     ///< f(x*)

    [[nodiscard]] Eigen::Index size() const { return start.size(); }
    [[nodiscard]] double distance() const { return (start - solution).norm(); }
    [[nodiscard]] double value(const Eigen::VectorXd& x) const;
    /// A subgradient of f, or of its part on the examples `rows` (empty: all), whose expectation over
    /// uniformly drawn rows is a subgradient of f. Distance and LargestTerm have no examples.
    [[nodiscard]] Eigen::VectorXd gradient(const Eigen::VectorXd& x,
                                           const std::vector<Eigen::Index>& rows = {}) const;
    /// All that optimisers may ask for, on those examples. Refers to this problem, which must outlive it.
    [[nodiscard]] TrainingObjective objective(const std::vector<Eigen::Index>& rows = {}) const;
    [[nodiscard]] bool hasExamples() const { return kind == Kind::LeastSquares || kind == Kind::Logistic; }
};

/// "least_squares", "logistic", "distance", "largest_term".
[[nodiscard]] std::string_view problemName(ConvexProblem::Kind kind);
[[nodiscard]] Result<ConvexProblem::Kind> problemKind(std::string_view name);

/// Random problems from normal numbers. dimension >= 1. LeastSquares: `samples` examples with feature scales
/// falling as 1 / sqrt(j), `outputs` >= 1 columns, noise of 0.1 on the targets. Logistic: labels of a random
/// linear rule, a tenth of them flipped; ridge 1e-3. The minimum is found to rounding.
[[nodiscard]] Result<ConvexProblem> randomProblem(ConvexProblem::Kind kind, Eigen::Index dimension,
                                                  Eigen::Index samples, std::uint64_t seed,
                                                  Eigen::Index outputs = 1);

/// Logistic regression on images of digits: `text` has lines of 64 numbers (0 ... 16) and the digit; even
/// digits against odd ones, a constant column added, the first `samples` lines (0: all). Errors name the
/// line.
[[nodiscard]] Result<ConvexProblem> digitsProblem(std::string_view text, Eigen::Index samples = 0);

/// The same for given features (n x d) and labels (-1 or 1), from the start 0.
[[nodiscard]] Result<ConvexProblem> logisticProblem(Eigen::MatrixXd features, const Eigen::VectorXd& labels,
                                                    double ridge);

} // namespace alidade
