#include "base/rng.h"
#include "exchange/study_json.h"
#include "near.h"
#include "space/constraint.h"
#include "space/encoding.h"
#include "suggest/maximiser.h"
#include "suggest/scatter.h"
#include "suggest/score_choice.h"
#include "suggest/study_model.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>
#include <numbers>
#include <set>

using namespace alidade;

// Every method of the strategy on small studies: constraints, limits, failures and pending trials hold, and
// the choice of `auto` and the reasons say what was done.

class MethodsTest : public QObject {
    Q_OBJECT
private slots:
    void respectsTheStudy_data();
    void respectsTheStudy();
    void scoresHaveGradients_data();
    void scoresHaveGradients();
    void averagesOverHyperparameters_data();
    void averagesOverHyperparameters();
    void averagesBatchesByQuadrature();
    void saysWhereItCannotAverage();
    void autoPicksByTheStudy();
    void costSteersToTheCheapSide();
    void coolingFollowsTheBudget();
    void shotgunScattersABatch();
    void explorersShowTheAcquisitions();
    void stopsWithTheBestSoFar();

private:
    static double density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi); }
    static Study studyFrom(const std::string& configuration) {
        Study study;
        study.definition = definitionFromConfiguration(parseJson(configuration).value()).value();
        return study;
    }
    /// A study of two numbers with a constraint, a limit and a failure, 9 finished trials and one pending.
    static Study sample(const char* method) {
        Study study = studyFrom(R"({"alidade": 1, "name": "s", "seed": 4,
            "parameters": [{"name": "a", "type": "real", "low": 0, "high": 1},
                           {"name": "b", "type": "real", "low": 0, "high": 2},
                           {"name": "k", "type": "categorical", "choices": ["u", "v"]}],
            "constraints": ["a + b <= 1.6"],
            "objectives": [{"name": "y"}],
            "outcome_constraints": [{"name": "heat", "upper": 1.2, "unit": "K"}],
            "strategy": {"initial": 8}})");
        study.definition.strategy.method = test::methodCalled(method);
        if (study.definition.strategy.method == Method::EiPerSecond)
            study.definition.strategy.cost = "heat";
        const MeasureId heat = study.definition.outcomeConstraints[0].id;
        for (int i = 0; i < 9; ++i) {
            const Suggestion suggestion = suggest(study, 1)->suggestions[0];
            test::addResult(study, suggestion.setting, suggestion.origin, value(study, suggestion.setting));
            study.trials.back().values[heat] = {real(study, suggestion.setting, "a") +
                                                    0.3 * real(study, suggestion.setting, "b"),
                                                std::nullopt};
        }
        study.trials[3].state = TrialState::Failed;
        study.trials[3].values.clear();
        return study;
    }
    static double value(const Study& study, const Setting& setting) {
        const double a = real(study, setting, "a") - 0.7;
        const double b = real(study, setting, "b") - 0.5;
        const bool u = std::get<std::string>(setting.at(study.definition.space.find("k")->id)) == "u";
        return a * a + b * b + (u ? 0.0 : 0.3);
    }
    static double real(const Study& study, const Setting& setting, const char* name) {
        return std::get<double>(setting.at(study.definition.space.find(name)->id));
    }
    static void addMethods() {
        QTest::addColumn<QString>("method");
        for (const Method method : workingMethods())
            if (method != Method::ParEgo && method != Method::Ehvi && method != Method::Desirability &&
                method != Method::Effectiveness) {
                const std::string name(methodName(method));
                QTest::newRow(name.c_str()) << QString::fromStdString(name);
            }
    }
};

void MethodsTest::respectsTheStudy_data() {
    addMethods();
}

