#include "belief/axis_density.h"
#include "belief/belief_weights.h"
#include "exchange/study_json.h"
#include "space/encoding.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <numbers>

using namespace alidade;

Q_DECLARE_METATYPE(Parameter)
Q_DECLARE_METATYPE(Density)

class BeliefWeightsTest : public QObject {
    Q_OBJECT
private slots:
    void densitiesAreNormalised_data();
    void densitiesAreNormalised();
    void densitiesAtPoints();
    void flatOnesAreKnown();
    void weightsOfTheRelease_data();
    void weightsOfTheRelease();
    void factorsOfPibo();
    void confidenceIsAProbability_data();
    void confidenceIsAProbability();
    void bayesFactorOfTwoClasses();
    void contradictedBeliefsLoseInfluence();
    void collapsedWeightsAreTempered();
    void claimsThatFitNothingAreLeftOut();

private:
    static Json golden() { return parseJson(test::readFile(test::dataPath("beliefs.json"))).value(); }
    static Parameter real(double low, double high, Scale scale = Scale::Linear) {
        return {ParameterId{1}, "x", RealRange{low, high, scale, {}}, "", {}, {}};
    }
};

void BeliefWeightsTest::densitiesAreNormalised_data() {
    QTest::addColumn<Parameter>("parameter");
    QTest::addColumn<Density>("density");
    const auto row = [](const char* name, Parameter parameter, Density density) {
        QTest::newRow(name) << std::move(parameter) << std::move(density);
    };
    row("normal", real(-2, 5), NormalDensity{1.0, 0.7});
    row("normal at the border", real(0, 1), NormalDensity{1.0, 0.3});
    row("normal beyond the border", real(0, 1), NormalDensity{1.5, 0.3});
    row("truncated normal", real(0, 1), NormalDensity{0.3, 0.2, 0.25, 0.9});
    row("log scale", real(1e-5, 0.1, Scale::Log), NormalDensity{1e-3, 0.5});
    row("logit scale", real(0.01, 0.999, Scale::Logit), NormalDensity{0.9, 0.5});
    row("uniform", real(0, 10), UniformDensity{2, 3});
    row("beta", real(0, 10), BetaDensity{2, 5});
    row("drawn", real(0, 10), DrawnDensity{{0, 2, 2, 7}, {0, 1, 3, 0.5}});
    row("drawn on a log scale", real(1, 100, Scale::Log), DrawnDensity{{1, 10, 100}, {0, 1, 0}});
    row("ordinal", {ParameterId{1}, "x", OrdinalChoices{{Value(1.0), Value(2.0), Value(3.0)}}, "", {}, {}},
        BetaDensity{3, 2});
    row("categorical",
        {ParameterId{1},
         "x",
         CategoricalChoices{{Value(std::string("a")), Value(std::string("b"))}},
         "",
         {},
         {}},
        ChoiceWeights{{{"a", 3.0}, {"b", 1.0}}});
}

void BeliefWeightsTest::densitiesAreNormalised() {
    QFETCH(const Parameter, parameter);
    QFETCH(const Density, density);
    const AxisDensity axis(parameter, density);
    QVERIFY(!axis.flat());
    const auto levels = valueCount(parameter.domain);
    const int count = levels ? static_cast<int>(*levels) : 20000;
    double mean = 0.0;
    for (int i = 0; i < count; ++i)
        mean += levels ? std::exp(axis.logRatio(valueAtRank(parameter.domain, static_cast<std::uint64_t>(i))))
                       : std::exp(axis.logRatioAt((i + 0.5) / count));
    mean /= count;
    QVERIFY2(std::abs(mean - 1.0) < 1e-3, qPrintable(QString::number(mean)));
    // Quantiles: the share of the density below quantile(u) is u.
    if (levels)
        return;
    for (const double u : {0.05, 0.5, 0.93}) {
        const double to = Encoding::position(parameter, axis.quantile(u));
        double below = 0.0;
        for (int i = 0; i < count; ++i)
            below += (i + 0.5) / count < to ? std::exp(axis.logRatioAt((i + 0.5) / count)) / count : 0.0;
        QVERIFY2(std::abs(below - u) < 5e-3, qPrintable(QString::number(below)));
    }
    const double atMode = axis.logRatio(axis.mode());
    for (int i = 0; i <= 100; ++i)
        QVERIFY(axis.logRatioAt(0.01 * i) <= atMode + 0.02);
}

