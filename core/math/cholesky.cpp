#include "math/cholesky.h"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace alidade {
namespace {

using Block = Eigen::Ref<Eigen::MatrixXd>;
using Four = Eigen::Array4d; ///< four rows of a column

constexpr Eigen::Index kLeaf = 256; ///< up to here tiles in registers are faster than products of blocks
constexpr Eigen::Index kTile = 4;   ///< columns of a tile

Four load(const double* from) {
    return Eigen::Map<const Four>(from);
}

void store(double* to, const Four& values) {
    Eigen::Map<Four>{to} = values;
}

/// Sums for 4 R rows and 4 columns. Written so that they stay in registers.
template <int R>
struct Tile {
    Four sums[R][kTile];

    Tile() {
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
            for (int c = 0; c < kTile; ++c)
                sums[r][c].setZero();
    }

    /// Adds x y: the columns of x are `stride` apart, the rows of y, of four entries each, `step`.
    void addProduct(const double* x, Eigen::Index stride, const double* y, Eigen::Index step,
                    Eigen::Index depth) {
        for (Eigen::Index k = 0; k < depth; ++k, x += stride, y += step) {
            Four rows[R];
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r)
                rows[r] = load(x + 4 * r);
#pragma GCC unroll 4
            for (int c = 0; c < kTile; ++c) {
                const double factor = y[c];
#pragma GCC unroll 4
                for (int r = 0; r < R; ++r)
                    sums[r][c] += rows[r] * factor;
            }
        }
    }
};

template <int R>
using Rows = std::integral_constant<int, R>;

/// Calls work(Rows<R>, i) so that tiles of 4 R rows cover `from` to `to`, whole multiples of four.
template <typename Work>
void overRows(Eigen::Index from, Eigen::Index to, const Work& work) {
    for (; from + 12 <= to; from += 12)
        work(Rows<3>{}, from);
    for (; from + 8 <= to; from += 8)
        work(Rows<2>{}, from);
    for (; from + 4 <= to; from += 4)
        work(Rows<1>{}, from);
}

/// A leaf has a whole number of tiles; what is larger, or has a rest, is split here.
bool isLeaf(Eigen::Index n) {
    return n <= kLeaf && n % kTile == 0;
}

Eigen::Index splitOf(Eigen::Index n) {
    const Eigen::Index first = n > kLeaf ? n / 2 : n;
    return first - first % kTile;
}

/// Factor of a tile on the diagonal, and 1 / its diagonal; zeros above.
bool factoriseTile(double* tile, Eigen::Index stride, double* inverses) {
    for (int c = 0; c < kTile; ++c) {
        double* const column = tile + c * stride;
        for (int p = 0; p < c; ++p)
            for (int r = c; r < kTile; ++r)
                column[r] -= tile[r + p * stride] * tile[c + p * stride];
        if (!(column[c] > 0.0))
            return false;
        column[c] = std::sqrt(column[c]);
        inverses[c] = 1.0 / column[c];
        for (int r = c + 1; r < kTile; ++r)
            column[r] *= inverses[c];
        for (int r = 0; r < c; ++r)
            column[r] = 0.0;
    }
    return true;
}

/// Columns j to j + 3 of `rows` places at `panel`, once those before are x = b L^-T: reduced by these, then
/// solved against the tile of L on the diagonal.
void solveTiles(double* panel, Eigen::Index stride, Eigen::Index from, Eigen::Index to, const double* factor,
                Eigen::Index factorStride, Eigen::Index j, const double* inverses) {
    const double* const diagonal = factor + j + j * factorStride;
    overRows(from, to, [&]<int R>(Rows<R>, Eigen::Index i) {
        Tile<R> tile;
        tile.addProduct(panel + i, stride, factor + j, factorStride, j);
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r) {
            double* const place = panel + i + 4 * r + j * stride;
            Four columns[kTile];
#pragma GCC unroll 4
            for (int c = 0; c < kTile; ++c) {
                columns[c] = load(place + c * stride) - tile.sums[r][c];
#pragma GCC unroll 4
                for (int p = 0; p < c; ++p)
                    columns[c] -= columns[p] * diagonal[c + p * factorStride];
                columns[c] *= inverses[c];
                store(place + c * stride, columns[c]);
            }
        }
    });
}

