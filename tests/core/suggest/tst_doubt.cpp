#include "base/rng.h"
#include "exchange/study_json.h"
#include "suggest/doubt.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

// Suggestions that do not trust the fit: due when little is expected, and chosen as they say. What they are
// worth is for benchmarks to tell.

class DoubtTest : public QObject {
    Q_OBJECT
private slots:
    void doubtsAConvergedFit();
    void looksFarFromTheBest();
    void checksWhatSeemsIrrelevant();

private:
    static Study studyFrom(const char* configuration) {
        Study study;
        study.definition = definitionFromConfiguration(parseJson(configuration).value()).value();
        return study;
    }
    /// Two valleys in the square, each 0.1 wide, the second one by a fifth deeper; 40 results in the first
    /// one and 16 on a grid that misses both.
    static double valleys(double x, double m) {
        const auto valley = [&](double at) {
            return std::exp(-((x - at) * (x - at) + (m - at) * (m - at)) / (2.0 * 0.1 * 0.1));
        };
        return -valley(0.27) - 1.2 * valley(0.73);
    }
    static Study inOneValley() {
        Study study = studyFrom(R"({"alidade": 1, "name": "v", "seed": 2,
            "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                           {"name": "m", "type": "real", "low": 0, "high": 1}],
            "objectives": [{"name": "y"}], "strategy": {"method": "log_ei"}})");
        const auto add = [&](double x, double m) {
            test::addResult(
                study,
                {{study.definition.space.parameters[0].id, x}, {study.definition.space.parameters[1].id, m}},
                Origin::Manual, valleys(x, m));
        };
        for (int i = 0; i < 16; ++i)
            add((i % 4) / 3.0, (i / 4) / 3.0);
        Rng rng(4, "valley");
        for (int i = 0; i < 40; ++i)
            add(std::clamp(0.27 + 0.06 * rng.normal(), 0.0, 1.0),
                std::clamp(0.27 + 0.06 * rng.normal(), 0.0, 1.0));
        return study;
    }
};

void DoubtTest::doubtsAConvergedFit() {
    // A valley known everywhere: nothing is to be gained, and every fourth suggestion looks away from it.
    Study study = studyFrom(R"({"alidade": 1, "name": "d", "seed": 5,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "y"}]})");
    const ParameterId id = study.definition.space.parameters[0].id;
    const auto add = [&](double x) {
        test::addResult(study, {{id, x}}, Origin::Manual, -std::exp(-1000.0 * (x - 0.3) * (x - 0.3)));
    };
    for (int i = 0; i < 40; ++i)
        add(i / 39.0);
    for (const double x : {0.3, 0.301, 0.2995, 0.3002})
        add(x);
    int rough = 0;
    int far = 0;
    for (int i = 0; i < 8; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = std::get<double>(suggestion.setting.at(id));
        if (suggestion.reason.find("varies twice as fast") != std::string::npos) {
            ++rough;
            QCOMPARE(study.trials.size() % 4, std::size_t{0});
        } else if (suggestion.reason.find("far from the best") != std::string::npos) {
            ++far;
            QCOMPARE(study.trials.size() % 16, std::size_t{0});
            QVERIFY(std::abs(x - 0.3) > 0.07);
        }
        add(x);
    }
    QCOMPARE(rough, 1);
    QCOMPARE(far, 1);
}

