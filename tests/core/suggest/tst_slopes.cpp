// Measured slopes, from what a user reports to what is suggested.
#include "exchange/study_json.h"
#include "near.h"
#include "study/slopes.h"
#include "suggest/method.h"
#include "suggest/model_diagnostics.h"
#include "suggest/slope_differences.h"
#include "suggest/suggest.h"
#include "suggest/transfer.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace alidade;

namespace {

/// Every scale of a real parameter, a step, a condition and a choice.
Definition mixedDefinition() {
    return definitionFromText(R"({"alidade": 1, "name": "s", "seed": 3, "parameters": [
        {"name": "lin", "type": "real", "low": -2, "high": 3},
        {"name": "log", "type": "real", "low": 1e-4, "high": 10, "scale": "log"},
        {"name": "logit", "type": "real", "low": 0.01, "high": 0.99, "scale": "logit"},
        {"name": "step", "type": "real", "low": 0, "high": 2, "step": 0.25},
        {"name": "count", "type": "integer", "low": 1, "high": 9},
        {"name": "kind", "type": "categorical", "choices": ["a", "b"]},
        {"name": "extra", "type": "real", "low": 0, "high": 1, "when": {"kind": ["b"]}}],
        "objectives": [{"name": "loss"}]})")
        .value();
}

/// x and y in the unit square; `objectives` and the rest of the configuration as given.
Definition squareDefinition(const std::string& rest) {
    return definitionFromText(R"({"alidade": 1, "name": "s", "seed": 5, "parameters": [
        {"name": "x", "type": "real", "low": 0, "high": 4},
        {"name": "y", "type": "real", "low": 0.01, "high": 100, "scale": "log"}], )" +
                              rest + "}")
        .value();
}

/// A valley with its gradient by x and y; the best place is (2.9, 0.4).
struct Valley {
    static double value(double x, double y) {
        const double t = std::log(y / 0.4);
        const double u = x - 2.9 + 0.4 * t;
        return 1.0 + u * u + 0.3 * t * t + 0.3 * std::sin(2.0 * x) * std::sin(t);
    }
    static double byX(double x, double y) {
        const double t = std::log(y / 0.4);
        return 2.0 * (x - 2.9 + 0.4 * t) + 0.6 * std::cos(2.0 * x) * std::sin(t);
    }
    static double byY(double x, double y) {
        const double t = std::log(y / 0.4);
        const double u = x - 2.9 + 0.4 * t;
        return (0.8 * u + 0.6 * t + 0.3 * std::sin(2.0 * x) * std::cos(t)) / y;
    }
};

/// Results of the valley at `count` places, of every measure alike but for a factor.
Study surveyed(const Definition& definition, std::size_t count, bool slopes) {
    Study study;
    study.definition = definition;
    const ParameterId first = definition.space.parameters[0].id;
    const ParameterId second = definition.space.parameters[1].id;
    for (std::size_t i = 0; i < count; ++i) {
        Trial trial;
        trial.id = {static_cast<std::int64_t>(i) + 1};
        trial.state = TrialState::Complete;
        const auto k = static_cast<double>(i);
        const double x = 4.0 * std::fmod(0.5 + 0.7548776662 * k, 1.0);
        const double y = 0.01 * std::pow(1e4, std::fmod(0.5 + 0.5698402910 * k, 1.0));
        trial.setting = {{first, x}, {second, y}};
        for (std::size_t p = 2; p < definition.space.parameters.size(); ++p)
            trial.setting[definition.space.parameters[p].id] = std::fmod(0.1 + 0.618 * k, 1.0);
        double factor = 1.0;
        for (const MeasureId measure : definition.measures()) {
            Measurement& measured = trial.values[measure];
            measured.value = factor * Valley::value(x, y);
            if (slopes)
                measured.slopes = {{first, {factor * Valley::byX(x, y)}},
                                   {second, {factor * Valley::byY(x, y)}}};
            factor *= -0.5;
        }
        study.trials.push_back(trial);
    }
    return study;
}

