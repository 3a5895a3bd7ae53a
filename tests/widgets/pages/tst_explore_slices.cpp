#include "explore_fixture.h"
#include "pages/explore_slices.h"
#include "space/encoding.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace alidade;

namespace {

Value number(std::int64_t value) {
    return Value(value);
}

/// A real, an integer, a choice, a parameter active for one choice only, and a mixture.
Study mixedStudy() {
    Study study;
    Definition& definition = study.definition;
    test::addParameter(definition, "rate", RealRange{1e-4, 1.0, Scale::Log, std::nullopt});
    test::addParameter(definition, "layers", IntegerRange{1, 6, Scale::Linear, 1});
    const ParameterId optimizer = test::addParameter(
        definition, "optimizer", CategoricalChoices{{std::string("sgd"), std::string("adam")}});
    test::addParameter(definition, "momentum", RealRange{0.0, 0.99, Scale::Linear, std::nullopt},
                       {{optimizer, {std::string("sgd")}}});
    test::addParameter(definition, "mix", MixtureParts{{"web", "code", "books"}, {0.1, 0.0, 0.0}, {}, 1.0});
    definition.space.constraints.push_back({{definition.nextId++}, "rate * layers <= 2"});
    Objective objective;
    objective.id = {definition.nextId++};
    objective.name = "loss";
    objective.unit = "nat";
    definition.objectives.push_back(objective);
    return study;
}

/// mean = log10 rate + layers + 10 [sgd] + momentum + code share, sd = 0.5.
double truth(const SearchSpace& space, const Setting& setting) {
    const auto value = [&](const char* name) { return setting.find(space.find(name)->id); };
    double sum = std::log10(std::get<double>(value("rate")->second)) +
                 static_cast<double>(std::get<std::int64_t>(value("layers")->second));
    if (std::get<std::string>(value("optimizer")->second) == "sgd")
        sum += 10.0 + std::get<double>(value("momentum")->second);
    return sum + std::get<std::vector<double>>(value("mix")->second)[1];
}

ExplorePredictor predictor(const Study& study) {
    ExplorePredictor result;
    const SearchSpace space = study.definition.space;
    result.predict = [space](MeasureId, const std::vector<Setting>& settings) -> Result<Prediction> {
        Prediction prediction;
        prediction.mean.resize(static_cast<Eigen::Index>(settings.size()));
        for (std::size_t i = 0; i < settings.size(); ++i)
            prediction.mean(static_cast<Eigen::Index>(i)) = truth(space, settings[i]);
        prediction.standardDeviation = Eigen::VectorXd::Constant(prediction.mean.size(), 0.5);
        prediction.low = prediction.mean.array() - 0.7;
        prediction.high = prediction.mean.array() + 1.6;
        return prediction;
    };
    result.feasibility = [](const std::vector<Setting>& settings) {
        return Eigen::VectorXd::Constant(static_cast<Eigen::Index>(settings.size()), 0.75).eval();
    };
    result.acquisition = [space](const std::vector<Setting>& settings) -> Result<Eigen::VectorXd> {
        Eigen::VectorXd values(static_cast<Eigen::Index>(settings.size()));
        for (std::size_t i = 0; i < settings.size(); ++i)
            values(static_cast<Eigen::Index>(i)) = -2.0 * truth(space, settings[i]);
        return values;
    };
    return result;
}

ExploreRequest request(Study study, const char* optimizer) {
    const SearchSpace& space = study.definition.space;
    Setting values;
    values[space.find("rate")->id] = 0.01;
    values[space.find("layers")->id] = number(3);
    values[space.find("optimizer")->id] = std::string(optimizer);
    values[space.find("momentum")->id] = 0.5;
    values[space.find("mix")->id] = std::vector<double>{0.5, 0.3, 0.2};
    ExploreRequest result;
    result.predictor = predictor(study);
    result.values = fullValues(space, values);
    result.study = std::make_shared<Study>(std::move(study));
    return result;
}

} // namespace

class ExploreSlicesTest : public QObject {
    Q_OBJECT
private slots:
    void axesOfEveryKind();
    void positionsInvert();
    void sharesKeepProportionsAndSum();
    void sharesRespectBounds();
    void valuesAreMendedAfterAChangeOfSpace();
    void slicesFollowTheModel();
    void inactiveParameterSaysWhy();
    void parentsSliceActivatesChild();
    void constraintsMarkPositions();
    void trialsAreProjectedAndFaded();
    void acquisitionMatchesPositions();
    void mapIsTheModelOverTwoAxes();
    void mapNeedsTwoParameters();
    void stops();
    void desirabilityIsExpectedOverThePrediction();
};

