#include "math/cholesky.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace alidade {
namespace {

constexpr Eigen::Index kBlock = 32; ///< below this loops over columns are faster than products of blocks

using Block = Eigen::Ref<Eigen::MatrixXd>;

/// L -> L^-1, from the last column to the first: what lies below and to the right is inverted already.
void invertLower(Block lower) {
    const Eigen::Index n = lower.rows();
    if (n > kBlock) {
        const Eigen::Index half = n / 2;
        auto below = lower.bottomLeftCorner(n - half, half);
        invertLower(lower.topLeftCorner(half, half));
        invertLower(lower.bottomRightCorner(n - half, n - half));
        const Eigen::MatrixXd product =
            lower.bottomRightCorner(n - half, n - half).triangularView<Eigen::Lower>() * below;
        below.noalias() = -product * lower.topLeftCorner(half, half).triangularView<Eigen::Lower>();
        return;
    }
    for (Eigen::Index j = n - 1; j >= 0; --j) {
        lower(j, j) = 1.0 / lower(j, j);
        for (Eigen::Index k = n - 1; k > j; --k) {
            const double entry = -lower(j, j) * lower(k, j);
            lower.col(j).tail(n - 1 - k) += entry * lower.col(k).tail(n - 1 - k);
            lower(k, j) = entry * lower(k, k);
        }
    }
}

/// L -> the lower half of L^T L.
void multiplyByTranspose(Block lower) {
    const Eigen::Index n = lower.rows();
    if (n > kBlock) {
        const Eigen::Index half = n / 2;
        auto below = lower.bottomLeftCorner(n - half, half);
        auto corner = lower.bottomRightCorner(n - half, n - half);
        multiplyByTranspose(lower.topLeftCorner(half, half));
        Block above = lower.topLeftCorner(half, half);
        above.selfadjointView<Eigen::Lower>().rankUpdate(below.transpose());
        const Eigen::MatrixXd product = corner.triangularView<Eigen::Lower>().transpose() * below;
        below = product;
        multiplyByTranspose(corner);
        return;
    }
    for (Eigen::Index j = 0; j < n; ++j)
        for (Eigen::Index i = j; i < n; ++i)
            lower(i, j) = lower.col(i).tail(n - i).dot(lower.col(j).tail(n - i));
}

} // namespace

bool factoriseInPlace(Eigen::Ref<Eigen::MatrixXd> matrix) {
    const Eigen::Index n = matrix.rows();
    if (n <= kBlock)
        return Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>>(matrix).info() == Eigen::Success;
    const Eigen::Index half = n / 2;
    if (!factoriseInPlace(matrix.topLeftCorner(half, half)))
        return false;
    auto below = matrix.bottomLeftCorner(n - half, half);
    matrix.topLeftCorner(half, half)
        .triangularView<Eigen::Lower>()
        .transpose()
        .solveInPlace<Eigen::OnTheRight>(below);
    Block corner = matrix.bottomRightCorner(n - half, n - half);
    corner.selfadjointView<Eigen::Lower>().rankUpdate(below, -1.0);
    return factoriseInPlace(corner);
}

void invertFromFactor(Eigen::Ref<Eigen::MatrixXd> lower) {
    invertLower(lower);
    multiplyByTranspose(lower);
}

double CholeskyFactor::logDeterminant() const {
    return 2.0 * lower.diagonal().array().log().sum();
}

Eigen::MatrixXd CholeskyFactor::solve(const Eigen::Ref<const Eigen::MatrixXd>& b) const {
    Eigen::MatrixXd x = lower.triangularView<Eigen::Lower>().solve(b);
    lower.triangularView<Eigen::Lower>().transpose().solveInPlace(x);
    return x;
}

Eigen::MatrixXd CholeskyFactor::solveLower(const Eigen::Ref<const Eigen::MatrixXd>& b) const {
    return lower.triangularView<Eigen::Lower>().solve(b);
}

Eigen::MatrixXd CholeskyFactor::inverse() const {
    Eigen::MatrixXd result = lower;
    invertFromFactor(result);
    for (Eigen::Index j = 1; j < result.cols(); ++j)
        result.col(j).head(j) = result.row(j).head(j).transpose();
    return result;
}

Result<CholeskyFactor> factorise(const Eigen::MatrixXd& matrix) {
    if (!matrix.allFinite())
        return makeError(ErrorCode::Numerical, "the covariance matrix has entries that are not finite");
    const double scale = matrix.rows() > 0 ? matrix.diagonal().mean() : 1.0;
    for (double relative = 0.0; relative < 2e-4; relative = relative == 0.0 ? 1e-12 : 10.0 * relative) {
        Eigen::MatrixXd shifted = matrix;
        shifted.diagonal().array() += relative * scale;
        const Eigen::LLT<Eigen::MatrixXd> decomposition(shifted);
        if (decomposition.info() != Eigen::Success)
            continue;
        CholeskyFactor factor{decomposition.matrixL(), relative * scale};
        if (factor.lower.allFinite())
            return factor;
    }
    return makeError(ErrorCode::Numerical, "the covariance matrix is not positive definite");
}

CholeskyFactor appended(const CholeskyFactor& factor, const Eigen::VectorXd& column, double diagonal) {
    const Eigen::Index n = factor.size();
    CholeskyFactor result;
    result.jitter = factor.jitter;
    result.lower = Eigen::MatrixXd::Zero(n + 1, n + 1);
    result.lower.topLeftCorner(n, n) = factor.lower;
    const Eigen::VectorXd row = factor.solveLower(column);
    result.lower.row(n).head(n) = row.transpose();
    const double pivot = diagonal + factor.jitter - row.squaredNorm();
    result.lower(n, n) = std::sqrt(std::max(pivot, 1e-12 * diagonal));
    return result;
}

} // namespace alidade