void MethodsTest::respectsTheStudy() {
    QFETCH(QString, method);
    Study study = sample(qPrintable(method));
    if (method == "ei_per_second")
        study.definition.strategy.cost = "heat";
    std::set<std::string> keys;
    for (const Trial& trial : study.trials)
        keys.insert(settingKey(trial.setting));
    // One at a time with a pending trial, then a batch.
    Trial pending;
    pending.id.value = 100;
    pending.setting = suggest(study, 1)->suggestions[0].setting;
    pending.origin = Origin::Model;
    study.trials.push_back(pending);
    keys.insert(settingKey(pending.setting));
    const auto report = suggest(study, 3);
    QVERIFY2(report.ok(), report.ok() ? "" : report.error().text().c_str());
    QCOMPARE(report->suggestions.size(), std::size_t{3});
    for (const Suggestion& suggestion : report->suggestions) {
        QVERIFY(checkedSetting(study.definition.space, suggestion.setting).ok());
        QVERIFY(real(study, suggestion.setting, "a") + real(study, suggestion.setting, "b") <= 1.6);
        QVERIFY2(keys.insert(settingKey(suggestion.setting)).second, "repeated");
        QVERIFY(!suggestion.reason.empty());
    }
    const auto again = suggest(study, 3, {1});
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(again->suggestions[i].setting == report->suggestions[i].setting);
    // The same study upside down is searched alike.
    if (method != "random" && method != "sobol") {
        const StudyModel model = StudyModel::fit(study).value();
        double chance = 0.0;
        for (const Suggestion& suggestion : report->suggestions)
            chance += model.feasibility({suggestion.setting})(0) / 3.0;
        QVERIFY2(chance > 0.3, qPrintable(QString::number(chance)));
    }
}

void MethodsTest::scoresHaveGradients_data() {
    addMethods();
}

void MethodsTest::scoresHaveGradients() {
    QFETCH(QString, method);
    const Study study = sample(qPrintable(method));
    const StudyModel model = StudyModel::fit(study).value();
    Method wanted = study.definition.strategy.method;
    if (wanted == Method::Random || wanted == Method::Sobol)
        QSKIP("no model");
    Study costly = study;
    costly.definition.strategy.cost = "heat";
    const StudyModel costlyModel = StudyModel::fit(costly).value();
    auto target = AcquisitionTarget::next(costlyModel.state(), 11, 1, {}, wanted).value();
    for (int pending = 0; pending < 2; ++pending) {
        for (const double at : {0.21, 0.58}) {
            Eigen::RowVectorXd point(3);
            point << at, 0.9 * at, 1.0;
            const Eigen::RowVectorXd row = model.state()->features.row(point, Eigen::RowVectorXd::Ones(3));
            Eigen::VectorXd gradient;
            const double value = target.value(row, gradient);
            QVERIFY(std::isfinite(value));
            QVERIFY(std::abs(value - target.values(row)(0)) < 1e-8 * (1.0 + std::abs(value)));
            for (Eigen::Index c = 0; c < 2; ++c) {
                Eigen::RowVectorXd ahead = row;
                Eigen::RowVectorXd behind = row;
                ahead(c) += 1e-5;
                behind(c) -= 1e-5;
                const double difference = (target.values(ahead)(0) - target.values(behind)(0)) / 2e-5;
                QVERIFY2(std::abs(gradient(c) - difference) < 1e-3 * (1.0 + std::abs(difference)),
                         qPrintable(QString("%1 against %2").arg(gradient(c)).arg(difference)));
            }
        }
        Eigen::RowVectorXd chosen(3);
        chosen << 0.5, 0.3, 0.0;
        target.believe(model.state()->features.row(chosen, Eigen::RowVectorXd::Ones(3)));
    }
}

void MethodsTest::averagesOverHyperparameters_data() {
    QTest::addColumn<QString>("method");
    for (const char* method : {"log_ei", "log_nei", "pi", "ucb", "thompson", "kg", "mes", "jes", "pes",
                               "ei_per_second", "epsilon_greedy"})
        QTest::newRow(method) << QString(method);
}

