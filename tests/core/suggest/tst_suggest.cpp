#include "exchange/study_json.h"
#include "space/constraint.h"
#include "space/encoding.h"
#include "suggest/study_model.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <set>

using namespace alidade;

class SuggestTest : public QObject {
    Q_OBJECT
private slots:
    void findsTheMinimumOfBranin();
    void solvesAMixedConditionalProblem();
    void maximisingMirrorsMinimising();
    void doesNotDependOnThreads();
    void respectsConstraintsAndBatches();
    void failuresRepel();
    void limitsOnOutcomesAreLearnt();
    void severalObjectives();
    void finiteSpacesAreExhausted();
    void oddResultsDoNotBreakTheFit_data();
    void oddResultsDoNotBreakTheFit();
    void stopsWithAResultOrAnError();

private:
    static Study studyFrom(const char* configuration) {
        Study study;
        study.definition = definitionFromConfiguration(parseJson(configuration).value()).value();
        return study;
    }
    static double real(const Study& study, const Setting& setting, const char* name) {
        return std::get<double>(setting.at(study.definition.space.find(name)->id));
    }
};

void SuggestTest::findsTheMinimumOfBranin() {
    const test::Problem problem = test::branin();
    std::vector<double> regrets;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Study study = test::studyOf(problem, seed);
        double best = HUGE_VAL;
        for (int i = 0; i < 40; ++i) {
            const SuggestReport report = suggest(study, 1).value();
            const Suggestion& suggestion = report.suggestions.front();
            QVERIFY(!suggestion.reason.empty());
            const double value = problem.value(test::coordinatesOf(study, suggestion.setting));
            test::addResult(study, suggestion.setting, suggestion.origin, value);
            best = std::min(best, value - problem.optimum);
        }
        regrets.push_back(best);
    }
    std::sort(regrets.begin(), regrets.end());
    qInfo("simple regret after 40 evaluations: median %.2e, worst %.2e", regrets[2], regrets[4]);
    QVERIFY(regrets[2] <= 1e-3);
}

void SuggestTest::solvesAMixedConditionalProblem() {
    // Minimum 1 at x = 0.3, y = 20, n = 7, kind = b, z = 0.8 (only with b).
    const char* configuration = R"({"alidade": 1, "name": "mixed", "seed": 3, "parameters": [
        {"name": "x", "type": "real", "low": 0, "high": 1},
        {"name": "y", "type": "real", "low": 1, "high": 1000, "scale": "log"},
        {"name": "n", "type": "integer", "low": 1, "high": 20},
        {"name": "kind", "type": "categorical", "choices": ["a", "b", "c"]},
        {"name": "z", "type": "real", "low": 0, "high": 1, "when": {"kind": ["b"]}}],
        "objectives": [{"name": "f"}]})";
    const auto value = [](const Study& study, const Setting& setting) {
        const auto get = [&](const char* name) {
            return setting.find(study.definition.space.find(name)->id);
        };
        const std::string kind = std::get<std::string>(get("kind")->second);
        const double x = std::get<double>(get("x")->second);
        const double y = std::log10(std::get<double>(get("y")->second) / 20.0);
        const double n = static_cast<double>(std::get<std::int64_t>(get("n")->second));
        double f = 1.0 + 4.0 * (x - 0.3) * (x - 0.3) + y * y + 0.02 * (n - 7.0) * (n - 7.0);
        if (kind == "b") {
            const double z = std::get<double>(get("z")->second);
            return f + 2.0 * (z - 0.8) * (z - 0.8);
        }
        return f + (kind == "a" ? 0.5 : 0.8);
    };
    std::vector<double> bests;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        Study study = studyFrom(configuration);
        study.definition.seed = seed;
        double best = HUGE_VAL;
        for (int i = 0; i < 45; ++i) {
            const auto report = suggest(study, 1);
            QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
            const Setting& setting = report->suggestions.front().setting;
            QVERIFY(checkedSetting(study.definition.space, setting).ok());
            const double f = value(study, setting);
            best = std::min(best, f);
            test::addResult(study, setting, report->suggestions.front().origin, f);
        }
        bests.push_back(best);
    }
    std::sort(bests.begin(), bests.end());
    qInfo("mixed problem, optimum 1: found %.5f, %.5f, %.5f", bests[0], bests[1], bests[2]);
    QVERIFY(bests[1] <= 1.02);
}