void ExploreSlicesTest::axesOfEveryKind() {
    const SearchSpace space = mixedStudy().definition.space;
    const auto axes = exploreAxes(space);
    QCOMPARE(axes.size(), std::size_t(7));
    const AxisSpec rate = axisSpec(space.parameters[0], axes[0]);
    QCOMPARE(static_cast<int>(rate.kind), static_cast<int>(AxisKind::Log));
    QCOMPARE(rate.limits->high, 1.0);
    QCOMPARE(axisSpec(space.parameters[2], axes[2]).categories, QStringList({"sgd", "adam"}));
    const AxisSpec code = axisSpec(space.parameters[4], axes[5]);
    QCOMPARE(code.title, QString("mix.code"));
    QCOMPARE(code.limits->high, 0.9); // web takes at least 0.1
    QVERIFY(isShownDiscrete(space.parameters[1]));
    QVERIFY(!isShownDiscrete(space.parameters[0]));
    QCOMPARE(axisPositions(space.parameters[1], axes[1], 81), std::vector<double>({1, 2, 3, 4, 5, 6}));
    const auto positions = axisPositions(space.parameters[0], axes[0], 81);
    QCOMPARE(positions.size(), std::size_t(81));
    QVERIFY(std::abs(positions[40] / 0.01 - 1.0) < 1e-9);
}

void ExploreSlicesTest::positionsInvert() {
    const SearchSpace space = mixedStudy().definition.space;
    const Setting values = request(mixedStudy(), "sgd").values;
    for (const ExploreAxis& axis : exploreAxes(space)) {
        const Parameter& parameter = *space.find(axis.parameter);
        for (const double position : axisPositions(parameter, axis, 21)) {
            const Value value = valueAtPosition(parameter, axis, position, values.at(axis.parameter));
            QVERIFY(std::abs(axisPosition(parameter, axis, value) - position) < 1e-9);
        }
    }
}

void ExploreSlicesTest::sharesKeepProportionsAndSum() {
    const Parameter mix = mixedStudy().definition.space.parameters[4];
    const Value moved = valueAtPosition(mix, {mix.id, 0}, 0.75, Value(std::vector<double>{0.5, 0.3, 0.2}));
    const auto& shares = std::get<std::vector<double>>(moved);
    QVERIFY(std::abs(shares[0] - 0.75) < 1e-9);
    QVERIFY(std::abs(shares[1] - 0.15) < 1e-9);
    QVERIFY(std::abs(shares[2] - 0.10) < 1e-9);
    // A share of nothing can grow again.
    const Value back = valueAtPosition(mix, {mix.id, 0}, 0.4, Value(std::vector<double>{1.0, 0.0, 0.0}));
    const auto& grown = std::get<std::vector<double>>(back);
    QVERIFY(std::abs(grown[1] - 0.3) < 1e-6 && std::abs(grown[2] - 0.3) < 1e-6);
}

void ExploreSlicesTest::sharesRespectBounds() {
    Parameter mix;
    mix.id = {1};
    mix.name = "mix";
    mix.domain = MixtureParts{{"a", "b", "c"}, {0.1, 0.2, 0.0}, {0.8, 0.6, 0.25}, 1.0};
    for (std::size_t part = 0; part < 3; ++part) {
        const ExploreAxis axis{mix.id, part};
        for (const double position : axisPositions(mix, axis, 31)) {
            const Value value =
                valueAtPosition(mix, axis, position, Value(std::vector<double>{0.4, 0.4, 0.2}));
            QVERIFY(checkedValue(mix, value).ok());
            QVERIFY(std::abs(std::get<std::vector<double>>(value)[part] - position) < 1e-9);
        }
    }
}

void ExploreSlicesTest::valuesAreMendedAfterAChangeOfSpace() {
    Study study = mixedStudy();
    Setting values = request(study, "adam").values;
    std::get<RealRange>(study.definition.space.parameters[0].domain).low = 0.1;
    std::get<CategoricalChoices>(study.definition.space.parameters[2].domain).choices = {std::string("sgd"),
                                                                                         std::string("lion")};
    values.erase(study.definition.space.parameters[1].id);
    const Setting mended = fullValues(study.definition.space, values);
    QCOMPARE(mended.size(), std::size_t(5));
    for (const Parameter& parameter : study.definition.space.parameters)
        QVERIFY(checkedValue(parameter, mended.at(parameter.id)).ok());
    QCOMPARE(std::get<double>(mended.at(study.definition.space.parameters[0].id)), 0.1);
}

