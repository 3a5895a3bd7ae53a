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
    void scoresHaveTheRightGradient_data();
    void scoresHaveTheRightGradient();
    void openOutcomesReachTheBeliefs();
    void displacedSettingsComeBack();
    void tellsWhereBeliefsDoNotAct_data();
    void tellsWhereBeliefsDoNotAct();
    void everyAcquisitionCanBeWeighted_data();
    void everyAcquisitionCanBeWeighted();
    void reasonsAreHonest();
    void placeFactorHasTheRightGradient();
    void predictionsCanBeWeighted();
    void otherBeliefsNeedNoFit();

private:
    static Study study(const char* beliefs, const char* use = "auto", const char* method = "auto") {
        Json json = parseJson(R"({"alidade": 1, "name": "two", "seed": 5, "parameters": [
            {"name": "x", "type": "real", "low": 0, "high": 1},
            {"name": "rate", "type": "real", "low": 0.001, "high": 1, "scale": "log"},
            {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
            "objectives": [{"name": "f"}]})")
                        .value();
        json["beliefs"] = parseJson(beliefs).value();
        json["strategy"]["beliefs"] = use;
        json["strategy"]["method"] = method;
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
    QTest::addColumn<QString>("method");
    for (const char* const method : {"kg", "mes", "ucb", "thompson", "log_nei"})
        QTest::newRow(method)
            << R"([{"about": "best_value", "objective": "f", "density": {"family": "bounds", "low": -1e6}}])"
            << "colabo" << method;
    QTest::newRow("flat density")
        << R"([{"about": "optimum", "parameter": "x", "density": {"family": "uniform", "low": 0, "high": 1}}])"
        << "auto"
        << "auto";
    QTest::newRow("equal weights") << R"([{"about": "optimum", "parameter": "kind",
        "density": {"family": "weights", "weights": {"a": 1, "b": 1}}}])"
                                   << "colabo"
                                   << "auto";
    QTest::newRow("not sure") << R"([{"about": "optimum", "parameter": "x", "confidence": 0,
                "density": {"family": "normal", "center": 0.1, "spread": 0.05}},
               {"about": "preference", "better": {"x": 0.1}, "worse": {"x": 0.9}, "confidence": 0}])"
                              << "auto"
                              << "auto";
    QTest::newRow("not sure, piBO") << R"([{"about": "optimum", "parameter": "x", "confidence": 0,
        "density": {"family": "normal", "center": 0.1, "spread": 0.05}}])"
                                    << "pibo"
                                    << "auto";
    QTest::newRow("a bound that all keep")
        << R"([{"about": "best_value", "objective": "f", "density": {"family": "bounds", "low": -1e6}}])"
        << "colabo"
        << "auto";
    QTest::newRow("off") << R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.1, "spread": 0.05}}])"
                         << "off"
                         << "auto";
}

/// The same settings as without beliefs, from the same seed, through design and model.
void BeliefSuggestTest::flatBeliefsChangeNothing() {
    QFETCH(const QString, beliefs);
    QFETCH(const QString, use);
    QFETCH(const QString, method);
    Study plain = study("[]", "auto", method.toUtf8().constData());
    Study flat = study(beliefs.toUtf8().constData(), use.toUtf8().constData(), method.toUtf8().constData());
    for (Study* s : {&plain, &flat})
        s->definition.strategy.initial = 6;
    for (int i = 0; i < (method == "auto" ? 9 : 7); ++i) {
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
    QTest::addColumn<QString>("method");
    QTest::newRow("ColaBO") << "colabo"
                            << "auto";
    QTest::newRow("piBO") << "pibo"
                          << "auto";
    for (const char* const method : {"mes", "ucb", "thompson", "log_nei"})
        QTest::newRow(method) << "colabo" << method;
}

/// Few data, a strong belief: the next setting is near it. Not so the knowledge gradient, which goes where
/// most is to be learnt.
void BeliefSuggestTest::beliefsDrawSuggestions() {
    QFETCH(const QString, use);
    const char* const beliefs = R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.95, "spread": 0.03}}])";
    Study plain = study("[]");
    measure(plain, 8);
    QFETCH(const QString, method);
    plain.definition = study("[]", "auto", method.toUtf8().constData()).definition;
    Study guided = study(beliefs, use.toUtf8().constData(), method.toUtf8().constData());
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