double errorOf(const StudyModel& model, const Definition& definition) {
    double squares = 0.0;
    for (int i = 0; i < 200; ++i) {
        const double x = 4.0 * std::fmod(0.2 + 0.618033 * i, 1.0);
        const double y = 0.01 * std::pow(1e4, std::fmod(0.3 + 0.414213 * i, 1.0));
        const Setting at{{definition.space.parameters[0].id, x}, {definition.space.parameters[1].id, y}};
        squares +=
            std::pow(model.predict(definition.objectives[0].id, {at})->mean(0) - Valley::value(x, y), 2);
    }
    return std::sqrt(squares / 200.0);
}

constexpr const char* kOne = R"("objectives": [{"name": "loss"}])";

} // namespace

class SlopesTest : public QObject {
    Q_OBJECT
private slots:
    void namesAreReadBack();
    void slopesAreChecked();
    void differencesFollowTheScale();
    void scalesAgreeWithPositions();
    void modelsLearnFromSlopes();
    void noiseOfSlopesCounts();
    void manySlopesAreLimited();
    void slopesGoWithEarlierStudies();
    void everyMethodTakesSlopes_data();
    void everyMethodTakesSlopes();
};

void SlopesTest::namesAreReadBack() {
    for (const auto& [measure, parameter] :
         {std::pair("loss", "lr"), std::pair("d", "d"), std::pair("F1 (a/b)", "dx")}) {
        const auto names = parseSlopeName(slopeName(measure, parameter));
        QVERIFY(names);
        QCOMPARE(names->measure, std::string(measure));
        QCOMPARE(names->parameter, std::string(parameter));
    }
    for (const char* other : {"", "loss", "d", "d/d", "dloss/lr", "loss/dlr", "d/dlr", "dloss/d", "/dlr"})
        QVERIFY2(!parseSlopeName(other), other);
}

void SlopesTest::slopesAreChecked() {
    const Definition definition = mixedDefinition();
    const auto find = [&](const char* measure, const char* parameter) {
        return findSlope(definition, {measure, parameter});
    };
    QCOMPARE(find("loss", "log")->parameter, definition.space.find("log")->id);
    QCOMPARE(find("loss", "step")->measure, definition.objectives[0].id);
    QCOMPARE(find("los", "log").error().code, ErrorCode::UnknownName);
    QVERIFY(find("loss", "lgo").error().message.find("\"log\"") != std::string::npos);
    QVERIFY(find("loss", "count").error().message.find("integer") != std::string::npos);
    QVERIFY(find("loss", "kind").error().message.find("categorical") != std::string::npos);

    const MeasureId loss = definition.objectives[0].id;
    const ParameterId extra = definition.space.find("extra")->id;
    Measurements values{{loss, {2.0}}};
    QVERIFY(addSlope(definition, {{extra, 0.5}}, {loss, extra}, {-3.0, 0.5}, values).ok());
    QVERIFY((values.at(loss).slopes == std::map<ParameterId, Slope>{{extra, {-3.0, 0.5}}}));
    const auto refused = [&](const Setting& setting, const Slope& slope, double value) {
        Measurements some{{loss, {value}}};
        const auto added = addSlope(definition, setting, {loss, extra}, slope, some);
        return !added && added.error().context == "dloss/dextra" && some.at(loss).slopes.empty();
    };
    QVERIFY(refused({}, {1.0}, 2.0)); // not active
    QVERIFY(refused({{extra, 0.5}}, {HUGE_VAL}, 2.0));
    QVERIFY(refused({{extra, 0.5}}, {std::nan("")}, 2.0));
    QVERIFY(refused({{extra, 0.5}}, {1.0, -0.1}, 2.0));
    QVERIFY(refused({{extra, 0.5}}, {1.0}, HUGE_VAL)); // diverged
}

