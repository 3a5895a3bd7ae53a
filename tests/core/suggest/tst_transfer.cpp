#include "base/rng.h"
#include "near.h"
#include "study/edit.h"
#include "suggest/model_diagnostics.h"
#include "suggest/model_state.h"
#include "suggest/suggest.h"
#include "suggest/transfer.h"
#include "test_problems.h"

#include <QTest>

#include <Eigen/LU>

#include <cmath>
#include <functional>

using namespace alidade;

namespace {

using Truth = std::function<double(const std::vector<double>&)>;

std::shared_ptr<const SourceStudies> sourcesOf(std::vector<Study> studies) {
    SourceStudies sources;
    for (Study& study : studies) {
        const std::string name = "earlier" + std::to_string(sources.size() + 1);
        sources.push_back({name + ".alidade", name, std::make_shared<const Study>(std::move(study)), {}});
    }
    return std::make_shared<const SourceStudies>(std::move(sources));
}

MeasureId measureOf(const Study& study) {
    return study.definition.objectives.front().id;
}

/// Squared error of predictions at settings of a fresh study.
double errorOf(const StudyModel& model, const test::Problem& problem) {
    const Study fresh = test::randomStudy(problem, 40, 77, problem.value);
    double error = 0.0;
    for (const Trial& trial : fresh.trials)
        error += std::pow(model.predict(measureOf(fresh), {trial.setting})->mean(0) -
                              trial.values.begin()->second.value,
                          2);
    return error;
}

Truth shiftedBranin() {
    return [problem = test::branin()](const std::vector<double>& x) {
        return 3.0 * problem.value({x[0] - 1.0, x[1] + 1.0}) - 40.0;
    };
}

} // namespace

class TransferTest : public QObject {
    Q_OBJECT
private slots:
    void translatesSettings();
    void takesResultsThatHaveAMeaning();
    void learnsFromARelatedStudy();
    void evidenceCountsSlopes();
    void agreesWithTheDenseJointCovariance();
    void sameStudyIsMoreData();
    void sameStudyStaysInUse();
    void unrelatedStudyChangesNothing();
    void fallingRelationIsLeftOut();
    void choosesAmongSeveral();
    void sharesFeaturesBetweenMeasures();
    void saysWhatIsMissing();
    void startsWithTheBestSettingAndEndsTheDesignEarly();
    void keepsTheDesignWhenUnrelated();
    void diagnosticsAreAboutToday();
    void reusesOnlyForTheSameSources();
    void dependsOnContentOnly();
};

void TransferTest::translatesSettings() {
    const auto parameter = [](std::int64_t id, const char* name, const Domain& domain) {
        Parameter result;
        result.id = ParameterId{id};
        result.name = name;
        result.domain = domain;
        return result;
    };
    SearchSpace today;
    today.parameters = {parameter(1, "x", RealRange{0.0, 1.0, Scale::Linear, {}}),
                        parameter(2, "n", IntegerRange{1, 9, Scale::Linear, 1})};
    SearchSpace earlier;
    earlier.parameters = {parameter(7, "old", RealRange{0.0, 1.0, Scale::Linear, {}}),
                          parameter(8, "x", RealRange{0.0, 2.0, Scale::Linear, {}})};
    const auto inside = translatedSetting(today, earlier, {{ParameterId{7}, 0.1}, {ParameterId{8}, 0.75}});
    QVERIFY(inside.has_value());
    QCOMPARE(inside->size(), std::size_t{2});
    QCOMPARE(std::get<double>(inside->at(ParameterId{1})), 0.75);
    QVERIFY(inside->at(ParameterId{2}) == completed(today, {}).at(ParameterId{2}));
    QVERIFY(!translatedSetting(today, earlier, {{ParameterId{8}, 1.5}}).has_value());
}

