#include "acquisition/shotgun.h"
#include "base/rng.h"
#include "gp_golden.h"
#include "near.h"

#include <QTest>

#include <cmath>

using namespace alidade;
using test::Golden;

// epsilon-shotgun: radii against reference values, draws against rejection, the front against all pairs.

class ShotgunTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void radii_data();
    void radii();
    void drawsAreTruncatedNormals();
    void frontOfMeanAndSpread();

private:
    Golden m_golden;
};

void ShotgunTest::initTestCase() {
    m_golden = Golden::parse(test::readFile(test::dataPath("hpo_public.json")));
}

void ShotgunTest::radii_data() {
    QTest::addColumn<QString>("setup");
    QTest::addColumn<QString>("entry");
    QTest::addColumn<QList<double>>("target");
    QTest::newRow("1d, 0.3") << "1d"
                             << "1d_x0.3" << QList<double>{0.3};
    QTest::newRow("1d, 0.8") << "1d"
                             << "1d_x0.8" << QList<double>{0.8};
    QTest::newRow("2d, 0.45 0.5") << "2d"
                                  << "2d_x[0.45, 0.5]" << QList<double>{0.45, 0.5};
    QTest::newRow("2d, 0.95 0.95") << "2d"
                                   << "2d_x[0.95, 0.95]" << QList<double>{0.95, 0.95};
}

void ShotgunTest::radii() {
    QFETCH(QString, setup);
    QFETCH(QString, entry);
    QFETCH(QList<double>, target);
    const Golden& given = m_golden["eps_shotgun"]["setup"][setup.toStdString()];
    const Golden& expected = m_golden["eps_shotgun"][entry.toStdString()];
    const auto d = static_cast<Eigen::Index>(target.size());
    GpData data;
    data.x = d == 1 ? Eigen::MatrixXd(test::vectorOf(given["X"])) : test::matrixOf(given["X"]);
    const Eigen::VectorXd y = test::vectorOf(given["Y"]);
    const double mean = y.mean();
    const double scale = std::sqrt((y.array() - mean).square().mean());
    data.y = (y.array() - mean) / scale;
    data.groups = ColumnGroups(static_cast<std::size_t>(d), 0);
    const double length = given["l"].get<double>();
    const auto process = GaussianProcess::condition(data, KernelFamily::Matern52,
                                                    {Eigen::VectorXd::Constant(1, length), 1.0, 1e-6, 0.0})
                             .value();
    Eigen::VectorXd x(d);
    for (Eigen::Index i = 0; i < d; ++i)
        x(i) = target[i];
    const GpPointPrediction at = process.predictPoint(x.transpose());
    const double outcome = mean + scale * at.mean;
    const double sd = scale * std::sqrt(at.variance + 1e-6);
    VERIFY_NEAR(outcome, expected["mu"].get<double>(), 1e-9);
    VERIFY_NEAR(sd, expected["sigma"].get<double>(), 1e-9);
    const GradientNorm norm = [&](const Eigen::VectorXd& point) {
        return scale * process.predictPoint(point.transpose()).meanGradient.norm();
    };
    const double lipschitz =
        lipschitzEstimate(norm, (x.array() - length).max(0.0), (x.array() + length).min(1.0), data.x);
    VERIFY_NEAR(lipschitz, expected["L"].get<double>(), 1e-6);
    VERIFY_NEAR(shotgunRadius(outcome, sd, y.minCoeff(), lipschitz, std::sqrt(static_cast<double>(d))),
                expected["r"].get<double>(), 1e-6);
}

void ShotgunTest::drawsAreTruncatedNormals() {
    Rng rng(1, "draws");
    Rng other(2, "rejection");
    constexpr int kDraws = 40000;
    Eigen::RowVectorXd center(2);
    center << 0.02, 0.6;
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(2);
    Eigen::RowVectorXd reference = sum;
    for (int i = 0; i < kDraws; ++i) {
        const Eigen::RowVectorXd point = shotgunDraw(center, 0.3, rng);
        QVERIFY(point.minCoeff() >= 0.0 && point.maxCoeff() <= 1.0);
        sum += point;
        for (Eigen::Index c = 0; c < 2; ++c) {
            double value = -1.0;
            while (value < 0.0 || value > 1.0)
                value = center(c) + 0.3 * other.normal();
            reference(c) += value;
        }
    }
    for (Eigen::Index c = 0; c < 2; ++c)
        QVERIFY(std::abs(sum(c) - reference(c)) / kDraws < 0.006);
    QVERIFY(shotgunDraw(center, 0.0, rng) == center);
    QVERIFY((shotgunDraw(center, 1e-4, rng) - center).norm() < 1e-3);
}

void ShotgunTest::frontOfMeanAndSpread() {
    Eigen::VectorXd mean(6);
    Eigen::VectorXd sd(6);
    mean << 1.0, 0.5, 2.0, 0.5, 3.0, 1.0;
    sd << 0.3, 0.1, 0.9, 0.1, 0.8, 0.2;
    QCOMPARE(exploitExploreFront(mean, sd, false), (std::vector<std::size_t>{0, 1, 2}));
    QCOMPARE(exploitExploreFront(mean, sd, true), (std::vector<std::size_t>{2, 4}));
}

QTEST_APPLESS_MAIN(ShotgunTest)
#include "tst_shotgun.moc"
