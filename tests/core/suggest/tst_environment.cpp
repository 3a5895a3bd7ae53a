#include "base/rng.h"
#include "exchange/study_json.h"
#include "math/gauss_legendre.h"
#include "near.h"
#include "study/edit.h"
#include "suggest/environment.h"
#include "suggest/optimum.h"
#include "suggest/suggest.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// x is chosen, w varies in use.
Definition definitionWith(const char* environment) {
    const std::string text = std::string(R"({"alidade": 1, "name": "oven", "seed": 5,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                       {"name": "w", "type": "real", "low": 0, "high": 2},
                       {"name": "k", "type": "categorical", "choices": ["a", "b", "c"]},
                       {"name": "n", "type": "integer", "low": 1, "high": 5},
                       {"name": "v", "type": "real", "low": 1, "high": 100, "scale": "log"}],
        "objectives": [{"name": "y"}], "environment": )") +
                             environment + "}";
    const auto definition = definitionFromText(text);
    if (!definition)
        qFatal("%s", definition.error().text().c_str());
    return *definition;
}

GaussianProcess someProcess(Eigen::Index columns) {
    Rng rng(3, "process");
    GpData data;
    data.x.resize(12, columns);
    data.y.resize(12);
    for (double& value : data.x.reshaped())
        value = rng.uniform();
    for (double& value : data.y)
        value = rng.normal();
    data.groups = oneGroupPerColumn(columns);
    Hyperparameters hyper;
    hyper.lengthScales = Eigen::VectorXd::LinSpaced(columns, 0.4, 0.9);
    hyper.outputVariance = 1.7;
    hyper.noiseVariance = 0.02;
    hyper.mean = 0.3;
    return GaussianProcess::condition(std::move(data), KernelFamily::Matern52, hyper).value();
}

/// Three places of the second and the fourth of four columns.
Occurrences someOccurrences() {
    Occurrences occurrences;
    occurrences.columns = {1, 3};
    occurrences.places.resize(3, 2);
    occurrences.places << 0.1, 0.9, 0.5, 0.4, 0.8, 0.2;
    occurrences.weights.resize(3);
    occurrences.weights << 0.5, 0.2, 0.3;
    return occurrences;
}

const Eigen::RowVectorXd kPoint = (Eigen::RowVectorXd(4) << 0.35, 9.0, 0.6, -7.0).finished();

/// One setting in two dimensions that is good under a rare condition only, and one that is good under all.
double robustness(double x, double w) {
    const auto bell = [](double d, double width) { return std::exp(-0.5 * d * d / (width * width)); };
    return -1.5 * bell(x - 0.2, 0.1) * bell(w - 0.5, 0.08) - 0.8 * bell(x - 0.7, 0.2) +
           0.2 * std::sin(6.0 * w);
}

Study robustStudy(bool averaged) {
    test::Problem problem;
    problem.name = "robust";
    problem.low = {0.0, 0.0};
    problem.high = {1.0, 1.0};
    Study study = test::studyOf(problem, 4);
    if (averaged)
        study.definition.environment = {
            {study.definition.space.parameters[1].id, Density{UniformDensity{0.0, 1.0}}}};
    return study;
}

void measure(Study& study, int trials) {
    while (std::ssize(study.trials) < trials) {
        const Suggestion suggestion = suggest(study, 1, {1}).value().suggestions.front();
        const std::vector<double> at = test::coordinatesOf(study, suggestion.setting);
        test::addResult(study, suggestion.setting, suggestion.origin, robustness(at[0], at[1]));
    }
}

double averageAt(double x) {
    double sum = 0.0;
    for (int panel = 0; panel < 10; ++panel)
        visitGaussLegendre20(0.1 * panel, 0.1 * (panel + 1),
                             [&](double w, double weight) { sum += weight * robustness(x, w); });
    return sum;
}

} // namespace

class EnvironmentTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheClosedForm();
    void agreesWithTheDenseCovariance();
    void gradientsAgreeWithDifferences();
    void reductionIsThatOfARefit();
    void placesHaveTheDensitiesMoments();
    void manyConditionsAreSampled();
    void findsTheRobustSetting();
    void measuresWhereItTellsMost();
    void limitsHoldOnTheAverage();
    void withoutOneObjectiveNothingIsAveraged();
    void configurationGoesRound();
    void nonsenseIsRefused_data();
    void nonsenseIsRefused();
};