void TransferTest::takesResultsThatHaveAMeaning() {
    const test::Problem problem = test::branin();
    Study earlier = test::randomStudy(problem, 9, 5, problem.value);
    const MeasureId measure = measureOf(earlier);
    earlier.trials[0].excluded = true;
    earlier.trials[1].state = TrialState::Failed;
    earlier.trials[2].values[measure].value = HUGE_VAL;
    earlier.trials[3].setting.begin()->second = 1e6;
    earlier.trials[4].values[measure].noiseSd = 0.5;
    const Study today = test::randomStudy(problem, 3, 6, problem.value);
    const Encoding encoding(today.definition.space);
    const FeatureMap features(encoding);
    const SourceResults results = sourceResults(today.definition.space, features, earlier, "y");
    QCOMPARE(results.outcomes.size(), Eigen::Index{5});
    QVERIFY(results.noise == Eigen::VectorXd::Unit(5, 0) * 0.25);
    for (Eigen::Index i = 0; i < 5; ++i) {
        const Trial& trial = earlier.trials[static_cast<std::size_t>(i) + 4];
        QCOMPARE(results.outcomes(i), trial.values.at(measure).value);
        QVERIFY(results.features.row(i) == features.row(trial.setting));
    }
    QCOMPARE(sourceResults(today.definition.space, features, earlier, "z").outcomes.size(), Eigen::Index{0});
}

void TransferTest::learnsFromARelatedStudy() {
    const test::Problem problem = test::branin();
    const auto earlier = sourcesOf({test::randomStudy(problem, 30, 5, shiftedBranin())});
    const Study today = test::randomStudy(problem, 6, 6, problem.value);
    const auto with = StudyModel::fit(today, {1, earlier}).value();
    QCOMPARE(with.related().size(), std::size_t{1});
    const Relatedness& related = with.related().front();
    QVERIFY2(related.used(), related.text.c_str());
    QCOMPARE(related.results, std::size_t{30});
    QVERIFY(related.agreement > 0.7);
    QVERIFY(related.correlation > 0.7 && related.correlation <= 1.0);
    QVERIFY(related.logEvidence > 0.5);
    QVERIFY2(related.text.find("earlier1 helps") == 0, related.text.c_str());
    const auto without = StudyModel::fit(today, {1}).value();
    QVERIFY(without.related().empty());
    QVERIFY(errorOf(with, problem) < 0.5 * errorOf(without, problem));
}

/// log p(today's values and slopes | source) - log p(them), in the user's units.
void TransferTest::evidenceCountsSlopes() {
    const auto f = [](double x) { return 40.0 * std::sin(6.0 * x) + 7.0 * x; };
    GpData today;
    today.groups = {0};
    today.x = Eigen::VectorXd::LinSpaced(5, 0.05, 0.9);
    today.y = today.x.col(0).unaryExpr(f);
    today.differences.ahead = today.x.array() + 1e-3;
    today.differences.behind = today.x.array() - 1e-3;
    today.differences.value = today.x.col(0).unaryExpr([&](double x) { return f(x + 1e-3) - f(x - 1e-3); });
    today.differences.owner = {0, 1, 2, 3, 4};
    SourceResults source;
    source.features = Eigen::VectorXd::LinSpaced(14, 0.0, 1.0);
    source.outcomes = source.features.col(0).unaryExpr([&](double x) { return 2.0 * f(x + 0.01) - 300.0; });
    std::vector<Relatedness> related(1);
    OutcomeModelOptions options;
    const TaughtModel taught = fitWithSources(today, {source}, options, related).value();
    QVERIFY(related.front().used());
    QCOMPARE(taught.model.process.data().differences.size(), Eigen::Index{5});
    // Each of today's 10 observations is divided by the scale.
    const OutcomeModel alone = fitOutcomeModel(today, options).value();
    const GpData& joint = taught.model.process.data();
    const auto earlier =
        GaussianProcess::condition(
            {joint.x.bottomRows(14), joint.y.tail(14), joint.groups,
             joint.extraNoise.size() > 0 ? Eigen::VectorXd(joint.extraNoise.tail(14)) : Eigen::VectorXd()},
            taught.model.process.family(), taught.model.process.hyperparameters())
            .value();
    const double with = taught.model.process.logMarginalLikelihood() - earlier.logMarginalLikelihood() -
                        10.0 * std::log(taught.model.transform.scale);
    const double without = alone.process.logMarginalLikelihood() - 10.0 * std::log(alone.transform.scale);
    VERIFY_NEAR(related.front().logEvidence, with - without, 1e-9);
}