void ExploreSlicesTest::slicesFollowTheModel() {
    const ExploreRequest asked = request(mixedStudy(), "sgd");
    const auto slices = computeSlices(asked, {});
    QVERIFY(slices.ok());
    QCOMPARE(slices->axes.size(), std::size_t(7));
    const AxisSlices& rate = slices->axes[0];
    for (std::size_t i = 0; i < rate.positions.size(); ++i) {
        const double expected = std::log10(rate.positions[i]) + 3.0 + 10.0 + 0.5 + 0.3;
        QVERIFY(std::abs(rate.measures[0].mean[i] - expected) < 1e-9);
        QVERIFY(std::abs(rate.measures[0].high[i] - expected - 1.6) < 1e-9);
        QVERIFY(std::abs(rate.measures[0].low[i] - expected + 0.7) < 1e-9);
    }
    QVERIFY(std::abs(slices->prediction.mean[0] - 11.8) < 1e-9);
    QCOMPARE(slices->prediction.standardDeviation[0], 0.5);
    QCOMPARE(slices->prediction.feasibility, 0.75);
    QVERIFY(slices->prediction.violated.empty());
}

void ExploreSlicesTest::inactiveParameterSaysWhy() {
    const auto slices = computeSlices(request(mixedStudy(), "adam"), {});
    QVERIFY(slices.ok());
    QVERIFY(!slices->axes[3].active);
    QCOMPARE(slices->axes[3].inactiveReason, QString("active only where optimizer is sgd"));
    QVERIFY(slices->axes[3].positions.empty());
    QVERIFY(slices->axes[2].active);
}

void ExploreSlicesTest::parentsSliceActivatesChild() {
    // At "sgd" the child has its remembered value 0.5.
    const auto slices = computeSlices(request(mixedStudy(), "adam"), {});
    const SliceCurve& optimizer = slices->axes[2].measures[0];
    QVERIFY(std::abs(optimizer.mean[0] - 11.8) < 1e-9);
    QVERIFY(std::abs(optimizer.mean[1] - 1.3) < 1e-9);
}

void ExploreSlicesTest::constraintsMarkPositions() {
    const auto slices = computeSlices(request(mixedStudy(), "adam"), {});
    const AxisSlices& rate = slices->axes[0];
    for (std::size_t i = 0; i < rate.positions.size(); ++i)
        QCOMPARE(static_cast<bool>(rate.allowed[i]), rate.positions[i] * 3.0 <= 2.0);
    ExploreRequest outside = request(mixedStudy(), "adam");
    outside.values[outside.study->definition.space.parameters[0].id] = 1.0;
    QCOMPARE(computeSlices(outside, {})->prediction.violated, std::string("rate * layers <= 2"));
}

void ExploreSlicesTest::trialsAreProjectedAndFaded() {
    Study study = mixedStudy();
    const Setting here = completed(study.definition.space, request(study, "adam").values);
    const MeasureId loss = study.definition.objectives[0].id;
    const auto add = [&](std::int64_t id, const Setting& setting, TrialState state, bool excluded) {
        Trial trial;
        trial.id = {id};
        trial.setting = setting;
        trial.state = state;
        trial.excluded = excluded;
        if (state == TrialState::Complete)
            trial.values[loss] = {2.5, 0.1, {{study.definition.space.parameters[0].id, {-7.0}}}};
        study.trials.push_back(trial);
    };
    Setting far = here;
    far[study.definition.space.parameters[1].id] = number(6);
    far[study.definition.space.parameters[2].id] = std::string("sgd");
    far[study.definition.space.parameters[3].id] = 0.9;
    Setting moved = here;
    moved[study.definition.space.parameters[0].id] = 0.5;
    add(1, far, TrialState::Complete, false);
    add(2, moved, TrialState::Complete, false);
    add(3, here, TrialState::Failed, false);
    add(4, here, TrialState::Complete, true);
    const auto slices = computeSlices(request(study, "adam"), {});
    const auto& trials = slices->axes[0].measures[0].trials;
    QCOMPARE(trials.size(), std::size_t(2));
    // Faint ones first. Only the rate differs for trial 2, which does not count along the rate.
    QCOMPARE(trials[1].id, TrialId{2});
    QCOMPARE(trials[1].opacity, 1.0);
    QCOMPARE(trials[1].position, 0.5);
    QCOMPARE(trials[1].value, 2.5);
    QCOMPARE(trials[1].noiseSd, 0.1);
    QVERIFY(trials[1].slope == -7.0);
    QVERIFY(!slices->axes[1].measures[0].trials.back().slope);
    QCOMPARE(trials[0].id, TrialId{1});
    QVERIFY(trials[0].opacity < 0.5 && trials[0].opacity >= 0.15);
    // Along another axis the distance in the rate does count.
    QVERIFY(slices->axes[1].measures[0].trials.back().opacity < 1.0);
}