void BeliefSuggestTest::scoresHaveTheRightGradient_data() {
    QTest::addColumn<int>("method");
    QTest::newRow("log EI") << static_cast<int>(Method::LogEi);
    QTest::newRow("knowledge gradient") << static_cast<int>(Method::Kg);
    QTest::newRow("max-value entropy") << static_cast<int>(Method::Mes);
    QTest::newRow("bound") << static_cast<int>(Method::Ucb);
    QTest::newRow("Thompson") << static_cast<int>(Method::Thompson);
}

void BeliefSuggestTest::scoresHaveTheRightGradient() {
    QFETCH(const int, method);
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.3, "spread": 0.1}}])");
    measure(s, 10);
    const StudyModel model = StudyModel::fit(s).value();
    const AcquisitionTarget target =
        AcquisitionTarget::next(model.state(), 10, 1, {}, static_cast<Method>(method)).value();
    QVERIFY(target.beliefs());
    double largest = 0.0;
    for (const std::size_t trial : {2U, 5U}) {
        Eigen::RowVectorXd row = model.state()->features.row(s.trials[trial].setting);
        row(0) = 0.37 + 0.1 * static_cast<double>(trial);
        Eigen::VectorXd gradient;
        Eigen::VectorXd unused;
        const double value = target.beliefs()->value(row, gradient);
        QVERIFY(std::abs(target.beliefs()->values(row)(0) - value) < 1e-3);
        for (const Eigen::Index column : {0, 1}) {
            Eigen::RowVectorXd up = row;
            Eigen::RowVectorXd down = row;
            up(column) += 1e-5;
            down(column) -= 1e-5;
            const double slope =
                (target.beliefs()->value(up, unused) - target.beliefs()->value(down, unused)) / 2e-5;
            // The knowledge gradient has kinks, which a difference may straddle.
            const double tolerance = static_cast<Method>(method) == Method::Kg ? 0.02 : 1e-3;
            QVERIFY2(std::abs(gradient(column) - slope) < tolerance * (1.0 + std::abs(slope)),
                     qPrintable(QString("%1 against %2").arg(gradient(column)).arg(slope)));
            largest = std::max(largest, std::abs(slope));
        }
    }
    QVERIFY(largest > 0.01);
}

/// What a batch has chosen, and what is being measured, counts for the beliefs as well.
void BeliefSuggestTest::openOutcomesReachTheBeliefs() {
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.3, "spread": 0.1}}])");
    measure(s, 10);
    const auto targetOf = [](const Study& of) {
        const StudyModel model = StudyModel::fit(of).value();
        return AcquisitionTarget::next(model.state(), 11, 1, {}, Method::LogEi).value();
    };
    AcquisitionTarget target = targetOf(s);
    const auto bests = [](const AcquisitionTarget& of) {
        return std::get<BeliefFactor>(of.beliefs()->factor).best;
    };
    QCOMPARE(bests(target).minCoeff(), bests(target).maxCoeff());
    Setting chosen = s.trials[3].setting;
    chosen[s.definition.space.parameters[0].id] = 0.6;
    chosen[s.definition.space.parameters[1].id] = 0.1;
    Study pending = s;
    Trial running = s.trials[3];
    running.setting = chosen;
    running.id.value = pending.definition.nextId++;
    running.state = TrialState::Running;
    running.values.clear();
    pending.trials.push_back(running);
    QVERIFY(bests(targetOf(pending)).minCoeff() < bests(target).maxCoeff() - 1e-6);
    target.believe(target.state().features.row(chosen));
    QVERIFY(bests(target).minCoeff() < bests(target).maxCoeff() - 1e-6);
}

/// Data that speak against beliefs give the evenly spread settings back whose place the beliefs had taken,
/// each once; data that agree do not, as long as the beliefs leave something to gain.
void BeliefSuggestTest::displacedSettingsComeBack() {
    const Study plain = study("[]");
    const std::vector<Suggestion> spread = suggest(plain, 8).value().suggestions;
    for (const double center : {0.05, 0.86}) { // the optimum is at 0.865
        Study s = study("[]");
        Belief belief;
        belief.id.value = s.definition.nextId++;
        belief.claim = OptimumBelief{s.definition.space.parameters[0].id, NormalDensity{center, 0.05}};
        s.definition.beliefs.push_back(belief);
        measure(s, 16);
        int back = 0;
        for (std::size_t i = 8; i < s.trials.size(); ++i)
            for (const std::size_t index : {0U, 2U, 4U, 6U})
                back += s.trials[i].setting == spread[index].setting ? 1 : 0;
        if (center < 0.5)
            QCOMPARE(back, 4);
        for (std::size_t i = 8; i < s.trials.size() && center > 0.5; i += 2)
            for (const std::size_t index : {0U, 2U, 4U, 6U})
                QVERIFY(s.trials[i].setting != spread[index].setting);
    }
}