void BeliefWeightsTest::densitiesAtPoints() {
    // Normal(0.3, 0.1) inside [0, 1]: the mass inside is Phi(7) - Phi(-3) = 0.99865010.
    const AxisDensity normal(real(0, 1), NormalDensity{0.3, 0.1});
    QVERIFY(std::abs(std::exp(normal.logRatioAt(0.3)) - 3.98942280401433 / 0.998650101968) < 1e-9);
    QVERIFY(std::abs(normal.logRatioAt(0.5) - normal.logRatioAt(0.3) + 2.0) < 1e-12);
    // One e-fold from the centre is one spread of 1 on a log scale.
    const AxisDensity log(real(1e-5, 0.1, Scale::Log), NormalDensity{1e-3, 1.0});
    QVERIFY(std::abs(log.logRatio(Value(1e-3 * std::numbers::e)) - log.logRatio(Value(1e-3)) + 0.5) < 1e-9);
    // Triangle over [0, 10] with its peak of 2 / 10 at 2.
    const AxisDensity drawn(real(0, 10), DrawnDensity{{0, 2, 10}, {0, 1, 0}});
    QVERIFY(std::abs(std::exp(drawn.logRatioAt(0.2)) - 2.0) < 1e-9);
    QVERIFY(std::abs(std::exp(drawn.logRatioAt(0.1)) - 1.0) < 1e-9);
}

void BeliefWeightsTest::flatOnesAreKnown() {
    QVERIFY(AxisDensity(real(0, 1), UniformDensity{0, 1}).flat());
    QVERIFY(AxisDensity(real(0, 1), UniformDensity{-1, 2}).flat());
    QVERIFY(!AxisDensity(real(0, 1), UniformDensity{0, 0.5}).flat());
    QVERIFY(AxisDensity(real(0, 1), BetaDensity{1, 1}).flat());
    QVERIFY(AxisDensity(real(0, 1), DrawnDensity{{0, 1}, {2, 2}}).flat());
    QVERIFY(!AxisDensity(real(0, 1), DrawnDensity{{0, 0.5}, {2, 2}}).flat());
    const Parameter choice{ParameterId{1}, "x", CategoricalChoices{{Value(true), Value(false)}}, "", {}, {}};
    QVERIFY(AxisDensity(choice, ChoiceWeights{{{"true", 2.0}, {"false", 2.0}}}).flat());
}

void BeliefWeightsTest::weightsOfTheRelease_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("power");
    for (const char* key : {"n5_T80", "n20_T80", "n79_T80"})
        for (const char* power : {"power1", "power2"})
            QTest::addRow("%s %s", key, power) << key << power;
}

void BeliefWeightsTest::weightsOfTheRelease() {
    QFETCH(const QString, key);
    QFETCH(const QString, power);
    const Json data = golden()["colabo"];
    const Json& expected = data["weights"][key.toStdString()];
    const auto logs = data["log_rho"].get<std::vector<double>>();
    const Eigen::VectorXd logRho = Eigen::Map<const Eigen::VectorXd>(logs.data(), std::ssize(logs));
    const Eigen::VectorXd weights =
        temperedWeights(logRho, expected["exponent_" + power.toStdString()].get<double>());
    for (Eigen::Index i = 0; i < weights.size(); ++i) {
        const double want =
            expected["weights_" + power.toStdString()][static_cast<std::size_t>(i)].get<double>();
        QVERIFY2(std::abs(weights(i) / want - 1.0) < 1e-9, qPrintable(QString::number(weights(i), 'g', 15)));
    }
    if (power == "power1")
        QVERIFY(std::abs(effectiveSampleSize(weights) - expected["ESS_power1"].get<double>()) < 1e-9);
}

void BeliefWeightsTest::factorsOfPibo() {
    const Json values = golden()["pibo"]["values"];
    for (const auto& [n, places] : values.items())
        for (const auto& [x, entry] : places.items()) {
            const double z = (std::stod(x.substr(1)) - 0.3) / 0.1;
            const double density = std::exp(-0.5 * z * z) / (0.1 * std::sqrt(2.0 * std::numbers::pi));
            const double factor = piboLogFactor(density, 10.0, std::stod(n.substr(1)));
            QVERIFY(std::abs(factor - entry["log_weight"].get<double>()) < 1e-9 * std::abs(factor) + 1e-12);
        }
}

void BeliefWeightsTest::confidenceIsAProbability_data() {
    QTest::addColumn<double>("confidence");
    for (const double confidence : {0.0, 0.3, 0.9, 1.0})
        QTest::addRow("%g", confidence) << confidence;
}

