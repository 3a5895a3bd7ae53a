#include "acquisition/analytic.h"
#include "base/rng.h"
#include "near.h"
#include "suggest/environment.h"
#include "suggest/optimum.h"
#include "suggest/summary.h"
#include "suggest/target.h"
#include "test_problems.h"

#include <QTest>

#include <cmath>

using namespace alidade;

// Which setting is best where conditions of use vary, and what else holds on the average over them.

namespace {

/// factor * (4 (x - 0.6)^2 + w), where w is near 0.7 in use: the first trial owes its value to a rare w.
Study luckyStudy(double factor) {
    test::Problem problem;
    problem.name = "lucky";
    problem.low = {0.0, 0.0};
    problem.high = {1.0, 1.0};
    Study study = test::studyOf(problem, 4);
    study.definition.objectives.front().goal = factor > 0.0 ? Goal::Minimize : Goal::Maximize;
    const auto& parameters = study.definition.space.parameters;
    study.definition.environment = {{parameters[1].id, Density{NormalDensity{0.7, 0.1, {}, {}}}}};
    for (int i = 0; i < 20; ++i) {
        const double x = i == 0 ? 0.45 : 0.2 * (i % 5);
        const double w = i == 0 ? 0.0 : 0.3 + std::fmod(0.618 * i, 0.7);
        test::addResult(study, {{parameters[0].id, x}, {parameters[1].id, w}}, Origin::Manual,
                        factor * (4.0 * (x - 0.6) * (x - 0.6) + w));
    }
    return study;
}

/// The model's mean under w ~ N(0.7, 0.1^2) within [0, 1], by the trapezoidal rule in the user's units.
double averageByBruteForce(const Study& study, const StudyModel& model, Setting setting) {
    double sum = 0.0;
    double weights = 0.0;
    std::vector<Setting> settings;
    std::vector<double> densities;
    for (int i = 0; i <= 1000; ++i) {
        const double w = i / 1000.0;
        setting[study.definition.space.parameters[1].id] = w;
        settings.push_back(setting);
        densities.push_back((i % 1000 == 0 ? 0.5 : 1.0) * std::exp(-50.0 * (w - 0.7) * (w - 0.7)));
    }
    const Prediction each = model.predict(study.definition.objectives.front().id, settings).value();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        sum += densities[i] * each.mean(static_cast<Eigen::Index>(i));
        weights += densities[i];
    }
    return sum / weights;
}

} // namespace

class BestOnAverageTest : public QObject {
    Q_OBJECT
private slots:
    void bestOnTheAverageIsBest_data();
    void bestOnTheAverageIsBest();
    void fewResultsCountAsMeasured();
    void wantedValueIsBest_data();
    void wantedValueIsBest();
    void averagesAreInTheUsersUnits();
    void optimumShowsTheLikeliestConditions();
    void pendingTrialsCountForTheAverage();
    void failuresHoldOnTheAverage();
};

void BestOnAverageTest::bestOnTheAverageIsBest_data() {
    QTest::addColumn<double>("factor");
    QTest::newRow("minimised") << 1.0;
    QTest::newRow("maximised") << -1.0;
}

void BestOnAverageTest::bestOnTheAverageIsBest() {
    QFETCH(const double, factor);
    const Study study = luckyStudy(factor);
    const auto x = [&](TrialId id) { return test::coordinatesOf(study, study.find(id)->setting)[0]; };
    QCOMPARE(x(incumbent(study)->id), 0.45); // the best measured value
    const StudyModel model = StudyModel::fit(study, {1}).value();
    QVERIFY(model.averages());
    // Of all settings that were tried, x = 0.6 is nearest to the best of all.
    QCOMPARE(x(model.bestTrial().value()), 0.2 * 3);
    QCOMPARE(x(bestForUse(study, [&] { return Result<StudyModel>(model); })->id), 0.2 * 3);
    // What improvements are counted from is the best average, too, in the model's own eyes.
    double best = HUGE_VAL;
    for (const Trial& trial : study.trials) {
        const double average = averageByBruteForce(study, model, trial.setting);
        const Prediction predicted =
            model.predictAverage(study.definition.objectives.front().id, {trial.setting}).value();
        QVERIFY(std::abs(predicted.mean(0) - average) < 1e-4);
        best = std::min(best, factor * average);
    }
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 20, 1, {}).value();
    QVERIFY2(std::abs(factor * *target.incumbent() - best) < 1e-4,
             qPrintable(QString("%1 against %2").arg(factor * *target.incumbent()).arg(best)));
    QCOMPARE(x(target.incumbentTrial().value()), 0.2 * 3);
}

