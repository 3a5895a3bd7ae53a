#include "base/rng.h"
#include "space/encoding.h"
#include "suggest/model_state.h"
#include "suggest/refinement.h"
#include "suggest/study_model.h"
#include "suggest/suggest.h"
#include "suggest/target.h"
#include "suggest/trust_region.h"
#include "test_problems.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

// Where suggestions are looked for: near the best place in part of a batch, in the box of a trust region.

class SearchRegionsTest : public QObject {
    Q_OBJECT
private slots:
    void batchesRefineTheBestPlace();
    void batchesInManyDimensionsRefineOneOfFour();
    void everyFourthAloneRefines();
    void refinesAlongBentAxes();
    void trustRegionReplay();
    void manyDimensions();
};

void SearchRegionsTest::batchesRefineTheBestPlace() {
    const test::Problem problem = test::branin();
    Study study = test::studyOf(problem, 2);
    while (study.trials.size() < 15) {
        const Suggestion next = suggest(study, 1)->suggestions[0];
        test::addResult(study, next.setting, next.origin, test::valueOf(problem, study, next.setting));
    }
    const auto refines = [](const Suggestion& suggestion) {
        return suggestion.reason.find("refines: ") != std::string::npos;
    };
    const SuggestReport report = suggest(study, 6).value();
    QCOMPARE(report.suggestions.size(), std::size_t{6});
    // Trials 15 to 20 are chosen: in two dimensions every second one refines until the first that does is
    // sure, then two of three.
    std::vector<Setting> refined;
    std::vector<Setting> byDraws;
    std::vector<Setting> scattered;
    for (std::size_t k = 0; k < 6; ++k) {
        const Suggestion& suggestion = report.suggestions[k];
        QCOMPARE(refines(suggestion), k == 0 || (15 + k) % 3 != 0);
        if (suggestion.reason.find("scattered") != std::string::npos)
            scattered.push_back(suggestion.setting);
        else if (refines(suggestion))
            (suggestion.reason.find("one draw") == std::string::npos ? refined : byDraws)
                .push_back(suggestion.setting);
    }
    QVERIFY(!refined.empty());
    QVERIFY(!byDraws.empty());
    QCOMPARE(scattered.size(), std::size_t{3});
    const StudyModel model = StudyModel::fit(study).value();
    const MeasureId y = study.definition.objectives[0].id;
    const auto doubtAt = [&](const StudyModel& fitted, const Setting& setting) {
        const GaussianProcess& process = fitted.state()->processes.at(y).process;
        return std::sqrt(process.predict(fitted.state()->features.row(setting)).variance(0) /
                         process.hyperparameters().outputVariance);
    };
    QVERIFY(doubtAt(model, refined[0]) < 0.02);
    Study early = study;
    early.trials.resize(9);
    const SuggestReport unsure = suggest(early, 6).value();
    QVERIFY(doubtAt(StudyModel::fit(early).value(), unsure.suggestions[0].setting) > 0.02);
    for (std::size_t k = 0; k < 6; ++k)
        QCOMPARE(refines(unsure.suggestions[k]), k % 2 == 0);
    std::vector<Setting> grid;
    const auto& parameters = study.definition.space.parameters;
    for (int i = 0; i <= 60; ++i)
        for (int j = 0; j <= 60; ++j)
            grid.push_back({{parameters[0].id, -5.0 + 0.25 * i}, {parameters[1].id, 0.25 * j}});
    QVERIFY(model.predict(y, {refined[0]})->mean(0) <= model.predict(y, grid)->mean.minCoeff() + 1e-9);
    const Encoding encoding(study.definition.space);
    const Eigen::RowVectorXd center = encoding.encode(refined[0]);
    const AcquisitionTarget target = AcquisitionTarget::next(model.state(), 15, 1, {}, Method::LogEi).value();
    const double radius = scatterRound(target, refined[0]).radius;
    QVERIFY(radius > 0.0 && radius < 0.1);
    for (const Setting& setting : scattered) {
        const double distance = (encoding.encode(setting) - center).norm();
        QVERIFY2(distance > 0.0 && distance < 5.0 * radius, qPrintable(QString::number(distance)));
    }
    for (std::size_t k = 1; k < refined.size(); ++k) {
        const Eigen::RowVectorXd there = encoding.encode(refined[k]);
        QVERIFY(there != center);
        for (Eigen::Index i = 0; i < there.size(); ++i) {
            const double length = model.info().front().lengthScales[static_cast<std::size_t>(i)].second;
            QVERIFY(std::abs(there(i) - center(i)) <= 0.3 * length + 1e-9);
        }
    }
    // Some draw of the hyper-parameters predicts nothing better than what its turn chose.
    ModelOptions averaging;
    averaging.averaged = true;
    const StudyModel averaged = StudyModel::fit(study, averaging).value();
    const std::vector<GaussianProcess>& draws = averaged.state()->processes.at(y).draws;
    QCOMPARE(draws.size(), std::size_t{16});
    for (const Setting& setting : byDraws)
        QVERIFY(std::any_of(draws.begin(), draws.end(), [&](const GaussianProcess& draw) {
            return draw.predict(averaged.state()->features.row(setting)).mean(0) <=
                   draw.predict(averaged.state()->features.rows(grid)).mean.minCoeff() + 1e-9;
        }));

    // One at a time while another is pending.
    Study waiting = study;
    test::addResult(waiting, report.suggestions[0].setting, Origin::Model, 0.0);
    waiting.trials.back().state = TrialState::Pending;
    waiting.trials.back().values.clear();
    QVERIFY(!refines(suggest(waiting, 1)->suggestions[0]));
    Study more = waiting;
    test::addResult(more, report.suggestions[1].setting, Origin::Model, 0.0);
    more.trials.back().state = TrialState::Pending;
    more.trials.back().values.clear();
    const Suggestion third = suggest(more, 1)->suggestions[0];
    QVERIFY(refines(third));
    QVERIFY(third.setting != report.suggestions[0].setting);

    // Asked for by name, the acquisition alone decides.
    study.definition.strategy.method = Method::QLogEi;
    const SuggestReport named = suggest(study, 4).value();
    for (const Suggestion& suggestion : named.suggestions)
        QVERIFY(!refines(suggestion));
    const test::Problem branches = test::mixedTraining();
    Study branched = test::studyOf(branches, 1);
    while (branched.trials.size() < 14) {
        const Suggestion next = suggest(branched, 1)->suggestions[0];
        test::addResult(branched, next.setting, next.origin, test::valueOf(branches, branched, next.setting));
    }
    // With steps and choices one of four, and without draws of the hyper-parameters.
    const test::Problem mixed = test::mixedBranin();
    Study stepped = test::studyOf(mixed, 1);
    while (stepped.trials.size() < 12) {
        const Suggestion next = suggest(stepped, 1)->suggestions[0];
        test::addResult(stepped, next.setting, next.origin, test::valueOf(mixed, stepped, next.setting));
    }
    const SuggestReport steps = suggest(stepped, 6).value();
    for (std::size_t k = 0; k < steps.suggestions.size(); ++k) {
        QCOMPARE(refines(steps.suggestions[k]), k % 4 == 0);
        QVERIFY(steps.suggestions[k].reason.find("one draw") == std::string::npos);
    }

    // With conditional parameters one of four, the best prediction.
    QCOMPARE(branched.trials.size(), std::size_t{14});
    const SuggestReport conditional = suggest(branched, 5).value();
    for (std::size_t k = 0; k < conditional.suggestions.size(); ++k)
        QCOMPARE(refines(conditional.suggestions[k]), k == 2);
}

