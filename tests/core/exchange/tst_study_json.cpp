#include "exchange/study_json.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace alidade;

class StudyJsonTest : public QObject {
    Q_OBJECT
private slots:
    void roundTrips();
    void everyBeliefRoundTrips_data();
    void everyBeliefRoundTrips();
    void storedFormSurvivesUnfinishedEdits();
    void namesThePlace_data();
    void namesThePlace();
    void refusesBadText_data();
    void refusesBadText();

private:
    static Json example() { return parseJson(test::readFile(test::dataPath("design_example.json"))).value(); }
};

void StudyJsonTest::roundTrips() {
    const auto definition = definitionFromConfiguration(example());
    QVERIFY2(definition.ok(), definition.ok() ? "" : definition.error().text().c_str());
    QCOMPARE(definition->space.parameters.size(), std::size_t{6});
    QCOMPARE(definition->seed, std::uint64_t{7});
    QCOMPARE(definition->beliefs.back().confidence, 0.9);
    const Json written = configurationFromDefinition(*definition);
    QVERIFY(definitionFromConfiguration(written).value() == *definition);
    const Json stored = parseJson(definitionToJson(*definition).dump()).value();
    QVERIFY(definitionFromJson(stored).value() == *definition);
}

void StudyJsonTest::everyBeliefRoundTrips_data() {
    QTest::addColumn<QString>("belief");
    QTest::addColumn<QString>("context"); // empty: valid
    const auto row = [](const char* name, const char* belief, const char* context = "") {
        QTest::newRow(name) << belief << context;
    };
    row("truncated normal",
        R"({"about": "optimum", "parameter": "lr", "density":
            {"family": "normal", "center": 0.001, "spread": 0.5, "low": 0.0001, "high": 0.01}})");
    row("truncated outside the range",
        R"({"about": "optimum", "parameter": "lr", "density":
            {"family": "normal", "center": 0.001, "spread": 0.5, "low": 0.5}})",
        "beliefs[0].density.low");
    row("centre below a log scale",
        R"({"about": "optimum", "parameter": "lr", "density": {"family": "normal", "center": -1, "spread": 0.5}})",
        "beliefs[0].density.center");
    row("drawn", R"({"about": "optimum", "parameter": "lr", "density":
            {"family": "drawn", "x": [0.0001, 0.001, 0.01], "height": [0, 1, 0.5]}, "confidence": 0.25})");
    row("weights", R"({"about": "optimum", "parameter": "optimizer", "density":
            {"family": "weights", "weights": {"adam": 1, "sgd": 3}}})");
    row("weights of what is no choice",
        R"({"about": "optimum", "parameter": "optimizer", "density":
            {"family": "weights", "weights": {"sdg": 3}}})",
        "beliefs[0].density.weights");
    row("a normal over choices",
        R"({"about": "optimum", "parameter": "optimizer", "density":
            {"family": "normal", "center": 0, "spread": 1}})",
        "beliefs[0].density");
    row("a density of shares",
        R"({"about": "optimum", "parameter": "mix", "density": {"family": "beta", "alpha": 2, "beta": 2}})",
        "beliefs[0].parameter");
    row("bound",
        R"({"about": "best_value", "objective": "loss", "density": {"family": "bounds", "low": 0.1}})");
    row("no bound", R"({"about": "best_value", "objective": "loss", "density": {"family": "bounds"}})",
        "beliefs[0].density");
    row("preference in one objective",
        R"({"about": "preference", "better": {"layers": 3}, "worse": {"layers": 4}, "objective": "seconds",
            "confidence": 0.5})");
    row("good points",
        R"({"about": "good_points", "points": [{"lr": 0.001, "layers": 3}, {"optimizer": "sgd"}],
            "spread": 0.05, "confidence": 0.75})");
    row("no good point", R"({"about": "good_points", "points": [], "spread": 0.05})", "beliefs[0].points");
    row("trend",
        R"({"about": "trend", "objective": "loss", "parameter": "lr", "direction": "falls", "to": 0.01})");
    row("trend over choices",
        R"({"about": "trend", "objective": "loss", "parameter": "optimizer", "direction": "rises"})",
        "beliefs[0].parameter");
    row("trend backwards",
        R"({"about": "trend", "objective": "loss", "parameter": "lr", "direction": "rises", "from": 0.01,
            "to": 0.001})",
        "beliefs[0].from");
    row("trend sideways",
        R"({"about": "trend", "objective": "loss", "parameter": "lr", "direction": "flat"})",
        "beliefs[0].direction");
    row("confidence above 1",
        R"({"about": "trend", "objective": "loss", "parameter": "lr", "direction": "falls", "confidence": 2})",
        "beliefs[0].confidence");
}

void StudyJsonTest::everyBeliefRoundTrips() {
    QFETCH(const QString, belief);
    QFETCH(const QString, context);
    Json json = example();
    json["beliefs"] = Json::array({Json::parse(belief.toStdString())});
    json["strategy"]["beliefs"] = "pibo";
    const auto definition = definitionFromConfiguration(json);
    if (!context.isEmpty()) {
        QVERIFY(!definition.ok());
        QCOMPARE(QString::fromStdString(definition.error().context), context);
        return;
    }
    QVERIFY2(definition.ok(), definition.ok() ? "" : definition.error().text().c_str());
    QVERIFY(definition->strategy.beliefs == BeliefUse::PiBo);
    const Json written = configurationFromDefinition(*definition);
    QVERIFY2(written["beliefs"] == json["beliefs"], written["beliefs"].dump().c_str());
    QVERIFY(definitionFromConfiguration(written).value() == *definition);
    const Json stored = parseJson(definitionToJson(*definition).dump()).value();
    QVERIFY(definitionFromJson(stored).value() == *definition);
}