/// Against differences of a function of the user's values.
void SlopesTest::differencesFollowTheScale() {
    const Definition definition = mixedDefinition();
    const auto id = [&](const char* name) { return definition.space.find(name)->id; };
    const MeasureId loss = definition.objectives[0].id;
    const auto number = [&](const Setting& setting, const char* name) {
        return setting.contains(id(name)) ? std::get<double>(setting.at(id(name))) : 0.0;
    };
    const auto f = [&](const Setting& s) {
        return std::sin(number(s, "lin")) + 2.0 * std::log(1.0 + number(s, "log")) +
               std::exp(number(s, "logit")) + std::pow(number(s, "step"), 2) + std::cos(number(s, "extra"));
    };
    const auto gradient = [&](const Setting& s) {
        std::map<ParameterId, Slope> slopes{{id("lin"), {std::cos(number(s, "lin")), 0.1}},
                                            {id("log"), {2.0 / (1.0 + number(s, "log")), 0.2}},
                                            {id("logit"), {std::exp(number(s, "logit"))}},
                                            {id("step"), {2.0 * number(s, "step")}},
                                            {id("extra"), {-std::sin(number(s, "extra"))}},
                                            {ParameterId{99}, {7.0}}}; // was removed
        return slopes;
    };
    StudyModel::State state(definition);
    const auto observe = [&](double lin, double log, double logit, double step, bool b) {
        Setting setting{{id("lin"), lin},
                        {id("log"), log},
                        {id("logit"), logit},
                        {id("step"), step},
                        {id("count"), std::int64_t{4}},
                        {id("kind"), std::string(b ? "b" : "a")}};
        if (b)
            setting[id("extra")] = 0.3;
        ObservedTrial trial{{1}, setting, state.features.row(setting), {}, true, 0.0};
        trial.values[loss] = {f(setting), std::nullopt, gradient(setting)};
        return trial;
    };
    // In the middle, and at ends of ranges.
    const std::vector<ObservedTrial> trials{observe(0.7, 0.02, 0.3, 0.75, true),
                                            observe(-2.0, 10.0, 0.99, 2.0, false)};
    const SlopeDifferences made = slopeDifferences(state, loss, {&trials[0], &trials[1]}, Goal::Minimize);
    const Differences& differences = made.differences;
    QCOMPARE(made.leftOut, std::size_t{0});
    QCOMPARE(differences.size(), Eigen::Index{9}); // `extra` is not active in the second
    QCOMPARE(std::count(differences.owner.begin(), differences.owner.end(), 0), 5);
    for (Eigen::Index i = 0; i < differences.size(); ++i) {
        const Eigen::Index owner = differences.owner[static_cast<std::size_t>(i)];
        const ObservedTrial& trial = trials[static_cast<std::size_t>(owner)];
        // One coordinate moves, within the cube.
        Eigen::Index column = -1;
        const Eigen::RowVectorXd way = differences.ahead.row(i) - differences.behind.row(i);
        QCOMPARE((way.array() != 0.0).count(), 1);
        QVERIFY(way.maxCoeff(&column) > 0.0 && way.maxCoeff() < 1.1e-3);
        QVERIFY(differences.ahead.row(i).maxCoeff() <= 1.0 && differences.behind.row(i).minCoeff() >= 0.0);
        // The user's values at both ends, unrounded.
        const auto moved = [&](double position) {
            Setting setting = trial.setting;
            for (Eigen::Index c = 0; c < state.encoding.dimension(); ++c) {
                const Coordinate& coordinate = state.encoding.coordinates()[static_cast<std::size_t>(c)];
                if (state.features.columnOf(c) != column)
                    continue;
                const auto& range = std::get<RealRange>(definition.space.find(coordinate.parameter)->domain);
                const auto logit = [](double p) { return std::log(p / (1.0 - p)); };
                double value = range.low + position * (range.high - range.low);
                if (range.scale == Scale::Log)
                    value = range.low * std::pow(range.high / range.low, position);
                if (range.scale == Scale::Logit)
                    value = 1.0 / (1.0 + std::exp(-(logit(range.low) +
                                                    position * (logit(range.high) - logit(range.low)))));
                setting[coordinate.parameter] = value;
            }
            return f(setting);
        };
        const double rise = moved(differences.ahead(i, column)) - moved(differences.behind(i, column));
        QVERIFY2(test::near(differences.value(i), rise, 5e-3, 1e-9),
                 qPrintable(QString("%1: %2, %3").arg(i).arg(differences.value(i)).arg(rise)));
        const bool known = column < 2;
        QCOMPARE(differences.noise(i) > 0.0, known);
        if (column == 0) // 5 wide: the slope's error times the way
            QVERIFY(test::near(differences.noise(i), std::pow(0.1 * 5.0 * way(0), 2), 1e-12));
    }
}

