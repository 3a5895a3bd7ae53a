#include "surrogate/importance.h"

#include "base/rng.h"
#include "math/cholesky.h"
#include "math/sobol.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr Eigen::Index kMostPredicted = 400;

struct Design {
    Eigen::MatrixXd a;
    Eigen::MatrixXd b;
};

/// Two independent sets of points from one sequence in twice the dimension.
Design makeDesign(Eigen::Index dimension, std::size_t points, std::uint64_t seed) {
    SobolSequence sequence(static_cast<std::size_t>(2 * dimension), seed);
    const auto count = static_cast<Eigen::Index>(points);
    Design design{Eigen::MatrixXd(count, dimension), Eigen::MatrixXd(count, dimension)};
    for (Eigen::Index i = 0; i < count; ++i) {
        const std::vector<double> point = sequence.next();
        for (Eigen::Index j = 0; j < dimension; ++j) {
            design.a(i, j) = point[static_cast<std::size_t>(j)];
            design.b(i, j) = point[static_cast<std::size_t>(j + dimension)];
        }
    }
    return design;
}

Result<void> check(Eigen::Index dimension, const InputGroups& groups, std::size_t points) {
    if (points == 0 || dimension <= 0 || groups.empty())
        return makeError(ErrorCode::InvalidArgument, "points, dimension and groups must not be empty");
    for (const auto& group : groups)
        for (const Eigen::Index column : group)
            if (column < 0 || column >= dimension)
                return makeError(ErrorCode::InvalidArgument, "a group names a column outside the cube");
    return {};
}

/// `a` with the columns of some groups from `b`.
Eigen::MatrixXd mixed(const Design& design, const InputGroups& groups,
                      std::initializer_list<std::size_t> from) {
    Eigen::MatrixXd points = design.a;
    for (const std::size_t group : from)
        for (const Eigen::Index column : groups[group])
            points.col(column) = design.b.col(column);
    return points;
}

Result<Eigen::MatrixXd> evaluated(const CubeFunctions& functions, const Eigen::MatrixXd& points,
                                  const Monitor& monitor) {
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "stopped");
    Eigen::MatrixXd values = functions(points);
    if (values.rows() != points.rows() || values.cols() == 0)
        return makeError(ErrorCode::InvalidArgument, "one row of values per point is needed");
    if (!values.allFinite())
        return makeError(ErrorCode::Numerical, "the function is not finite everywhere");
    return values;
}

/// Half the mean squared difference of each column.
Eigen::RowVectorXd halfSquaredDifference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    return 0.5 * (a - b).array().square().colwise().mean().matrix();
}

/// What the inputs whose columns came from `b` explain: their share is exactly 0 when they do not matter.
Eigen::RowVectorXd explained(const Eigen::MatrixXd& atA, const Eigen::MatrixXd& atB,
                             const Eigen::MatrixXd& swapped, const Eigen::RowVectorXd& mean) {
    return ((atB.rowwise() - mean).array() * (swapped - atA).array()).colwise().mean().matrix();
}

/// From both sets of points.
Eigen::RowVectorXd meanOf(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    return 0.5 * (a.colwise().mean() + b.colwise().mean());
}
Eigen::RowVectorXd varianceOf(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    const Eigen::RowVectorXd mean = meanOf(a, b);
    return 0.5 * ((a.rowwise() - mean).array().square().colwise().mean() +
                  (b.rowwise() - mean).array().square().colwise().mean())
                     .matrix();
}

/// 0 / 0 is 0: a constant function owes nothing to any input.
Eigen::RowVectorXd shares(const Eigen::RowVectorXd& parts, const Eigen::RowVectorXd& whole) {
    Eigen::RowVectorXd result = Eigen::RowVectorXd::Zero(parts.size());
    for (Eigen::Index i = 0; i < parts.size(); ++i)
        if (whole(i) > 0.0)
            result(i) = parts(i) / whole(i);
    return result;
}

