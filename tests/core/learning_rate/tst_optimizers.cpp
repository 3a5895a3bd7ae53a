#include "learning_rate/optimizers/optimizer.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <functional>

using namespace alidade;
using Golden = nlohmann::json;

namespace {

/// 1/2 sum a_i (x_i - b_i)^2 or sum |x_i - b_i| in three dimensions, as in the reference values.
TrainingObjective vectorProblem(bool quadratic) {
    const Eigen::Vector3d a(1.0, 4.0, 9.0);
    const Eigen::Vector3d b(1.0, -2.0, 0.5);
    TrainingObjective objective;
    objective.rows = 3;
    objective.gradient = [=](const Eigen::VectorXd& x) -> Eigen::VectorXd {
        if (quadratic)
            return a.cwiseProduct(x - b);
        return (x - b).unaryExpr([](double d) { return d > 0.0 ? 1.0 : d < 0.0 ? -1.0 : 0.0; });
    };
    objective.hessianTimes = [=](const Eigen::VectorXd&, const Eigen::VectorXd& v) -> Eigen::VectorXd {
        return a.cwiseProduct(v);
    };
    return objective;
}

/// 1/2 sum C (W - Wt)^2 elementwise.
TrainingObjective matrixProblem() {
    Eigen::MatrixXd c(2, 3);
    c << 1, 2, 3, 4, 5, 6;
    Eigen::MatrixXd target(2, 3);
    target << 1, -1, 0.5, 0, 2, -2;
    TrainingObjective objective;
    objective.rows = 2;
    objective.columns = 3;
    objective.gradient = [=](const Eigen::VectorXd& x) -> Eigen::VectorXd {
        return c.reshaped().cwiseProduct(x - Eigen::VectorXd(target.reshaped()));
    };
    return objective;
}

} // namespace

class OptimizersTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        m_golden = Golden::parse(test::readFile(test::dataPath("learning_rate.json")))["optimisers"]["data"];
    }
    void agreesWithReference_data();
    void agreesWithReference();
    void matrixMethodsAgreeWithReference_data();
    void matrixMethodsAgreeWithReference();
    void oasisAgreesWithReference();
    void oneInnerStepIsGradientDescent();
    void manyInnerStepsReachTheTarget();
    void allMinimiseAQuadratic_data();
    void allMinimiseAQuadratic();
    void namesAreKnown();

private:
    Golden m_golden;
};

struct Case {
    Optimizer optimizer;
    double rate = 1.0;
};
Q_DECLARE_METATYPE(Case)

void OptimizersTest::agreesWithReference_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<bool>("quadratic");
    QTest::addColumn<Case>("which");
    const auto rows = [](const char* key, const Optimizer& optimizer, double rate) {
        for (const bool quadratic : {true, false})
            QTest::addRow("%s %s", key, quadratic ? "quad" : "l1")
                << QString(key) + (quadratic ? ":quad" : ":l1") << quadratic << Case{optimizer, rate};
    };
    rows("DoG", DoG{}, 1.0);
    DoG early;
    early.relativeStart = 0.1;
    rows("DoG_reps0.1", early, 1.0);
    rows("DoWG_own_reps2=1e-4", DoWG{}, 1.0);
    rows("UDoG_own_reconstruction", UDoG{}, 1.0);
    Prodigy prodigy;
    prodigy.firstDistance = 1e-2;
    rows("Prodigy_ref_d0=1e-2", prodigy, 1.0);
    DAdaptSgd sgd;
    sgd.firstDistance = 1e-2;
    rows("DAdaptSGD_d0=1e-2", sgd, 1.0);
    DAdaptAdam adam;
    adam.firstDistance = 1e-2;
    rows("DAdaptAdam_d0=1e-2", adam, 1.0);
    rows("ScheduleFreeSGD_lr0.05_beta0.9", ScheduleFreeSgd{}, 0.05);
    rows("ScheduleFreeAdamW_lr0.05", ScheduleFreeAdamW{}, 0.05);
    rows("Adam_lr0.1", Adam{}, 0.1);
    Adam decayed;
    decayed.weightDecay = 0.1;
    rows("AdamW_lr0.1_wd0.1", decayed, 0.1);
}

