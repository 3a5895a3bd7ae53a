// The best predicted setting when some values are fixed: against a grid of the model's own predictions.
#include "exchange/study_json.h"
#include "suggest/optimum.h"

#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// (x - 0.3 y)^2 + (y - 0.7)^2, with 0.5 more for "b".
Study sampleStudy(const char* constraints) {
    Study study;
    study.definition =
        definitionFromText(std::string(R"({"alidade": 1, "name": "s", "seed": 1, "parameters": [
            {"name": "x", "type": "real", "low": 0, "high": 1},
            {"name": "y", "type": "real", "low": 0, "high": 1},
            {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
            "constraints": )") +
                           constraints + R"(, "objectives": [{"name": "loss"}]})")
            .value();
    const auto& parameters = study.definition.space.parameters;
    for (int i = 0; i < 24; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        const double x = std::fmod(0.5 + 0.6180339887 * i, 1.0);
        const double y = std::fmod(0.5 + 0.7548776662 * i, 1.0);
        const bool b = i % 3 == 0;
        trial.setting = {
            {parameters[0].id, x}, {parameters[1].id, y}, {parameters[2].id, std::string(b ? "b" : "a")}};
        trial.values[study.definition.objectives[0].id] = {
            std::pow(x - 0.3 * y, 2) + std::pow(y - 0.7, 2) + (b ? 0.5 : 0.0), std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

} // namespace

class OptimumTest : public QObject {
    Q_OBJECT
private slots:
    void fixedValuesStay_data();
    void fixedValuesStay();
    void fixedValuesOutsideTheConstraints();
};

void OptimumTest::fixedValuesStay_data() {
    QTest::addColumn<QByteArray>("constraints");
    QTest::addColumn<double>("y");
    QTest::addColumn<bool>("fixKind");
    QTest::newRow("a number") << QByteArray("[]") << 0.2 << false;
    QTest::newRow("a number and a choice") << QByteArray("[]") << 0.9 << true;
    QTest::newRow("under a constraint") << QByteArray("[\"x + y >= 1.1\"]") << 0.4 << false;
}

void OptimumTest::fixedValuesStay() {
    QFETCH(QByteArray, constraints);
    QFETCH(double, y);
    QFETCH(bool, fixKind);
    const Study study = sampleStudy(constraints.constData());
    const auto& parameters = study.definition.space.parameters;
    const auto model = StudyModel::fit(study);
    QVERIFY(model.ok());
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    options.fixed[parameters[1].id] = y;
    if (fixKind)
        options.fixed[parameters[2].id] = std::string("b");
    const auto found = optimum(*model, options);
    QVERIFY(found.ok());
    QCOMPARE(std::get<double>(found->setting.at(parameters[1].id)), y);
    if (fixKind)
        QCOMPARE(std::get<std::string>(found->setting.at(parameters[2].id)), std::string("b"));
    QVERIFY(checkedSetting(study.definition.space, found->setting).ok());
    // No point of a fine grid of the others is predicted to be better.
    const MeasureId loss = study.definition.objectives[0].id;
    std::vector<Setting> grid;
    for (int i = 0; i <= 1000; ++i)
        for (const char* const kind : {"a", "b"}) {
            if (fixKind && kind[0] == 'a')
                continue;
            Setting setting{
                {parameters[0].id, i / 1000.0}, {parameters[1].id, y}, {parameters[2].id, std::string(kind)}};
            if (checkedSetting(study.definition.space, setting).ok())
                grid.push_back(std::move(setting));
        }
    const auto predictions = model->predict(loss, grid);
    const auto best = model->predict(loss, {found->setting});
    QVERIFY(predictions.ok() && best.ok());
    QVERIFY(best->mean(0) <= predictions->mean.minCoeff() + 1e-4);
}

void OptimumTest::fixedValuesOutsideTheConstraints() {
    const Study study = sampleStudy("[\"y <= 0.5\"]");
    const auto model = StudyModel::fit(study);
    QVERIFY(model.ok());
    OptimumOptions options;
    options.kind = OptimumOptions::Kind::Mean;
    options.fixed[study.definition.space.parameters[1].id] = 0.8;
    QCOMPARE(optimum(*model, options).error().code, ErrorCode::Infeasible);
}

QTEST_GUILESS_MAIN(OptimumTest)
#include "tst_optimum.moc"