void TransferTest::agreesWithTheDenseJointCovariance() {
    const test::Problem problem = test::branin();
    const Study source = test::randomStudy(problem, 20, 5, shiftedBranin());
    const Study today = test::randomStudy(problem, 7, 6, problem.value);
    const auto fitted = StudyModel::fit(today, {1, sourcesOf({source})}).value();
    QVERIFY(fitted.related().front().used());
    const OutcomeModel& outcome = fitted.state()->processes.begin()->second;
    const Hyperparameters& hyper = outcome.process.hyperparameters();
    QCOMPARE(hyper.lengthScales.size(), Eigen::Index{3});
    // Everything written out anew: positions on the unit square, tasks, Matern 5/2 over both. Only the
    // aligned outcomes of the source are taken from the model.
    const auto place = [&](const Study& study, const Setting& setting) {
        const std::vector<double> x = test::coordinatesOf(study, setting);
        return Eigen::Vector2d((x[0] + 5.0) / 15.0, x[1] / 15.0);
    };
    std::vector<Eigen::Vector2d> x;
    std::vector<int> task;
    for (const Trial& trial : today.trials) {
        x.push_back(place(today, trial.setting));
        task.push_back(0);
    }
    for (const Trial& trial : source.trials) {
        x.push_back(place(source, trial.setting));
        task.push_back(1);
    }
    const double taskCorrelation = fitted.related().front().correlation;
    const auto kernel = [&](const Eigen::Vector2d& a, int ta, const Eigen::Vector2d& b, int tb) {
        double squared = ta == tb ? 0.0 : std::pow(hyper.lengthScales(2), -2.0);
        for (int k = 0; k < 2; ++k)
            squared += std::pow((a(k) - b(k)) / hyper.lengthScales(k), 2);
        const double r = std::sqrt(5.0 * squared);
        return hyper.outputVariance * (1.0 + r + r * r / 3.0) * std::exp(-r);
    };
    VERIFY_NEAR(kernel(x[0], 0, x[0], 1), hyper.outputVariance * taskCorrelation, 1e-12);
    const auto n = static_cast<Eigen::Index>(x.size());
    QCOMPARE(outcome.process.data().y.size(), n);
    Eigen::MatrixXd k(n, n);
    for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
            k(i, j) = kernel(x[i], task[i], x[j], task[j]) + (i == j ? hyper.noiseVariance : 0.0);
    if (outcome.process.data().extraNoise.size() > 0)
        k.diagonal() += outcome.process.data().extraNoise;
    for (Eigen::Index i = 0; i < 7; ++i)
        QVERIFY(test::near(outcome.toUser(outcome.process.data().y(i)),
                           today.trials[static_cast<std::size_t>(i)].values.begin()->second.value, 1e-9));
    const Eigen::FullPivLU<Eigen::MatrixXd> lu(k);
    const Eigen::VectorXd weights = lu.solve((outcome.process.data().y.array() - hyper.mean).matrix());
    for (const Trial& trial : test::randomStudy(problem, 10, 8, problem.value).trials) {
        Eigen::VectorXd cross(n);
        const Eigen::Vector2d at = place(today, trial.setting);
        for (Eigen::Index i = 0; i < n; ++i)
            cross(i) = kernel(at, 0, x[i], task[i]);
        const double mean = hyper.mean + cross.dot(weights);
        const double variance = hyper.outputVariance - cross.dot(lu.solve(cross));
        const GpPrediction prediction = outcome.process.predict(fitted.state()->features.row(trial.setting));
        QVERIFY(test::near(prediction.mean(0), mean, 1e-6, 1e-8));
        QVERIFY(test::near(prediction.variance(0), variance, 1e-6, 1e-8));
    }
}

void TransferTest::sameStudyIsMoreData() {
    // The source went on where today's study began: as if all results were one study's.
    const test::Problem problem = test::branin();
    const Study source = test::randomStudy(problem, 25, 5, problem.value);
    const Study today = test::randomStudy(problem, 6, 6, problem.value);
    Study together = today;
    for (const Trial& trial : source.trials)
        test::addResult(together, trial.setting, Origin::Manual, trial.values.begin()->second.value);
    const auto taught = StudyModel::fit(today, {1, sourcesOf({source})}).value();
    const Relatedness& related = taught.related().front();
    QVERIFY2(related.used() && related.correlation > 0.95, related.text.c_str());
    const auto all = StudyModel::fit(together, {1}).value();
    const auto alone = StudyModel::fit(today, {1}).value();
    const double bound = errorOf(alone, problem);
    QVERIFY(errorOf(all, problem) < 0.2 * bound);
    QVERIFY(errorOf(taught, problem) < 0.3 * bound);
    for (const Trial& trial : test::randomStudy(problem, 10, 8, problem.value).trials) {
        const Prediction one = taught.predict(measureOf(today), {trial.setting}).value();
        const Prediction two = all.predict(measureOf(today), {trial.setting}).value();
        const double sd = alone.predict(measureOf(today), {trial.setting})->standardDeviation(0);
        QVERIFY(std::abs(one.mean(0) - two.mean(0)) < sd);
    }
}

