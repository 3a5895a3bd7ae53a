#include "exchange/study_json.h"
#include "runners/command_template.h"
#include "runners/output_parser.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class CommandTemplateTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void expands_data();
    void expands();
    void refuses_data();
    void refuses();
    void quotesForTheShell();
    void readsMeasurements_data();
    void readsMeasurements();
    void readsSlopes_data();
    void readsSlopes();

private:
    Definition m_definition;
    Setting m_setting;
};

void CommandTemplateTest::initTestCase() {
    m_definition = definitionFromText(R"({"alidade": 1, "name": "t", "parameters": [
        {"name": "lr", "type": "real", "low": 0, "high": 1},
        {"name": "kind", "type": "categorical", "choices": ["a b", "it's"]},
        {"name": "depth", "type": "integer", "low": 1, "high": 9, "when": {"kind": ["it's"]}},
        {"name": "mix", "type": "mixture", "parts": ["u", "v"]},
        {"name": "decay", "type": "real", "low": 0, "high": 1, "when": {"kind": ["it's"]}}],
        "objectives": [{"name": "loss"}, {"name": "wall_seconds"}]})")
                       .value();
    const SearchSpace& space = m_definition.space;
    m_setting[space.find("lr")->id] = 0.25;
    m_setting[space.find("kind")->id] = std::string("a b");
    m_setting[space.find("mix")->id] = std::vector<double>{0.75, 0.25};
}

void CommandTemplateTest::expands_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("plain") << "run --lr {lr}" << QStringList{"run", "--lr", "0.25"};
    QTest::newRow("one argument") << "run {kind}" << QStringList{"run", "a b"};
    QTest::newRow("inside") << "run --lr={lr},x" << QStringList{"run", "--lr=0.25,x"};
    QTest::newRow("inactive vanishes") << "run {depth:--depth {}} end" << QStringList{"run", "end"};
    QTest::newRow("active") << "run {lr:--lr {}} end" << QStringList{"run", "--lr", "0.25", "end"};
    QTest::newRow("quotes") << "run 'a  {lr}' \"b c\"" << QStringList{"run", "a  0.25", "b c"};
    QTest::newRow("backslash") << "run a\\ b" << QStringList{"run", "a b"};
    QTest::newRow("share") << "run {mix.v} {mix}" << QStringList{"run", "0.25", "0.75:0.25"};
    QTest::newRow("braces") << "awk '{{print}}'" << QStringList{"awk", "{print}"};
    QTest::newRow("own") << "run {trial} {seed} {directory}" << QStringList{"run", "7", "12", "/d"};
    QTest::newRow("empty quotes") << "run ''" << QStringList{"run", ""};
}

void CommandTemplateTest::expands() {
    QFETCH(QString, text);
    QFETCH(QStringList, arguments);
    const auto result = expandCommand(text.toStdString(), false, m_definition.space, m_setting,
                                      {TrialId{7}, 12, "/d", "/e", "/p"});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QStringList found;
    for (const std::string& argument : *result)
        found << QString::fromStdString(argument);
    QCOMPARE(found, arguments);
}

void CommandTemplateTest::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("unknown") << "run {lrr}"
                             << "did you mean \"lr\"";
    QTest::newRow("inactive") << "run {depth}"
                              << "inactive";
    QTest::newRow("open") << "run {lr"
                          << "not closed";
    QTest::newRow("close") << "run lr}"
                           << "has no";
    QTest::newRow("quote") << "run 'x"
                           << "quote";
    QTest::newRow("part") << "run {mix.w}"
                          << "no part";
    QTest::newRow("empty") << "  "
                           << "empty";
}

void CommandTemplateTest::refuses() {
    QFETCH(QString, text);
    QFETCH(QString, part);
    const auto result = expandCommand(text.toStdString(), false, m_definition.space, m_setting, {});
    QVERIFY(!result.ok());
    QVERIFY2(QString::fromStdString(result.error().message).contains(part), result.error().message.c_str());
}

void CommandTemplateTest::quotesForTheShell() {
    Setting setting = m_setting;
    setting[m_definition.space.find("kind")->id] = std::string("it's");
    setting[m_definition.space.find("depth")->id] = std::int64_t{3};
    const auto arguments =
        expandCommand("printf %s {kind} | cat; echo {depth:-d{}}", true, m_definition.space, setting, {})
            .value();
    ProcessRequest request;
    request.arguments = arguments;
    QCOMPARE(runProcess(request).output, std::string("it's-d3\n"));
}

