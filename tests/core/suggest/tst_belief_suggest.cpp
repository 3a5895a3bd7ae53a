#include "exchange/study_json.h"
#include "suggest/belief_term.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;

class BeliefSuggestTest : public QObject {
    Q_OBJECT
private slots:
    void flatBeliefsChangeNothing_data();
    void flatBeliefsChangeNothing();
    void initialDesignStartsAtTheMode();
    void beliefsDrawSuggestions_data();
    void beliefsDrawSuggestions();
    void reasonsAreHonest();
    void placeFactorHasTheRightGradient();
    void predictionsCanBeWeighted();
    void otherBeliefsNeedNoFit();

private:
    static Study study(const char* beliefs, const char* use = "auto") {
        Json json = parseJson(R"({"alidade": 1, "name": "two", "seed": 5, "parameters": [
            {"name": "x", "type": "real", "low": 0, "high": 1},
            {"name": "rate", "type": "real", "low": 0.001, "high": 1, "scale": "log"},
            {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
            "objectives": [{"name": "f"}]})")
                        .value();
        json["beliefs"] = parseJson(beliefs).value();
        json["strategy"]["beliefs"] = use;
        Study result;
        result.definition = definitionFromConfiguration(json).value();
        return result;
    }
    static double value(const Study& study, const Setting& setting) {
        const auto number = [&](std::size_t i) {
            return std::get<double>(setting.at(study.definition.space.parameters[i].id));
        };
        const double x = number(0) - 0.7;
        const double rate = std::log10(number(1)) + 1.0;
        return x * x + 0.1 * rate * rate + 0.05 * std::sin(12.0 * number(0));
    }
    static void measure(Study& study, int trials) {
        for (int i = 0; i < trials; ++i) {
            const Suggestion suggestion = suggest(study, 1).value().suggestions.front();
            test::addResult(study, suggestion.setting, suggestion.origin, value(study, suggestion.setting));
        }
    }
};

void BeliefSuggestTest::flatBeliefsChangeNothing_data() {
    QTest::addColumn<QString>("beliefs");
    QTest::addColumn<QString>("use");
    QTest::newRow("flat density")
        << R"([{"about": "optimum", "parameter": "x", "density": {"family": "uniform", "low": 0, "high": 1}}])"
        << "auto";
    QTest::newRow("equal weights") << R"([{"about": "optimum", "parameter": "kind",
        "density": {"family": "weights", "weights": {"a": 1, "b": 1}}}])"
                                   << "colabo";
    QTest::newRow("not sure") << R"([{"about": "optimum", "parameter": "x", "confidence": 0,
                "density": {"family": "normal", "center": 0.1, "spread": 0.05}},
               {"about": "preference", "better": {"x": 0.1}, "worse": {"x": 0.9}, "confidence": 0}])"
                              << "auto";
    QTest::newRow("not sure, piBO") << R"([{"about": "optimum", "parameter": "x", "confidence": 0,
        "density": {"family": "normal", "center": 0.1, "spread": 0.05}}])"
                                    << "pibo";
    QTest::newRow("a bound that all keep")
        << R"([{"about": "best_value", "objective": "f", "density": {"family": "bounds", "low": -1e6}}])"
        << "colabo";
    QTest::newRow("off") << R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.1, "spread": 0.05}}])"
                         << "off";
}

/// The same settings as without beliefs, from the same seed, through design and model.
void BeliefSuggestTest::flatBeliefsChangeNothing() {
    QFETCH(const QString, beliefs);
    QFETCH(const QString, use);
    Study plain = study("[]");
    Study flat = study(beliefs.toUtf8().constData(), use.toUtf8().constData());
    for (Study* s : {&plain, &flat})
        s->definition.strategy.initial = 6;
    for (int i = 0; i < 9; ++i) {
        const Setting a = suggest(plain, 1).value().suggestions.front().setting;
        const Setting b = suggest(flat, 1).value().suggestions.front().setting;
        QVERIFY(a == b);
        test::addResult(plain, a, Origin::Model, value(plain, a));
        test::addResult(flat, b, Origin::Model, value(flat, b));
    }
}