/// By columns of tiles: each is reduced by all before it at once, then solved against its diagonal.
bool factoriseLeaf(Block matrix) {
    double* const data = matrix.data();
    const Eigen::Index stride = matrix.outerStride();
    const Eigen::Index n = matrix.rows();
    for (Eigen::Index j = 0; j < n; j += kTile) {
        double* const diagonal = data + j + j * stride;
        Tile<1> tile;
        tile.addProduct(data + j, stride, data + j, stride, j);
        for (int c = 0; c < kTile; ++c)
            store(diagonal + c * stride, load(diagonal + c * stride) - tile.sums[0][c]);
        double inverses[kTile];
        if (!factoriseTile(diagonal, stride, inverses))
            return false;
        solveTiles(data, stride, j + kTile, n, data, stride, j, inverses);
    }
    return true;
}

/// B -> B L^-T for a multiple of four rows.
void whitenLeaf(const Eigen::Ref<const Eigen::MatrixXd>& lower, Block rows) {
    for (Eigen::Index j = 0; j < lower.rows(); j += kTile) {
        double inverses[kTile];
        for (int c = 0; c < kTile; ++c)
            inverses[c] = 1.0 / lower(j + c, j + c);
        solveTiles(rows.data(), rows.outerStride(), 0, rows.rows(), lower.data(), lower.outerStride(), j,
                   inverses);
    }
}

/// B -> B L^-T.
void whitenRows(const Eigen::Ref<const Eigen::MatrixXd>& lower, Block rows) {
    const Eigen::Index n = lower.rows();
    const Eigen::Index rest = rows.rows() % kTile;
    if (n < kTile || rows.rows() < kTile) {
        lower.triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(rows);
    } else if (rest != 0) {
        whitenRows(lower, rows.topRows(rows.rows() - rest));
        whitenRows(lower, rows.bottomRows(rest));
    } else if (isLeaf(n)) {
        whitenLeaf(lower, rows);
    } else {
        const Eigen::Index first = splitOf(n);
        whitenRows(lower.topLeftCorner(first, first), rows.leftCols(first));
        rows.rightCols(n - first).noalias() -=
            rows.leftCols(first) * lower.bottomLeftCorner(n - first, first).transpose();
        whitenRows(lower.bottomRightCorner(n - first, n - first), rows.rightCols(n - first));
    }
}

/// L -> L^-1 with zeros above, from the last column of tiles to the first: what lies below and to the right
/// is inverted already.
void invertLeaf(Block lower) {
    double* const data = lower.data();
    const Eigen::Index stride = lower.outerStride();
    const Eigen::Index n = lower.rows();
    for (Eigen::Index j = 1; j < n; ++j)
        lower.col(j).head(j).setZero();
    double solved[kTile * kLeaf]; ///< -L(below, tile) times the inverse of the tile, row after row
    for (Eigen::Index j = n - kTile; j >= 0; j -= kTile) {
        double* const tile = data + j + j * stride;
        for (int c = kTile - 1; c >= 0; --c) {
            tile[c + c * stride] = 1.0 / tile[c + c * stride];
            for (int r = kTile - 1; r > c; --r) {
                double sum = 0.0;
                for (int p = c + 1; p <= r; ++p)
                    sum += tile[r + p * stride] * tile[p + c * stride];
                tile[r + c * stride] = -sum * tile[c + c * stride];
            }
        }
        const Eigen::Index first = j + kTile;
        for (Eigen::Index i = first; i < n; ++i)
            for (int c = 0; c < kTile; ++c) {
                double sum = 0.0;
                for (int p = c; p < kTile; ++p)
                    sum -= data[i + (j + p) * stride] * tile[p + c * stride];
                solved[kTile * (i - first) + c] = sum;
            }
        overRows(first, n, [&]<int R>(Rows<R>, Eigen::Index i) {
            Tile<R> sums;
            sums.addProduct(data + i + first * stride, stride, solved, kTile, i + 4 * R - first);
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
                for (int c = 0; c < kTile; ++c)
                    store(data + i + 4 * r + (j + c) * stride, sums.sums[r][c]);
        });
    }
}

