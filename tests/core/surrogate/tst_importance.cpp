// Shares of variance against the closed forms of two functions made for it, known exactly and known only from
// 200 measurements; permutation importance against refitting without the observation.
#include "math/sobol.h"
#include "surrogate/importance.h"
#include "surrogate/outcome_model.h"

#include <QTest>

#include <cmath>
#include <numbers>
#include <numeric>

using namespace alidade;

namespace {

struct Truth {
    std::function<double(const Eigen::RowVectorXd&)> function;
    Eigen::VectorXd first;
    Eigen::VectorXd total;
    Eigen::MatrixXd pairs;
};

/// Ishigami & Homma 1990 with a = 7, b = 0.1, on the unit cube.
Truth ishigami() {
    constexpr double pi = std::numbers::pi;
    constexpr double a = 7.0;
    constexpr double b = 0.1;
    Truth truth;
    truth.function = [](const Eigen::RowVectorXd& u) {
        const Eigen::RowVectorXd x = std::numbers::pi * (2.0 * u.array() - 1.0).matrix();
        return std::sin(x(0)) + a * std::pow(std::sin(x(1)), 2) + b * std::pow(x(2), 4) * std::sin(x(0));
    };
    const double pi4 = std::pow(pi, 4);
    const double v1 = 0.5 * std::pow(1.0 + b * pi4 / 5.0, 2);
    const double v2 = a * a / 8.0;
    const double v13 = b * b * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0);
    const double v = v1 + v2 + v13;
    truth.first = Eigen::Vector3d(v1, v2, 0.0) / v;
    truth.total = Eigen::Vector3d(v1 + v13, v2, v13) / v;
    truth.pairs = Eigen::MatrixXd::Zero(3, 3);
    truth.pairs(0, 2) = truth.pairs(2, 0) = v13 / v;
    return truth;
}

/// Sobol's g-function, a = 0, 1, 4.5, 9.
Truth gFunction() {
    const Eigen::Vector4d a(0.0, 1.0, 4.5, 9.0);
    Truth truth;
    truth.function = [a](const Eigen::RowVectorXd& u) {
        double product = 1.0;
        for (Eigen::Index i = 0; i < a.size(); ++i)
            product *= (std::abs(4.0 * u(i) - 2.0) + a(i)) / (1.0 + a(i));
        return product;
    };
    const Eigen::Array4d part = 1.0 / (3.0 * (1.0 + a.array()).square());
    const double v = (1.0 + part).prod() - 1.0;
    truth.first = (part / v).matrix();
    truth.total = (part / (1.0 + part) * (1.0 + v) / v).matrix();
    truth.pairs = (part / v).matrix() * part.matrix().transpose();
    truth.pairs.diagonal().setZero();
    return truth;
}

Truth truthOf(const QString& name) {
    return name == "ishigami" ? ishigami() : gFunction();
}

CubeFunctions asCube(const Truth& truth) {
    return [function = truth.function](const Eigen::MatrixXd& points) {
        Eigen::MatrixXd values(points.rows(), 1);
        for (Eigen::Index i = 0; i < points.rows(); ++i)
            values(i, 0) = function(points.row(i));
        return values;
    };
}

InputGroups single(Eigen::Index count) {
    InputGroups groups;
    for (Eigen::Index i = 0; i < count; ++i)
        groups.push_back({i});
    return groups;
}

OutcomeModel learnt(const Truth& truth, std::size_t count, std::uint64_t seed) {
    const Eigen::Index dimension = truth.first.size();
    SobolSequence sequence(static_cast<std::size_t>(dimension), seed);
    Eigen::MatrixXd x(static_cast<Eigen::Index>(count), dimension);
    Eigen::VectorXd y(x.rows());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const std::vector<double> point = sequence.next();
        for (Eigen::Index j = 0; j < dimension; ++j)
            x(i, j) = point[static_cast<std::size_t>(j)];
        y(i) = truth.function(x.row(i));
    }
    return fitOutcomeModel({x, y, oneGroupPerColumn(dimension)}, {seed, 2, std::nullopt, true}).value();
}

} // namespace

class ImportanceTest : public QObject {
    Q_OBJECT
private slots:
    void knownFunctions_data();
    void knownFunctions();
    void from200Measurements_data();
    void from200Measurements();
    void groupsAndConstants();
    void permutationAgainstRefitting();
    void refusesBadInput();
};

void ImportanceTest::knownFunctions_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("ishigami") << "ishigami";
    QTest::newRow("g-function") << "g";
}

void ImportanceTest::knownFunctions() {
    QFETCH(QString, name);
    const Truth truth = truthOf(name);
    const Eigen::Index d = truth.first.size();
    const auto indices = sobolIndices(asCube(truth), d, single(d), 8192, 1).value();
    QVERIFY((indices.first.col(0) - truth.first).cwiseAbs().maxCoeff() < 0.01);
    QVERIFY((indices.total.col(0) - truth.total).cwiseAbs().maxCoeff() < 0.01);
    const std::vector<Eigen::MatrixXd> pairs =
        sobolInteractions(asCube(truth), d, single(d), 8192, 1).value();
    QVERIFY((pairs.front() - truth.pairs).cwiseAbs().maxCoeff() < 0.01);
    // Of each of several functions as of itself alone.
    const CubeFunctions several = [&](const Eigen::MatrixXd& points) -> Eigen::MatrixXd {
        Eigen::MatrixXd values(points.rows(), 3);
        values << Eigen::MatrixXd::Constant(points.rows(), 1, 4.0), -3.0 * asCube(truth)(points),
            points.rowwise().sum();
        return values;
    };
    const std::vector<Eigen::MatrixXd> each = sobolInteractions(several, d, single(d), 8192, 1).value();
    QCOMPARE(each.size(), std::size_t{3});
    QVERIFY(each[0].isZero());
    QVERIFY(each[1].isApprox(pairs.front(), 1e-9));
    QVERIFY(each[2].cwiseAbs().maxCoeff() < 0.01); // a sum of single inputs
}