/// One setting of four is the optimum of the mean or, later in a large batch, by a draw or a sample function;
/// the others are the acquisition's.
void SearchRegionsTest::batchesInManyDimensionsRefineOneOfFour() {
    const test::Problem problem = test::hartmann6();
    Study study = test::studyOf(problem, 1);
    study.definition.strategy.initial = 24;
    const SuggestReport design = suggest(study, 24).value();
    for (const Suggestion& point : design.suggestions)
        test::addResult(study, point.setting, point.origin, test::valueOf(problem, study, point.setting));
    const SuggestReport report = suggest(study, 6).value();
    for (std::size_t k = 0; k < report.suggestions.size(); ++k) {
        const std::string& reason = report.suggestions[k].reason;
        QVERIFY2((reason.find("refines: the best prediction;") != std::string::npos) == (k == 0),
                 reason.c_str());
        QVERIFY2((reason.find("refines") != std::string::npos) == (k % 4 == 0), reason.c_str());
    }
    const StudyModel model = StudyModel::fit(study).value();
    std::vector<Setting> rivals;
    Rng rng(3, "rivals");
    for (int i = 0; i < 2000; ++i) {
        Setting& rival = rivals.emplace_back();
        for (const Parameter& parameter : study.definition.space.parameters)
            rival[parameter.id] = rng.uniform();
    }
    const MeasureId y = study.definition.objectives[0].id;
    QVERIFY(model.predict(y, {report.suggestions[0].setting})->mean(0) <
            model.predict(y, rivals)->mean.minCoeff());
}

