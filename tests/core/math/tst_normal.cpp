#include "math/normal.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace alidade;

class NormalTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithHighPrecision();
    void slopeIsTheDerivative();
    void intervalsDoNotCancel();
};

void NormalTest::agreesWithHighPrecision() {
    const auto golden = nlohmann::json::parse(test::readFile(test::dataPath("gaussian_process.json")));
    for (const auto& entry : golden["special"]["cases"]) {
        const double z = entry["x"].get<double>();
        VERIFY_NEAR(logNormalCdf(z), entry["log_Phi"].get<double>(), 1e-13);
        QVERIFY(test::near(logStandardImprovement(z), entry["log_h"].get<double>(), 1e-12, 1e-13));
    }
}

void NormalTest::slopeIsTheDerivative() {
    for (const double z : {-1e4, -300.0, -30.0, -10.0001, -9.999, -5.0, -1.0001, -0.999, 0.0, 2.0, 8.0}) {
        const double h = 1e-5 * std::max(1.0, std::abs(z));
        const double difference = (logStandardImprovement(z + h) - logStandardImprovement(z - h)) / (2.0 * h);
        VERIFY_NEAR(logStandardImprovementSlope(z), difference, 1e-6);
    }
}

void NormalTest::intervalsDoNotCancel() {
    VERIFY_NEAR(logNormalInterval(-1.0, 1.0), std::log(std::erf(1.0 / std::sqrt(2.0))), 1e-14);
    // Far out the interval is its inner end's tail, on both sides the same.
    VERIFY_NEAR(logNormalInterval(30.0, 40.0), logNormalCdf(-30.0), 1e-14);
    VERIFY_NEAR(logNormalInterval(-40.0, -30.0), logNormalCdf(-30.0), 1e-14);
    // A narrow one is density times width.
    VERIFY_NEAR(logNormalInterval(5.0, 5.0 + 1e-9), logNormalPdf(5.0) + std::log(5.0 + 1e-9 - 5.0), 1e-7);
}

QTEST_APPLESS_MAIN(NormalTest)
#include "tst_normal.moc"