void DoubtTest::looksFarFromTheBest() {
    const Study study = inOneValley();
    const StudyModel model = StudyModel::fit(study).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 80, 1, {}, Method::LogEi).value();
    const ObservedTrial* best = incumbentOf(target);
    QVERIFY(best != nullptr);
    const AcquisitionTarget rougher = roughened(target).value();
    const Hyperparameters& fitted = target.process().process.hyperparameters();
    const Hyperparameters& rough = rougher.process().process.hyperparameters();
    for (Eigen::Index i = 0; i < fitted.lengthScales.size(); ++i)
        QCOMPARE(rough.lengthScales(i), std::min(0.5 * fitted.lengthScales(i), 0.5));

    const auto setting = settingElsewhere(target, 80, {}, {}).value();
    QVERIFY(setting.has_value());
    const GaussianProcess& process = rougher.process().process;
    const auto related = [&](const Eigen::RowVectorXd& row) {
        return correlation(
                   process.family(),
                   ((row - best->features).array() / rough.lengthScales.transpose().array()).square().sum()) >
               0.1;
    };
    const Eigen::RowVectorXd row = model.state()->features.row(*setting);
    QVERIFY(!related(row));
    // Of a fine grid beyond that distance, no more than one point in a hundred promises more.
    const double value = rougher.values(row)(0);
    int better = 0;
    int all = 0;
    for (int i = 0; i <= 60; ++i)
        for (int j = 0; j <= 60; ++j) {
            const Eigen::RowVectorXd other =
                model.state()->features.row({{study.definition.space.parameters[0].id, i / 60.0},
                                             {study.definition.space.parameters[1].id, j / 60.0}});
            if (related(other))
                continue;
            ++all;
            better += rougher.values(other)(0) > value ? 1 : 0;
        }
    QVERIFY2(100 * better <= all, qPrintable(QString("%1 of %2").arg(better).arg(all)));
    QVERIFY(settingElsewhere(target, 80, {settingKey(*setting)}, {}).value() != setting);
    QVERIFY(settingElsewhere(target, 88, {}, {}).value() != setting);
}

void DoubtTest::checksWhatSeemsIrrelevant() {
    // m was measured at 0 only, where it has a local minimum; the global one is 0.2 lower at m = 0.7.
    Study study = studyFrom(R"({"alidade": 1, "name": "m", "seed": 3,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                       {"name": "m", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "y"}]})");
    const ParameterId x = study.definition.space.parameters[0].id;
    const ParameterId m = study.definition.space.parameters[1].id;
    const auto add = [&](const Setting& setting) {
        const double u = std::get<double>(setting.at(x)) - 0.3;
        const double v = std::get<double>(setting.at(m));
        const double y =
            u * u + 1.5 * v * v * std::exp(-8.0 * v) - 0.2 * std::exp(-50.0 * (v - 0.7) * (v - 0.7));
        test::addResult(study, setting, Origin::Manual, y);
        return y;
    };
    for (int i = 0; i < 16; ++i)
        add({{x, i / 15.0}, {m, 0.0}});
    for (const double near : {0.3, 0.301, 0.2995, 0.3002})
        add({{x, near}, {m, 0.0}});
    double best = HUGE_VAL;
    for (int i = 0; i < 16; ++i)
        best = std::min(best, add(suggest(study, 1)->suggestions[0].setting));
    QVERIFY2(best < -0.15, qPrintable(QString::number(best)));

    // Where everything is known, the checks change one parameter of the best trial.
    Study known = studyFrom(R"({"alidade": 1, "name": "k", "seed": 3,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                       {"name": "m", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "y"}]})");
    const ParameterId a = known.definition.space.parameters[0].id;
    const ParameterId b = known.definition.space.parameters[1].id;
    const auto tell = [&](const Setting& setting) {
        test::addResult(known, setting, Origin::Manual,
                        std::pow(std::get<double>(setting.at(a)) - 0.5, 2) +
                            std::pow(std::get<double>(setting.at(b)) - 0.5, 2));
    };
    for (int i = 0; i < 25; ++i)
        tell({{a, (i % 5) / 4.0}, {b, (i / 5) / 4.0}});
    int checks = 0;
    for (int i = 0; i < 12; ++i) {
        const Suggestion suggestion = suggest(known, 1)->suggestions[0];
        if (suggestion.reason.find("differs from the best in one parameter") != std::string::npos) {
            ++checks;
            const auto sameAs = [&](ParameterId id) {
                return std::any_of(known.trials.begin(), known.trials.end(), [&](const Trial& trial) {
                    return trial.setting.at(id) == suggestion.setting.at(id);
                });
            };
            QVERIFY(sameAs(a) || sameAs(b));
        }
        tell(suggestion.setting);
    }
    QVERIFY(checks >= 1 && checks <= 3);
}

QTEST_APPLESS_MAIN(DoubtTest)
#include "tst_doubt.moc"