void OptimizersTest::agreesWithReference() {
    QFETCH(QString, key);
    QFETCH(bool, quadratic);
    QFETCH(Case, which);
    const Golden& entries = m_golden[key.toStdString()];
    const TrainingObjective objective = vectorProblem(quadratic);
    Eigen::VectorXd x = Eigen::Vector3d(0.5, 0.5, 0.25);
    int compared = 0;
    const auto same = [](const Eigen::VectorXd& actual, const Golden& expected) {
        for (Eigen::Index i = 0; i < actual.size(); ++i)
            if (!test::near(actual(i), expected[static_cast<std::size_t>(i)].get<double>(), 1e-9, 1e-11))
                return false;
        return true;
    };
    for (int k = 1; k <= 50; ++k) {
        step(which.optimizer, objective, x, which.rate);
        const std::string count = std::to_string(k);
        if (!entries.contains(count))
            continue;
        ++compared;
        const Golden& entry = entries[count];
        if (entry.contains("x_avg")) {
            QVERIFY2(same(x, entry["x_avg"]), count.c_str());
            if (const auto* method = std::get_if<UDoG>(&which.optimizer)) {
                QVERIFY2(same(method->inner, entry["x"]), count.c_str());
                QVERIFY2(same(method->outer, entry["y"]), count.c_str());
                VERIFY_NEAR(method->differences, entry["Q"].get<double>(), 1e-5);
                VERIFY_NEAR(method->largest, entry["M"].get<double>(), 1e-9);
            }
            if (const auto* method = std::get_if<ScheduleFreeSgd>(&which.optimizer))
                QVERIFY2(same(method->gradientPoint(x), entry["x"]), count.c_str());
            if (const auto* method = std::get_if<ScheduleFreeAdamW>(&which.optimizer))
                QVERIFY2(same(method->gradientPoint(x), entry["x"]), count.c_str());
        } else {
            QVERIFY2(same(x, entry["x"]), count.c_str());
        }
        if (const auto* method = std::get_if<DoG>(&which.optimizer); method && entry.contains("eta")) {
            VERIFY_NEAR(method->stepLength, entry["eta"].get<double>(), 1e-9);
            VERIFY_NEAR(method->distance, entry["rbar"].get<double>(), 1e-9);
        }
        if (const auto* method = std::get_if<DoWG>(&which.optimizer))
            VERIFY_NEAR(method->weighted, entry["v"].get<double>(), 1e-9);
        if (const auto* method = std::get_if<Prodigy>(&which.optimizer))
            VERIFY_NEAR(method->distance, entry["d"].get<double>(), 1e-9);
        if (const auto* method = std::get_if<DAdaptSgd>(&which.optimizer))
            VERIFY_NEAR(method->distance, entry["d"].get<double>(), 1e-9);
        if (const auto* method = std::get_if<DAdaptAdam>(&which.optimizer))
            VERIFY_NEAR(method->distance, entry["d"].get<double>(), 1e-9);
    }
    QCOMPARE(compared, 6);
}

void OptimizersTest::matrixMethodsAgreeWithReference_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<Case>("which");
    QTest::newRow("Adafactor") << "Adafactor_own_relstep" << Case{Adafactor{}, 1.0};
    QTest::newRow("Shampoo") << "Shampoo_own_lr0.5_eps1e-4" << Case{Shampoo{}, 0.5};
}

void OptimizersTest::matrixMethodsAgreeWithReference() {
    QFETCH(QString, key);
    QFETCH(Case, which);
    const TrainingObjective objective = matrixProblem();
    Eigen::VectorXd x = Eigen::VectorXd::Constant(6, 0.3);
    int compared = 0;
    for (int k = 1; k <= 10; ++k) {
        step(which.optimizer, objective, x, which.rate);
        const Golden& entries = m_golden[key.toStdString()];
        if (!entries.contains(std::to_string(k)))
            continue;
        ++compared;
        const Golden& w = entries[std::to_string(k)]["W"];
        for (std::size_t i = 0; i < 2; ++i)
            for (std::size_t j = 0; j < 3; ++j)
                VERIFY_NEAR(x(static_cast<Eigen::Index>(i + 2 * j)), w[i][j].get<double>(), 1e-9);
    }
    QCOMPARE(compared, 5);
}

void OptimizersTest::oasisAgreesWithReference() {
    // The Hessian is diagonal, so Hutchinson's estimate is exact for any signs.
    Oasis oasis;
    oasis.beta = 0.9;
    oasis.firstRate = 0.01;
    oasis.firstSamples = 0;
    const TrainingObjective objective = vectorProblem(true);
    Eigen::VectorXd x = Eigen::Vector3d(0.5, 0.5, 0.25);
    oasis.step(objective, x, 1.0);
    for (int k = 1; k <= 10; ++k) {
        oasis.step(objective, x, 1.0);
        const Golden& entries = m_golden["OASIS_own_quad_D0=ones"];
        if (!entries.contains(std::to_string(k)))
            continue;
        const Golden& entry = entries[std::to_string(k)];
        VERIFY_NEAR(oasis.stepLength, entry["eta"].get<double>(), 1e-9);
        for (std::size_t i = 0; i < 3; ++i)
            VERIFY_NEAR(x(static_cast<Eigen::Index>(i)), entry["w_next"][i].get<double>(), 1e-9);
    }
}

