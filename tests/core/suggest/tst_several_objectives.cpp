#include "desirability/study_goals.h"
#include "exchange/study_json.h"
#include "pareto/dominance.h"
#include "pareto/hypervolume.h"
#include "study/best_end.h"
#include "suggest/method.h"
#include "suggest/modelled_front.h"
#include "suggest/optimum.h"
#include "suggest/suggest.h"
#include "suggest/summary.h"
#include "suggest/target.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

namespace {

Study studyFrom(const std::string& configuration) {
    Study study;
    study.definition = definitionFromConfiguration(parseJson(configuration).value()).value();
    return study;
}

double real(const Study& study, const Setting& setting, const char* name) {
    return std::get<double>(setting.at(study.definition.space.find(name)->id));
}

void addTrial(Study& study, const Setting& setting, Origin origin, const std::vector<double>& values) {
    Trial trial;
    trial.id.value = static_cast<std::int64_t>(study.trials.size()) + 1;
    trial.state = TrialState::Complete;
    trial.origin = origin;
    trial.setting = setting;
    const std::vector<MeasureId> measures = study.definition.measures();
    for (std::size_t i = 0; i < values.size(); ++i)
        trial.values[measures[i]] = {values[i], std::nullopt};
    study.trials.push_back(std::move(trial));
}

using Measure = std::vector<double> (*)(const Study&, const Setting&);

void run(Study& study, int trials, Measure measure) {
    for (int i = 0; i < trials; ++i) {
        const SuggestReport report = suggest(study, 1).value();
        const Suggestion& suggestion = report.suggestions.front();
        addTrial(study, suggestion.setting, suggestion.origin, measure(study, suggestion.setting));
    }
}

constexpr const char* kTwoParabolas = R"({"alidade": 1, "name": "p", "seed": 3,
    "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                   {"name": "z", "type": "real", "low": 0, "high": 1}],
    "objectives": [{"name": "f", "reference": 1.5}, {"name": "g", "goal": "maximize", "reference": -1.5}]})";

/// The Pareto set is z = 0.3, 0.2 <= x <= 0.8.
std::vector<double> twoParabolas(const Study& study, const Setting& setting) {
    const double x = real(study, setting, "x");
    const double z = real(study, setting, "z");
    const double away = (z - 0.3) * (z - 0.3);
    return {(x - 0.2) * (x - 0.2) + away, -(x - 0.8) * (x - 0.8) - away};
}

/// A limit that cuts off half of that set.
std::vector<double> withLimit(const Study& study, const Setting& setting) {
    std::vector<double> values = twoParabolas(study, setting);
    values.push_back(real(study, setting, "x"));
    return values;
}

std::string reaction(const char* constraint) {
    return std::string(R"({"alidade": 1, "name": "reaction", "seed": 1, "parameters": [
        {"name": "time", "type": "real", "low": -1.682, "high": 1.682},
        {"name": "temperature", "type": "real", "low": -1.682, "high": 1.682},
        {"name": "catalyst", "type": "real", "low": -1.682, "high": 1.682}], "constraints": [)") +
           constraint + R"(], "objectives": [
        {"name": "conversion", "goal": "maximize", "desirability": {"shape": "max", "low": 80, "high": 97}},
        {"name": "activity", "goal": "maximize",
         "desirability": {"shape": "target", "low": 55, "target": 57.5, "high": 60}}]})";
}

std::vector<double> reactionValues(const Study& study, const Setting& setting) {
    const double a = real(study, setting, "time");
    const double b = real(study, setting, "temperature");
    const double c = real(study, setting, "catalyst");
    return {81.09 + 1.0284 * a + 4.043 * b + 6.2037 * c - 1.8366 * a * a + 2.9382 * b * b - 5.1915 * c * c +
                2.2150 * a * b + 11.375 * a * c - 3.875 * b * c,
            59.85 + 3.583 * a + 0.2546 * b + 2.2298 * c + 0.83479 * a * a + 0.07484 * b * b +
                0.05716 * c * c - 0.3875 * a * b - 0.375 * a * c + 0.3125 * b * c};
}

} // namespace