/// A claim that half of the functions fit, without data: they get the share (1 + 0.95 c) / 2.
void BeliefWeightsTest::confidenceIsAProbability() {
    QFETCH(const double, confidence);
    Eigen::MatrixXd fit = Eigen::MatrixXd::Zero(1, 1000);
    fit.rightCols(500).setConstant(kLogRatioFloor);
    const BeliefWeights weights = beliefWeights(fit, fit, Eigen::VectorXd::Constant(1, confidence));
    QVERIFY(weights.weighting == BeliefWeighting::PosteriorPath);
    QVERIFY(std::abs(weights.weights.head(500).sum() / 1000.0 - 0.5 * (1.0 + 0.95 * confidence)) < 1e-9);
    QVERIFY(std::abs(weights.logBayesFactor) < 1e-9);
    if (confidence == 0.0)
        QVERIFY((weights.weights.array() == 1.0).all());
}

/// 30 % of the functions before the data and 75 % of those after it fit the claim: its Bayes factor is 2.5.
void BeliefWeightsTest::bayesFactorOfTwoClasses() {
    Eigen::MatrixXd before = Eigen::MatrixXd::Constant(1, 1000, -200.0);
    Eigen::MatrixXd after = before;
    before.leftCols(300).setZero();
    after.leftCols(750).setZero();
    const BeliefWeights weights = beliefWeights(before, after, Eigen::VectorXd::Constant(1, 0.6));
    QVERIFY(std::abs(weights.claimLogBayesFactors[0] - std::log(2.5)) < 1e-9);
    // rho is 0.6 / 0.3 + 0.4 where it fits, else 0.4; its prior mean is 1.
    QVERIFY(std::abs(weights.logBayesFactor - std::log(0.75 * 2.4 + 0.25 * 0.4)) < 1e-9);
    QVERIFY(std::abs(weights.weights(0) / weights.weights(999) - (0.95 * 2.4 + 0.05) / (0.95 * 0.4 + 0.05)) <
            1e-9);
}

/// The fewer posterior functions fit, the nearer are the weights of the others to one another, and to 1.
void BeliefWeightsTest::contradictedBeliefsLoseInfluence() {
    double lastSpread = 1e300;
    for (const double shift : {0.0, 3.0, 6.0, 9.0}) {
        Eigen::MatrixXd before(1, 2000);
        Eigen::MatrixXd after(1, 2000);
        for (Eigen::Index i = 0; i < 2000; ++i) {
            const double u = (static_cast<double>(i) + 0.5) / 2000.0;
            before(0, i) = -0.5 * std::pow((u - 0.2) / 0.1, 2);
            after(0, i) = -0.5 - shift - 0.5 * u; // all at some distance, the data know where
        }
        const BeliefWeights weights = beliefWeights(before, after, Eigen::VectorXd::Ones(1));
        const double spread = weights.weights.maxCoeff() - weights.weights.minCoeff();
        QVERIFY(spread < lastSpread);
        lastSpread = spread;
        if (shift > 4.0)
            QVERIFY(weights.logBayesFactor < std::log(0.1));
    }
    QVERIFY(lastSpread < 0.01);
}

void BeliefWeightsTest::collapsedWeightsAreTempered() {
    Eigen::MatrixXd before(1, 1000);
    Eigen::MatrixXd after(1, 1000);
    for (Eigen::Index i = 0; i < 1000; ++i) {
        before(0, i) = -0.01 * static_cast<double>(i);
        after(0, i) = -0.05 * static_cast<double>(i % 100 == 0 ? i : i + 300);
    }
    const BeliefWeights tempered = beliefWeights(before, after, Eigen::VectorXd::Ones(1), 500.0);
    QVERIFY(tempered.weighting != BeliefWeighting::PosteriorPath);
    if (tempered.weighting == BeliefWeighting::Tempered) {
        QVERIFY(tempered.scale.exponent > 0.0 && tempered.scale.exponent < 1.0);
        QVERIFY(std::abs(tempered.effectiveSampleSize - 500.0) < 1.0);
    }
    QVERIFY(std::abs(tempered.weights.mean() - 1.0) < 1e-9);
    // A single function fits: even a small power of its weight is too much, the functions before the data
    // serve.
    after.setConstant(-300.0);
    after(0, 7) = 0.0;
    const BeliefWeights prior = beliefWeights(before, after, Eigen::VectorXd::Ones(1), 100.0);
    QVERIFY(prior.effectiveSampleSize >= 99.0);
}

void BeliefWeightsTest::claimsThatFitNothingAreLeftOut() {
    const Eigen::MatrixXd fit = Eigen::MatrixXd::Constant(1, 100, kLogRatioFloor);
    const BeliefWeights weights = beliefWeights(fit, fit, Eigen::VectorXd::Ones(1));
    QVERIFY(!weights.usable[0]);
    QVERIFY((weights.weights.array() == 1.0).all());
    QVERIFY(weights.logBayesFactor == 0.0);
}

QTEST_GUILESS_MAIN(BeliefWeightsTest)
#include "tst_belief_weights.moc"