void BeliefSuggestTest::tellsWhereBeliefsDoNotAct_data() {
    QTest::addColumn<QString>("use");
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("several");
    QTest::addColumn<QStringList>("paths");
    const QString place("beliefs[0]");
    const QString value("beliefs[1]");
    QTest::newRow("acts in full") << "colabo"
                                  << "log_ei" << false << QStringList();
    QTest::newRow("entropy") << "auto"
                             << "mes" << false << QStringList();
    QTest::newRow("bound") << "auto"
                           << "ucb" << false << QStringList();
    QTest::newRow("off") << "off"
                         << "sobol" << false << QStringList();
    QTest::newRow("random") << "auto"
                            << "random" << false << QStringList("strategy.method");
    QTest::newRow("piBO") << "pibo"
                          << "log_ei" << false << QStringList(value);
    QTest::newRow("piBO, Thompson") << "pibo"
                                    << "thompson" << false << QStringList{"strategy.beliefs", value};
    QTest::newRow("hypervolume") << "auto"
                                 << "ehvi" << true << QStringList{place, value};
    QTest::newRow("ParEGO") << "auto"
                            << "parego" << true << QStringList(value);
}

void BeliefSuggestTest::tellsWhereBeliefsDoNotAct() {
    QFETCH(const QString, use);
    QFETCH(const QString, method);
    QFETCH(const bool, several);
    QFETCH(const QStringList, paths);
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.3, "spread": 0.1}},
        {"about": "best_value", "objective": "f", "density": {"family": "normal", "center": -1, "spread": 1}}])",
                    use.toUtf8().constData(), method.toUtf8().constData());
    if (several) {
        Objective other = s.definition.objectives.front();
        other.id.value = s.definition.nextId++;
        other.name = "g";
        s.definition.objectives.push_back(other);
    }
    QStringList found;
    for (const Finding& finding : validate(s.definition)) {
        QVERIFY(finding.severity == Finding::Severity::Warning);
        found << QString::fromStdString(finding.path);
    }
    QCOMPARE(found, paths);
}

void BeliefSuggestTest::everyAcquisitionCanBeWeighted_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& name : acquisitionNames())
        if (name != "feasibility" && name != "ei_per_second" && name != "jes")
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

/// With a strong belief nearby settings gain on far ones; the direction of bounds and sample functions, lower
/// being better here, counts.
void BeliefSuggestTest::everyAcquisitionCanBeWeighted() {
    QFETCH(const QString, name);
    const AcquisitionKind kind = parseAcquisition(name.toStdString()).value();
    Study s = study(R"([{"about": "optimum", "parameter": "x",
        "density": {"family": "normal", "center": 0.8, "spread": 0.03}}])");
    Study plain = study("[]");
    measure(plain, 8);
    s.trials = plain.trials;
    const StudyModel model = StudyModel::fit(s).value();
    const Setting best = s.find(model.bestTrial().value())->setting;
    std::vector<Setting> settings{best, best};
    settings[0][s.definition.space.parameters[0].id] = 0.8;
    settings[1][s.definition.space.parameters[0].id] = 0.6;
    const Eigen::VectorXd without = model.acquisition(kind, settings).value();
    const Eigen::VectorXd with = acquisitionWithBeliefs(model, kind, settings).value();
    QVERIFY(with.allFinite());
    // One sample function each, and what is to be learnt about the optimum or its value need not be more
    // there: only that they differ.
    if (kind == AcquisitionKind::Thompson || kind == AcquisitionKind::Mes || kind == AcquisitionKind::Kg) {
        QVERIFY(with != without);
        return;
    }
    const bool ratio = kind == AcquisitionKind::Ei || kind == AcquisitionKind::Pi;
    const double sign = kind == AcquisitionKind::Ucb ? -1.0 : 1.0;
    const double before = ratio ? std::log(without(0) / without(1)) : sign * (without(0) - without(1));
    const double after = ratio ? std::log(with(0) / with(1)) : sign * (with(0) - with(1));
    QVERIFY2(after > before + (kind == AcquisitionKind::Ucb ? 0.001 : 0.05),
             qPrintable(QString("%1, without %2").arg(after).arg(before)));
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