void StudyJsonTest::storedFormSurvivesUnfinishedEdits() {
    Definition definition = definitionFromConfiguration(example()).value();
    definition.space.parameters[0].name.clear();
    definition.space.parameters[1].name = definition.space.parameters[2].name;
    definition.space.parameters[1].defaultValue = Value{std::string("not a number")};
    definition.space.parameters[5].defaultValue = Value{std::vector<double>{0.5, 0.25, 0.125}};
    // The parents of a condition and of a belief are gone.
    definition.space.parameters.erase(definition.space.parameters.begin() + 3);
    definition.beliefs[0].claim = OptimumBelief{ParameterId{99}, NormalDensity{}};
    definition.objectives.clear();
    const Json stored = parseJson(definitionToJson(definition).dump()).value();
    const auto read = definitionFromJson(stored);
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QVERIFY(*read == definition);
    QVERIFY(!checkedDefinition(*read).ok());
}

void StudyJsonTest::namesThePlace_data() {
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("context");
    const auto row = [](const char* pointer, const char* value, const char* context) {
        QTest::addRow("%s %s", pointer, value) << pointer << value << context;
    };
    row("/alidade", "2", "alidade");
    row("/parameters/0/low", "\"x\"", "parameters[0].low");
    row("/parameters/0/low", "0", "parameters[0].low");
    row("/parameters/0/low", "1", "parameters[0].low");
    row("/parameters/0/scale", "\"lgo\"", "parameters[0].scale");
    row("/parameters/0/lwo", "1", "parameters[0].lwo");
    row("/parameters/0/default", "5", "parameters[0].default");
    row("/parameters/0/name", "\"batch\"", "parameters[2].name");
    row("/parameters/0/name", "\"a b\"", "parameters[0].name");
    row("/parameters/1/step", "0", "parameters[1].step");
    row("/parameters/2/choices", "[16]", "parameters[2].choices");
    row("/parameters/2/choices", "[16, 16.0]", "parameters[2].choices");
    row("/parameters/4/when", "{\"optimiser\": [\"sgd\"]}", "parameters[4].when.optimiser");
    row("/parameters/4/when", "{\"optimizer\": [\"lion\"]}", "parameters[4].when");
    row("/parameters/5/low", "[0.5, 0.5, 0.5]", "parameters[5].low");
    row("/constraints/0", "\"layrs <= 2\"", "constraints[0]");
    row("/constraints/0", "\"layers + 2\"", "constraints[0]");
    row("/constraints/0", "\"optimizer <= 2\"", "constraints[0]");
    row("/objectives", "[]", "objectives");
    row("/objectives/0/goal", "\"minimum\"", "objectives[0].goal");
    row("/objectives/1/name", "\"lr\"", "objectives");
    row("/objectives/0/desirability/low", "2", "objectives[0].desirability.low");
    row("/objectives/0/desirability/shape", "\"mni\"", "objectives[0].desirability.shape");
    row("/outcome_constraints/0/upper", "null", "outcome_constraints[0].upper");
    row("/beliefs/0/parameter", "\"rate\"", "beliefs[0].parameter");
    row("/beliefs/0/density/spread", "-1", "beliefs[0].density.spread");
    row("/beliefs/2/better/lr", "7", "beliefs[2].better.lr");
    row("/strategy/method", "\"magic\"", "strategy.method");
    row("/strategy/inference", "\"sure\"", "strategy.inference");
    row("/strategy/batch", "0", "strategy.batch");
    row("/strategy/batch", "1.5", "strategy.batch");
    row("/strategy/cost", "\"money\"", "strategy.cost");
    row("/strategy/beta", "-1", "strategy.beta");
    row("/strategy/epsilon", "1.5", "strategy.epsilon");
    row("/strategy/exploration", "\"everywhere\"", "strategy.exploration");
    row("/runner/timeout_s", "-1", "runner.timeout_s");
    row("/runner/comand", "\"x\"", "runner.comand");
    row("/seed", "-1", "seed");
    row("/colour", "1", "colour");
}

void StudyJsonTest::namesThePlace() {
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, context);
    Json json = example();
    if (!pointer.startsWith("/beliefs"))
        json.erase("beliefs"); // they name what these rows break
    json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
    const auto definition = definitionFromConfiguration(json);
    QVERIFY(!definition.ok());
    QCOMPARE(QString::fromStdString(definition.error().context), context);
    QVERIFY(!definition.error().message.empty());
}

void StudyJsonTest::refusesBadText_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("nan") << QByteArray("{\"a\": NaN}");
    QTest::newRow("twice") << QByteArray("{\"a\": 1, \"a\": 2}");
    QTest::newRow("open") << QByteArray("{\"a\": [1, 2");
    QTest::newRow("rest") << QByteArray("{} {}");
    QTest::newRow("deep") << QByteArray(100000, '[');
    QTest::newRow("huge number") << QByteArray("[1e999]");
    QTest::newRow("bad utf-8") << QByteArray("[\"\xff\xfe\"]");
}

void StudyJsonTest::refusesBadText() {
    QFETCH(QByteArray, text);
    const auto json = parseJson(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
    QVERIFY(!json.ok());
    QCOMPARE(json.error().code, ErrorCode::Syntax);
}

QTEST_APPLESS_MAIN(StudyJsonTest)
#include "tst_study_json.moc"