class SeveralObjectivesTest : public QObject {
    Q_OBJECT
private slots:
    void automaticMethod_data();
    void automaticMethod();
    void hypervolumeFillsTheFront();
    void targetsCountByDistance_data();
    void targetsCountByDistance();
    void batchesSpreadOut();
    void limitsCutTheFront();
    void gradientOfTheTarget_data();
    void gradientOfTheTarget();
    void reactionIsSolved_data();
    void reactionIsSolved();
    void effectivenessPrefersTheKnee();
    void modelledFrontIsTheTrueOne();
    void gainOfTrialsUnderWay();
    void gainCountsTheChanceOfSuccess();
    void optimumOfAMean();
    void badRequestsAreErrors();
};

void SeveralObjectivesTest::automaticMethod_data() {
    QTest::addColumn<QString>("objectives");
    QTest::addColumn<int>("method");
    const QString d = R"("desirability": {"shape": "min", "low": 0, "high": 1})";
    const QString target = R"("desirability": {"shape": "target", "low": 0, "target": 1, "high": 3})";
    QTest::newRow("one") << R"({"name": "a"})" << static_cast<int>(Method::LogEi);
    QTest::newRow("one with limits") << R"({"name": "a", )" + d + "}" << static_cast<int>(Method::LogEi);
    QTest::newRow("one with a target")
        << R"({"name": "a", )" + target + "}" << static_cast<int>(Method::Desirability);
    QTest::newRow("two") << R"({"name": "a"}, {"name": "b"})" << static_cast<int>(Method::Ehvi);
    QTest::newRow("two, one desirable")
        << R"({"name": "a", )" + d + R"(}, {"name": "b"})" << static_cast<int>(Method::Ehvi);
    QTest::newRow("two desirable") << R"({"name": "a", )" + d + R"(}, {"name": "b", )" + target + "}"
                                   << static_cast<int>(Method::Desirability);
    QTest::newRow("five") << R"({"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}, {"name": "e"})"
                          << static_cast<int>(Method::ParEgo);
}

void SeveralObjectivesTest::automaticMethod() {
    QFETCH(QString, objectives);
    QFETCH(int, method);
    const Study study = studyFrom(R"({"alidade": 1, "name": "m", "parameters":
        [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [)" +
                                  objectives.toStdString() + "]}");
    QCOMPARE(static_cast<int>(methodFor(study.definition)), method);
}

void SeveralObjectivesTest::hypervolumeFillsTheFront() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 22, twoParabolas);
    const MeasuredFront front = measuredFront(study).value();
    // The whole front: f = t^2, g = -(0.6 - t)^2 for 0 <= t <= 0.6.
    ObjectiveMatrix exact(2000, 2);
    for (Eigen::Index i = 0; i < exact.rows(); ++i) {
        const double t = 0.6 * static_cast<double>(i) / 1999.0;
        exact.row(i) << t * t, (0.6 - t) * (0.6 - t);
    }
    const double largest = hypervolume(exact, Eigen::Vector2d(1.5, 1.5)).value();
    QVERIFY2(*front.hypervolume > 0.99 * largest,
             qPrintable(QString("%1 of %2").arg(*front.hypervolume).arg(largest)));
    QVERIFY(front.ids.size() >= 8);
    const Suggestion next = suggest(study, 1).value().suggestions.front();
    QVERIFY2(next.reason.find("hypervolume") != std::string::npos, next.reason.c_str());
    // Same content, same suggestion.
    QCOMPARE(suggest(study, 1, {2}).value().suggestions.front().setting, next.setting);
}

void SeveralObjectivesTest::targetsCountByDistance_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("desirability");
    QTest::addColumn<QString>("from");
    for (const char* method : {"auto", "ehvi", "parego"}) {
        QTest::addRow("%s, target", method)
            << method << R"({"shape": "target", "low": 1, "target": 1.5, "high": 2})"
            << "1.5";
        QTest::addRow("%s, box", method) << method << R"({"shape": "box", "low": 1.4, "high": 1.6})"
                                         << "1.4 to 1.6";
        QTest::addRow("%s, table", method)
            << method << R"({"shape": "custom", "x": [0, 1.5, 3], "d": [0, 1, 0]})"
            << "1.5";
        QTest::addRow("%s, against the goal", method)
            << method << R"({"shape": "min", "low": 1.5, "high": 2.5})"
            << "1.5 and less";
    }
}