void ExploreSlicesTest::acquisitionMatchesPositions() {
    const ExploreRequest asked = request(mixedStudy(), "adam");
    const auto slices = computeSlices(asked, {});
    const auto acquisition = computeAcquisition(asked, slices.value(), {});
    QVERIFY(acquisition.ok());
    QVERIFY(std::abs(acquisition->here + 2.0 * 1.3) < 1e-9);
    for (std::size_t a = 0; a < slices->axes.size(); ++a) {
        QCOMPARE(acquisition->axes[a].size(), slices->axes[a].positions.size());
        for (std::size_t i = 0; i < acquisition->axes[a].size(); ++i)
            QVERIFY(std::abs(acquisition->axes[a][i] + 2.0 * slices->axes[a].measures[0].mean[i]) < 1e-9);
    }
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = computeAcquisition(asked, slices.value(), Monitor(stop.get_token()));
    QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::Cancelled);
}

void ExploreSlicesTest::mapIsTheModelOverTwoAxes() {
    const ExploreRequest base = request(mixedStudy(), "adam");
    const auto axes = exploreAxes(base.study->definition.space);
    MapRequest asked;
    asked.predictor = base.predictor;
    asked.study = base.study;
    asked.values = base.values;
    asked.x = axes[0];
    asked.y = axes[2];
    asked.measure = base.study->definition.objectives[0].id;
    asked.resolution = 11;
    const auto map = computeMap(asked, {});
    QVERIFY(map.ok());
    QCOMPARE(map->field.x.size(), std::size_t(11));
    QCOMPARE(map->field.y, std::vector<double>({0.0, 1.0}));
    for (std::size_t i = 0; i < 11; ++i) {
        QVERIFY(std::abs(map->field.at(i, 1) - (map->field.x[i] + 3.3)) < 1e-9);
        QVERIFY(std::abs(map->field.at(i, 0) - (map->field.x[i] + 13.8)) < 1e-9);
        QCOMPARE(static_cast<bool>(map->allowed[i]), std::pow(10.0, map->field.x[i]) * 3.0 <= 2.0);
    }
    asked.quantity = MapQuantity::StandardDeviation;
    QCOMPARE(computeMap(asked, {})->field.at(3, 1), 0.5);
    asked.quantity = MapQuantity::Feasibility;
    QCOMPARE(computeMap(asked, {})->field.at(3, 1), 0.75);
}

void ExploreSlicesTest::mapNeedsTwoParameters() {
    const ExploreRequest base = request(mixedStudy(), "adam");
    MapRequest asked;
    asked.predictor = base.predictor;
    asked.study = base.study;
    asked.values = base.values;
    asked.x = asked.y = exploreAxes(base.study->definition.space)[0];
    QVERIFY(!computeMap(asked, {}).ok());
}

void ExploreSlicesTest::stops() {
    std::stop_source stop;
    stop.request_stop();
    const auto slices = computeSlices(request(mixedStudy(), "adam"), Monitor(stop.get_token()));
    QVERIFY(!slices.ok());
    QCOMPARE(static_cast<int>(slices.error().code), static_cast<int>(ErrorCode::Cancelled));
}

void ExploreSlicesTest::desirabilityIsExpectedOverThePrediction() {
    Study study = mixedStudy();
    QVERIFY(!computeSlices(request(study, "adam"), {})->prediction.desirability);
    constexpr double kLow = 0.0;
    constexpr double kHigh = 4.0;
    study.definition.objectives[0].desirability =
        DesirabilityFunction{DesirabilityMin{kLow, kHigh, 1.0}, {}, {}, 1.0};
    const auto slices = computeSlices(request(study, "adam"), {});
    QVERIFY(slices.ok() && slices->prediction.desirability);
    // E d = 1 - (rho(low) - rho(high)) / (high - low), rho(c) = E max(0, y - c), y ~ N(mean, 0.5^2).
    const auto expected = [](double mean) {
        const auto rho = [mean](double c) {
            const double z = (mean - c) / 0.5;
            return (mean - c) * 0.5 * std::erfc(-z / std::sqrt(2.0)) +
                   0.5 * std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846);
        };
        return 1.0 - (rho(kLow) - rho(kHigh)) / (kHigh - kLow);
    };
    const DesirabilityPrediction& here = *slices->prediction.desirability;
    const double mean = slices->prediction.mean[0];
    QVERIFY(std::abs(here.expected - expected(mean)) < 1e-10);
    QVERIFY(std::abs(here.atMean - std::clamp((kHigh - mean) / kHigh, 0.0, 1.0)) < 1e-12);
    QCOMPARE(here.individual[0], here.atMean);
    const AxisSlices& rate = slices->axes[0];
    QCOMPARE(rate.desirability.size(), rate.positions.size());
    for (std::size_t i = 0; i < rate.positions.size(); ++i)
        QVERIFY(std::abs(rate.desirability[i] - expected(rate.measures[0].mean[i])) < 1e-10);
    QVERIFY(slices->axes[3].desirability.empty()); // momentum is not active
}

QTEST_APPLESS_MAIN(ExploreSlicesTest)
#include "tst_explore_slices.moc"