void MethodsTest::averagesOverHyperparameters() {
    QFETCH(QString, method);
    static const Study measured = sample("log_ei");
    Study study = measured;
    study.definition.strategy.method = test::methodCalled(method.toStdString());
    study.definition.strategy.cost = "heat";
    study.definition.strategy.inference = Inference::Bayesian;
    const StudyModel model = StudyModel::fit(study).value();
    for (const auto& [measure, process] : model.state()->processes)
        QCOMPARE(process.draws.size(), std::size_t{16});
    auto target = AcquisitionTarget::next(model.state(), 11, 1, {}, study.definition.strategy.method).value();
    const auto& mixture = std::get<MixtureScore>(target.score());
    QCOMPARE(mixture.parts.size(), std::size_t{16});
    Eigen::RowVectorXd point(3);
    point << 0.37, 0.44, 1.0;
    const Eigen::RowVectorXd row = model.state()->features.row(point, Eigen::RowVectorXd::Ones(3));
    // The mean of what the parts say, by its definition.
    double sum = 0.0;
    std::set<double> distinct;
    for (const AnyScore& part : mixture.parts) {
        const double value = std::visit([&](const auto& score) { return score.values(row); }, part.score)(0);
        distinct.insert(value);
        sum += method == "ucb" || method == "epsilon_greedy" ? value : std::exp(value);
    }
    QVERIFY2(distinct.size() > 3, qPrintable(QString::number(distinct.size())));
    const double value = mixture.values(row)(0);
    if (method == "thompson")
        QVERIFY(distinct.contains(value));
    else
        QVERIFY(std::abs(value - (method == "ucb" || method == "epsilon_greedy" ? sum / 16.0
                                                                                : std::log(sum / 16.0))) <
                1e-9);
    Eigen::VectorXd gradient;
    const double whole = target.value(row, gradient); // with the limit, averaged, too
    QVERIFY(std::abs(whole - target.values(row)(0)) < 1e-8 * (1.0 + std::abs(whole)));
    for (Eigen::Index c = 0; c < 2; ++c) {
        Eigen::RowVectorXd ahead = row;
        Eigen::RowVectorXd behind = row;
        ahead(c) += 1e-5;
        behind(c) -= 1e-5;
        const double difference = (target.values(ahead)(0) - target.values(behind)(0)) / 2e-5;
        QVERIFY2(std::abs(gradient(c) - difference) < 1e-3 * (1.0 + std::abs(difference)),
                 qPrintable(QString("%1 against %2").arg(gradient(c)).arg(difference)));
    }
    target.believe(row);
    QVERIFY(std::isfinite(target.values(row)(0)));
}

/// Beside a pending setting, the mean over the draws of what another one improves on the results and on it:
/// integrated over the pending outcome.
void MethodsTest::averagesBatchesByQuadrature() {
    const test::Problem problem = test::branin();
    Study study = test::studyOf(problem, 2);
    study.definition.strategy.initial = 12;
    const SuggestReport design = suggest(study, 12).value();
    for (const Suggestion& point : design.suggestions)
        test::addResult(study, point.setting, point.origin, test::valueOf(problem, study, point.setting));
    ModelOptions averaging;
    averaging.averaged = true;
    const StudyModel model = StudyModel::fit(study, averaging).value();
    AcquisitionTarget target = AcquisitionTarget::next(model.state(), 12, 1, {}, Method::QLogEi).value();
    const double best = target.process().toModel(*target.incumbent());
    Rng rng(7, "places");
    Eigen::MatrixXd rows(24, 2);
    for (double& entry : rows.reshaped())
        entry = rng.uniform();
    // Where most is to be gained, so that what is pending matters.
    Eigen::Index first = 0;
    target.values(rows).maxCoeff(&first);
    const Eigen::MatrixXd pending = rows.row(first);
    const std::vector<GaussianProcess> draws = target.process().draws; // before they believe it
    QCOMPARE(draws.size(), std::size_t{16});
    target.believe(pending.row(0));
    const Eigen::VectorXd scores = target.values(rows);
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        if (i == first)
            continue;
        Eigen::MatrixXd both(2, 2);
        both << pending, rows.row(i);
        double expected = 0.0;
        for (const GaussianProcess& draw : draws) {
            const Eigen::VectorXd mean = draw.predict(both).mean;
            const Eigen::MatrixXd covariance = draw.jointCovariance(both);
            const double pendingSd = std::sqrt(covariance(0, 0));
            const double slope = covariance(0, 1) / pendingSd;
            const double sd = std::sqrt(std::max(0.0, covariance(1, 1) - slope * slope));
            constexpr double kStep = 0.005;
            for (double z = -8.0; z <= 8.0; z += kStep) {
                const double gap = std::min(best, mean(0) + pendingSd * z) - (mean(1) + slope * z);
                const double u = gap / sd;
                const double improvement = 0.5 * gap * std::erfc(-u / std::sqrt(2.0)) + sd * density(u);
                expected += improvement * density(z) * kStep / static_cast<double>(draws.size());
            }
        }
        const double score = std::exp(scores(i));
        if (expected > 1e-4)
            QVERIFY2(test::near(score, expected, 0.01, 0.0),
                     qPrintable(QString("%1: %2 against %3").arg(i).arg(score).arg(expected)));
    }
}