void SearchRegionsTest::everyFourthAloneRefines() {
    const test::Problem problem = test::branin();
    Study study = test::studyOf(problem, 2);
    std::vector<Setting> grid;
    const auto& parameters = study.definition.space.parameters;
    for (int i = 0; i <= 60; ++i)
        for (int j = 0; j <= 60; ++j)
            grid.push_back({{parameters[0].id, -5.0 + 0.25 * i}, {parameters[1].id, 0.25 * j}});
    const MeasureId y = study.definition.objectives[0].id;
    int refined = 0;
    while (study.trials.size() < 24) {
        const Suggestion next = suggest(study, 1)->suggestions[0];
        if (next.reason.find("refines: ") != std::string::npos) {
            QCOMPARE(study.trials.size() % 4, std::size_t{3});
            ++refined;
            // Nothing else has a better prediction.
            const StudyModel model = StudyModel::fit(study).value();
            QVERIFY(model.predict(y, {next.setting})->mean(0) <=
                    model.predict(y, grid)->mean.minCoeff() + 1e-9);
            Study named = study;
            named.definition.strategy.method = Method::LogEi;
            QVERIFY(suggest(named, 1)->suggestions[0].setting != next.setting);
            // Where trials may fail, the best prediction may fail as well.
            Study failing = study;
            failing.trials[0].state = TrialState::Failed;
            failing.trials[0].values.clear();
            const std::string reason = suggest(failing, 1)->suggestions[0].reason;
            QVERIFY2(reason.find("refines") == std::string::npos, reason.c_str());
        }
        test::addResult(study, next.setting, next.origin, test::valueOf(problem, study, next.setting));
    }
    QVERIFY(refined >= 3);

    // The best place is the end of a slope, and known.
    const test::Problem slope{
        "slope", {0.0, 0.0}, {1.0, 1.0}, 0.0, [](const std::vector<double>& x) { return x[0] + x[1]; }};
    Study known = test::studyOf(slope, 1);
    const auto& axes = known.definition.space.parameters;
    for (int i = 0; i < 11; ++i) {
        const Setting setting{{axes[0].id, (i * 7 % 11) / 10.0}, {axes[1].id, (i * 3 % 11) / 10.0}};
        test::addResult(known, setting, Origin::Manual, test::valueOf(slope, known, setting));
    }
    QCOMPARE(known.trials.size() % 4, std::size_t{3});
    QCOMPARE(known.trials[0].values.begin()->second.value, 0.0);
    const std::string reason = suggest(known, 1)->suggestions[0].reason;
    QVERIFY2(reason.find("refines") == std::string::npos, reason.c_str());

    // The next best of a finite space is no better prediction.
    Study finite;
    Parameter whole;
    whole.id = {finite.definition.nextId++};
    whole.name = "whole";
    whole.domain = IntegerRange{0, 40, Scale::Linear};
    finite.definition.space.parameters.push_back(whole);
    Objective objective;
    objective.id = {finite.definition.nextId++};
    objective.name = "y";
    finite.definition.objectives.push_back(objective);
    for (const std::int64_t i : {0, 4, 9, 13, 17, 20, 24, 29, 33, 37, 40})
        test::addResult(finite, {{whole.id, i}}, Origin::Manual, std::pow(static_cast<double>(i) - 20.0, 2));
    const std::string next = suggest(finite, 1)->suggestions[0].reason;
    QVERIFY2(next.find("refines") == std::string::npos, next.c_str());
}

