#include "acquisition/analytic.h"
#include "base/rng.h"
#include "near.h"
#include "suggest/observed_trials.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "surrogate/fit.h"
#include "test_problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

// Above 1,000 trials predictions are local: against the exact posterior of all of them.

class ManyTrialsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void localPredictionsAreCloseToExactOnes();
    void suggestionsAreGoodByTheExactPosterior();
    void incumbentIsTheBestMean();
    void saysWhatItLooksAt();
    void failuresAndCostsAreLocalToo();

private:
    static Study study(double noise, int count = 1100) {
        const test::Problem problem = test::hartmann6();
        Study study = test::studyOf(problem, 1);
        Rng rng(1, "many");
        for (int i = 0; i < count; ++i) {
            Setting setting;
            std::vector<double> x;
            // Every fourth near the optimum, as late in a run.
            const double spread = i % 4 == 0 ? 0.1 : 1.0;
            const std::vector<double> best{0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};
            for (std::size_t c = 0; c < 6; ++c) {
                const double low = std::max(0.0, best[c] - spread);
                x.push_back(rng.uniform(low, std::min(1.0, best[c] + spread)));
                setting[study.definition.space.parameters[c].id] = x.back();
            }
            test::addResult(study, setting, Origin::Manual, problem.value(x) + noise * rng.normal());
        }
        return study;
    }
    [[nodiscard]] static GaussianProcess exact(const GaussianProcess& process) {
        return GaussianProcess::condition(process.data(), process.family(), process.hyperparameters())
            .value();
    }

    Study m_study;
};

void ManyTrialsTest::initTestCase() {
    m_study = study(0.0);
}

void ManyTrialsTest::localPredictionsAreCloseToExactOnes() {
    const StudyModel model = StudyModel::fit(m_study).value();
    const GaussianProcess& local = model.state()->processes.at(m_study.definition.objectives[0].id).process;
    QVERIFY(local.local());
    const GaussianProcess all = exact(local);
    Rng rng(2, "points");
    Eigen::MatrixXd points(300, 6);
    for (Eigen::Index i = 0; i < 300; ++i)
        for (Eigen::Index c = 0; c < 6; ++c)
            points(i, c) = i < 150 ? rng.uniform() : std::clamp(0.3 + 0.1 * rng.normal(), 0.0, 1.0);
    const GpPrediction near = local.predict(points);
    const GpPrediction truth = all.predict(points);
    const double error = (near.mean - truth.mean).norm() / std::sqrt(300.0);
    const double uncertain = std::sqrt(truth.variance.mean());
    QVERIFY2(error < 0.5 * uncertain, qPrintable(QString("%1 of %2").arg(error).arg(uncertain)));
    QVERIFY((near.variance.array() >= truth.variance.array() * (1.0 - 1e-6) - 1e-9).all());
    QVERIFY2(near.variance.mean() < 1.6 * truth.variance.mean(),
             qPrintable(QString("%1 of %2").arg(near.variance.mean()).arg(truth.variance.mean())));
}

void ManyTrialsTest::suggestionsAreGoodByTheExactPosterior() {
    const SuggestReport report = suggest(m_study, 1).value();
    const StudyModel model = StudyModel::fit(m_study).value();
    const StudyModel::State& state = *model.state();
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 1100, 1, {}).value();
    const GaussianProcess all = exact(target.process().process);
    const Improvement improvement{false, target.process().toModel(*target.incumbent())};
    const auto logEi = [&](const Eigen::MatrixXd& rows) {
        const GpPrediction prediction = all.predict(rows);
        Eigen::VectorXd values(rows.rows());
        for (Eigen::Index i = 0; i < rows.rows(); ++i)
            values(i) =
                logExpectedImprovement(improvement, prediction.mean(i), std::sqrt(prediction.variance(i)))
                    .value;
        return values;
    };
    // Rivals: spread over the space, and round the best trials.
    Rng rng(3, "rivals");
    Eigen::MatrixXd rivals(1500, 6);
    const std::vector<const ObservedTrial*> promising = promisingTrials(state);
    QCOMPARE(promising.size(), std::size_t{256});
    for (Eigen::Index i = 0; i < rivals.rows(); ++i)
        for (Eigen::Index c = 0; c < 6; ++c)
            rivals(i, c) = i < 500 ? rng.uniform()
                                   : std::clamp(promising[static_cast<std::size_t>(i) % 256]->features(c) +
                                                    0.03 * rng.normal(),
                                                0.0, 1.0);
    const double chosen = logEi(state.features.row(report.suggestions[0].setting))(0);
    const double best = logEi(rivals).maxCoeff();
    QVERIFY2(chosen > best - 0.1, qPrintable(QString("%1 against %2").arg(chosen).arg(best)));
}

void ManyTrialsTest::incumbentIsTheBestMean() {
    const StudyModel model = StudyModel::fit(m_study).value();
    const GaussianProcess all =
        exact(model.state()->processes.at(m_study.definition.objectives[0].id).process);
    Eigen::Index best = 0;
    all.predict(all.data().x).mean.minCoeff(&best);
    QCOMPARE(model.bestTrial()->value, model.state()->observed[static_cast<std::size_t>(best)].id.value);
}

void ManyTrialsTest::saysWhatItLooksAt() {
    // With noise and in batches `auto` would integrate over what all results may be worth.
    Study noisy = study(0.5, 1010);
    const SuggestReport report = suggest(noisy, 2).value();
    QCOMPARE(report.suggestions.size(), std::size_t{2});
    QVERIFY(report.suggestions[0].setting != report.suggestions[1].setting);
    QVERIFY2(report.suggestions[0].reason.find("more than 1,000 results") != std::string::npos,
             report.suggestions[0].reason.c_str());
    // The second, one of four, would refine if there were no noise.
    QCOMPARE(noisy.trials.size() % 4, std::size_t{2});
    for (const Suggestion& suggestion : report.suggestions)
        QVERIFY2(suggestion.reason.find("refines") == std::string::npos, suggestion.reason.c_str());
    // Who asks for it gets it, from the results that matter.
    for (const Method method : {Method::LogNei, Method::Thompson}) {
        noisy.definition.strategy.method = method;
        const auto asked = suggest(noisy, 1);
        QVERIFY2(asked.ok(), asked.ok() ? "" : asked.error().text().c_str());
        QVERIFY(asked->suggestions[0].origin == Origin::Model);
    }
}

void ManyTrialsTest::failuresAndCostsAreLocalToo() {
    Study failing = study(0.0, 1300);
    for (Trial& trial : failing.trials) {
        trial.startedMs = 1000;
        trial.finishedMs = 3000;
        const double first = test::coordinatesOf(failing, trial.setting)[0];
        if (first > 0.8) {
            trial.state = TrialState::Failed;
            trial.values.clear();
        }
    }
    failing.definition.strategy.method = Method::EiPerSecond;
    const SuggestReport report = suggest(failing, 1).value();
    const StudyModel model = StudyModel::fit(failing).value();
    QVERIFY(model.state()->success && model.state()->success->local());
    Setting bad = report.suggestions[0].setting;
    bad[failing.definition.space.parameters[0].id] = 0.95;
    QVERIFY(model.feasibility({bad})(0) < 0.2);
    QVERIFY(model.feasibility({report.suggestions[0].setting})(0) > 0.5);
}

QTEST_APPLESS_MAIN(ManyTrialsTest)
#include "tst_many_trials.moc"