void MethodsTest::saysWhereItCannotAverage() {
    const auto warnings = [](const Definition& definition) {
        return std::ranges::count_if(validate(definition), [](const Finding& finding) {
            return finding.path == "strategy.inference" && finding.severity == Finding::Severity::Warning;
        });
    };
    Study study = sample("auto");
    study.definition.strategy.inference = Inference::Bayesian;
    QCOMPARE(warnings(study.definition), 0);
    const SuggestReport report = suggest(study, 2).value();
    QVERIFY2(report.suggestions[0].reason.find("averaged over 16 draws") != std::string::npos,
             report.suggestions[0].reason.c_str());
    const auto again = suggest(study, 2, {1}).value();
    QVERIFY(again.suggestions[1].setting == report.suggestions[1].setting);
    // Predictions and what Explore shows are of the mixture.
    const StudyModel model = StudyModel::fit(study).value();
    const MeasureId y = study.definition.objectives[0].id;
    const std::vector<Setting> there{report.suggestions[0].setting};
    const OutcomeModel& outcome = model.state()->processes.at(y);
    const GpPrediction mixture = outcome.predict(model.state()->features.rows(there));
    QVERIFY(std::abs(model.predict(y, there)->mean(0) - outcome.toUser(mixture.mean(0))) < 1e-12);
    QCOMPARE(model.info().front().draws, std::size_t{16});
    const double ei = (*model.acquisition(AcquisitionKind::Ei, there))(0);
    QVERIFY(std::abs(std::log(ei) - (*model.acquisition(AcquisitionKind::LogEi, there))(0)) < 1e-9);

    for (const Method method : {Method::Random, Method::Sobol}) {
        study.definition.strategy.method = method;
        QCOMPARE(warnings(study.definition), 1);
    }
    study.definition.strategy.method = Method::Auto;
    Definition several = study.definition;
    several.objectives.push_back(several.objectives[0]);
    several.objectives[1].name = "z";
    QCOMPARE(warnings(several), 1);
    QCOMPARE(hyperparameterDraws(several), std::size_t{0});
    Definition desired = study.definition;
    desired.objectives[0].desirability = DesirabilityFunction{DesirabilityBox{0.0, 1.0}, {}, {}};
    QCOMPARE(warnings(desired), 1);
    QCOMPARE(hyperparameterDraws(desired), std::size_t{0});
}

