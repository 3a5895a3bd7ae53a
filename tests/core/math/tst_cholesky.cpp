#include "base/rng.h"
#include "math/cholesky.h"
#include "near.h"

#include <QTest>

#include <Eigen/Eigenvalues>

#include <array>
#include <cmath>

using namespace alidade;

class CholeskyTest : public QObject {
    Q_OBJECT
private slots:
    void factorsAndSolves();
    void factorisesInPlaceByBlocks();
    void invertsByBlocks();
    void whitensRows();
    void appendingEqualsFactorising();
    void reportsItsJitter();
    void refusesWhatCannotBeFactorised();

private:
    /// With and without a rest after tiles of four, one and several leaves of 256.
    static constexpr std::array<Eigen::Index, 17> kSizes{1,  2,  3,  4,   5,   7,   8,   12, 31,
                                                         32, 61, 64, 150, 256, 257, 300, 523};

    static Eigen::MatrixXd randomPositive(Eigen::Index n) {
        Rng rng(3, "matrix");
        const Eigen::MatrixXd a =
            Eigen::MatrixXd::NullaryExpr(n, n, [&](Eigen::Index, Eigen::Index) { return rng.normal(); });
        return a * a.transpose() + Eigen::MatrixXd::Identity(n, n);
    }
};

void CholeskyTest::factorsAndSolves() {
    const Eigen::MatrixXd matrix = randomPositive(12);
    const CholeskyFactor factor = factorise(matrix).value();
    QCOMPARE(factor.jitter, 0.0);
    QVERIFY((factor.lower * factor.lower.transpose()).isApprox(matrix, 1e-13));
    const Eigen::MatrixXd b = Eigen::MatrixXd::Random(12, 3);
    QVERIFY((matrix * factor.solve(b)).isApprox(b, 1e-11));
    QVERIFY((factor.lower * factor.solveLower(b)).isApprox(b, 1e-12));
    QVERIFY((matrix * factor.inverse()).isApprox(Eigen::MatrixXd::Identity(12, 12), 1e-11));
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(matrix);
    VERIFY_NEAR(factor.logDeterminant(), eigen.eigenvalues().array().log().sum(), 1e-12);
}

void CholeskyTest::factorisesInPlaceByBlocks() {
    for (const Eigen::Index n : kSizes) {
        const Eigen::MatrixXd matrix = randomPositive(n);
        Eigen::MatrixXd work = matrix;
        work.triangularView<Eigen::StrictlyUpper>().setConstant(NAN); // not read
        QVERIFY(factoriseInPlace(work));
        const Eigen::MatrixXd lower = work.triangularView<Eigen::Lower>();
        QVERIFY((lower * lower.transpose()).isApprox(matrix, 1e-13));
        // One negative eigenvalue, seen only at the last pivot.
        Eigen::MatrixXd indefinite = matrix;
        indefinite(n - 1, n - 1) -= 1.01 / factorise(matrix)->inverse()(n - 1, n - 1);
        QVERIFY(!factoriseInPlace(indefinite));
    }
}

void CholeskyTest::invertsByBlocks() {
    for (const Eigen::Index n : kSizes) {
        const Eigen::MatrixXd matrix = randomPositive(n);
        const CholeskyFactor factor = factorise(matrix).value();
        Eigen::MatrixXd lower = factor.lower;
        lower.triangularView<Eigen::StrictlyUpper>().setConstant(NAN); // not read
        invertFromFactor(lower);
        const Eigen::MatrixXd whole = lower.selfadjointView<Eigen::Lower>();
        QVERIFY((matrix * whole).isApprox(Eigen::MatrixXd::Identity(n, n), 1e-9));
        const Eigen::MatrixXd inverse = factor.inverse();
        QVERIFY((matrix * inverse).isApprox(Eigen::MatrixXd::Identity(n, n), 1e-9));
        QCOMPARE(inverse, Eigen::MatrixXd(inverse.transpose()));
    }
}

void CholeskyTest::whitensRows() {
    for (const Eigen::Index n : kSizes)
        for (const Eigen::Index m : {1, 4, 6, 12, 29}) {
            const CholeskyFactor factor = factorise(randomPositive(n)).value();
            Rng rng(5, "rows");
            const Eigen::MatrixXd rows =
                Eigen::MatrixXd::NullaryExpr(m, n, [&](Eigen::Index, Eigen::Index) { return rng.normal(); });
            Eigen::MatrixXd white = rows;
            factor.whiten(white);
            QVERIFY((white * factor.lower.transpose()).isApprox(rows, 1e-12));
        }
}

void CholeskyTest::appendingEqualsFactorising() {
    const Eigen::MatrixXd matrix = randomPositive(9);
    const CholeskyFactor whole = factorise(matrix).value();
    CholeskyFactor grown = factorise(matrix.topLeftCorner(6, 6)).value();
    for (Eigen::Index n = 6; n < 9; ++n)
        grown = appended(grown, matrix.col(n).head(n), matrix(n, n));
    QVERIFY(grown.lower.isApprox(whole.lower, 1e-12));
    // A copy of a point already there leaves a pivot of nothing; it stays positive.
    const CholeskyFactor repeated = appended(whole, matrix.col(0), matrix(0, 0));
    QVERIFY(repeated.lower(9, 9) > 0.0 && repeated.lower(9, 9) < 1e-4 * std::sqrt(matrix(0, 0)));
}

void CholeskyTest::reportsItsJitter() {
    // Rank one: singular beyond rounding.
    const Eigen::MatrixXd singular = Eigen::MatrixXd::Ones(5, 5);
    const CholeskyFactor factor = factorise(singular).value();
    QVERIFY(factor.jitter > 0.0 && factor.jitter <= 1e-10);
    const Eigen::MatrixXd rest = factor.lower * factor.lower.transpose() - singular;
    for (Eigen::Index i = 0; i < 5; ++i)
        QVERIFY(std::abs(rest(i, i) - factor.jitter) < 1e-14);
}

void CholeskyTest::refusesWhatCannotBeFactorised() {
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(3, 3);
    matrix(1, 1) = -1.0;
    QCOMPARE(factorise(matrix).error().code, ErrorCode::Numerical);
    matrix(1, 1) = NAN;
    QCOMPARE(factorise(matrix).error().code, ErrorCode::Numerical);
}

QTEST_APPLESS_MAIN(CholeskyTest)
#include "tst_cholesky.moc"
