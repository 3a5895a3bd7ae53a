#include "acquisition/entropy_search.h"
#include "acquisition/knowledge_gradient.h"
#include "base/rng.h"
#include "belief/sampled_gain.h"
#include "math/cholesky.h"
#include "near.h"

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// Functions with values at a place and at three candidates, and uneven weights.
struct Functions {
    Eigen::VectorXd here;
    Eigen::MatrixXd candidates;
    Eigen::VectorXd weights;

    explicit Functions(int count) : here(count), candidates(count, 3), weights(count) {
        Rng rng(7, "functions");
        for (int i = 0; i < count; ++i) {
            here(i) = rng.normal();
            candidates(i, 0) = 0.8 * here(i) + 0.6 * rng.normal() + 0.3;
            candidates(i, 1) = rng.normal() + 0.2;
            candidates(i, 2) = -0.5 * here(i) + 0.5 * rng.normal();
            weights(i) = std::exp(1.2 * rng.normal());
        }
        weights /= weights.sum();
    }
    [[nodiscard]] Eigen::Index drawn(const Eigen::VectorXd& shares, Rng& rng) const {
        double left = rng.uniform() * shares.sum();
        Eigen::Index i = 0;
        while (i + 1 < shares.size() && left >= shares(i))
            left -= shares(i++);
        return i;
    }
    /// Of each function after an outcome y at the place, not normalised.
    [[nodiscard]] Eigen::VectorXd likelihoods(const Eigen::VectorXd& shares, double y, double sd) const {
        return shares.array() * (-0.5 * ((y - here.array()) / sd).square()).exp() / (sd * 2.506628274631);
    }
};

} // namespace

class SampledGainTest : public QObject {
    Q_OBJECT
private slots:
    void knowledgeAgreesWithSimulation();
    void knowledgeOfNormalFunctionsHasAClosedForm();
    void informationAgreesWithSimulation();
    void informationOfNormalFunctionsHasAClosedForm();
    void gradientsAgreeWithDifferences();
    void nothingIsLearntWhereAllAgree();
    void quantilesFollowTheWeights();
};

/// An outcome drawn, functions weighed by it, the best candidate chosen: many times.
void SampledGainTest::knowledgeAgreesWithSimulation() {
    const Functions functions(12);
    const double sd = 0.5;
    Rng rng(3, "outcomes");
    Eigen::MatrixXd all(12, 4);
    all << functions.candidates, functions.here;
    const double known = (all.transpose() * functions.weights).maxCoeff();
    const int count = 60000;
    double sum = 0.0;
    double squares = 0.0;
    for (int k = 0; k < count; ++k) {
        const double y = functions.here(functions.drawn(functions.weights, rng)) + sd * rng.normal();
        const Eigen::VectorXd after = functions.likelihoods(functions.weights, y, sd);
        const double gain = (all.transpose() * after).maxCoeff() / after.sum() - known;
        sum += gain;
        squares += gain * gain;
    }
    const double mean = sum / count;
    const double error = std::sqrt((squares / count - mean * mean) / count);
    const double gain = SampledKnowledge{functions.weights, functions.candidates, sd}.at(functions.here);
    QVERIFY2(std::abs(gain - mean) < 4.0 * error,
             qPrintable(QString("%1 against %2 ± %3").arg(gain).arg(mean).arg(error)));
    QVERIFY(gain > 20.0 * error);
}

/// For jointly normal functions the means after an outcome are straight lines in it (1807.02811, equation 9).
void SampledGainTest::knowledgeOfNormalFunctionsHasAClosedForm() {
    const Eigen::Vector3d mean(0.0, 0.3, 0.1); // the place and two candidates
    Eigen::Matrix3d covariance;
    covariance << 1.0, 0.6, -0.4, 0.6, 0.9, 0.0, -0.4, 0.0, 0.7;
    const CholeskyFactor factor = factorise(covariance).value();
    const Eigen::Index count = 3000;
    Eigen::MatrixXd values(count, 3);
    Rng rng(5, "normal functions");
    for (Eigen::Index i = 0; i < count; ++i) {
        const Eigen::Vector3d z(rng.normal(), rng.normal(), rng.normal());
        values.row(i) = (mean + factor.lower.triangularView<Eigen::Lower>() * z).transpose();
    }
    const double noise = 0.4;
    const Eigen::VectorXd slopes = covariance.col(0) / std::sqrt(1.0 + noise * noise);
    const double exact = std::exp(expectedMaximumGain(mean, slopes).logGain);
    const SampledKnowledge sampled{Eigen::VectorXd::Constant(count, 1.0 / static_cast<double>(count)),
                                   values.rightCols(2), noise};
    const double gain = sampled.at(values.col(0));
    // Sampling error of the means and slopes of 3,000 functions.
    QVERIFY2(std::abs(gain - exact) < 0.04, qPrintable(QString("%1 against %2").arg(gain).arg(exact)));
}

