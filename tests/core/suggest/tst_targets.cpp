#include "acquisition/analytic.h"
#include "base/rng.h"
#include "near.h"
#include "study/edit.h"
#include "suggest/model_state.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "suggest/trust_region.h"
#include "test_problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

// What the next setting is chosen by: the same for both directions of a goal, and with trials under way.

namespace {

constexpr std::uint64_t kIndex = 12;

double normalCdf(double z) {
    return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

double bowl(const std::vector<double>& x) {
    return std::pow(x[0] - 0.3, 2) + 2.0 * std::pow(x[1] - 0.6, 2) + 0.2 * std::sin(9.0 * x[0]);
}

Setting settingAt(const Study& study, double a, double b) {
    const auto& parameters = study.definition.space.parameters;
    return {{parameters[0].id, a}, {parameters[1].id, b}};
}

Objective& addObjective(Study& study, const char* name) {
    Objective objective;
    objective.id = MeasureId{takeId(study.definition)};
    objective.name = name;
    study.definition.objectives.push_back(objective);
    return study.definition.objectives.back();
}

/// Results of factor * bowl(), with what they cost.
Study measured(Goal goal, int count = 14) {
    test::Problem problem;
    problem.low = {0.0, 0.0};
    problem.high = {1.0, 1.0};
    problem.name = "bowl";
    Study study = test::studyOf(problem, 4);
    study.definition.objectives.front().goal = goal;
    Rng rng(8, "settings");
    for (int i = 0; i < count; ++i) {
        const double a = rng.uniform();
        const double b = rng.uniform();
        test::addResult(study, settingAt(study, a, b), Origin::Manual,
                        (goal == Goal::Minimize ? 1.0 : -1.0) * bowl({a, b}));
        Trial& trial = study.trials.back();
        trial.startedMs = 1000000;
        trial.finishedMs = trial.startedMs + std::llround(1000.0 + 9000.0 * a);
    }
    return study;
}

/// The bowl and the distance from another place, both to be small.
Study withTwoGoals(Method method) {
    Study study = measured(Goal::Minimize);
    study.definition.strategy.method = method;
    const MeasureId second = addObjective(study, "z").id;
    for (Objective& objective : study.definition.objectives)
        objective.desirability.emplace().shape = DesirabilityMin{-0.5, 3.0};
    for (Trial& trial : study.trials) {
        const std::vector<double> x = test::coordinatesOf(study, trial.setting);
        trial.values[second] = {std::pow(x[0] - 0.9, 2) + std::pow(x[1] - 0.2, 2), {}};
    }
    return study;
}

/// Known deviations of repeated measurements.
void giveNoise(Study& study, double deviation) {
    const MeasureId measure = study.definition.objectives.front().id;
    for (Trial& trial : study.trials)
        trial.values[measure].noiseSd = deviation;
}

Study withPending(Study study, const Setting& setting) {
    Trial trial;
    trial.id = TrialId{100};
    trial.setting = setting;
    trial.state = TrialState::Pending;
    study.trials.push_back(trial);
    return study;
}

StudyModel fitted(const Study& study) {
    return StudyModel::fit(study, {1}).value();
}

AcquisitionTarget targetOf(const StudyModel& model, Method method) {
    return AcquisitionTarget::next(model.state(), kIndex, 1, {}, method).value();
}

Eigen::MatrixXd places(const StudyModel& model, int count) {
    Rng rng(3, "places");
    Eigen::MatrixXd rows(count, model.state()->features.columns());
    for (double& value : rows.reshaped())
        value = rng.uniform();
    return rows;
}

/// The posterior with one observation more, by a new decomposition.
GaussianProcess conditionedOn(const GaussianProcess& process, const Eigen::RowVectorXd& row, double y) {
    GpData data = process.data();
    const Eigen::Index count = data.y.size();
    data.x.conservativeResize(count + 1, Eigen::NoChange);
    data.y.conservativeResize(count + 1);
    data.x.row(count) = row;
    data.y(count) = y;
    if (data.extraNoise.size() > 0) {
        data.extraNoise.conservativeResize(count + 1);
        data.extraNoise(count) = 0.0;
    }
    return GaussianProcess::condition(std::move(data), process.family(), process.hyperparameters()).value();
}

struct Moments {
    double mean;
    double sd;
};
Moments momentsAt(const GaussianProcess& process, const Eigen::RowVectorXd& row) {
    const GpPrediction prediction = process.predict(row);
    return {prediction.mean(0), std::sqrt(prediction.variance(0))};
}

void addMethods(std::initializer_list<Method> methods) {
    QTest::addColumn<Method>("method");
    for (const Method method : methods)
        QTest::newRow(std::string(methodName(method)).c_str()) << method;
}

} // namespace

Q_DECLARE_METATYPE(alidade::Method)

class TargetsTest : public QObject {
    Q_OBJECT
private slots:
    void intervalsAreThoseOfTheScale();
    void reasonsTellWhatIsAssumed();
    void eitherGoalIsTheOthersMirror_data();
    void eitherGoalIsTheOthersMirror();
    void sampledOptimaMirrorOnTheWhole_data();
    void sampledOptimaMirrorOnTheWhole();
    void scalarisationFollowsTheGoals();
    void trustRegionsFollowTheGoal();
    void underWayIsBelieved_data();
    void underWayIsBelieved();
    void littleIsLeftWhereATrialIsUnderWay_data();
    void littleIsLeftWhereATrialIsUnderWay();
    void desirableTrialUnderWayIsTheNewBest();
    void limitsBelieveToo();
    void noiseCountsOnce_data();
    void noiseCountsOnce();
};

void TargetsTest::eitherGoalIsTheOthersMirror_data() {
    addMethods({Method::LogEi, Method::LogNei, Method::QLogEi, Method::Pi, Method::Ucb, Method::EiPerSecond,
                Method::EpsilonGreedy});
}

void TargetsTest::eitherGoalIsTheOthersMirror() {
    QFETCH(const Method, method);
    const StudyModel down = fitted(measured(Goal::Minimize));
    const StudyModel up = fitted(measured(Goal::Maximize));
    const AcquisitionTarget low = targetOf(down, method);
    const AcquisitionTarget high = targetOf(up, method);
    VERIFY_NEAR(*low.incumbent(), -*high.incumbent(), 1e-4);
    const Eigen::MatrixXd rows = places(down, 20);
    const Eigen::VectorXd one = low.values(rows);
    const Eigen::VectorXd two = high.values(rows);
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        QVERIFY2(test::near(one(i), two(i), 0.02, 0.02),
                 qPrintable(QString("%1 against %2").arg(one(i)).arg(two(i))));
}

void TargetsTest::sampledOptimaMirrorOnTheWhole_data() {
    addMethods({Method::Kg, Method::Mes, Method::Jes});
}

void TargetsTest::sampledOptimaMirrorOnTheWhole() {
    // Other optima are sampled for either goal, as many as they are: only what is expected is the same.
    QFETCH(const Method, method);
    double low = 0.0;
    double high = 0.0;
    for (const std::uint64_t seed : {1, 2, 3})
        for (const Goal goal : {Goal::Minimize, Goal::Maximize}) {
            Study study = measured(goal);
            study.definition.seed = seed;
            const StudyModel model = fitted(study);
            const double expected = targetOf(model, method).values(places(model, 20)).array().exp().mean();
            (goal == Goal::Minimize ? low : high) += expected;
        }
    QVERIFY2(low < 1.6 * high && high < 1.6 * low, qPrintable(QString("%1 against %2").arg(low).arg(high)));
}

void TargetsTest::scalarisationFollowsTheGoals() {
    // Two objectives of opposite goals with the same optimum: whatever the weights, it is the best.
    Study study = measured(Goal::Minimize, 20);
    study.definition.strategy.method = Method::ParEgo;
    const MeasureId second = addObjective(study, "z").id;
    study.definition.objectives.back().goal = Goal::Maximize;
    const MeasureId first = study.definition.objectives.front().id;
    TrialId best;
    double least = HUGE_VAL;
    for (Trial& trial : study.trials) {
        const double value = trial.values.at(first).value;
        trial.values[second] = {5.0 - 3.0 * value, {}};
        if (value < least) {
            least = value;
            best = trial.id;
        }
    }
    const AcquisitionTarget target = targetOf(fitted(study), Method::ParEgo);
    QVERIFY(target.incumbentTrial() == best);
}

void TargetsTest::trustRegionsFollowTheGoal() {
    TrustRegion down;
    TrustRegion up;
    const Study study = measured(Goal::Minimize);
    const auto low = trustRegionBox(targetOf(fitted(study), Method::Turbo), down);
    const auto high = trustRegionBox(targetOf(fitted(measured(Goal::Maximize)), Method::Turbo), up);
    QVERIFY(low && high);
    // Round the best result, as measured.
    const std::vector<double> best = test::coordinatesOf(study, incumbent(study)->setting);
    for (const auto& box : {*low, *high}) {
        VERIFY_NEAR(box.center(0), best[0], 1e-12);
        VERIFY_NEAR(box.center(1), best[1], 1e-12);
    }
    QCOMPARE(down.length, up.length);
}

void TargetsTest::underWayIsBelieved_data() {
    addMethods({Method::LogEi, Method::LogNei, Method::QLogEi, Method::Pi, Method::Ucb, Method::Kg,
                Method::Mes, Method::Jes, Method::EiPerSecond, Method::Thompson, Method::ParEgo, Method::Ehvi,
                Method::Desirability});
}

void TargetsTest::underWayIsBelieved() {
    // A trial that another process runs counts as much as one of the same batch.
    QFETCH(const Method, method);
    const bool several = method == Method::ParEgo || method == Method::Ehvi || method == Method::Desirability;
    const Study study = several ? withTwoGoals(method) : measured(Goal::Minimize);
    const Setting setting = settingAt(study, 0.45, 0.5);
    const StudyModel before = fitted(study);
    const AcquisitionTarget alone = targetOf(before, method);
    const AcquisitionTarget waiting = targetOf(fitted(withPending(study, setting)), method);
    AcquisitionTarget chosen = alone;
    chosen.believe(before.state()->features.row(setting));
    const Eigen::MatrixXd rows = places(before, 12);
    QVERIFY(waiting.values(rows).isApprox(chosen.values(rows), 1e-9));
    QVERIFY(!waiting.values(rows).isApprox(alone.values(rows), 1e-6));
}

void TargetsTest::littleIsLeftWhereATrialIsUnderWay_data() {
    addMethods({Method::LogEi, Method::LogNei, Method::QLogEi, Method::Pi, Method::Ucb, Method::Kg,
                Method::Mes, Method::Jes, Method::EiPerSecond});
}

void TargetsTest::littleIsLeftWhereATrialIsUnderWay() {
    QFETCH(const Method, method);
    const Study study = measured(Goal::Minimize);
    const StudyModel model = fitted(study);
    const AcquisitionTarget before = targetOf(model, method);
    // A place that promises something, though its mean is no improvement.
    const Eigen::MatrixXd rows = places(model, 400);
    const double best = before.process().toModel(*before.incumbent());
    const GpPrediction prediction = before.process().process.predict(rows);
    Eigen::VectorXd values = before.values(rows);
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        if (prediction.mean(i) < best)
            values(i) = -HUGE_VAL;
    Eigen::Index place = 0;
    values.maxCoeff(&place);
    const Eigen::RowVectorXd row = rows.row(place);
    AcquisitionTarget after = before;
    after.believe(row);
    const double left = after.values(row)(0);
    QVERIFY2(left < before.values(row)(0) - (method == Method::Ucb ? 1e-3 : 0.5),
             qPrintable(QString("%1 before, %2 after").arg(before.values(row)(0)).arg(left)));
    // In closed form beside it.
    const GaussianProcess& process = before.process().process;
    const GaussianProcess believed = conditionedOn(process, row, momentsAt(process, row).mean);
    Eigen::RowVectorXd beside = row;
    beside(0) += row(0) < 0.5 ? 0.05 : -0.05;
    const Moments at = momentsAt(believed, beside);
    const double z = (best - at.mean) / at.sd;
    const double value = after.values(beside)(0);
    if (method == Method::LogEi)
        VERIFY_NEAR(std::exp(value),
                    at.sd * (z * normalCdf(z) + std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI)), 1e-6);
    else if (method == Method::Pi) // of an improvement by a hundredth at least
        VERIFY_NEAR(std::exp(value), normalCdf((best - 0.01 - at.mean) / at.sd), 1e-6);
    else if (method == Method::Ucb)
        VERIFY_NEAR(value, -at.mean + std::sqrt(study.definition.strategy.beta) * at.sd, 1e-6);
}