/// By its direction the second objective would go to 3, where the first is best as well.
void SeveralObjectivesTest::targetsCountByDistance() {
    QFETCH(QString, method);
    QFETCH(QString, desirability);
    QFETCH(QString, from);
    Study study = studyFrom(R"({"alidade": 1, "name": "t", "seed": 4,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                       {"name": "z", "type": "real", "low": 0, "high": 1}],
        "strategy": {"method": ")" +
                            method.toStdString() + R"("},
        "objectives": [{"name": "f", "goal": "maximize"},
                       {"name": "g", "goal": "maximize", "desirability": )" +
                            desirability.toStdString() + "}]}");
    const auto measure = [](const Study& of, const Setting& setting) {
        const double x = real(of, setting, "x");
        return std::vector<double>{x - std::pow(real(of, setting, "z") - 0.4, 2), 3.0 * x};
    };
    run(study, 22, measure);
    const std::string reason = suggest(study, 1)->suggestions[0].reason;
    QVERIFY2(QString::fromStdString(reason).contains("g counts by its distance from " + from),
             reason.c_str());
    // The measured front is that of the distances.
    const std::optional<WantedRange> wanted = wantedRange(study.definition.objectives[1]);
    QVERIFY(wanted);
    const MeasuredFront front = measuredFront(study).value();
    const auto at = [&](const Trial& trial) {
        return std::pair(trial.values.at(study.definition.objectives[0].id).value,
                         -wanted->distance(trial.values.at(study.definition.objectives[1].id).value));
    };
    for (const Trial& trial : study.trials) {
        const bool beaten = std::any_of(study.trials.begin(), study.trials.end(), [&](const Trial& other) {
            return at(other).first >= at(trial).first && at(other).second >= at(trial).second &&
                   at(other) != at(trial);
        });
        QCOMPARE(std::find(front.ids.begin(), front.ids.end(), trial.id) == front.ids.end(), beaten);
    }
    QCOMPARE(front.reference[1], wanted->acceptable);
    // The score accepts as much, in the units of its model.
    const StudyModel model = StudyModel::fit(study).value();
    const AcquisitionTarget target =
        AcquisitionTarget::next(model.state(), study.trials.size(), 1, {}).value();
    const auto* score = std::get_if<EhviScore>(&target.score());
    QCOMPARE(score != nullptr, method != "parego");
    if (score) {
        const double scale = model.state()->processes.at(study.definition.objectives[1].id).transform.scale;
        QVERIFY(std::abs(score->improvement->reference()(1) - wanted->acceptable / scale) < 1e-9);
    }
    QVERIFY(*front.hypervolume > 0.0);
    int near = 0;
    int suggested = 0;
    for (const Trial& trial : study.trials)
        if (trial.origin == Origin::Model) {
            ++suggested;
            near += std::abs(real(study, trial.setting, "x") - 0.5) < 0.2 ? 1 : 0;
        }
    QCOMPARE(suggested, 16);
    // By chance two of five; the front leads from 0.5 to 1, where the first objective is best.
    QVERIFY2(near >= 5, qPrintable(QString::number(near)));
}

void SeveralObjectivesTest::batchesSpreadOut() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 12, twoParabolas);
    const SuggestReport report = suggest(study, 4).value();
    QCOMPARE(report.suggestions.size(), std::size_t{4});
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const double dx = real(study, report.suggestions[i].setting, "x") -
                              real(study, report.suggestions[j].setting, "x");
            const double dz = real(study, report.suggestions[i].setting, "z") -
                              real(study, report.suggestions[j].setting, "z");
            QVERIFY(std::hypot(dx, dz) > 0.01);
        }
}