void BeliefSuggestTest::initialDesignStartsAtTheMode() {
    const Study s = study(R"([
        {"about": "optimum", "parameter": "x", "density": {"family": "normal", "center": 0.25, "spread": 0.02}},
        {"about": "optimum", "parameter": "rate", "density": {"family": "normal", "center": 0.02, "spread": 0.1}}])");
    const SuggestReport report = suggest(s, 8).value();
    const auto number = [&](std::size_t i, std::size_t parameter) {
        return std::get<double>(
            report.suggestions[i].setting.at(s.definition.space.parameters[parameter].id));
    };
    QVERIFY(std::abs(number(0, 0) - 0.25) < 1e-9);
    QVERIFY(std::abs(std::log(number(0, 1) / 0.02)) < 1e-6);
    QVERIFY(QString::fromStdString(report.suggestions[0].reason).contains("beliefs"));
    for (const std::size_t i : {2U, 4U, 6U}) {
        QVERIFY(std::abs(number(i, 0) - 0.25) < 0.08);
        QVERIFY(std::abs(std::log(number(i, 1) / 0.02)) < 0.4);
    }
    double away = 0.0;
    for (const std::size_t i : {1U, 3U, 5U, 7U})
        away = std::max(away, std::abs(number(i, 0) - 0.25));
    QVERIFY(away > 0.2); // the rest covers the space
}

void BeliefSuggestTest::beliefsDrawSuggestions_data() {
    QTest::addColumn<QString>("use");
    QTest::newRow("ColaBO") << "colabo";
    QTest::newRow("piBO") << "pibo";
}

/// Few data, a strong belief: the next setting is near it, and nearer than without it.
void BeliefSuggestTest::beliefsDrawSuggestions() {
    QFETCH(const QString, use);
    const char* const beliefs = R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.95, "spread": 0.03}}])";
    Study plain = study("[]");
    measure(plain, 8);
    Study guided = study(beliefs, use.toUtf8().constData());
    guided.trials = plain.trials;
    double nearest = 1.0;
    double plainNearest = 1.0;
    for (int i = 0; i < 2; ++i) {
        for (Study* s : {&plain, &guided}) {
            const Suggestion suggestion = suggest(*s, 1).value().suggestions.front();
            double& best = s == &plain ? plainNearest : nearest;
            best = std::min(
                best, std::abs(std::get<double>(suggestion.setting.at(s->definition.space.parameters[0].id)) -
                               0.95));
            test::addResult(*s, suggestion.setting, Origin::Model, value(*s, suggestion.setting));
        }
    }
    QVERIFY2(nearest < 0.12, qPrintable(QString("%1, without %2").arg(nearest).arg(plainNearest)));
}

void BeliefSuggestTest::reasonsAreHonest() {
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.05, "spread": 0.04}}])");
    measure(s, 20);
    const std::string reason = suggest(s, 1).value().suggestions.front().reason;
    const QString text = QString::fromStdString(reason);
    QVERIFY2(text.contains("Bayes factor 1:"), qPrintable(text));
    QVERIFY2(text.contains("overrule") || text.contains("against"), qPrintable(text));
    // It was wrong, and the search found the optimum nevertheless.
    double best = HUGE_VAL;
    for (const Trial& trial : s.trials)
        best = std::min(best, trial.values.begin()->second.value);
    double optimum = HUGE_VAL;
    for (double x = 0.0; x <= 1.0; x += 1e-4)
        optimum = std::min(optimum, (x - 0.7) * (x - 0.7) + 0.05 * std::sin(12.0 * x));
    QVERIFY2(best - optimum < 0.02, qPrintable(QString::number(best - optimum)));
}

void BeliefSuggestTest::placeFactorHasTheRightGradient() {
    Study s = study(
        R"([{"about": "optimum", "parameter": "x", "density": {"family": "normal", "center": 0.4, "spread": 0.1}},
        {"about": "optimum", "parameter": "kind", "density": {"family": "weights", "weights": {"a": 3, "b": 1}}}])",
        "pibo");
    measure(s, 10);
    const StudyModel model = StudyModel::fit(s).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 10, 1, {}).value();
    QVERIFY(target.beliefs().has_value());
    const Setting setting = s.trials[3].setting;
    const Eigen::RowVectorXd row = model.state()->features.row(setting);
    Eigen::VectorXd gradient;
    const double at = target.beliefs()->value(row, gradient);
    const double x = row(0);
    const double kind =
        std::get<std::string>(setting.at(s.definition.space.parameters[2].id)) == "a" ? 1.5 : 0.5;
    const double inside = 0.9999683287581669; // Phi(6) - Phi(-4)
    const double density =
        std::exp(-0.5 * (x - 0.4) * (x - 0.4) / 0.01) / (0.1 * 2.5066282746310002 * inside) * kind;
    // 10 trials, a design of 8: step 3 of a budget of 100.
    QVERIFY(std::abs(at - 10.0 / 3.0 * std::log(density + 1e-12)) < 1e-4);
    QVERIFY(std::abs(gradient(0) + 10.0 / 3.0 * (x - 0.4) / 0.01) < 1e-2);
}