void MethodsTest::autoPicksByTheStudy() {
    Study study = sample("auto");
    const StudyModel model = StudyModel::fit(study).value();
    QVERIFY(chosenMethod(*model.state(), 1).method == Method::LogEi);
    const MethodChoice batch = chosenMethod(*model.state(), 4);
    QVERIFY(batch.method == Method::QLogEi);
    QCOMPARE(batch.why, std::string("4 outcomes are unknown at once"));
    const SuggestReport report = suggest(study, 2).value();
    QVERIFY2(report.suggestions[0].reason.find("by qlog_ei because 2 outcomes") != std::string::npos,
             report.suggestions[0].reason.c_str());
    // Several outcomes unknown at once, asked for together or one beside a pending one, are averaged over.
    const auto averaged = [](const Study& asked, std::size_t count) {
        return suggest(asked, count)->suggestions[0].reason.find("averaged over 16 draws") !=
               std::string::npos;
    };
    QVERIFY(averaged(study, 2));
    QVERIFY(!averaged(study, 1));
    Study beside = study;
    Trial pending = beside.trials.front();
    pending.id.value = beside.definition.nextId++;
    pending.state = TrialState::Running;
    pending.values.clear();
    beside.trials.push_back(pending);
    QVERIFY(averaged(beside, 1));
    Study believing = study;
    Belief belief;
    belief.claim = OptimumBelief{study.definition.space.find("a")->id, NormalDensity{0.5, 0.2}};
    believing.definition.beliefs.push_back(belief);
    QVERIFY(!averaged(believing, 2));
    beside.definition.strategy.method = Method::QLogEi;
    QVERIFY(!averaged(beside, 2));

    Study noisy = study;
    for (Trial& trial : noisy.trials)
        for (auto& [id, measurement] : trial.values)
            measurement.noiseSd = 0.2;
    QVERIFY(chosenMethod(*StudyModel::fit(noisy)->state(), 1).method == Method::LogNei);

    // Noise that nobody has told of: a fortieth of the variance counts, a hundred-thousandth does not.
    for (const double noise : {0.025, 1e-5}) {
        Study unknown = studyFrom(R"({"alidade": 1, "name": "n", "seed": 1,
            "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "y"}]})");
        Rng rng(1, "noise");
        for (int i = 0; i < 40; ++i) {
            const double x = (i + 0.5) / 40.0;
            const Setting setting{{unknown.definition.space.parameters[0].id, x}};
            test::addResult(unknown, setting, Origin::Manual,
                            std::sqrt(2.0) * std::sin(6.2831853 * x) + std::sqrt(noise) * rng.normal());
        }
        const Method method = chosenMethod(*StudyModel::fit(unknown)->state(), 1).method;
        QVERIFY(method == (noise > 0.01 ? Method::LogNei : Method::LogEi));
    }

    Study costly = study;
    costly.definition.strategy.cost = "heat";
    QVERIFY(chosenMethod(*StudyModel::fit(costly)->state(), 1).method == Method::EiPerSecond);
    study.definition.strategy.method = Method::Ucb;
    QVERIFY(chosenMethod(*StudyModel::fit(study)->state(), 9).method == Method::Ucb);
}

void MethodsTest::costSteersToTheCheapSide() {
    // Two equal valleys; the right one costs 100 times as much.
    Study study = studyFrom(R"({"alidade": 1, "name": "c", "seed": 3,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "y"}], "outcome_constraints": [{"name": "time", "upper": 1e6, "unit": "s"}],
        "strategy": {"method": "ei_per_second", "initial": 5}})");
    const MeasureId time = study.definition.outcomeConstraints[0].id;
    int cheap = 0;
    for (int i = 0; i < 13; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        const double x = real(study, suggestion.setting, "x");
        test::addResult(study, suggestion.setting, suggestion.origin, std::cos(12.56637 * x));
        study.trials.back().values[time] = {x < 0.5 ? 1.0 : 100.0, std::nullopt};
        cheap += suggestion.origin == Origin::Model && x < 0.5 ? 1 : 0;
    }
    QVERIFY2(cheap >= 5, qPrintable(QString::number(cheap))); // of 8; by chance 4
    const StudyModel model = StudyModel::fit(study).value();
    const CostModel cost = fitCost(*model.state(), {}).value();
    QCOMPARE(cost.name, std::string("time"));
    const auto target = AcquisitionTarget::next(model.state(), 13, 1, {}, Method::EiPerSecond).value();
    const auto& score = std::get<CostAwareScore>(target.score());
    for (const double x : {0.3, 0.8}) {
        Eigen::RowVectorXd row(1);
        row << x;
        const double logCost = cost.process.predict(row).mean(0);
        QVERIFY(std::abs(logCost - (x < 0.5 ? 0.0 : std::log(100.0))) < 1.0);
        QVERIFY(std::abs(score.values(row)(0) - score.improvement.values(row)(0) + logCost) < 1e-9);
    }
    QVERIFY(suggest(study, 1)->suggestions[0].reason.ends_with(" s."));
    study.definition.strategy.cost = "nothing";
    QVERIFY(!suggest(study, 1).ok());
    study.definition.strategy.cost.clear();
    study.definition.outcomeConstraints[0].unit.clear();
    QVERIFY(!suggest(study, 1).ok()); // no cost known at all
}