void TargetsTest::desirableTrialUnderWayIsTheNewBest() {
    const Study study = withTwoGoals(Method::Desirability);
    const StudyModel model = fitted(study);
    AcquisitionTarget target = targetOf(model, Method::Desirability);
    const auto& score = std::get<DesirabilityScore>(target.score());
    const Eigen::MatrixXd rows = places(model, 400);
    Eigen::Index place = 0;
    for (Eigen::Index i = 1; i < rows.rows(); ++i)
        if (score.overallAtMeans(rows.row(i)) > score.overallAtMeans(rows.row(place)))
            place = i;
    const double promised = score.overallAtMeans(rows.row(place));
    QVERIFY2(promised > score.best + 0.005, qPrintable(QString("%1, %2").arg(promised).arg(score.best)));
    // Certain of what it will give, there is nothing left to gain at the same place.
    const double before = target.values(rows.row(place))(0);
    target.believe(rows.row(place));
    const double after = target.values(rows.row(place))(0);
    QVERIFY2(after < before - 2.0, qPrintable(QString("%1 before, %2 after").arg(before).arg(after)));
}

void TargetsTest::limitsBelieveToo() {
    Study study = measured(Goal::Maximize);
    OutcomeConstraint limit;
    limit.id = MeasureId{takeId(study.definition)};
    limit.name = "heat";
    limit.upper = 0.6;
    study.definition.outcomeConstraints = {limit};
    for (Trial& trial : study.trials) {
        const std::vector<double> x = test::coordinatesOf(study, trial.setting);
        trial.values[limit.id] = {std::sin(5.0 * x[0]) * x[1] + x[1] * x[1], {}};
    }
    const StudyModel model = fitted(study);
    const OutcomeModel& heat = model.state()->processes.at(limit.id);
    const double upper = heat.toModel(0.6);
    const auto chanceAt = [&](const GaussianProcess& process, const Eigen::RowVectorXd& row) {
        const Moments at = momentsAt(process, row);
        return normalCdf((upper - at.mean) / at.sd);
    };
    // A trial is under way where it is open whether the limit holds.
    const Eigen::MatrixXd rows = places(model, 200);
    Eigen::Index open = 0;
    for (Eigen::Index i = 1; i < rows.rows(); ++i)
        if (std::abs(chanceAt(heat.process, rows.row(i)) - 0.25) <
            std::abs(chanceAt(heat.process, rows.row(open)) - 0.25))
            open = i;
    const Eigen::RowVectorXd pending = rows.row(open);
    AcquisitionTarget target = targetOf(model, Method::LogEi);
    target.believe(pending);
    const GaussianProcess believed =
        conditionedOn(heat.process, pending, momentsAt(heat.process, pending).mean);
    const Eigen::VectorXd whole = target.values(rows);
    const Eigen::VectorXd score =
        std::visit([&](const auto& part) { return part.values(rows); }, target.score());
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
        QVERIFY(test::near(std::exp(whole(i) - score(i)), chanceAt(believed, rows.row(i)), 1e-5, 1e-6));
    QVERIFY(chanceAt(believed, pending) < 0.5 * chanceAt(heat.process, pending)); // it would have shown
}