void SuggestTest::maximisingMirrorsMinimising() {
    const test::Problem problem = test::branin();
    Study down = test::studyOf(problem, 4);
    Study up = down;
    up.definition.objectives[0].goal = Goal::Maximize;
    for (int i = 0; i < 12; ++i) {
        const Suggestion low = suggest(down, 1)->suggestions[0];
        const Suggestion high = suggest(up, 1)->suggestions[0];
        const auto x = test::coordinatesOf(down, low.setting);
        const auto y = test::coordinatesOf(up, high.setting);
        for (std::size_t j = 0; j < x.size(); ++j)
            QVERIFY(std::abs(x[j] - y[j]) < 1e-3);
        const double value = problem.value(x);
        test::addResult(down, low.setting, low.origin, value);
        test::addResult(up, low.setting, low.origin, -value);
    }
    const StudyModel model = StudyModel::fit(up).value();
    const MeasureId measure = up.definition.objectives[0].id;
    const Trial& best = *incumbent(up);
    QVERIFY(std::abs(model.predict(measure, {best.setting})->mean(0) - best.values.at(measure).value) < 1.0);
}

void SuggestTest::doesNotDependOnThreads() {
    const test::Problem problem = test::hartmann6();
    Study study = test::studyOf(problem, 2);
    for (int i = 0; i < 16; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        test::addResult(study, suggestion.setting, suggestion.origin,
                        problem.value(test::coordinatesOf(study, suggestion.setting)));
    }
    const auto one = suggest(study, 3, {1}).value();
    const auto four = suggest(study, 3, {4}).value();
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(one.suggestions[i].setting == four.suggestions[i].setting);
}

void SuggestTest::respectsConstraintsAndBatches() {
    Study study = studyFrom(R"({"alidade": 1, "name": "c", "seed": 1, "parameters": [
        {"name": "a", "type": "real", "low": 0, "high": 1}, {"name": "b", "type": "real", "low": 0, "high": 1},
        {"name": "mix", "type": "mixture", "parts": ["u", "v", "w"], "low": [0.1, 0, 0]}],
        "constraints": ["a + b <= 0.8", "mix.u >= mix.v"], "objectives": [{"name": "f"}]})");
    for (int round = 0; round < 5; ++round) {
        const auto report = suggest(study, 4);
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        QCOMPARE(report->suggestions.size(), std::size_t{4});
        std::set<std::string> keys;
        for (const Suggestion& suggestion : report->suggestions) {
            const auto checked = checkedSetting(study.definition.space, suggestion.setting);
            QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().text().c_str());
            keys.insert(settingKey(suggestion.setting));
            // The unconstrained minimum (1, 1) is cut off; the best feasible value is 0.72 + mixture part 0.
            const double a = real(study, suggestion.setting, "a");
            const double b = real(study, suggestion.setting, "b");
            const auto shares =
                std::get<std::vector<double>>(suggestion.setting.at(study.definition.space.find("mix")->id));
            test::addResult(study, suggestion.setting, suggestion.origin,
                            (a - 1.0) * (a - 1.0) + (b - 1.0) * (b - 1.0) + shares[2] * shares[2]);
        }
        QCOMPARE(keys.size(), std::size_t{4});
    }
    const Trial& best = *incumbent(study);
    QVERIFY(best.values.begin()->second.value < 0.76);
}

void SuggestTest::failuresRepel() {
    // The minimum at 0.9 lies in a region where every trial fails.
    Study study = studyFrom(R"({"alidade": 1, "name": "f", "seed": 5,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "y"}]})");
    for (int i = 0; i < 24; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = real(study, suggestion.setting, "x");
        test::addResult(study, suggestion.setting, suggestion.origin, (x - 0.9) * (x - 0.9));
        if (x > 0.7) {
            study.trials.back().state = TrialState::Failed;
            study.trials.back().values.clear();
        }
    }
    const Trial& best = *incumbent(study);
    QVERIFY(real(study, best.setting, "x") > 0.6);
    const StudyModel model = StudyModel::fit(study).value();
    Setting good = best.setting;
    Setting bad = best.setting;
    good.begin()->second = 0.3;
    bad.begin()->second = 0.9;
    QVERIFY(model.feasibility({good})(0) > 0.8);
    QVERIFY(model.feasibility({bad})(0) < 0.05);
}

void SuggestTest::limitsOnOutcomesAreLearnt() {
    Study study = studyFrom(R"({"alidade": 1, "name": "l", "seed": 2,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "y", "goal": "maximize"}],
        "outcome_constraints": [{"name": "memory", "upper": 0.5}]})");
    const MeasureId memory = study.definition.outcomeConstraints[0].id;
    for (int i = 0; i < 18; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = real(study, suggestion.setting, "x");
        test::addResult(study, suggestion.setting, suggestion.origin, x);
        study.trials.back().values[memory] = {x * x, std::nullopt};
    }
    // The best feasible x is sqrt(0.5).
    const double best = incumbent(study)->values.at(study.definition.objectives[0].id).value;
    QVERIFY2(best > std::sqrt(0.5) - 0.01 && best <= std::sqrt(0.5), qPrintable(QString::number(best)));
}