/// Length scales are along the axes as the model bends them: where an axis is stretched, the same length is
/// a smaller part of the range.
void SearchRegionsTest::refinesAlongBentAxes() {
    const test::Problem uneven{"uneven", {0.0, 0.0}, {1.0, 1.0}, -1.0, [](const std::vector<double>& x) {
                                   const double bent = std::sin(5.0 * std::log(x[0] + 0.02));
                                   return bent + 0.3 * (x[1] - 0.4) * (x[1] - 0.4);
                               }};
    Study study = test::studyOf(uneven, 3);
    study.definition.strategy.initial = 40;
    const SuggestReport design = suggest(study, 40).value();
    for (const Suggestion& suggestion : design.suggestions)
        test::addResult(study, suggestion.setting, suggestion.origin,
                        test::valueOf(uneven, study, suggestion.setting));
    const StudyModel model = StudyModel::fit(study).value();
    const FeatureMap& features = model.state()->features;
    QVERIFY(!features.warps().empty() && !features.warps().front().identity());
    const auto target = AcquisitionTarget::next(model.state(), 40, 1, {}).value();
    const auto& lengths = model.info().front().lengthScales;
    Setting center;
    for (const Parameter& parameter : study.definition.space.parameters)
        center[parameter.id] = 0.25;
    const SearchBox box = boxOfLengthScales(target, center, 0.1);
    const Eigen::RowVectorXd at = features.row(center);
    const Eigen::RowVectorXd active = Eigen::RowVectorXd::Ones(2);
    for (Eigen::Index i = 0; i < 2; ++i) {
        const double reach = std::min(0.5, 0.1 * lengths[static_cast<std::size_t>(i)].second);
        QVERIFY(std::abs(features.row(box.lower, active)(i) - std::max(0.0, at(i) - reach)) < 1e-9);
        QVERIFY(std::abs(features.row(box.upper, active)(i) - std::min(1.0, at(i) + reach)) < 1e-9);
    }
    // Stretched near 0, so that the side towards it is the shorter one.
    QVERIFY(0.25 - box.lower(0) < 0.95 * (box.upper(0) - 0.25));
}

void SearchRegionsTest::trustRegionReplay() {
    std::vector<double> outcomes{5.0, 4.0, 6.0}; // the design
    TrustRegion region = replayTrustRegion(outcomes, 3, 2);
    QCOMPARE(region.length, 0.8);
    QVERIFY(region.center == std::size_t{1});
    outcomes.insert(outcomes.end(), {3.0, 2.0, 1.0}); // three improvements in a row
    region = replayTrustRegion(outcomes, 3, 2);
    QCOMPARE(region.length, 1.6);
    QVERIFY(region.center == std::size_t{5});
    outcomes.insert(outcomes.end(), {2.0, NAN, 2.0, 0.9999}); // four disappointments, the last one tiny
    region = replayTrustRegion(outcomes, 3, 2);
    QCOMPARE(region.length, 0.8);
    QVERIFY(region.center == std::size_t{9});
    for (int i = 0; i < 7 * 4; ++i) // to below 2^-7
        outcomes.push_back(2.0);
    region = replayTrustRegion(outcomes, 3, 2);
    QCOMPARE(region.restarts, 1);
    QCOMPARE(region.length, 0.8);
    QVERIFY(!region.center);
    QCOMPARE(region.designLeft, std::size_t{3});
}

void SearchRegionsTest::manyDimensions() {
    // A bowl in 24 dimensions: every setting lies in the box round the best trial.
    test::Problem bowl{"bowl", std::vector<double>(24, 0.0), std::vector<double>(24, 1.0), 0.0,
                       [](const std::vector<double>& x) {
                           double sum = 0.0;
                           for (const double xi : x)
                               sum += (xi - 0.3) * (xi - 0.3);
                           return sum;
                       }};
    Study study = test::studyOf(bowl, 1);
    for (int i = 0; i < 25; ++i) {
        const Suggestion suggestion = suggest(study, 1)->suggestions[0];
        if (suggestion.origin == Origin::Model) {
            QVERIFY(suggestion.reason.find("by turbo because a space of 24 dimensions") != std::string::npos);
            const StudyModel model = StudyModel::fit(study).value();
            const auto index = study.trials.size();
            const auto target = AcquisitionTarget::next(model.state(), index, 1, {}, Method::Turbo).value();
            TrustRegion region;
            const auto box = trustRegionBox(target, region);
            QVERIFY(box.has_value());
            QCOMPARE(region.restarts, 0);
            const Eigen::RowVectorXd point = model.state()->encoding.encode(suggestion.setting);
            QVERIFY((point - box->lower).minCoeff() >= -1e-9 && (box->upper - point).minCoeff() >= -1e-9);
            const double side = (box->upper - box->lower).maxCoeff();
            QVERIFY(side > 0.0 && side <= 1.0);
        }
        test::addResult(study, suggestion.setting, suggestion.origin,
                        bowl.value(test::coordinatesOf(study, suggestion.setting)));
    }
}

QTEST_APPLESS_MAIN(SearchRegionsTest)
#include "tst_search_regions.moc"