void SlopesTest::scalesAgreeWithPositions() {
    for (const Parameter& parameter : mixedDefinition().space.parameters) {
        const auto* range = std::get_if<RealRange>(&parameter.domain);
        if (!range || range->step)
            continue;
        for (const double position : {0.1, 0.5, 0.93}) {
            const auto at = [&](double p) { return std::get<double>(Encoding::valueAt(parameter, p)); };
            const double slope = (at(position + 1e-4) - at(position - 1e-4)) / 2e-4;
            QVERIFY(test::near(Encoding::slopeAt(*range, at(position)), slope, 1e-5));
        }
    }
}

void SlopesTest::modelsLearnFromSlopes() {
    const Definition definition = squareDefinition(kOne);
    const StudyModel plain = StudyModel::fit(surveyed(definition, 10, false)).value();
    const StudyModel taught = StudyModel::fit(surveyed(definition, 10, true)).value();
    QCOMPARE(plain.info()[0].slopes, std::size_t{0});
    QCOMPARE(taught.info()[0].slopes, std::size_t{20});
    QCOMPARE(taught.info()[0].observations, std::size_t{10});
    QVERIFY2(errorOf(taught, definition) < 0.3 * errorOf(plain, definition),
             qPrintable(QString("%1, %2").arg(errorOf(taught, definition)).arg(errorOf(plain, definition))));
    // Axes that bend take the points of slopes with them.
    const StudyModel large = StudyModel::fit(surveyed(definition, 40, true)).value();
    QCOMPARE(large.info()[0].slopes, std::size_t{80});
    QVERIFY(errorOf(large, definition) < errorOf(taught, definition));
}

void SlopesTest::noiseOfSlopesCounts() {
    const Definition definition = squareDefinition(kOne);
    // Wrong slopes that are known to be useless do no harm.
    Study study = surveyed(definition, 10, true);
    for (Trial& trial : study.trials)
        for (auto& [parameter, slope] : trial.values.begin()->second.slopes)
            slope = {-5.0 * slope.value, 1e6};
    const double plain = errorOf(StudyModel::fit(surveyed(definition, 10, false)).value(), definition);
    const double doubted = errorOf(StudyModel::fit(study).value(), definition);
    QVERIFY2(std::abs(doubted / plain - 1.0) < 0.05, qPrintable(QString("%1, %2").arg(doubted).arg(plain)));
}

void SlopesTest::manySlopesAreLimited() {
    const Definition definition = squareDefinition(kOne);
    const Study study = surveyed(definition, 350, true);
    const StudyModel model = StudyModel::fit(study).value();
    QCOMPARE(model.info()[0].slopes, std::size_t{650});
    QCOMPARE(model.info()[0].slopesLeftOut, std::size_t{50});
    const HealthFinding told = diagnose(model, definition.objectives[0].id)->health.back();
    QCOMPARE(told.code, HealthCode::SlopesKnown);
    QVERIFY2(told.text.find("650") != std::string::npos && told.text.find("50 more") != std::string::npos,
             told.text.c_str());
    // The best results keep theirs.
    StudyModel::State state(definition);
    std::vector<ObservedTrial> trials;
    std::vector<const ObservedTrial*> pointers;
    for (const Trial& trial : study.trials)
        trials.push_back(
            {trial.id, trial.setting, state.features.row(trial.setting), trial.values, true, 0.0});
    for (const ObservedTrial& trial : trials)
        pointers.push_back(&trial);
    const MeasureId loss = definition.objectives[0].id;
    for (const Goal goal : {Goal::Minimize, Goal::Maximize}) {
        const SlopeDifferences made = slopeDifferences(state, loss, pointers, goal);
        QCOMPARE(made.leftOut, std::size_t{50});
        const double sign = goal == Goal::Minimize ? 1.0 : -1.0;
        double worstKept = -HUGE_VAL;
        double bestLeft = HUGE_VAL;
        for (Eigen::Index i = 0; i < 350; ++i) {
            const double value = sign * trials[static_cast<std::size_t>(i)].values.at(loss).value;
            const auto& owner = made.differences.owner;
            if (std::find(owner.begin(), owner.end(), i) != owner.end())
                worstKept = std::max(worstKept, value);
            else
                bestLeft = std::min(bestLeft, value);
        }
        QVERIFY(worstKept <= bestLeft);
    }
}