void EnvironmentTest::agreesWithTheClosedForm() {
    // exp(-(w - 0.6)^2 / (2 0.5^2)) and exp(-(w - w')^2 / (2 0.5^2)) over w, w' ~ N(0.2, 0.3^2).
    constexpr double kSingle = 0.677709555175868;
    constexpr double kDouble = 0.762492851663023;
    Occurrences occurrences;
    occurrences.columns = {0};
    occurrences.places.resize(20, 1);
    occurrences.weights.resize(20);
    Eigen::Index row = 0;
    visitGaussLegendre20(0.2 - 6 * 0.3, 0.2 + 6 * 0.3, [&](double w, double weight) {
        occurrences.places(row, 0) = w;
        occurrences.weights(row++) = weight * std::exp(-0.5 * std::pow((w - 0.2) / 0.3, 2));
    });
    occurrences.weights /= occurrences.weights.sum();
    GpData data{Eigen::MatrixXd::Constant(1, 1, 0.6), Eigen::VectorXd::Ones(1), oneGroupPerColumn(1), {}};
    Hyperparameters hyper;
    hyper.lengthScales = Eigen::VectorXd::Constant(1, 0.5);
    hyper.noiseVariance = 0.0;
    const IntegratedPosterior average(
        GaussianProcess::condition(std::move(data), KernelFamily::Rbf, hyper).value(), occurrences);
    const GpPrediction prediction = average.predict(Eigen::MatrixXd::Zero(1, 1));
    // What 20 points over six spreads to either side can do.
    VERIFY_NEAR(prediction.mean(0), kSingle, 5e-6);
    VERIFY_NEAR(prediction.variance(0), kDouble - kSingle * kSingle, 5e-6);
}

void EnvironmentTest::agreesWithTheDenseCovariance() {
    const GaussianProcess process = someProcess(4);
    const IntegratedPosterior average(process, someOccurrences());
    const Eigen::VectorXd& weights = average.occurrences().weights;
    const Eigen::MatrixXd rows = average.spreadOut(kPoint);
    QCOMPARE(rows(1, 0), kPoint(0));
    QCOMPARE(rows(1, 3), 0.4);
    Eigen::MatrixXd all(5, 4);
    all << rows, 0.2, 0.3, 0.9, 0.1, 0.7, 0.7, 0.1, 0.6;
    const Eigen::MatrixXd joint = process.jointCovariance(all);
    const GpPrediction prediction = average.predict(kPoint);
    VERIFY_NEAR(prediction.mean(0), weights.dot(process.predict(rows).mean), 1e-10);
    VERIFY_NEAR(prediction.variance(0), weights.dot(joint.topLeftCorner(3, 3) * weights), 1e-9);
    const Eigen::VectorXd shared = average.covarianceWith(kPoint, all.bottomRows(2));
    for (Eigen::Index i = 0; i < 2; ++i)
        VERIFY_NEAR(shared(i), joint.row(3 + i).head(3).dot(weights), 1e-9);
}

void EnvironmentTest::gradientsAgreeWithDifferences() {
    const IntegratedPosterior average(someProcess(4), someOccurrences());
    const GpPointPrediction at = average.predictPoint(kPoint);
    VERIFY_NEAR(at.mean, average.predict(kPoint).mean(0), 1e-10);
    VERIFY_NEAR(at.variance, average.predict(kPoint).variance(0), 1e-9);
    for (Eigen::Index c = 0; c < 4; ++c) {
        constexpr double kStep = 1e-5;
        Eigen::RowVectorXd up = kPoint;
        Eigen::RowVectorXd down = kPoint;
        up(c) += kStep;
        down(c) -= kStep;
        const GpPrediction above = average.predict(up);
        const GpPrediction below = average.predict(down);
        QVERIFY(test::near(at.meanGradient(c), (above.mean(0) - below.mean(0)) / (2 * kStep), 1e-6, 1e-8));
        QVERIFY(test::near(at.varianceGradient(c), (above.variance(0) - below.variance(0)) / (2 * kStep),
                           1e-6, 1e-8));
    }
}