void SeveralObjectivesTest::limitsCutTheFront() {
    Study study = studyFrom(R"({"alidade": 1, "name": "l", "seed": 2,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                       {"name": "z", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "f", "reference": 1.5},
                       {"name": "g", "goal": "maximize", "reference": -1.5}],
        "outcome_constraints": [{"name": "c", "upper": 0.5}]})");
    run(study, 18, withLimit);
    int allowed = 0;
    for (std::size_t i = 8; i < study.trials.size(); ++i)
        allowed += isFeasible(study.definition, study.trials[i]) ? 1 : 0;
    QVERIFY(allowed >= 7);
    const MeasuredFront front = measuredFront(study).value();
    for (const auto& values : front.values)
        QVERIFY(values[1] < -0.085); // x <= 0.5
}

void SeveralObjectivesTest::gradientOfTheTarget_data() {
    QTest::addColumn<QByteArray>("configuration");
    QTest::newRow("hypervolume") << QByteArray(kTwoParabolas);
    QByteArray goals(kTwoParabolas);
    goals.replace(R"("reference": 1.5)", R"("desirability": {"shape": "min", "low": 0, "high": 0.3})");
    goals.replace(R"("reference": -1.5)",
                  R"("desirability": {"shape": "target", "low": -0.5, "target": -0.2, "high": 0})");
    QTest::newRow("desirability") << goals;
}

void SeveralObjectivesTest::gradientOfTheTarget() {
    QFETCH(QByteArray, configuration);
    Study study = studyFrom(configuration.toStdString());
    run(study, 7, twoParabolas);
    const StudyModel model = StudyModel::fit(study).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 7, 1, {}).value();
    for (const auto& [x, z] : {std::pair{0.31, 0.52}, {0.7, 0.2}, {0.55, 0.83}}) {
        const Eigen::RowVector2d at(x, z);
        Eigen::VectorXd gradient;
        const double value = target.value(at, gradient);
        QVERIFY(std::abs(value - target.values(at)(0)) < 1e-8 * (1.0 + std::abs(value)));
        for (Eigen::Index c = 0; c < 2; ++c) {
            Eigen::MatrixXd both = at.replicate(2, 1);
            both(0, c) += 1e-6;
            both(1, c) -= 1e-6;
            const Eigen::VectorXd values = target.values(both);
            const double slope = (values(0) - values(1)) / 2e-6;
            QVERIFY2(std::abs(gradient(c) - slope) < 2e-2 * (1.0 + std::abs(slope)),
                     qPrintable(QString("%1 against %2").arg(gradient(c)).arg(slope)));
        }
    }
}

void SeveralObjectivesTest::reactionIsSolved_data() {
    QTest::addColumn<QByteArray>("constraint");
    QTest::addColumn<double>("overall");
    // 2503.23595, section 3: results of Nelder-Mead and other optimisers on the equations themselves.
    QTest::newRow("square region") << QByteArray() << 0.942509;
    QTest::newRow("circular region") << QByteArray(R"("time^2 + temperature^2 + catalyst^2 <= 1.682^2")")
                                     << 0.858153;
}

void SeveralObjectivesTest::reactionIsSolved() {
    QFETCH(QByteArray, constraint);
    QFETCH(double, overall);
    Study study = studyFrom(reaction(constraint.constData()));
    run(study, 32, reactionValues);
    const DesirabilityRanking ranking = rankByDesirability(study).value();
    const double measured = ranking.rows.front().overall;
    QVERIFY2(measured > overall - 0.01 && measured < overall + 1e-5, qPrintable(QString::number(measured)));
    const StudyModel model = StudyModel::fit(study).value();
    const Optimum best = optimum(model).value();
    const StudyGoals goals = studyGoals(study.definition).value().value();
    const double reached =
        goals.overall.evaluate(std::span<const double>(reactionValues(study, best.setting))).value().overall;
    QVERIFY2(reached > overall - 0.01, qPrintable(QString::number(reached)));
    QVERIFY(std::abs(best.overall - reached) < 0.03);
    QVERIFY(best.expected <= best.overall + 1e-6 && best.deviation >= 0.0);
    QCOMPARE(best.individual.size(), std::size_t{2});
    QCOMPARE(optimum(model).value().setting, best.setting);
    // Nothing is noisy: no place is measured twice.
    const auto at = [&](std::size_t trial, const char* name) {
        return real(study, study.trials[trial].setting, name);
    };
    for (std::size_t i = 0; i < study.trials.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            double apart = 0.0;
            for (const char* name : {"time", "temperature", "catalyst"})
                apart = std::max(apart, std::abs(at(i, name) - at(j, name)) / (2.0 * 1.682));
            QVERIFY2(apart > 1e-4, qPrintable(QStringLiteral("trials %1 and %2").arg(i).arg(j)));
        }
}