void TransferTest::sameStudyStaysInUse() {
    // Settings chosen by the model crowd round the best one, which tempts today's model to a scale of its
    // own.
    const test::Problem problem = test::branin();
    for (const std::uint64_t seed : {1, 2, 3}) {
        const auto sources = sourcesOf({test::randomStudy(problem, 25, 10 + seed, problem.value)});
        Study study = test::studyOf(problem, seed);
        while (study.trials.size() < 14) {
            const Suggestion next = suggest(study, 1, {1, sources}).value().suggestions.front();
            test::addResult(study, next.setting, next.origin, test::valueOf(problem, study, next.setting));
            if (study.trials.size() < 4)
                continue;
            const auto model = StudyModel::fit(study, {1, sources}).value();
            QVERIFY2(model.related().front().used(),
                     qPrintable(QString("seed %1, %2 trials: %3")
                                    .arg(seed)
                                    .arg(study.trials.size())
                                    .arg(QString::fromStdString(model.related().front().text))));
        }
    }
}

void TransferTest::unrelatedStudyChangesNothing() {
    const test::Problem problem = test::branin();
    const Study today = test::randomStudy(problem, 12, 6, problem.value);
    const auto plain = StudyModel::fit(today, {1}).value();
    int used = 0;
    for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
        Rng rng(seed, "unrelated");
        const auto model =
            StudyModel::fit(today, {1, sourcesOf({test::randomStudy(
                                           problem, 30, seed, [&](const auto&) { return rng.normal(); })})})
                .value();
        const Relatedness& related = model.related().front();
        if (related.used()) {
            ++used; // by chance; then it must do no harm
            QVERIFY2(errorOf(model, problem) < 1.3 * errorOf(plain, problem), related.text.c_str());
            continue;
        }
        QVERIFY(related.relation == Relation::Disagrees || related.relation == Relation::NoHelp);
        QVERIFY2(related.text.find("not used") != std::string::npos, related.text.c_str());
        QCOMPARE(model.state()->features.columns(), Eigen::Index{2});
        for (const Trial& trial : test::randomStudy(problem, 10, 8, problem.value).trials) {
            const Prediction one = model.predict(measureOf(today), {trial.setting}).value();
            const Prediction two = plain.predict(measureOf(today), {trial.setting}).value();
            QCOMPARE(one.mean(0), two.mean(0));
            QCOMPARE(one.standardDeviation(0), two.standardDeviation(0));
        }
    }
    QVERIFY2(used <= 1, qPrintable(QString::number(used)));
}

void TransferTest::fallingRelationIsLeftOut() {
    const test::Problem problem = test::branin();
    const auto model =
        StudyModel::fit(test::randomStudy(problem, 8, 6, problem.value),
                        {1, sourcesOf({test::randomStudy(problem, 30, 5,
                                                         [&](const auto& x) { return -problem.value(x); })})})
            .value();
    QCOMPARE(model.related().front().relation, Relation::Disagrees);
    QVERIFY(model.related().front().agreement < -0.5);
}

void TransferTest::choosesAmongSeveral() {
    const test::Problem problem = test::branin();
    Rng rng(3, "unrelated");
    const Study noise = test::randomStudy(problem, 30, 9, [&](const auto&) { return rng.normal(); });
    const Study related = test::randomStudy(problem, 30, 5, shiftedBranin());
    const Study today = test::randomStudy(problem, 8, 6, problem.value);
    const auto model = StudyModel::fit(today, {1, sourcesOf({noise, related})}).value();
    QCOMPARE(model.related().size(), std::size_t{2});
    QVERIFY(!model.related()[0].used());
    QVERIFY(model.related()[1].used());
    QCOMPARE(model.state()->sourceColumns, std::vector<std::size_t>{1});
    QCOMPARE(model.state()->features.columns(), Eigen::Index{3});
}