void SlopesTest::slopesGoWithEarlierStudies() {
    const Definition definition = squareDefinition(kOne);
    Study source = surveyed(definition, 30, false);
    for (Trial& trial : source.trials)
        trial.values.begin()->second.value = 2.0 * trial.values.begin()->second.value + 3.0;
    SourceStudies sources{{"earlier.alidade", "earlier", std::make_shared<const Study>(source), {}}};
    ModelOptions options;
    options.sources = std::make_shared<const SourceStudies>(sources);
    const StudyModel alone = StudyModel::fit(surveyed(definition, 4, true)).value();
    const StudyModel model = StudyModel::fit(surveyed(definition, 4, true), options).value();
    QVERIFY(model.related().front().used());
    QCOMPARE(model.info()[0].slopes, std::size_t{8});
    QVERIFY(errorOf(model, definition) < 0.5 * errorOf(alone, definition));
    // The slopes are still those of today's results.
    const Study today = surveyed(definition, 4, true);
    for (const Trial& trial : today.trials) {
        const ParameterId x = definition.space.parameters[0].id;
        Setting up = trial.setting;
        Setting down = trial.setting;
        up[x] = std::get<double>(trial.setting.at(x)) + 1e-3;
        down[x] = std::get<double>(trial.setting.at(x)) - 1e-3;
        const Prediction at = model.predict(definition.objectives[0].id, {up, down}).value();
        const double measured = trial.values.begin()->second.slopes.at(x).value;
        QVERIFY2(test::near((at.mean(0) - at.mean(1)) / 2e-3, measured, 0.05, 0.05),
                 qPrintable(QString("%1, %2").arg((at.mean(0) - at.mean(1)) / 2e-3).arg(measured)));
    }
}

void SlopesTest::everyMethodTakesSlopes_data() {
    QTest::addColumn<QString>("rest");
    QTest::addColumn<int>("method");
    for (const Method method : workingMethods()) {
        const std::string name(methodName(method));
        const bool several = method == Method::Ehvi || method == Method::ParEgo ||
                             method == Method::Desirability || method == Method::Effectiveness;
        if (!several)
            QTest::addRow("%s", name.c_str()) << QString(kOne) << static_cast<int>(method);
    }
    const QString two = R"("objectives": [{"name": "loss"}, {"name": "gain", "goal": "maximize"}])";
    QTest::newRow("ehvi") << two << static_cast<int>(Method::Ehvi);
    QTest::newRow("parego") << two << static_cast<int>(Method::ParEgo);
    QTest::newRow("desirability")
        << QString(
               R"("objectives": [{"name": "loss", "desirability": {"shape": "min", "low": 1, "high": 9}}])")
        << static_cast<int>(Method::Desirability);
    QTest::newRow("limit") << QString(kOne) + R"(, "outcome_constraints": [{"name": "other", "upper": -1}])"
                           << static_cast<int>(Method::Auto);
}

void SlopesTest::everyMethodTakesSlopes() {
    QFETCH(QString, rest);
    QFETCH(int, method);
    Definition definition = squareDefinition(rest.toStdString());
    definition.strategy.method = static_cast<Method>(method);
    definition.strategy.initial = 4;
    Study study = surveyed(definition, 12, true);
    if (method == static_cast<int>(Method::EiPerSecond) || method == static_cast<int>(Method::Effectiveness))
        for (Trial& trial : study.trials) {
            trial.startedMs = 1000;
            trial.finishedMs = 3000 + 10 * trial.id.value;
        }
    const auto suggested = suggest(study, 3);
    QVERIFY2(suggested.ok(), suggested.ok() ? "" : suggested.error().text().c_str());
    QCOMPARE(suggested->suggestions.size(), std::size_t{3});
}

QTEST_APPLESS_MAIN(SlopesTest)
#include "tst_slopes.moc"
