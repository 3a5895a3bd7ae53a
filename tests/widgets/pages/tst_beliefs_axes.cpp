// The page Beliefs draws the model's functions along the model's axes.
#include "exchange/study_json.h"
#include "pages/beliefs_pairs.h"
#include "pages/beliefs_sketch.h"
#include "suggest/model_state.h"

#include <QTest>

#include <cmath>
#include <memory>

using namespace alidade;

namespace {

constexpr const char* kStudy = R"({"alidade": 1, "name": "s", "parameters": [
        {"name": "x", "type": "real", "low": 0, "high": 1},
        {"name": "lr", "type": "real", "low": 1e-5, "high": 0.1, "scale": "log"},
        {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
    "objectives": [{"name": "loss", "unit": "nat"}]})";

} // namespace

class BeliefsAxesTest : public QObject {
    Q_OBJECT
private slots:
    void functionsHaveTheModelsAxes_data();
    void functionsHaveTheModelsAxes();
};

/// Axes of the model that are bent, and columns of an earlier study that it learns from.
void BeliefsAxesTest::functionsHaveTheModelsAxes_data() {
    QTest::addColumn<bool>("earlier");
    QTest::newRow("bent") << false;
    QTest::newRow("earlier study") << true;
}

void BeliefsAxesTest::functionsHaveTheModelsAxes() {
    QFETCH(bool, earlier);
    Study study;
    study.definition = definitionFromText(kStudy).value();
    const auto& parameters = study.definition.space.parameters;
    const MeasureId loss = study.definition.objectives[0].id;
    const auto filled = [&](int count) {
        Study result = study;
        for (int i = 0; i < count; ++i) {
            Trial trial;
            trial.id = {i + 1};
            trial.state = TrialState::Complete;
            const double x = std::fmod(0.7548776662 * i + 0.03, 1.0);
            const double place = std::fmod(0.5698402910 * i, 1.0);
            trial.setting = {{parameters[0].id, x},
                             {parameters[1].id, 1e-5 * std::pow(1e4, place)},
                             {parameters[2].id, std::string(i % 2 == 0 ? "a" : "b")}};
            trial.values[loss] = {std::sin(5.0 * std::log(x + 0.02)) + std::cos(3.0 * place) + 0.2 * (i % 2)};
            result.trials.push_back(trial);
        }
        return result;
    };
    ModelOptions options;
    if (earlier)
        options.sources = std::make_shared<const SourceStudies>(
            SourceStudies{{"e.alidade", "e", std::make_shared<const Study>(filled(60)), {}}});
    const Study today = filled(earlier ? 8 : 60);
    const StudyModel model = StudyModel::fit(today, options).value();
    QCOMPARE(!model.state()->sourceColumns.empty(), earlier);
    QCOMPARE(model.state()->features.warps().empty(), earlier);
    BeliefsRequest request;
    request.study = std::make_shared<const Study>(today);
    request.model = model;
    request.objective = loss;
    request.axis = {parameters[0].id, 0};
    request.values = today.trials[0].setting;
    const BeliefsSketch sketch = sketchBeliefs(request).value();
    for (std::size_t i = 0; i < sketch.positions.size(); ++i) {
        Setting at = request.values;
        at[parameters[0].id] = sketch.positions[i];
        const double predicted = model.predict(loss, {at})->mean(0);
        QVERIFY2(std::abs(sketch.meanBefore[i] - predicted) < 1e-6,
                 qPrintable(QString("%1, %2").arg(sketch.meanBefore[i]).arg(predicted)));
    }
    QVERIFY(!pairsToAsk(request.study, model, {}).value().empty());
}

QTEST_MAIN(BeliefsAxesTest)
#include "tst_beliefs_axes.moc"