/// Of the covariance of the observations, noise included.
Result<CholeskyFactor> noisyFactor(const GaussianProcess& process) {
    Eigen::MatrixXd covariances = process.noisyCovariance();
    covariances.diagonal().array() += process.jitter();
    return factorise(covariances);
}

} // namespace

Result<SobolIndices> sobolIndices(const CubeFunctions& functions, Eigen::Index dimension,
                                  const InputGroups& groups, std::size_t points, std::uint64_t seed,
                                  const Monitor& monitor) {
    ALIDADE_CHECK(check(dimension, groups, points));
    const Design design = makeDesign(dimension, points, seed);
    ALIDADE_ASSIGN(const Eigen::MatrixXd atA, evaluated(functions, design.a, monitor));
    ALIDADE_ASSIGN(const Eigen::MatrixXd atB, evaluated(functions, design.b, monitor));
    const Eigen::RowVectorXd variance = varianceOf(atA, atB);
    SobolIndices indices;
    indices.mean = meanOf(atA, atB);
    indices.variance = variance;
    indices.first.resize(static_cast<Eigen::Index>(groups.size()), atA.cols());
    indices.total.resize(static_cast<Eigen::Index>(groups.size()), atA.cols());
    for (std::size_t g = 0; g < groups.size(); ++g) {
        ALIDADE_ASSIGN(const Eigen::MatrixXd swapped,
                       evaluated(functions, mixed(design, groups, {g}), monitor));
        const auto row = static_cast<Eigen::Index>(g);
        indices.first.row(row) = shares(explained(atA, atB, swapped, meanOf(atA, atB)), variance);
        indices.total.row(row) = shares(halfSquaredDifference(atA, swapped), variance);
    }
    return indices;
}

Result<std::vector<Eigen::MatrixXd>> sobolInteractions(const CubeFunctions& functions, Eigen::Index dimension,
                                                       const InputGroups& groups, std::size_t points,
                                                       std::uint64_t seed, const Monitor& monitor) {
    ALIDADE_CHECK(check(dimension, groups, points));
    const Design design = makeDesign(dimension, points, seed);
    ALIDADE_ASSIGN(const Eigen::MatrixXd atA, evaluated(functions, design.a, monitor));
    ALIDADE_ASSIGN(const Eigen::MatrixXd atB, evaluated(functions, design.b, monitor));
    const Eigen::RowVectorXd variance = varianceOf(atA, atB);
    const Eigen::RowVectorXd mean = meanOf(atA, atB);
    const auto count = static_cast<Eigen::Index>(groups.size());
    std::vector<Eigen::MatrixXd> result(static_cast<std::size_t>(atA.cols()),
                                        Eigen::MatrixXd::Zero(count, count));
    // What the inputs of `from` explain together, alone and in interaction with each other.
    const auto closed = [&](std::initializer_list<std::size_t> from) -> Result<Eigen::RowVectorXd> {
        ALIDADE_ASSIGN(const Eigen::MatrixXd swapped,
                       evaluated(functions, mixed(design, groups, from), monitor));
        return shares(explained(atA, atB, swapped, mean), variance);
    };
    std::vector<Eigen::RowVectorXd> first;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        ALIDADE_ASSIGN(Eigen::RowVectorXd alone, closed({g}));
        first.push_back(std::move(alone));
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        for (std::size_t j = i + 1; j < groups.size(); ++j) {
            ALIDADE_ASSIGN(const Eigen::RowVectorXd both, closed({i, j}));
            const auto row = static_cast<Eigen::Index>(i);
            const auto column = static_cast<Eigen::Index>(j);
            const Eigen::RowVectorXd pair = both - first[i] - first[j];
            for (std::size_t k = 0; k < result.size(); ++k)
                result[k](row, column) = result[k](column, row) = pair(static_cast<Eigen::Index>(k));
        }
    }
    return result;
}