void EnvironmentTest::reductionIsThatOfARefit() {
    const IntegratedPosterior average(someProcess(4), someOccurrences());
    Eigen::MatrixXd places(3, 4);
    places << 0.35, 0.1, 0.6, 0.9, 0.35, 0.8, 0.6, 0.2, 0.9, 0.5, 0.1, 0.5;
    const Eigen::VectorXd reductions = average.varianceReduction(kPoint, places);
    for (Eigen::Index i = 0; i < 3; ++i) {
        const IntegratedPosterior after = average.withObservation(places.row(i), 0.4);
        VERIFY_NEAR(average.predict(kPoint).variance(0) - after.predict(kPoint).variance(0), reductions(i),
                    1e-7);
    }
}

void EnvironmentTest::placesHaveTheDensitiesMoments() {
    Study study;
    study.definition = definitionWith(R"([
        {"parameter": "w", "density": {"family": "normal", "center": 1.1, "spread": 0.15}},
        {"parameter": "k", "density": {"family": "weights", "weights": {"a": 6, "b": 3, "c": 1}}}])");
    const StudyModel::State state(study.definition);
    const Occurrences occurrences = occurrencesOf(state);
    QCOMPARE(occurrences.weights.size(), Eigen::Index{60});
    QCOMPARE(occurrences.columns.size(), std::size_t{4}); // w and three indicators
    VERIFY_NEAR(occurrences.weights.sum(), 1.0, 1e-12);
    const Eigen::ArrayXd w = occurrences.places.col(0).array() * 2.0;
    const Eigen::ArrayXd weights = occurrences.weights;
    VERIFY_NEAR((weights * w).sum(), 1.1, 1e-7);
    VERIFY_NEAR((weights * (w - 1.1).square()).sum(), 0.15 * 0.15, 1e-5);
    VERIFY_NEAR((weights * (w - 1.1).pow(4)).sum(), 3.0 * std::pow(0.15, 4), 1e-4);
    // Each choice as often as its weight says.
    const double shares[] = {0.6, 0.3, 0.1};
    for (int choice = 0; choice < 3; ++choice) {
        const double share =
            (weights * (occurrences.places.col(1 + choice).array() > 0.0).cast<double>()).sum();
        VERIFY_NEAR(share, shares[choice], 1e-9);
    }
}

void EnvironmentTest::manyConditionsAreSampled() {
    Study study;
    study.definition = definitionWith(R"([
        {"parameter": "w", "density": {"family": "uniform", "low": 0.5, "high": 1.5}},
        {"parameter": "n", "density": {"family": "uniform", "low": 1, "high": 5}},
        {"parameter": "v", "density": {"family": "normal", "center": 10, "spread": 0.3}},
        {"parameter": "k", "density": {"family": "weights", "weights": {"b": 1, "c": 1}}}])");
    const StudyModel::State state(study.definition);
    const Occurrences occurrences = occurrencesOf(state);
    QCOMPARE(occurrences.weights.size(), Eigen::Index{256});
    VERIFY_NEAR(occurrences.weights.sum(), 1.0, 1e-12);
    const Eigen::ArrayXd weights = occurrences.weights;
    QVERIFY(std::abs((weights * occurrences.places.col(0).array()).sum() - 0.5) < 0.01);
    QVERIFY(occurrences.places.col(0).minCoeff() >= 0.25 && occurrences.places.col(0).maxCoeff() <= 0.75);
}

