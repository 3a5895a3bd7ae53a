#include "math/cholesky.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace alidade {

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
    const Eigen::MatrixXd lowerInverse =
        lower.triangularView<Eigen::Lower>().solve(Eigen::MatrixXd::Identity(size(), size()));
    Eigen::MatrixXd result = Eigen::MatrixXd::Zero(size(), size());
    result.selfadjointView<Eigen::Lower>().rankUpdate(lowerInverse.transpose());
    return result.selfadjointView<Eigen::Lower>();
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