namespace {

/// Least squares 1/2 |A x - y|^2 with outputs A x.
TrainingObjective linearModel(const Eigen::MatrixXd& a, const Eigen::VectorXd& y) {
    TrainingObjective objective;
    objective.rows = a.cols();
    objective.gradient = [=](const Eigen::VectorXd& x) -> Eigen::VectorXd {
        return a.transpose() * (a * x - y);
    };
    objective.hessianTimes = [=](const Eigen::VectorXd&, const Eigen::VectorXd& v) -> Eigen::VectorXd {
        return a.transpose() * (a * v);
    };
    objective.outputs = [=](const Eigen::VectorXd& x) -> Eigen::VectorXd { return a * x; };
    objective.outputGradient = [=](const Eigen::VectorXd& z) -> Eigen::VectorXd { return z - y; };
    objective.pullBack = [=](const Eigen::VectorXd& u) -> Eigen::VectorXd { return a.transpose() * u; };
    objective.outputCurvature = (a * a.transpose()).norm();
    return objective;
}

TrainingObjective smallModel() {
    Eigen::MatrixXd a(4, 3);
    a << 1, 0.5, 0, 0, 1, -0.5, 0.3, 0, 1, 1, 1, 1;
    return linearModel(a, Eigen::Vector4d(1.0, -1.0, 0.5, 2.0));
}

} // namespace

void OptimizersTest::oneInnerStepIsGradientDescent() {
    const TrainingObjective objective = smallModel();
    TargetSurrogate surrogate{1};
    Sgd sgd;
    Eigen::VectorXd x = Eigen::Vector3d(1.0, 2.0, 3.0);
    Eigen::VectorXd y = x;
    for (int k = 0; k < 5; ++k) {
        surrogate.step(objective, x, 0.07);
        sgd.step(objective, y, 0.07);
        QVERIFY((x - y).norm() < 1e-13);
    }
}

void OptimizersTest::manyInnerStepsReachTheTarget() {
    // The minimiser of the surrogate has J' (v + (f(x) - z) / h) = 0.
    const TrainingObjective objective = smallModel();
    const Eigen::VectorXd start = Eigen::Vector3d(1.0, 2.0, 3.0);
    Eigen::VectorXd x = start;
    TargetSurrogate{20000}.step(objective, x, 0.05);
    const Eigen::VectorXd z = objective.outputs(start);
    const double h = 0.05 * objective.outputCurvature;
    const Eigen::VectorXd rest =
        objective.pullBack(objective.outputGradient(z) + (objective.outputs(x) - z) / h);
    QVERIFY(rest.norm() < 1e-9);
}

void OptimizersTest::allMinimiseAQuadratic_data() {
    QTest::addColumn<QString>("name");
    for (const OptimizerInfo& info : optimizerInfos())
        QTest::newRow(std::string(info.name).c_str()) << QString::fromUtf8(info.name.data());
}

void OptimizersTest::allMinimiseAQuadratic() {
    QFETCH(QString, name);
    const TrainingObjective objective = smallModel();
    Optimizer optimizer = makeOptimizer(name.toStdString()).value();
    const double rate = findOptimizer(name.toStdString())->usualRate;
    Eigen::VectorXd x = Eigen::Vector3d(1.0, 2.0, 3.0);
    const double first = objective.gradient(x).norm();
    for (int k = 0; k < 3000; ++k)
        step(optimizer, objective, x, rate);
    QVERIFY(x.allFinite());
    QVERIFY2(objective.gradient(x).norm() < 0.1 * first,
             qPrintable(QString::number(objective.gradient(x).norm())));
}

void OptimizersTest::namesAreKnown() {
    for (const OptimizerInfo& info : optimizerInfos())
        QVERIFY(makeOptimizer(info.name).ok());
    QVERIFY(makeOptimizer("adm").error().message.find("adam") != std::string::npos);
}

QTEST_APPLESS_MAIN(OptimizersTest)
#include "tst_optimizers.moc"
