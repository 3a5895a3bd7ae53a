#include "exchange/study_json.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace alidade;

class StudyJsonTest : public QObject {
    Q_OBJECT
private slots:
    void roundTrips();
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
    row("/strategy/batch", "0", "strategy.batch");
    row("/strategy/batch", "1.5", "strategy.batch");
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