void TransferTest::sharesFeaturesBetweenMeasures() {
    // Each of two objectives is known to one source only: the models share features, and predict as each
    // would alone.
    const test::Problem problem = test::branin();
    const auto withMeasure = [&](Study study, const std::string& name, const Truth& value) {
        Objective objective;
        objective.id = MeasureId{takeId(study.definition)};
        objective.name = name;
        study.definition.objectives.push_back(objective);
        for (Trial& trial : study.trials)
            trial.values[objective.id] = {value(test::coordinatesOf(study, trial.setting)), {}};
        return study;
    };
    const Truth bowl = [](const std::vector<double>& x) {
        return std::pow(x[0] - 2.0, 2) + std::pow(x[1] - 9.0, 2);
    };
    const Study today = withMeasure(test::randomStudy(problem, 7, 6, problem.value), "bowl", bowl);
    Study first = test::randomStudy(problem, 30, 5, problem.value);
    Study second = test::randomStudy(problem, 30, 9, bowl);
    second.definition.objectives.front().name = "bowl";
    const auto model = StudyModel::fit(today, {1, sourcesOf({first, second})}).value();
    QCOMPARE(model.related().size(), std::size_t{4});
    QVERIFY(model.related()[0].used());
    QCOMPARE(model.related()[1].relation, Relation::NoMeasure);
    QCOMPARE(model.related()[2].relation, Relation::NoMeasure);
    QVERIFY(model.related()[3].used());
    QCOMPARE(model.state()->features.columns(), Eigen::Index{4});
    const auto alone = StudyModel::fit(today, {1, sourcesOf({first})}).value();
    QCOMPARE(alone.state()->features.columns(), Eigen::Index{3});
    for (const Trial& trial : test::randomStudy(problem, 10, 8, problem.value).trials) {
        const Prediction a = model.predict(measureOf(today), {trial.setting}).value();
        const Prediction b = alone.predict(measureOf(today), {trial.setting}).value();
        QVERIFY(test::near(a.mean(0), b.mean(0), 1e-6));
        QVERIFY(test::near(a.standardDeviation(0), b.standardDeviation(0), 1e-6));
    }
    // And suggestions work on the shared features.
    QCOMPARE(suggest(today, 1, {1, sourcesOf({first, second})})->suggestions.size(), std::size_t{1});
}

void TransferTest::saysWhatIsMissing() {
    const test::Problem problem = test::branin();
    const Study today = test::randomStudy(problem, 6, 6, problem.value);
    Study other = test::randomStudy(problem, 9, 5, problem.value);
    other.definition.space.parameters[1].name = "renamed";
    SourceStudies sources = *sourcesOf({test::randomStudy(problem, 2, 5, problem.value), other});
    sources.push_back({"gone.alidade", "gone", nullptr, "There is no such file."});
    const auto shared = std::make_shared<const SourceStudies>(sources);
    const auto model = StudyModel::fit(today, {1, shared}).value();
    QCOMPARE(model.related()[0].relation, Relation::TooFew);
    QCOMPARE(model.related()[0].results, std::size_t{2});
    QCOMPARE(model.related()[1].missing, std::vector<std::string>{"x2"});
    QCOMPARE(model.related()[2].relation, Relation::Unreadable);
    QVERIFY(model.related()[2].text.find("There is no such file.") != std::string::npos);
    const SuggestReport report =
        suggest(test::randomStudy(problem, 1, 6, problem.value), 1, {1, shared}).value();
    QCOMPARE(report.suggestions.size(), std::size_t{1});
    QCOMPARE(report.warnings.size(), std::size_t{1});
    QVERIFY(report.warnings.front().find("gone.alidade") != std::string::npos);
}