void MethodsTest::coolingFollowsTheBudget() {
    Study study = sample("auto");
    QCOMPARE(costCooling(*StudyModel::fit(study)->state()), 1.0);
    study.definition.strategy.budget = 10;
    QCOMPARE(costCooling(*StudyModel::fit(study)->state()), 0.5); // 8 in the design, 9 started
    study.definition.strategy.budget = 9;
    QCOMPARE(costCooling(*StudyModel::fit(study)->state()), 0.0);
}

void MethodsTest::shotgunScattersABatch() {
    Study study = test::studyOf(test::branin(), 2);
    study.definition.strategy.method = Method::EpsilonShotgun;
    study.definition.strategy.epsilon = 0.0;
    const test::Problem problem = test::branin();
    double best = HUGE_VAL;
    for (int round = 0; round < 9; ++round) {
        const SuggestReport report = suggest(study, 5).value();
        for (const Suggestion& suggestion : report.suggestions) {
            const double y = problem.value(test::coordinatesOf(study, suggestion.setting));
            best = std::min(best, y - problem.optimum);
            test::addResult(study, suggestion.setting, suggestion.origin, y);
        }
        if (report.suggestions[0].origin == Origin::Model)
            QVERIFY(report.suggestions[1].reason.find("scattered round the first") != std::string::npos);
        QVERIFY(report.suggestions[1].reason.find(" 0 %") == std::string::npos);
    }
    QVERIFY2(best < 1e-2, qPrintable(QString::number(best)));
    study.definition.strategy.epsilon = 1.0;
    QVERIFY(suggest(study, 1)->suggestions[0].reason.find("drawn from the front") != std::string::npos);
    study.definition.strategy.exploration = Exploration::Random;
    QVERIFY(suggest(study, 1)->suggestions[0].reason.find("drawn at random") != std::string::npos);
}

void MethodsTest::explorersShowTheAcquisitions() {
    Study study = sample("auto");
    study.definition.strategy.cost = "heat";
    const StudyModel model = StudyModel::fit(study).value();
    const std::vector<Setting> settings{study.trials[0].setting, study.trials[5].setting};
    for (const std::string& name : acquisitionNames()) {
        const auto kind = parseAcquisition(name);
        QVERIFY(kind.has_value());
        QCOMPARE(std::string(acquisitionName(*kind)), name);
        const auto values = model.acquisition(*kind, settings);
        QVERIFY2(values.ok(), values.ok() ? "" : values.error().text().c_str());
        QCOMPARE(values->size(), Eigen::Index{2});
        QVERIFY(!values->hasNaN());
        const auto again = model.acquisition(*kind, settings);
        QVERIFY(values.value() == again.value());
    }
}

void MethodsTest::stopsWithTheBestSoFar() {
    for (const char* method : {"mes", "kg", "log_nei", "epsilon_shotgun"}) {
        const Study study = sample(method);
        std::stop_source source;
        source.request_stop();
        const auto report = suggest(study, 2, {}, Monitor(source.get_token()));
        QVERIFY(report.ok() || report.error().code == ErrorCode::Cancelled);
    }
}

QTEST_APPLESS_MAIN(MethodsTest)
#include "tst_methods.moc"