void TargetsTest::noiseCountsOnce_data() {
    addMethods({Method::Kg, Method::Jes});
}

void TargetsTest::noiseCountsOnce() {
    QFETCH(const Method, method);
    Study study = measured(Goal::Minimize);
    giveNoise(study, 0.2);
    const StudyModel model = fitted(study);
    const AcquisitionTarget target = targetOf(model, method);
    const OutcomeModel& outcome = target.process();
    // A measurement has the noise that is known and what the fit found beyond it.
    const Eigen::VectorXd& known = outcome.process.data().extraNoise;
    QCOMPARE(known.size(), Eigen::Index{14});
    for (Eigen::Index i = 0; i < known.size(); ++i) {
        const double slope = outcome.transform.slope(outcome.toUser(outcome.process.data().y(i)));
        VERIFY_NEAR(known(i), 0.04 * slope * slope, 1e-9);
    }
    const double noise = method == Method::Kg ? std::get<KnowledgeScore>(target.score()).noiseVariance
                                              : std::get<JointEntropyScore>(target.score()).noiseVariance;
    VERIFY_NEAR(noise, outcome.process.hyperparameters().noiseVariance + known.mean(), 1e-12);
}

/// Outcomes over several orders of magnitude: the interval is that of the normal on the model's scale.
void TargetsTest::intervalsAreThoseOfTheScale() {
    Study study = measured(Goal::Minimize, 30);
    const MeasureId measure = study.definition.objectives.front().id;
    for (Trial& trial : study.trials)
        trial.values[measure].value = std::exp(6.0 * trial.values[measure].value);
    const StudyModel model = StudyModel::fit(study, {1}).value();
    const OutcomeModel& outcome = model.state()->processes.at(measure);
    QVERIFY(outcome.transform.warped());
    const Setting setting = settingAt(study, 0.95, 0.03);
    const Prediction prediction = model.predict(measure, {setting}).value();
    const GpPrediction own = outcome.process.predict(model.state()->features.row(setting));
    Rng rng(2, "outcomes");
    std::vector<double> outcomes(20001);
    for (double& value : outcomes)
        value = outcome.toUser(own.mean(0) + std::sqrt(own.variance(0)) * rng.normal());
    std::sort(outcomes.begin(), outcomes.end());
    const double width = prediction.high(0) - prediction.low(0);
    QVERIFY(std::abs(prediction.low(0) - outcomes[500]) < 0.05 * width);
    QVERIFY(std::abs(prediction.mean(0) - outcomes[10000]) < 0.05 * width);
    QVERIFY(std::abs(prediction.high(0) - outcomes[19500]) < 0.05 * width);
    QVERIFY(prediction.high(0) - prediction.mean(0) > 1.2 * (prediction.mean(0) - prediction.low(0)));
}

/// "Predicted" is without, the improvement with what the batch is expected to bring.
void TargetsTest::reasonsTellWhatIsAssumed() {
    Study study = measured(Goal::Minimize);
    study.definition.strategy.method = Method::LogEi;
    const auto report = suggest(study, 8, {1}).value();
    const auto tells = [](const Suggestion& suggestion) {
        return suggestion.reason.find("once the open trials are known") != std::string::npos;
    };
    QVERIFY(!tells(report.suggestions.front()));
    QVERIFY(std::any_of(report.suggestions.begin(), report.suggestions.end(), tells));
}

QTEST_APPLESS_MAIN(TargetsTest)
#include "tst_targets.moc"