void SeveralObjectivesTest::effectivenessPrefersTheKnee() {
    // Accuracy saturates with the size, the time grows with it: U has one maximum in between.
    Study study = studyFrom(R"({"alidade": 1, "name": "e", "seed": 4,
        "parameters": [{"name": "size", "type": "real", "low": 1, "high": 1000, "scale": "log"}],
        "objectives": [{"name": "accuracy", "goal": "maximize", "reference": 0, "known_optimum": 1},
                       {"name": "seconds", "unit": "s", "reference": 100}],
        "strategy": {"method": "effectiveness"}})");
    const auto measure = [](const Study& of, const Setting& setting) {
        const double size = real(of, setting, "size");
        return std::vector<double>{1.0 - std::exp(-size / 20.0), 2.0 * size};
    };
    run(study, 14, measure);
    double best = 0.0;
    double bestPossible = 0.0;
    const auto utility = [](double accuracy, double time) {
        return std::sqrt(accuracy / (1.0 + time / 100.0));
    };
    for (const Trial& trial : study.trials) {
        const auto measures = study.definition.measures();
        best =
            std::max(best, utility(trial.values.at(measures[0]).value, trial.values.at(measures[1]).value));
    }
    for (double size = 1.0; size < 1000.0; size *= 1.001)
        bestPossible = std::max(bestPossible, utility(1.0 - std::exp(-size / 20.0), 2.0 * size));
    QVERIFY2(best > 0.999 * bestPossible, qPrintable(QString("%1 of %2").arg(best).arg(bestPossible)));
}

void SeveralObjectivesTest::modelledFrontIsTheTrueOne() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 18, twoParabolas);
    const StudyModel model = StudyModel::fit(study).value();
    const ModelledFront front = modelledFront(model, {1.5, -1.5}).value();
    QVERIFY(front.settings.size() >= 20);
    for (std::size_t i = 0; i < front.settings.size(); ++i) {
        const std::vector<double> truth = twoParabolas(study, front.settings[i]);
        for (Eigen::Index k = 0; k < 2; ++k)
            QVERIFY(std::abs(front.means(static_cast<Eigen::Index>(i), k) -
                             truth[static_cast<std::size_t>(k)]) < 0.05);
        QVERIFY(std::abs(real(study, front.settings[i], "z") - 0.3) < 0.15);
    }
    QCOMPARE(front.band.size(), std::size_t{3});
    // Outer levels dominate inner ones, and the band encloses the truth where the models are good.
    const double reached = *measuredFront(study).value().hypervolume;
    QVERIFY(front.hypervolumeMean > 0.98 * reached);
    QVERIFY(front.hypervolumeDeviation < 0.1 * front.hypervolumeMean);
    double previous = HUGE_VAL;
    for (const ModelledFront::Level& level : front.band) {
        ObjectiveMatrix points = level.points;
        points.col(1) *= -1.0;
        const double volume = hypervolume(points, Eigen::Vector2d(1.5, 1.5)).value();
        QVERIFY(volume <= previous);
        previous = volume;
    }
    QCOMPARE(modelledFront(model, {1.5, -1.5}).value().means, front.means);
}