void EnvironmentTest::findsTheRobustSetting() {
    Study study = robustStudy(true);
    measure(study, 30);
    const auto model = StudyModel::fit(study, {1}).value();
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    const Optimum best = optimum(model, options).value();
    const double x = std::get<double>(best.setting.at(study.definition.space.parameters[0].id));
    double truth = HUGE_VAL;
    for (int i = 0; i <= 1000; ++i)
        truth = std::min(truth, averageAt(i / 1000.0));
    QVERIFY2(averageAt(x) < truth + 0.03, qPrintable(QString("x = %1").arg(x)));
    // And it knows how good that is.
    const OutcomeBelief predicted = best.predictions.front().second;
    QVERIFY2(std::abs(predicted.center - averageAt(x)) < 0.1,
             qPrintable(QString("%1 against %2").arg(predicted.center).arg(averageAt(x))));
    // The desirability of the average leads to the same place.
    Study desired = study;
    desired.definition.objectives.front().desirability =
        DesirabilityFunction{DesirabilityMin{-1.5, 0.5, 1.0}, {}, {}, 1.0};
    const Optimum desirable = optimum(StudyModel::fit(desired, {1}).value()).value();
    QVERIFY(desirable.setting == best.setting);
    VERIFY_NEAR(desirable.overall, (0.5 - predicted.center) / 2.0, 1e-6);
    const Trial* reported = study.find(*model.bestTrial());
    QVERIFY(averageAt(test::coordinatesOf(study, reported->setting)[0]) < truth + 0.05);
    // Who does not know that w varies finds what is best under one condition.
    Study fixed = robustStudy(false);
    measure(fixed, 30);
    const Optimum rare = optimum(StudyModel::fit(fixed, {1}).value(), options).value();
    const double there = std::get<double>(rare.setting.at(fixed.definition.space.parameters[0].id));
    QVERIFY2(averageAt(there) > truth + 0.2, qPrintable(QString("x = %1").arg(there)));
}

void EnvironmentTest::measuresWhereItTellsMost() {
    Study study = robustStudy(true);
    measure(study, 9);
    const auto model = StudyModel::fit(study, {1}).value();
    const Suggestion suggestion = suggest(study, 1, {1}).value().suggestions.front();
    QVERIFY2(suggestion.reason.find("on the average over x2") != std::string::npos,
             suggestion.reason.c_str());
    // By brute force: of all conditions, none lowers the variance of the average there more.
    const StudyModel::State& state = *model.state();
    const GaussianProcess& process = state.processes.begin()->second.process;
    const IntegratedPosterior average = averageOf(state, process);
    const Eigen::RowVectorXd row = state.features.row(suggestion.setting);
    const double before = average.predict(row).variance(0);
    const auto reduction = [&](double w) {
        Setting setting = suggestion.setting;
        setting[study.definition.space.parameters[1].id] = w;
        return before - average.withObservation(state.features.row(setting), 0.0).predict(row).variance(0);
    };
    const double chosen = reduction(test::coordinatesOf(study, suggestion.setting)[1]);
    for (int i = 0; i <= 50; ++i)
        QVERIFY(reduction(i / 50.0) < 1.1 * chosen + 1e-12);
    // A batch does not ask for one thing twice.
    const SuggestReport batch = suggest(study, 3, {1}).value();
    QVERIFY(batch.suggestions[0].setting != batch.suggestions[1].setting);
    QVERIFY(batch.suggestions[1].setting != batch.suggestions[2].setting);
    // None of it refines the best place under one condition.
    for (const Suggestion& each : batch.suggestions)
        QVERIFY2(each.reason.find("refines") == std::string::npos, each.reason.c_str());
}

void EnvironmentTest::limitsHoldOnTheAverage() {
    Study study = robustStudy(true);
    OutcomeConstraint limit;
    limit.id = MeasureId{takeId(study.definition)};
    limit.name = "heat";
    limit.upper = 0.5;
    study.definition.outcomeConstraints = {limit};
    Rng rng(9, "places");
    for (int i = 0; i < 25; ++i) {
        const double x = rng.uniform();
        const double w = rng.uniform();
        test::addResult(
            study,
            {{study.definition.space.parameters[0].id, x}, {study.definition.space.parameters[1].id, w}},
            Origin::Manual, robustness(x, w));
        study.trials.back().values[limit.id] = {x + 0.4 * (w - 0.5), {}}; // x on the average
    }
    const auto model = StudyModel::fit(study, {1}).value();
    const auto chance = [&](double x, double w) {
        return model.feasibility({{{study.definition.space.parameters[0].id, x},
                                   {study.definition.space.parameters[1].id, w}}})(0);
    };
    QVERIFY(chance(0.3, 0.99) > 0.95);
    QVERIFY(chance(0.7, 0.01) < 0.05);
    QVERIFY(test::near(chance(0.5, 0.1), chance(0.5, 0.9), 1e-9));
}