Result<PermutationImportance> permutationImportance(const GaussianProcess& process,
                                                    const InputGroups& columns, std::size_t shuffles,
                                                    std::uint64_t seed, const Monitor& monitor) {
    const GpData& data = process.data();
    const Eigen::Index n = data.x.rows();
    if (n < 3 || shuffles == 0)
        return makeError(ErrorCode::InvalidArgument, "at least 3 observations and 1 shuffle are needed");
    const double variance = (data.y.array() - data.y.mean()).square().mean();
    if (!(variance > 0.0))
        return makeError(ErrorCode::InvalidArgument, "all outcomes are equal");
    const Hyperparameters& hyper = process.hyperparameters();
    ALIDADE_ASSIGN(const CholeskyFactor factor, noisyFactor(process));
    const Eigen::MatrixXd inverse = factor.inverse();
    const Eigen::VectorXd weights = inverse * residualsOf(data, hyper.mean);

    Rng rng(seed, "permutation");
    const auto shuffle = [&rng](std::vector<Eigen::Index>& order) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[rng.below(i)]);
    };
    std::vector<Eigen::Index> predicted(static_cast<std::size_t>(n));
    std::iota(predicted.begin(), predicted.end(), Eigen::Index{0});
    if (n > kMostPredicted) {
        shuffle(predicted);
        predicted.resize(static_cast<std::size_t>(kMostPredicted));
    }
    // What leaves observation i out, with the differences that were measured with it: the weights of the
    // process without them are those of all minus inverse.col(own) * apart.
    const std::vector<std::vector<Eigen::Index>> own = observationsByValue(data);
    std::vector<Eigen::VectorXd> apart;
    double error = 0.0;
    for (const Eigen::Index i : predicted) {
        const std::vector<Eigen::Index>& rows = own[static_cast<std::size_t>(i)];
        apart.emplace_back(inverse(rows, rows).ldlt().solve(weights(rows)));
        error += std::pow(apart.back()(apart.back().size() - 1), 2);
    }
    error /= static_cast<double>(predicted.size());

    PermutationImportance result;
    result.error = error / variance;
    result.increase = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(columns.size()));
    result.standardDeviation = result.increase;
    std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    for (std::size_t g = 0; g < columns.size(); ++g) {
        Eigen::VectorXd increases(static_cast<Eigen::Index>(shuffles));
        for (Eigen::Index s = 0; s < increases.size(); ++s) {
            if (monitor.stopRequested())
                return makeError(ErrorCode::Cancelled, "stopped");
            shuffle(order);
            Eigen::MatrixXd moved(static_cast<Eigen::Index>(predicted.size()), data.x.cols());
            for (std::size_t k = 0; k < predicted.size(); ++k) {
                const auto row = static_cast<Eigen::Index>(k);
                moved.row(row) = data.x.row(predicted[k]);
                for (const Eigen::Index column : columns[g])
                    moved(row, column) = data.x(order[static_cast<std::size_t>(predicted[k])], column);
            }
            const Eigen::MatrixXd cross = process.observedCovariance(moved);
            double sum = 0.0;
            for (std::size_t k = 0; k < predicted.size(); ++k) {
                const Eigen::Index i = predicted[k];
                const auto column = cross.col(static_cast<Eigen::Index>(k));
                double mean = hyper.mean + column.dot(weights);
                const std::vector<Eigen::Index>& rows = own[static_cast<std::size_t>(i)];
                for (std::size_t j = 0; j < rows.size(); ++j)
                    mean -= column.dot(inverse.col(rows[j])) * apart[k](static_cast<Eigen::Index>(j));
                sum += (data.y(i) - mean) * (data.y(i) - mean);
            }
            increases(s) = (sum / static_cast<double>(predicted.size()) - error) / variance;
        }
        const auto row = static_cast<Eigen::Index>(g);
        result.increase(row) = increases.mean();
        result.standardDeviation(row) = std::sqrt((increases.array() - increases.mean()).square().mean());
    }
    return result;
}

} // namespace alidade