void BestOnAverageTest::fewResultsCountAsMeasured() {
    // One result makes no model; without conditions none is asked for.
    Study study = luckyStudy(1.0);
    const auto fit = [&] { return StudyModel::fit(study, {1}); };
    const auto never = [&]() -> Result<StudyModel> { qFatal("a model was asked for"); };
    study.trials.resize(1);
    QVERIFY(!fit().ok());
    QVERIFY(bestForUse(study, fit) == &study.trials[0]);
    study.trials.clear();
    QVERIFY(bestForUse(study, fit) == nullptr);
    study = luckyStudy(1.0);
    study.definition.environment.clear();
    QVERIFY(bestForUse(study, never) == incumbent(study));
}

void BestOnAverageTest::wantedValueIsBest_data() {
    QTest::addColumn<double>("wanted");
    QTest::addColumn<double>("best"); // of results 0.1, 0.3, ... 1.9
    QTest::newRow("near the middle") << 1.05 << 1.1;
    // d(0.3) = 0.3 / 0.35 lies below d(0.5) = 1.5 / 1.65, though 0.3 is nearer.
    QTest::newRow("near an end") << 0.35 << 0.5;
}

void BestOnAverageTest::wantedValueIsBest() {
    QFETCH(const double, wanted);
    QFETCH(const double, best);
    for (const Goal goal : {Goal::Minimize, Goal::Maximize}) {
        Study study = luckyStudy(1.0);
        study.definition.environment.clear();
        study.trials.resize(10);
        Objective& objective = study.definition.objectives.front();
        objective.goal = goal;
        objective.desirability.emplace().shape = DesirabilityTarget{0.0, wanted, 2.0};
        for (int i = 0; i < 10; ++i)
            study.trials[static_cast<std::size_t>(i)].values[objective.id].value = 0.1 + 0.2 * i;
        const Trial* chosen = bestForUse(study, [&] { return StudyModel::fit(study, {1}); });
        QVERIFY(chosen != nullptr);
        VERIFY_NEAR(chosen->values.at(objective.id).value, best, 1e-12);
        QVERIFY(bestMeasured(study) == chosen);
        // The model sees no noise here: what it predicts at the trials is what they gave.
        QVERIFY(StudyModel::fit(study, {1})->bestTrial() == chosen->id);
        // As large as possible is no value in particular: the goal counts.
        objective.goal = Goal::Maximize;
        objective.desirability->shape = DesirabilityMax{0.0, 2.0};
        QVERIFY(bestForUse(study, [&] { return StudyModel::fit(study, {1}); }) == &study.trials.back());
    }
}

void BestOnAverageTest::averagesAreInTheUsersUnits() {
    // Outcomes over many orders of magnitude, which would be warped were they not averaged.
    Study study = luckyStudy(1.0);
    const MeasureId measure = study.definition.objectives.front().id;
    for (Trial& trial : study.trials)
        trial.values[measure].value = std::exp(6.0 * trial.values[measure].value);
    Study plain = study;
    plain.definition.environment.clear();
    QVERIFY(StudyModel::fit(plain, {1}).value().state()->processes.at(measure).transform.warped());
    const StudyModel model = StudyModel::fit(study, {1}).value();
    for (const Trial& trial : study.trials) {
        const double average = averageByBruteForce(study, model, trial.setting);
        const double predicted = model.predictAverage(measure, {trial.setting})->mean(0);
        QVERIFY2(test::near(predicted, average, 0.01, 5.0),
                 qPrintable(QString("%1 against %2").arg(predicted).arg(average)));
    }
}