void TransferTest::startsWithTheBestSettingAndEndsTheDesignEarly() {
    const test::Problem problem = test::branin();
    const Study source = test::randomStudy(problem, 30, 5, shiftedBranin());
    const auto sources = sourcesOf({source});
    Study study = test::studyOf(problem, 1);
    std::vector<Origin> origins;
    for (int i = 0; i < 5; ++i) {
        const SuggestReport report = suggest(study, 1, {1, sources}).value();
        const Suggestion& suggestion = report.suggestions.front();
        if (i == 0) {
            QVERIFY(suggestion.setting == incumbent(source)->setting);
            QVERIFY2(suggestion.reason.find("the best setting of earlier1") != std::string::npos,
                     suggestion.reason.c_str());
        }
        origins.push_back(suggestion.origin);
        if (suggestion.origin == Origin::Model)
            QVERIFY2(suggestion.reason.find("learnt also from earlier1") != std::string::npos,
                     suggestion.reason.c_str());
        test::addResult(study, suggestion.setting, suggestion.origin,
                        problem.value(test::coordinatesOf(study, suggestion.setting)));
    }
    QCOMPARE(origins,
             (std::vector{Origin::Initial, Origin::Initial, Origin::Initial, Origin::Model, Origin::Model}));
    // A stated size is kept.
    study = test::studyOf(problem, 1);
    study.definition.strategy.initial = 5;
    for (int i = 0; i < 5; ++i) {
        const Suggestion suggestion = suggest(study, 1, {1, sources})->suggestions.front();
        QCOMPARE(suggestion.origin, Origin::Initial);
        test::addResult(study, suggestion.setting, suggestion.origin,
                        problem.value(test::coordinatesOf(study, suggestion.setting)));
    }
}

void TransferTest::keepsTheDesignWhenUnrelated() {
    const test::Problem problem = test::branin();
    const auto sources =
        sourcesOf({test::randomStudy(problem, 30, 5, [&](const auto& x) { return -problem.value(x); })});
    Study study = test::studyOf(problem, 2);
    for (int i = 0; i < 6; ++i) {
        const Suggestion suggestion = suggest(study, 1, {1, sources})->suggestions.front();
        QCOMPARE(suggestion.origin, Origin::Initial);
        test::addResult(study, suggestion.setting, suggestion.origin,
                        problem.value(test::coordinatesOf(study, suggestion.setting)));
    }
    QCOMPARE(suggest(study, 1, {1, sources})->suggestions.front().origin, Origin::Model);
}

void TransferTest::diagnosticsAreAboutToday() {
    const test::Problem problem = test::branin();
    const Study today = test::randomStudy(problem, 9, 6, problem.value);
    const auto model =
        StudyModel::fit(today, {1, sourcesOf({test::randomStudy(problem, 30, 5, problem.value)})}).value();
    QVERIFY(model.related().front().used());
    QCOMPARE(model.info().front().observations, std::size_t{9});
    QCOMPARE(model.info().front().lengthScales.size(), std::size_t{2});
    const MeasureDiagnostics about = diagnose(model, measureOf(today)).value();
    QCOMPARE(about.check.count(), std::size_t{9});
    QCOMPARE(about.trials.size(), std::size_t{9});
    QCOMPARE(about.check.measured(8), today.trials[8].values.begin()->second.value);
    for (const HealthFinding& finding : about.health) {
        QVERIFY2(finding.code != HealthCode::FewResults, finding.text.c_str());
        QVERIFY2(finding.text.find("coordinate") == std::string::npos, finding.text.c_str());
        for (const Eigen::Index row : finding.observations)
            QVERIFY(row < 9);
    }
}

void TransferTest::reusesOnlyForTheSameSources() {
    const test::Problem problem = test::branin();
    const auto sources = sourcesOf({test::randomStudy(problem, 30, 5, shiftedBranin())});
    Study study = test::randomStudy(problem, 6, 6, problem.value);
    const auto model = StudyModel::fit(study, {1, sources}).value();
    study.definition.notes = "another note";
    // Read again, with the same content.
    const auto again = sourcesOf({*sources->front().study});
    const auto reused = model.reusedFor(study, again);
    QVERIFY(reused.has_value());
    QCOMPARE(reused->related().size(), std::size_t{1});
    const std::vector<Setting> at{study.trials.front().setting};
    QCOMPARE(reused->predict(measureOf(study), at)->mean(0), model.predict(measureOf(study), at)->mean(0));
    Study more = *sources->front().study;
    more.trials.pop_back();
    QVERIFY(!model.reusedFor(study, sourcesOf({more})).has_value());
    QVERIFY(!model.reusedFor(study).has_value());
}

void TransferTest::dependsOnContentOnly() {
    const test::Problem problem = test::branin();
    const auto sources = sourcesOf({test::randomStudy(problem, 20, 5, problem.value)});
    const Study today = test::randomStudy(problem, 5, 6, problem.value);
    const auto first = suggest(today, 1, {1, sources}).value();
    const auto second = suggest(today, 1, {2, sources}).value();
    QVERIFY(first.suggestions.front().setting == second.suggestions.front().setting);
}

QTEST_APPLESS_MAIN(TransferTest)
#include "tst_transfer.moc"