void SeveralObjectivesTest::gainOfTrialsUnderWay() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 10, twoParabolas);
    const Setting next = suggest(study, 1).value().suggestions.front().setting;
    const StudyModel model = StudyModel::fit(study).value();
    const HypervolumeGain one = expectedHypervolumeGain(model, {next}, {1.5, -1.5}).value();
    QVERIFY(one.value > 0.0 && one.probability > 0.2);
    QVERIFY(std::abs(one.alone[0] - one.value) < 1e-9 + 1e-6 * one.value);
    // A copy adds nothing, and an old setting hardly anything.
    const HypervolumeGain twice = expectedHypervolumeGain(model, {next, next}, {1.5, -1.5}).value();
    QVERIFY(std::abs(twice.value - one.value) < 0.2 * one.value + 4.0 * one.standardError);
    const HypervolumeGain old =
        expectedHypervolumeGain(model, {study.trials.front().setting}, {1.5, -1.5}).value();
    QVERIFY(old.value < 0.2 * one.value);
}

void SeveralObjectivesTest::gainCountsTheChanceOfSuccess() {
    const auto studyWithin = [](const char* upper) {
        std::string configuration = kTwoParabolas;
        configuration.insert(configuration.rfind('}'),
                             std::string(R"(, "outcome_constraints": [{"name": "c", "upper": )") + upper +
                                 "}]");
        Study study = studyFrom(configuration);
        const SearchSpace& space = study.definition.space;
        for (const double x : {0.05, 0.15, 0.25, 0.35, 0.45})
            for (const double z : {0.1, 0.3, 0.6}) {
                const Setting setting{{space.find("x")->id, x}, {space.find("z")->id, z}};
                addTrial(study, setting, Origin::Manual, withLimit(study, setting));
            }
        return study;
    };
    // All trials are within both limits, so that the front and its models are the same.
    const Study tight = studyWithin("0.5");
    const SearchSpace& space = tight.definition.space;
    const Setting border{{space.find("x")->id, 0.5}, {space.find("z")->id, 0.3}};
    const StudyModel model = StudyModel::fit(tight).value();
    const double chance = model.feasibility({border})(0);
    QVERIFY2(chance > 0.2 && chance < 0.8, qPrintable(QString::number(chance)));
    const HypervolumeGain gain = expectedHypervolumeGain(model, {border}, {1.5, -1.5}).value();
    const HypervolumeGain free =
        expectedHypervolumeGain(StudyModel::fit(studyWithin("10")).value(), {border}, {1.5, -1.5}).value();
    QVERIFY(free.value > 1e-3);
    QVERIFY(std::abs(gain.alone[0] - chance * free.alone[0]) < 0.01 * free.alone[0]);
    QVERIFY(std::abs(gain.value - chance * free.value) < 4.0 * gain.standardError);
    QVERIFY(gain.probability < 0.9);
}

void SeveralObjectivesTest::optimumOfAMean() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 14, twoParabolas);
    const StudyModel model = StudyModel::fit(study).value();
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    options.objective = study.definition.objectives[1].id;
    const Optimum best = optimum(model, options).value();
    QVERIFY(std::abs(real(study, best.setting, "x") - 0.8) < 0.05);
    QVERIFY(std::abs(real(study, best.setting, "z") - 0.3) < 0.1);
    QVERIFY(best.goals.empty());
    QCOMPARE(best.predictions.size(), std::size_t{2});
}

void SeveralObjectivesTest::badRequestsAreErrors() {
    Study study = studyFrom(kTwoParabolas);
    run(study, 7, twoParabolas);
    const StudyModel model = StudyModel::fit(study).value();
    QVERIFY(!optimum(model)); // no desirability
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    QVERIFY(!optimum(model, options)); // which objective?
    QVERIFY(!modelledFront(model, {1.0}));
    QVERIFY(!modelledFront(model, {1.0, HUGE_VAL}));
    ModelledFrontOptions levels;
    levels.levels = {1.5};
    QVERIFY(!modelledFront(model, {1.5, -1.5}, levels));
    QVERIFY(!expectedHypervolumeGain(model, {}, {1.5, -1.5}));
    std::stop_source stopped;
    stopped.request_stop();
    const auto given = expectedHypervolumeGain(model, {study.trials.front().setting}, {1.5, -1.5}, 256,
                                               Monitor(stopped.get_token()));
    QVERIFY(!given && given.error().code == ErrorCode::Cancelled);
}

QTEST_APPLESS_MAIN(SeveralObjectivesTest)
#include "tst_several_objectives.moc"