void BestOnAverageTest::optimumShowsTheLikeliestConditions() {
    const Study study = luckyStudy(1.0);
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    const StudyModel model = StudyModel::fit(study, {1}).value();
    const Optimum best = optimum(model, options).value();
    const std::vector<double> at = test::coordinatesOf(study, best.setting);
    QVERIFY2(std::abs(at[0] - 0.6) < 0.05, qPrintable(QString::number(at[0])));
    QCOMPARE(at[1], 0.7);
    VERIFY_NEAR(best.predictions.front().second.center, averageByBruteForce(study, model, best.setting),
                1e-4);
}

void BestOnAverageTest::pendingTrialsCountForTheAverage() {
    Study study = luckyStudy(-1.0);
    const AcquisitionTarget before =
        AcquisitionTarget::next(StudyModel::fit(study, {1}).value().state(), 20, 1, {}).value();
    Trial pending;
    pending.id = TrialId{100};
    pending.state = TrialState::Pending;
    pending.setting = {{study.definition.space.parameters[0].id, 0.7},
                       {study.definition.space.parameters[1].id, 0.1}};
    study.trials.push_back(pending);
    const StudyModel model = StudyModel::fit(study, {1}).value();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 20, 1, {}).value();
    VERIFY_NEAR(*target.incumbent(), *before.incumbent(), 1e-9);
    // Beside it: improvement of the average given the predicted outcome there, decomposed anew.
    const OutcomeModel& outcome = model.state()->processes.begin()->second;
    const Eigen::RowVectorXd row = model.state()->features.row(pending.setting);
    GpData data = outcome.process.data();
    data.x.conservativeResize(data.x.rows() + 1, Eigen::NoChange);
    data.x.bottomRows(1) = row;
    data.y.conservativeResize(data.x.rows());
    data.y.tail(1) = outcome.process.predict(row).mean;
    const IntegratedPosterior average(GaussianProcess::condition(std::move(data), outcome.process.family(),
                                                                 outcome.process.hyperparameters())
                                          .value(),
                                      *model.state()->conditions);
    double most = 0.0;
    for (const double x : {0.05, 0.3, 0.55, 0.65, 0.72, 0.95}) {
        Setting setting = pending.setting;
        setting[study.definition.space.parameters[0].id] = x;
        const Eigen::RowVectorXd at = model.state()->features.row(setting);
        const GpPrediction prediction = average.predict(at);
        const double expected = logExpectedImprovement({true, outcome.toModel(*target.incumbent())},
                                                       prediction.mean(0), std::sqrt(prediction.variance(0)))
                                    .value;
        const double value = target.values(at)(0);
        QVERIFY2(std::abs(value - expected) < 1e-4 * (1.0 + std::abs(expected)),
                 qPrintable(QString("%1 against %2").arg(value).arg(expected)));
        most = std::max(most, std::abs(value - before.values(at)(0)));
    }
    QVERIFY2(most > 0.1, qPrintable(QString::number(most))); // it would have shown
}

void BestOnAverageTest::failuresHoldOnTheAverage() {
    // Beyond x = 0.7 whatever w is, and below it never.
    Study study = luckyStudy(1.0);
    study.trials.clear();
    const auto& parameters = study.definition.space.parameters;
    Rng rng(9, "places");
    for (int i = 0; i < 30; ++i) {
        const double x = rng.uniform();
        const double w = rng.uniform();
        test::addResult(study, {{parameters[0].id, x}, {parameters[1].id, w}}, Origin::Manual,
                        std::pow(x - 0.4, 2) + w);
        if (x > 0.7) {
            study.trials.back().state = TrialState::Failed;
            study.trials.back().values.clear();
        }
    }
    const auto model = StudyModel::fit(study, {1}).value();
    const auto chance = [&](double x, double w) {
        return model.feasibility({{{parameters[0].id, x}, {parameters[1].id, w}}})(0);
    };
    QVERIFY(chance(0.3, 0.5) > 0.9);
    QVERIFY(chance(0.9, 0.5) < 0.1);
    // A setting has one chance, not one under each condition.
    for (const double x : {0.6, 0.68, 0.75})
        QVERIFY(test::near(chance(x, 0.02), chance(x, 0.98), 1e-9));
}

QTEST_APPLESS_MAIN(BestOnAverageTest)
#include "tst_best_on_average.moc"