void BeliefSuggestTest::predictionsCanBeWeighted() {
    Study s = study(R"([{"about": "best_value", "objective": "f",
        "density": {"family": "normal", "center": -2, "spread": 0.2}}])");
    measure(s, 8);
    const StudyModel model = StudyModel::fit(s).value();
    const MeasureId f = s.definition.objectives[0].id;
    const std::vector<Setting> settings{s.trials[0].setting, s.trials[5].setting};
    const Prediction plain = model.predict(f, settings).value();
    const Prediction weighted = predictWithBeliefs(model, f, settings).value();
    QVERIFY((plain.mean - weighted.mean).cwiseAbs().maxCoeff() < 0.2);
    const Eigen::VectorXd log = acquisitionWithBeliefs(model, AcquisitionKind::LogEi, settings).value();
    const Eigen::VectorXd raw = acquisitionWithBeliefs(model, AcquisitionKind::Ei, settings).value();
    for (Eigen::Index i = 0; i < log.size(); ++i)
        QVERIFY(std::abs(std::exp(log(i)) - raw(i)) <= 1e-9 * raw(i));
}

/// A reused model says what a fitted one would, and is refused where a fit would say something else.
void BeliefSuggestTest::otherBeliefsNeedNoFit() {
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.4, "spread": 0.1}}])");
    measure(s, 9);
    const StudyModel model = StudyModel::fit(s).value();
    Study other = s;
    std::get<OptimumBelief>(other.definition.beliefs[0].claim).density = NormalDensity{0.1, 0.02};
    other.definition.strategy.beliefs = BeliefUse::ColaBo;
    other.definition.name = "renamed";
    const std::optional<StudyModel> reused = model.reusedFor(other);
    QVERIFY(reused);
    const std::optional<StudyModel> again = reused->reusedFor(s);
    QVERIFY(again);
    QVERIFY(again->state()->fitted == model.state() && reused->state()->fitted == model.state());
    const StudyModel fitted = StudyModel::fit(other).value();
    const std::vector<Setting> settings{s.trials[0].setting, s.trials[4].setting, s.trials[7].setting};
    const auto acquisition = [&](const StudyModel& m) {
        return acquisitionWithBeliefs(m, AcquisitionKind::LogEi, settings).value();
    };
    QVERIFY(acquisition(*reused) == acquisition(fitted));
    QVERIFY(acquisition(*again) == acquisition(model));
    QVERIFY(acquisition(*reused) != acquisition(model));
    QVERIFY(reused->bestTrial() == fitted.bestTrial());

    const auto refuses = [&](auto change) {
        Study changed = s;
        change(changed);
        return !model.reusedFor(changed);
    };
    QVERIFY(refuses([](Study& c) { c.trials[2].values.begin()->second.value += 1.0; }));
    QVERIFY(refuses([](Study& c) { c.trials.pop_back(); }));
    QVERIFY(refuses([](Study& c) { c.trials[1].excluded = true; }));
    QVERIFY(refuses([](Study& c) { c.definition.seed += 1; }));
    QVERIFY(refuses([](Study& c) { c.definition.objectives[0].goal = Goal::Maximize; }));
    QVERIFY(refuses([](Study& c) { c.definition.strategy.method = Method::Ehvi; }));
    QVERIFY(
        refuses([](Study& c) { std::get<RealRange>(c.definition.space.parameters[0].domain).high = 2.0; }));
    QVERIFY(refuses([](Study& c) {
        std::get<NormalDensity>(std::get<OptimumBelief>(c.definition.beliefs[0].claim).density).spread = -1.0;
    }));
}

QTEST_GUILESS_MAIN(BeliefSuggestTest)
#include "tst_belief_suggest.moc"