void SampledGainTest::informationAgreesWithSimulation() {
    const Functions functions(12);
    const double sd = 0.5;
    const Eigen::Vector3d optima(0.2, 0.7, 1.4);
    Rng rng(4, "outcomes");
    const auto entropy = [&](const Eigen::VectorXd& shares) {
        double sum = 0.0;
        for (int k = 0; k < 40000; ++k) {
            const double y = functions.here(functions.drawn(shares, rng)) + sd * rng.normal();
            sum -= std::log(functions.likelihoods(shares, y, sd).sum() / shares.sum()) / 40000.0;
        }
        return sum;
    };
    double expected = entropy(functions.weights);
    for (const double optimum : optima) {
        const Eigen::VectorXd kept =
            functions.weights.array() / (1.0 + ((functions.here.array() - optimum) / (0.25 * sd)).exp());
        expected -= entropy(kept) / 3.0;
    }
    const double information = SampledMaxValue{functions.weights, optima, sd}.at(functions.here);
    QVERIFY2(std::abs(information - expected) < 0.02,
             qPrintable(QString("%1 against %2").arg(information).arg(expected)));
    QVERIFY(information > 0.1);
}

/// For a normal value the information is that of a truncation, with an edge that is soft here.
void SampledGainTest::informationOfNormalFunctionsHasAClosedForm() {
    Rng rng(6, "normal values");
    const Eigen::Index count = 4000;
    const Eigen::VectorXd values =
        Eigen::VectorXd::NullaryExpr(count, [&](Eigen::Index) { return rng.normal(); });
    const double sd = 0.3;
    for (const double optimum : {0.0, 0.8, 1.6}) {
        const SampledMaxValue sampled{Eigen::VectorXd::Constant(count, 1.0 / static_cast<double>(count)),
                                      Eigen::VectorXd::Constant(1, optimum), sd};
        const double exact = truncationInformation(optimum, 1.0 / std::sqrt(1.0 + sd * sd)).value;
        const double information = sampled.at(values);
        QVERIFY2(std::abs(information - exact) < 0.02 + 0.05 * exact,
                 qPrintable(QString("%1 against %2").arg(information).arg(exact)));
    }
}

void SampledGainTest::gradientsAgreeWithDifferences() {
    const Functions functions(9);
    const SampledKnowledge knowledge{functions.weights, functions.candidates, 0.4};
    const SampledMaxValue information{functions.weights, Eigen::Vector2d(0.3, 1.1), 0.4};
    const auto check = [&](const auto& gain) {
        Eigen::VectorXd slopes;
        (void)gain.at(functions.here, &slopes);
        for (Eigen::Index i = 0; i < functions.here.size(); ++i) {
            Eigen::VectorXd up = functions.here;
            Eigen::VectorXd down = functions.here;
            up(i) += 1e-5;
            down(i) -= 1e-5;
            QVERIFY(std::abs(slopes(i) - (gain.at(up) - gain.at(down)) / 2e-5) < 1e-6);
        }
    };
    check(knowledge);
    check(information);
}

void SampledGainTest::nothingIsLearntWhereAllAgree() {
    Functions functions(9);
    functions.here.setConstant(0.3);
    QVERIFY((SampledKnowledge{functions.weights, functions.candidates, 0.2}.at(functions.here)) < 1e-7);
    QVERIFY(std::abs(SampledMaxValue{functions.weights, Eigen::Vector2d(0.5, 1.0), 0.2}.at(functions.here)) <
            1e-7);
}

void SampledGainTest::quantilesFollowTheWeights() {
    const Eigen::Vector3d values(2.0, 1.0, 3.0);
    QVERIFY(weightedQuantiles(values, Eigen::Vector3d(1.0, 1.0, 1.0), 3) == Eigen::Vector3d(1.0, 2.0, 3.0));
    QVERIFY(weightedQuantiles(values, Eigen::Vector3d(0.0, 1.0, 7.0), 4) ==
            Eigen::Vector4d(1.0, 3.0, 3.0, 3.0));
}

QTEST_GUILESS_MAIN(SampledGainTest)
#include "tst_sampled_gain.moc"