void SuggestTest::severalObjectives() {
    Study study = studyFrom(R"({"alidade": 1, "name": "two", "seed": 2,
        "parameters": [{"name": "x", "type": "real", "low": -1, "high": 2}, {"name": "z", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "near0"}, {"name": "near1", "goal": "maximize"}]})");
    const MeasureId second = study.definition.objectives[1].id;
    for (int i = 0; i < 25; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = real(study, suggestion.setting, "x");
        const double z = real(study, suggestion.setting, "z");
        test::addResult(study, suggestion.setting, suggestion.origin, x * x + z);
        study.trials.back().values[second] = {-(x - 1.0) * (x - 1.0) - z, std::nullopt};
    }
    // The Pareto set is x in [0, 1], z = 0: most model-based suggestions lie near it, at different x.
    int near = 0;
    double lowest = 1.0;
    double highest = 0.0;
    for (const Trial& trial : study.trials) {
        if (trial.origin != Origin::Model)
            continue;
        const double x = real(study, trial.setting, "x");
        if (x > -0.1 && x < 1.1 && real(study, trial.setting, "z") < 0.1) {
            ++near;
            lowest = std::min(lowest, x);
            highest = std::max(highest, x);
        }
    }
    QVERIFY2(near >= 12, qPrintable(QString::number(near)));
    QVERIFY(highest - lowest > 0.4);
}

void SuggestTest::finiteSpacesAreExhausted() {
    Study study = studyFrom(R"({"alidade": 1, "name": "small", "seed": 1,
        "parameters": [{"name": "k", "type": "integer", "low": 1, "high": 4},
                       {"name": "c", "type": "categorical", "choices": [true, false]},
                       {"name": "d", "type": "integer", "low": 0, "high": 2, "when": {"c": [true]}}],
        "constraints": ["k + d <= 5"], "objectives": [{"name": "y"}]})");
    // 4 * 3 - 1 (k = 4, d = 2) with c, 4 without.
    std::set<std::string> keys;
    for (int i = 0; i < 15; ++i) {
        const auto report = suggest(study, 1);
        QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
        QVERIFY(keys.insert(settingKey(report->suggestions[0].setting)).second);
        test::addResult(study, report->suggestions[0].setting, report->suggestions[0].origin, i);
    }
    const auto report = suggest(study, 1);
    QVERIFY(!report.ok());
    QCOMPARE(report.error().code, ErrorCode::Exhausted);
}

void SuggestTest::oddResultsDoNotBreakTheFit_data() {
    QTest::addColumn<QList<double>>("outcomes");
    QTest::newRow("constant") << QList<double>{1, 1, 1, 1, 1, 1, 1};
    QTest::newRow("infinite") << QList<double>{1, HUGE_VAL, 2, -HUGE_VAL, 3, 4, 5};
    QTest::newRow("only infinite") << QList<double>(7, HUGE_VAL);
    QTest::newRow("huge") << QList<double>{1e300, -1e300, 1, 2, 3, 4, 5};
    QTest::newRow("tiny") << QList<double>{1e-300, 2e-300, 3e-300, 0, 0, 0, 0};
    QTest::newRow("outlier") << QList<double>{1, 2, 3, 4, 5, 6, 1e12};
}

void SuggestTest::oddResultsDoNotBreakTheFit() {
    QFETCH(QList<double>, outcomes);
    Study study = test::studyOf(test::branin(), 1);
    for (const double outcome : outcomes) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        test::addResult(study, suggestion.setting, suggestion.origin, outcome);
    }
    test::addResult(study, study.trials[0].setting, Origin::Manual, outcomes[0]); // a replicate
    const auto report = suggest(study, 2);
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    for (const Suggestion& suggestion : report->suggestions)
        QVERIFY(checkedSetting(study.definition.space, suggestion.setting).ok());
}

void SuggestTest::stopsWithAResultOrAnError() {
    Study study = test::studyOf(test::branin(), 1);
    for (int i = 0; i < 8; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        test::addResult(study, suggestion.setting, suggestion.origin, i);
    }
    std::stop_source source;
    source.request_stop();
    const auto report = suggest(study, 1, {}, Monitor(source.get_token()));
    QVERIFY(report.ok() || report.error().code == ErrorCode::Cancelled);

    // Stopped when it begins to choose the first, the second or the third setting of a batch.
    for (int last = 1; last <= 3; ++last) {
        std::stop_source later;
        int begun = 0;
        const Monitor monitor(later.get_token(), [&](double, std::string_view stage) {
            if (stage == "choosing settings" && ++begun == last)
                later.request_stop();
        });
        const auto stopped = suggest(study, 3, {}, monitor);
        QCOMPARE(begun, last);
        if (last == 1)
            QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::Cancelled);
        else
            QCOMPARE(std::ssize(stopped.value().suggestions), std::ptrdiff_t{last - 1});
    }
}

QTEST_APPLESS_MAIN(SuggestTest)
#include "tst_suggest.moc"