/// L with zeros above -> the lower half of L^T L.
void squareLeaf(Block lower) {
    double* const data = lower.data();
    const Eigen::Index stride = lower.outerStride();
    const Eigen::Index n = lower.rows();
    double result[kTile * kLeaf];
    for (Eigen::Index j = 0; j < n; j += kTile) {
        for (Eigen::Index i = j; i < n; i += 2) {
            Four sums[2][kTile];
#pragma GCC unroll 4
            for (int c = 0; c < kTile; ++c) {
                sums[0][c].setZero();
                sums[1][c].setZero();
            }
            for (Eigen::Index k = i - i % 4; k < n; k += 4) {
                const Four first = load(data + k + i * stride);
                const Four second = load(data + k + (i + 1) * stride);
#pragma GCC unroll 4
                for (int c = 0; c < kTile; ++c) {
                    const Four other = load(data + k + (j + c) * stride);
                    sums[0][c] += first * other;
                    sums[1][c] += second * other;
                }
            }
#pragma GCC unroll 4
            for (int c = 0; c < kTile; ++c) {
                result[c * kLeaf + i] = sums[0][c].sum();
                result[c * kLeaf + i + 1] = sums[1][c].sum();
            }
        }
        for (int c = 0; c < kTile; ++c) // columns after these do not need them
            std::copy(result + c * kLeaf + j, result + c * kLeaf + n, data + j + (j + c) * stride);
    }
}

/// L -> L^-1.
void invertLower(Block lower) {
    const Eigen::Index n = lower.rows();
    if (isLeaf(n)) {
        invertLeaf(lower);
    } else if (n == 1) {
        lower(0, 0) = 1.0 / lower(0, 0);
    } else {
        const Eigen::Index first = n < kTile ? n / 2 : splitOf(n);
        auto below = lower.bottomLeftCorner(n - first, first);
        invertLower(lower.topLeftCorner(first, first));
        invertLower(lower.bottomRightCorner(n - first, n - first));
        const Eigen::MatrixXd product =
            lower.bottomRightCorner(n - first, n - first).triangularView<Eigen::Lower>() * below;
        below.noalias() = -product * lower.topLeftCorner(first, first).triangularView<Eigen::Lower>();
    }
}

/// L -> the lower half of L^T L.
void multiplyByTranspose(Block lower) {
    const Eigen::Index n = lower.rows();
    if (isLeaf(n)) {
        squareLeaf(lower);
    } else if (n == 1) {
        lower(0, 0) *= lower(0, 0);
    } else {
        const Eigen::Index first = n < kTile ? n / 2 : splitOf(n);
        auto below = lower.bottomLeftCorner(n - first, first);
        auto corner = lower.bottomRightCorner(n - first, n - first);
        multiplyByTranspose(lower.topLeftCorner(first, first));
        Block above = lower.topLeftCorner(first, first);
        above.selfadjointView<Eigen::Lower>().rankUpdate(below.transpose());
        const Eigen::MatrixXd product = corner.triangularView<Eigen::Lower>().transpose() * below;
        below = product;
        multiplyByTranspose(corner);
    }
}

} // namespace

bool factoriseInPlace(Eigen::Ref<Eigen::MatrixXd> matrix) {
    const Eigen::Index n = matrix.rows();
    if (isLeaf(n))
        return factoriseLeaf(matrix);
    if (n < kTile)
        return Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>>(matrix).info() == Eigen::Success;
    const Eigen::Index first = splitOf(n);
    if (!factoriseInPlace(matrix.topLeftCorner(first, first)))
        return false;
    auto below = matrix.bottomLeftCorner(n - first, first);
    matrix.topLeftCorner(first, first)
        .triangularView<Eigen::Lower>()
        .transpose()
        .solveInPlace<Eigen::OnTheRight>(below);
    Block corner = matrix.bottomRightCorner(n - first, n - first);
    corner.selfadjointView<Eigen::Lower>().rankUpdate(below, -1.0);
    return factoriseInPlace(corner);
}

void invertFromFactor(Eigen::Ref<Eigen::MatrixXd> lower) {
    if (lower.rows() == 0)
        return;
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

void CholeskyFactor::whiten(Eigen::Ref<Eigen::MatrixXd> rows) const {
    whitenRows(lower, rows);
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
