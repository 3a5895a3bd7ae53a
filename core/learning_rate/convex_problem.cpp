#include "learning_rate/convex_problem.h"

#include "base/rng.h"
#include "base/text.h"

#include <Eigen/Cholesky>
#include <Eigen/QR>

#include <array>
#include <cmath>

namespace alidade {
namespace {

constexpr std::array<std::string_view, 4> kNames{"least_squares", "logistic", "distance", "largest_term"};

/// log(1 + exp(-m)) without overflow.
double logisticLoss(double margin) {
    return std::max(0.0, -margin) + std::log1p(std::exp(-std::abs(margin)));
}

/// 1 / (1 + exp(m)).
double sigmoidOfMinus(double margin) {
    return margin > 0.0 ? std::exp(-margin) / (1.0 + std::exp(-margin)) : 1.0 / (1.0 + std::exp(margin));
}

Eigen::MatrixXd chosen(const Eigen::MatrixXd& matrix, const std::vector<Eigen::Index>& rows) {
    return rows.empty() ? matrix : Eigen::MatrixXd(matrix(rows, Eigen::all));
}

/// Slope of the mean loss by the outputs.
Eigen::MatrixXd outputSlope(const ConvexProblem& problem, const Eigen::MatrixXd& outputs,
                            const Eigen::MatrixXd& targets) {
    const auto count = static_cast<double>(targets.rows());
    if (problem.kind == ConvexProblem::Kind::LeastSquares)
        return (outputs - targets) / count;
    Eigen::MatrixXd slope(outputs.rows(), 1);
    for (Eigen::Index i = 0; i < outputs.rows(); ++i)
        slope(i) = -targets(i) * sigmoidOfMinus(targets(i) * outputs(i)) / count;
    return slope;
}

Eigen::MatrixXd normals(Rng& rng, Eigen::Index rows, Eigen::Index columns) {
    Eigen::MatrixXd matrix(rows, columns);
    for (double& entry : matrix.reshaped())
        entry = rng.normal();
    return matrix;
}

} // namespace

std::string_view problemName(ConvexProblem::Kind kind) {
    return kNames[static_cast<std::size_t>(kind)];
}

Result<ConvexProblem::Kind> problemKind(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (kNames[i] == name)
            return static_cast<ConvexProblem::Kind>(i);
    return makeError(ErrorCode::InvalidArgument,
                     "\"" + std::string(name) + "\" is not a problem" +
                         didYouMean(name, {kNames.begin(), kNames.end()}),
                     "problem");
}

double ConvexProblem::value(const Eigen::VectorXd& x) const {
    if (kind == Kind::Distance)
        return (x - solution.reshaped()).norm();
    if (kind == Kind::LargestTerm)
        return (data * (x - solution.reshaped())).cwiseAbs().maxCoeff();
    const Eigen::MatrixXd outputs = data * x.reshaped(start.rows(), start.cols());
    if (kind == Kind::LeastSquares)
        return (outputs - targets).squaredNorm() / (2.0 * static_cast<double>(data.rows()));
    double sum = 0.0;
    for (Eigen::Index i = 0; i < outputs.rows(); ++i)
        sum += logisticLoss(targets(i) * outputs(i));
    return sum / static_cast<double>(data.rows()) + 0.5 * ridge * x.squaredNorm();
}

Eigen::VectorXd ConvexProblem::gradient(const Eigen::VectorXd& x,
                                        const std::vector<Eigen::Index>& rows) const {
    if (kind == Kind::Distance) {
        const Eigen::VectorXd offset = x - solution.reshaped();
        const double length = offset.norm();
        return length > 0.0 ? Eigen::VectorXd(offset / length) : Eigen::VectorXd::Zero(x.size());
    }
    if (kind == Kind::LargestTerm) {
        const Eigen::VectorXd terms = data * (x - solution.reshaped());
        Eigen::Index active = 0;
        terms.cwiseAbs().maxCoeff(&active);
        return (terms(active) < 0.0 ? -1.0 : 1.0) * data.row(active).transpose();
    }
    const Eigen::MatrixXd a = chosen(data, rows);
    const Eigen::MatrixXd outputs = a * x.reshaped(start.rows(), start.cols());
    const Eigen::MatrixXd g = a.transpose() * outputSlope(*this, outputs, chosen(targets, rows));
    return g.reshaped() + ridge * x;
}

TrainingObjective ConvexProblem::objective(const std::vector<Eigen::Index>& rows) const {
    TrainingObjective objective;
    objective.rows = start.rows();
    objective.columns = start.cols();
    objective.gradient = [this, rows](const Eigen::VectorXd& x) { return gradient(x, rows); };
    if (!hasExamples()) {
        // Piecewise smooth: no curvature that a method could use; its outputs are the parameters.
        objective.hessianTimes = [](const Eigen::VectorXd& x, const Eigen::VectorXd&) -> Eigen::VectorXd {
            return Eigen::VectorXd::Zero(x.size());
        };
        objective.outputs = [](const Eigen::VectorXd& x) { return x; };
        objective.outputGradient = [this](const Eigen::VectorXd& x) { return gradient(x); };
        objective.pullBack = [](const Eigen::VectorXd& u) { return u; };
        objective.outputCurvature = 1.0;
        return objective;
    }
    const Eigen::MatrixXd a = chosen(data, rows);
    const Eigen::MatrixXd y = chosen(targets, rows);
    const auto asMatrix = [this](const Eigen::VectorXd& x) -> Eigen::MatrixXd {
        return x.reshaped(start.rows(), start.cols());
    };
    objective.hessianTimes = [=, this](const Eigen::VectorXd& x,
                                       const Eigen::VectorXd& v) -> Eigen::VectorXd {
        Eigen::MatrixXd outputs = a * asMatrix(v);
        if (kind == Kind::Logistic) {
            const Eigen::VectorXd margins = a * x;
            for (Eigen::Index i = 0; i < outputs.rows(); ++i) {
                const double p = sigmoidOfMinus(margins(i));
                outputs(i) *= p * (1.0 - p);
            }
        }
        const Eigen::MatrixXd product = a.transpose() * outputs / static_cast<double>(a.rows());
        return product.reshaped() + ridge * v;
    };
    // The ridge is not a function of the outputs; it is small and left to the gradient methods.
    const Eigen::Index outputs = start.cols();
    objective.outputs = [=](const Eigen::VectorXd& x) -> Eigen::VectorXd {
        const Eigen::MatrixXd z = a * asMatrix(x);
        return z.reshaped();
    };
    objective.outputGradient = [=, this](const Eigen::VectorXd& z) -> Eigen::VectorXd {
        const Eigen::MatrixXd slope = outputSlope(*this, z.reshaped(a.rows(), outputs), y);
        return slope.reshaped();
    };
    objective.pullBack = [=](const Eigen::VectorXd& u) -> Eigen::VectorXd {
        const Eigen::MatrixXd g = a.transpose() * u.reshaped(a.rows(), outputs);
        return g.reshaped();
    };
    objective.outputCurvature = a.squaredNorm();
    return objective;
}

Result<ConvexProblem> logisticProblem(Eigen::MatrixXd features, const Eigen::VectorXd& labels, double ridge) {
    ConvexProblem problem;
    problem.kind = ConvexProblem::Kind::Logistic;
    problem.data = std::move(features);
    problem.targets = labels;
    problem.ridge = ridge;
    const Eigen::Index size = problem.data.cols();
    problem.start = Eigen::MatrixXd::Zero(size, 1);
    // Newton with halving; the ridge makes the Hessian safely positive.
    Eigen::VectorXd x = problem.start;
    double value = problem.value(x);
    for (int iteration = 0; iteration < 100; ++iteration) {
        const Eigen::VectorXd gradient = problem.gradient(x);
        const Eigen::VectorXd margins = problem.data * x;
        const Eigen::VectorXd curvature = margins.unaryExpr([](double m) {
            const double p = sigmoidOfMinus(m);
            return p * (1.0 - p);
        });
        Eigen::MatrixXd hessian = problem.data.transpose() * curvature.asDiagonal() * problem.data /
                                  static_cast<double>(problem.data.rows());
        hessian.diagonal().array() += ridge;
        const Eigen::VectorXd direction = hessian.ldlt().solve(gradient);
        double length = 1.0;
        while (length > 1e-10 && problem.value(x - length * direction) > value)
            length *= 0.5;
        const double next = problem.value(x - length * direction);
        if (!(next < value))
            break;
        x -= length * direction;
        value = next;
    }
    if (!x.allFinite())
        return makeError(ErrorCode::Numerical,
                         "the logistic regression has no finite minimum; raise the ridge");
    problem.solution = x;
    problem.minimum = value;
    return problem;
}

Result<ConvexProblem> randomProblem(ConvexProblem::Kind kind, Eigen::Index dimension, Eigen::Index samples,
                                    std::uint64_t seed, Eigen::Index outputs) {
    if (dimension < 1 || samples < 1 || outputs < 1)
        return makeError(ErrorCode::InvalidArgument, "dimension and samples must be at least 1", "dimension");
    Rng rng(seed, "convex problem");
    ConvexProblem problem;
    problem.kind = kind;
    problem.start = Eigen::MatrixXd::Zero(dimension, 1);
    problem.solution = normals(rng, dimension, 1);
    if (kind == ConvexProblem::Kind::Distance)
        return problem;
    problem.data = normals(rng, samples, dimension);
    if (kind == ConvexProblem::Kind::LargestTerm)
        return problem;
    for (Eigen::Index j = 0; j < dimension; ++j)
        problem.data.col(j) /= std::sqrt(static_cast<double>(j + 1));
    if (kind == ConvexProblem::Kind::LeastSquares) {
        const Eigen::MatrixXd rule = normals(rng, dimension, outputs);
        problem.start = Eigen::MatrixXd::Zero(dimension, outputs);
        problem.targets = problem.data * rule + 0.1 * normals(rng, samples, outputs);
        // The minimiser nearest to the start: minimum norm when there are fewer examples than parameters.
        problem.solution = problem.data.completeOrthogonalDecomposition().solve(problem.targets);
        problem.minimum = problem.value(problem.solution.reshaped());
        return problem;
    }
    Eigen::VectorXd labels = problem.data * problem.solution;
    for (double& label : labels) {
        const bool positive = (label > 0.0) != (rng.uniform() < 0.1);
        label = positive ? 1.0 : -1.0;
    }
    return logisticProblem(problem.data, labels, 1e-3);
}

Result<ConvexProblem> digitsProblem(std::string_view text, Eigen::Index samples) {
    std::vector<double> pixels;
    std::vector<double> labels;
    std::size_t line = 0;
    while (!text.empty() && (samples == 0 || std::ssize(labels) < samples)) {
        const std::size_t end = text.find('\n');
        const std::string_view row = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++line;
        if (row.empty())
            continue;
        const std::vector<std::string> cells = split(row, ',');
        if (cells.size() != 65)
            return makeError(ErrorCode::Syntax, "65 numbers are needed, not " + std::to_string(cells.size()),
                             "line " + std::to_string(line));
        for (std::size_t i = 0; i < 65; ++i) {
            const auto number = parseDouble(cells[i]);
            if (!number || !std::isfinite(*number))
                return makeError(ErrorCode::Syntax, "\"" + cells[i] + "\" is not a number",
                                 "line " + std::to_string(line));
            if (i < 64)
                pixels.push_back(*number / 16.0);
            else
                labels.push_back(std::fmod(*number, 2.0) == 0.0 ? 1.0 : -1.0);
        }
    }
    if (labels.size() < 2)
        return makeError(ErrorCode::Syntax, "there are no images in the file");
    const auto count = std::ssize(labels);
    Eigen::MatrixXd features(count, 65);
    features.leftCols(64) =
        Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
            pixels.data(), count, 64);
    features.col(64).setOnes();
    return logisticProblem(std::move(features), Eigen::Map<const Eigen::VectorXd>(labels.data(), count),
                           1e-3);
}

} // namespace alidade