void ImportanceTest::from200Measurements_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("seed");
    for (const int seed : {1, 2, 3}) {
        QTest::addRow("ishigami %d", seed) << "ishigami" << seed;
        QTest::addRow("g-function %d", seed) << "g" << seed;
    }
}

void ImportanceTest::from200Measurements() {
    QFETCH(QString, name);
    QFETCH(int, seed);
    const Truth truth = truthOf(name);
    const Eigen::Index d = truth.first.size();
    const OutcomeModel model = learnt(truth, 200, static_cast<std::uint64_t>(seed));
    QVERIFY(!model.transform.warped());
    const CubeFunctions mean = [&](const Eigen::MatrixXd& points) -> Eigen::MatrixXd {
        return model.process.predict(points).mean;
    };
    const auto indices = sobolIndices(mean, d, single(d), 1024, 7).value();
    const double first = (indices.first.col(0) - truth.first).cwiseAbs().maxCoeff();
    const double total = (indices.total.col(0) - truth.total).cwiseAbs().maxCoeff();
    const QString found = QString("largest errors: first %1, total %2").arg(first).arg(total);
    QVERIFY2(first < 0.03 && total < 0.03, qPrintable(found));
    qInfo("%s", qPrintable(found));
}

void ImportanceTest::groupsAndConstants() {
    // f = u0 + u1 with both in one group: that group explains everything; u2 nothing; a constant: no shares.
    const CubeFunctions functions = [](const Eigen::MatrixXd& points) {
        Eigen::MatrixXd values(points.rows(), 2);
        values.col(0) = points.col(0) + points.col(1);
        values.col(1).setConstant(3.0);
        return values;
    };
    const auto indices = sobolIndices(functions, 3, {{0, 1}, {2}}, 1024, 1).value();
    QVERIFY(std::abs(indices.first(0, 0) - 1.0) < 0.02);
    QVERIFY(std::abs(indices.total(0, 0) - 1.0) < 0.02);
    QVERIFY(std::abs(indices.total(1, 0)) < 1e-12);
    QVERIFY(std::abs(indices.variance(0) - 1.0 / 6.0) < 0.002);
    QCOMPARE(indices.mean(1), 3.0);
    QCOMPARE(indices.first(0, 1), 0.0);
}

void ImportanceTest::permutationAgainstRefitting() {
    const Truth truth = ishigami();
    const OutcomeModel model = learnt(truth, 24, 5);
    const GpData& data = model.process.data();
    const Eigen::Index n = data.x.rows();
    // One input holds all columns: a shuffle moves whole rows, so the prediction without observation i at
    // another observation's place can be had by conditioning on the others.
    const auto found = permutationImportance(model.process, {{0, 1, 2}, {}}, 400, 3).value();
    const double variance = (data.y.array() - data.y.mean()).square().mean();
    double unmoved = 0.0;
    double moved = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
        GpData rest;
        rest.groups = data.groups;
        rest.x.resize(n - 1, data.x.cols());
        rest.y.resize(n - 1);
        for (Eigen::Index j = 0, row = 0; j < n; ++j) {
            if (j == i)
                continue;
            rest.x.row(row) = data.x.row(j);
            rest.y(row++) = data.y(j);
        }
        const auto without =
            GaussianProcess::condition(rest, model.process.family(), model.process.hyperparameters()).value();
        const Eigen::VectorXd mean = without.predict(data.x).mean;
        unmoved += std::pow(data.y(i) - mean(i), 2) / static_cast<double>(n);
        // Expectation over a uniform shuffle: every row is as likely as any other.
        moved += (data.y(i) - mean.array()).square().mean() / static_cast<double>(n);
    }
    QVERIFY(std::abs(found.error - unmoved / variance) < 1e-6 * (1.0 + found.error));
    const double expected = (moved - unmoved) / variance;
    QVERIFY2(std::abs(found.increase(0) - expected) < 5.0 * found.standardDeviation(0) / std::sqrt(400.0),
             qPrintable(QString("%1 %2").arg(found.increase(0)).arg(expected)));
    QVERIFY(std::abs(found.increase(1)) < 1e-6); // nothing was shuffled
}

void ImportanceTest::refusesBadInput() {
    const CubeFunctions bad = [](const Eigen::MatrixXd& points) {
        return Eigen::MatrixXd::Constant(points.rows(), 1, NAN).eval();
    };
    QVERIFY(sobolIndices(bad, 2, {{0}}, 8, 1).error().code == ErrorCode::Numerical);
    QVERIFY(sobolIndices(bad, 2, {{2}}, 8, 1).error().code == ErrorCode::InvalidArgument);
    QVERIFY(sobolInteractions(bad, 2, {}, 8, 1).error().code == ErrorCode::InvalidArgument);
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(sobolIndices(bad, 2, {{0}}, 8, 1, Monitor(stop.get_token())).error().code ==
            ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(ImportanceTest)
#include "tst_importance.moc"