void CommandTemplateTest::readsMeasurements_data() {
    QTest::addColumn<QString>("output");
    QTest::addColumn<double>("loss"); // NaN: an error
    QTest::newRow("json") << "noise\n{\"loss\": 0.5}\n" << 0.5;
    QTest::newRow("last json line") << "{\"loss\": 9}\n{\"loss\": 0.5, \"other\": [1]}\nbye" << 0.5;
    QTest::newRow("lines") << "epoch 1\nloss=3\nloss = 0.5\n" << 0.5;
    QTest::newRow("infinite") << "loss=inf" << HUGE_VAL;
    QTest::newRow("nan") << "loss=nan" << std::nan("");
    QTest::newRow("missing") << "nothing here" << std::nan("");
    QTest::newRow("empty") << "" << std::nan("");
    QTest::newRow("partial json") << "{\"loss\": 0.5" << std::nan("");
    QTest::newRow("text") << "{\"loss\": \"high\"}" << std::nan("");
}

void CommandTemplateTest::readsMeasurements() {
    QFETCH(QString, output);
    QFETCH(double, loss);
    ProcessResult result;
    result.output = output.toStdString();
    result.wallSeconds = 1.5;
    const auto values = readMeasurements(m_definition, m_setting, {}, result);
    QCOMPARE(values.ok(), !std::isnan(loss));
    if (!values.ok()) {
        QVERIFY(values.error().message.find("loss") != std::string::npos);
        return;
    }
    QCOMPARE(values->values.at(m_definition.objectives[0].id).value, loss);
    QCOMPARE(values->values.at(m_definition.objectives[1].id).value, 1.5);
}

void CommandTemplateTest::readsSlopes_data() {
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("said"); // empty: no remark
    QTest::addColumn<double>("slope"); // NaN: none
    QTest::newRow("json") << "{\"loss\": 0.5, \"dloss/dlr\": -3}"
                          << "" << -3.0;
    QTest::newRow("lines") << "loss=0.5\ndloss/dlr=-3\n"
                           << "" << -3.0;
    QTest::newRow("none") << "loss=0.5"
                          << "" << std::nan("");
    // What programs print of a gradient, of which not all counts.
    QTest::newRow("nan") << "loss=0.5\ndloss/dlr=nan"
                         << "" << std::nan("");
    QTest::newRow("null") << "{\"loss\": 0.5, \"dloss/dlr\": null}"
                          << "" << std::nan("");
    QTest::newRow("inactive") << "loss=0.5\ndloss/dlr=-3\ndloss/ddecay=1"
                              << "" << -3.0;
    QTest::newRow("diverged") << "loss=inf\ndloss/dlr=1e9"
                              << "" << std::nan("");
    QTest::newRow("of others") << "loss=0.5\ndacc/dlr=2\ndata/dir=x"
                               << "" << std::nan("");
    QTest::newRow("text") << "loss=0.5\ndloss/dlr=steep"
                          << "dloss/dlr is left out: steep is not a number" << std::nan("");
    QTest::newRow("unknown") << "loss=0.5\ndloss/dlrr=1"
                             << "did you mean \"lr\"" << std::nan("");
    QTest::newRow("integer") << "loss=0.5\ndloss/ddepth=1"
                             << "depth is integer" << std::nan("");
}

void CommandTemplateTest::readsSlopes() {
    QFETCH(QString, output);
    QFETCH(QString, said);
    QFETCH(double, slope);
    ProcessResult result;
    result.output = output.toStdString();
    const auto values = readMeasurements(m_definition, m_setting, {}, result);
    QVERIFY2(values.ok(), values.ok() ? "" : values.error().message.c_str());
    QCOMPARE(values->remarks.size(), std::size_t{said.isEmpty() ? 0U : 1U});
    if (!said.isEmpty())
        QVERIFY2(QString::fromStdString(values->remarks[0]).contains(said), values->remarks[0].c_str());
    std::map<ParameterId, Slope> expected;
    if (!std::isnan(slope))
        expected[m_definition.space.find("lr")->id] = {slope};
    QVERIFY(values->values.at(m_definition.objectives[0].id).slopes == expected);
    // Under the name that the program has for the measure.
    RunnerConfiguration configuration;
    configuration.measures = {{"loss", "val_loss"}};
    result.output = "val_loss=0.5\ndval_loss/dlr=4";
    const auto mapped = readMeasurements(m_definition, m_setting, configuration, result);
    QCOMPARE(
        mapped->values.at(m_definition.objectives[0].id).slopes.at(m_definition.space.find("lr")->id).value,
        4.0);
}

QTEST_APPLESS_MAIN(CommandTemplateTest)
#include "tst_command_template.moc"