void EnvironmentTest::withoutOneObjectiveNothingIsAveraged() {
    Study study = robustStudy(true);
    QVERIFY(averagesConditions(study.definition));
    study.definition.strategy.method = Method::Kg;
    QVERIFY(!averagesConditions(study.definition));
    study.definition.strategy.method = Method::Auto;
    Objective second = study.definition.objectives.front();
    second.id = MeasureId{takeId(study.definition)};
    second.name = "z";
    study.definition.objectives.push_back(second);
    QVERIFY(!averagesConditions(study.definition));
    const std::vector<Finding> findings = validate(study.definition);
    QCOMPARE(findings.size(), std::size_t{1});
    QCOMPARE(findings.front().path, std::string("environment"));
}

void EnvironmentTest::configurationGoesRound() {
    const Definition definition = definitionWith(R"([
        {"parameter": "w", "density": {"family": "normal", "center": 1.0, "spread": 0.2}}])");
    QCOMPARE(definition.environment.size(), std::size_t{1});
    QCOMPARE(definition.environment.front().parameter, definition.space.find("w")->id);
    const Json written = configurationFromDefinition(definition);
    QVERIFY(definitionFromConfiguration(written).value() == definition);
    QVERIFY(definitionFromJson(definitionToJson(definition)).value() == definition);
    // As edits: undone by their inverse.
    Study study;
    study.definition = definition;
    const Edit inverse = apply(SetEnvironment{}, study).value();
    QVERIFY(study.definition.environment.empty());
    QVERIFY(apply(inverse, study).ok());
    QVERIFY(study.definition == definition);
}

void EnvironmentTest::nonsenseIsRefused_data() {
    QTest::addColumn<QString>("parameters");
    QTest::addColumn<QString>("environment");
    QTest::addColumn<QString>("path");
    const QString real = R"({"name": "x", "type": "real", "low": 0, "high": 1},
                            {"name": "w", "type": "real", "low": 0, "high": 1})";
    const QString uniform = R"("density": {"family": "uniform", "low": 0, "high": 1})";
    QTest::newRow("spread")
        << real << R"([{"parameter": "w", "density": {"family": "normal", "center": 0, "spread": 0}}])"
        << "environment[0].density.spread";
    QTest::newRow("twice") << real
                           << QString(R"([{"parameter": "w", %1}, {"parameter": "w", %1}])").arg(uniform)
                           << "environment[1].parameter";
    QTest::newRow("all") << real
                         << QString(R"([{"parameter": "w", %1}, {"parameter": "x", %1}])").arg(uniform)
                         << "environment";
    QTest::newRow("parent")
        << R"({"name": "k", "type": "categorical", "choices": ["a", "b"]},
              {"name": "x", "type": "real", "low": 0, "high": 1, "when": {"k": ["a"]}})"
        << R"([{"parameter": "k", "density": {"family": "weights", "weights": {"a": 1}}}])"
        << "environment[0].parameter";
    QTest::newRow("conditional") << R"({"name": "k", "type": "categorical", "choices": ["a", "b"]},
              {"name": "x", "type": "real", "low": 0, "high": 1, "when": {"k": ["a"]}})"
                                 << QString(R"([{"parameter": "x", %1}])").arg(uniform)
                                 << "environment[0].parameter";
    QTest::newRow("mixture")
        << real + R"(, {"name": "m", "type": "mixture", "parts": ["a", "b"]})"
        << R"([{"parameter": "m", "density": {"family": "beta", "alpha": 1, "beta": 1}}])"
        << "environment[0].parameter";
}

void EnvironmentTest::nonsenseIsRefused() {
    QFETCH(const QString, parameters);
    QFETCH(const QString, environment);
    QFETCH(const QString, path);
    const QString text =
        QString(
            R"({"alidade": 1, "name": "p", "parameters": [%1], "objectives": [{"name": "y"}], "environment": %2})")
            .arg(parameters, environment);
    const auto definition = definitionFromText(text.toStdString());
    QVERIFY(!definition.ok());
    QCOMPARE(QString::fromStdString(definition.error().context), path);
}

QTEST_APPLESS_MAIN(EnvironmentTest)
#include "tst_environment.moc"
