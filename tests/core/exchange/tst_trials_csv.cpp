#include "exchange/study_json.h"
#include "exchange/trials_csv.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <limits>

using namespace alidade;

namespace {

const char* const kConfiguration = R"json({ "alidade": 1, "name": "s", "parameters": [
    {"name": "rate", "type": "real", "low": 0.001, "high": 0.5, "unit": "1/s"},
    {"name": "level", "type": "integer", "low": 1, "high": 10},
    {"name": "kind", "type": "categorical", "choices": ["none", "l2", "16"]},
    {"name": "weight", "type": "real", "low": 0, "high": 1, "when": {"kind": ["l2"]}},
    {"name": "fast", "type": "categorical", "choices": [true, false]},
    {"name": "mix", "type": "mixture", "parts": ["a", "b", "c"]}],
  "constraints": ["rate * level <= 0.9"],
  "objectives": [{"name": "loss", "goal": "minimize"}, {"name": "time", "goal": "minimize", "unit": "µs"}],
  "outcome_constraints": [{"name": "F1 (macro)", "lower": 0.5}]})json";

Definition sample() {
    return definitionFromConfiguration(parseJson(kConfiguration).value()).value();
}

QString text(const std::vector<CsvProblem>& problems) {
    QStringList lines;
    for (const CsvProblem& problem : problems)
        lines << QString::number(problem.line) + ": " + QString::fromStdString(problem.message);
    return lines.join('\n');
}

Result<CsvImport> import(const QByteArray& csv, const CsvOptions& options = {}) {
    return trialsFromCsv(sample(), std::string_view(csv.constData(), static_cast<std::size_t>(csv.size())),
                         options);
}

const QByteArray kHeader =
    "rate,level,kind,weight,fast,mix.a,mix.b,mix.c,loss,time,F1 (macro),dloss/drate,dloss/drate_sd";
const QByteArray kRow = "0.1,3,l2,0.25,true,0.5,0.25,0.25,1.5,20,0.75,-3,";

/// The header and one row, with one cell replaced.
QByteArray withCell(const char* column, const QByteArray& cell) {
    const auto names = kHeader.split(',');
    auto cells = kRow.split(',');
    cells[names.indexOf(column)] = cell;
    return kHeader + "\n" + cells.join(',') + "\n";
}

} // namespace

class TrialsCsvTest : public QObject {
    Q_OBJECT
private slots:
    void readsARow();
    void leavesRowsOut_data();
    void leavesRowsOut();
    void acceptsCells_data();
    void acceptsCells();
    void refusesHeaders_data();
    void refusesHeaders();
    void findsStates_data();
    void findsStates();
    void readsDecimalCommas();
    void keepsTheRest();
    void reservedNamesGiveWay();
    void exportIsReadBack();
};

void TrialsCsvTest::readsARow() {
    const auto result =
        import(kHeader + ",id,colour,loss_sd,note\n" + kRow + ",17,red,0.125,\"slow\nstart\"\n");
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY2(result->problems.empty(), qPrintable(text(result->problems)));
    QCOMPARE(result->ignored, std::vector<std::string>{"colour"});
    QCOMPARE(result->lines, std::vector<std::size_t>{2});
    const Trial& trial = result->trials.at(0);
    const Definition definition = sample();
    const auto value = [&](const char* name) { return trial.setting.at(definition.space.find(name)->id); };
    QVERIFY(value("rate") == Value{0.1});
    QVERIFY(value("level") == Value{std::int64_t{3}});
    QVERIFY(value("kind") == Value{std::string("l2")});
    QVERIFY(value("weight") == Value{0.25});
    QVERIFY(value("fast") == Value{true});
    QVERIFY((value("mix") == Value{std::vector<double>{0.5, 0.25, 0.25}}));
    QCOMPARE(trial.values.at(*definition.findMeasure("loss")).value, 1.5);
    QCOMPARE(*trial.values.at(*definition.findMeasure("loss")).noiseSd, 0.125);
    const std::map<ParameterId, Slope> slopes{{definition.space.find("rate")->id, {-3.0}}};
    QVERIFY(trial.values.at(*definition.findMeasure("loss")).slopes == slopes);
    QVERIFY(trial.values.at(*definition.findMeasure("time")).slopes.empty());
    QCOMPARE(trial.values.at(*definition.findMeasure("time")).value, 20.0);
    QVERIFY(!trial.values.at(*definition.findMeasure("time")).noiseSd);
    QCOMPARE(trial.values.at(*definition.findMeasure("F1 (macro)")).value, 0.75);
    QCOMPARE(trial.note, std::string("slow\nstart"));
    QCOMPARE(trial.state, TrialState::Complete);
    QCOMPARE(trial.origin, Origin::Imported);
    QVERIFY(!trial.id.valid());
}

void TrialsCsvTest::leavesRowsOut_data() {
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<QByteArray>("cell");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* column, const char* cell, const char* message) {
        QTest::addRow("%s=%s", column, cell) << QByteArray(column) << QByteArray(cell) << message;
    };
    row("rate", "", "rate: a value is missing");
    row("rate", "NaN", "rate: a value is missing");
    row("rate", "fast", "rate: \"fast\" is not a number");
    row("rate", "0.1 s", "rate: \"0.1 s\" is not a number");
    row("rate", "0.6", "rate: 0.6 is outside [0.001, 0.5]");
    row("rate", "inf", "rate: ");
    row("rate", "1e400", "rate: ");
    row("rate", "\"0,1\"", "rate: \"0,1\" is not a number (state the decimal comma");
    row("rate", "\"1,000.5\"", "rate: ");
    row("level", "2.5", "level: ");
    row("level", "11", "level: 11 is outside [1, 10]");
    row("level", "99999999999999999999999", "level: ");
    row("kind", "", "kind: a value is missing");
    row("kind", "NA", "kind: a value is missing");
    row("kind", "L3", "kind: L3 is not one of none, l2, 16");
    row("fast", "2", "fast: ");
    row("mix.a", "", "mix.a: the share is missing");
    row("mix.a", "0.6", "mix: the shares add up to 1.1");
    row("mix.a", "-0.5", "mix: ");
    row("level", "10", "the constraint \"rate * level <= 0.9\" does not hold");
    row("loss", "low", "loss: \"low\" is not a number");
    row("dloss/drate", "steep", "dloss/drate: \"steep\" is not a number");
    row("dloss/drate", "inf", "dloss/drate: a slope is a finite number");
    row("dloss/drate_sd", "-1", "dloss/drate: a standard error is finite and at least 0");
}

void TrialsCsvTest::leavesRowsOut() {
    QFETCH(QByteArray, column);
    QFETCH(QByteArray, cell);
    QFETCH(QString, message);
    // A good row behind the bad one must be there all the same.
    const auto result = import(withCell(column.constData(), cell) + kRow + "\n");
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->trials.size(), std::size_t{1});
    QCOMPARE(result->problems.size(), std::size_t{1});
    QCOMPARE(result->problems[0].line, std::size_t{2});
    QVERIFY2(QString::fromStdString(result->problems[0].message).startsWith(message),
             result->problems[0].message.c_str());
}

void TrialsCsvTest::acceptsCells_data() {
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<QByteArray>("cell");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("warning");
    const auto row = [](const char* column, const char* cell, const char* expected, bool warning = false) {
        QTest::addRow("%s=%s", column, cell)
            << QByteArray(column) << QByteArray(cell) << QByteArray(expected) << warning;
    };
    row("rate", " 1e-1 ", "0.1");
    row("rate", "+.1", "0.1");
    row("rate", "\"0.1\"", "0.1");
    row("level", "3.0", "3");
    row("kind", "\"none\"", "none", true); // the weight becomes inactive
    row("kind", "16", "16", true);
    row("kind", "16.0", "16", true);
    row("fast", "FALSE", "false");
    row("fast", "True", "true");
    row("mix.a", "0.4999", "0.49994999499949996:0.250025002500250:0.250025002500250", true);
    row("loss", "inf", "inf", true); // its slope is left out
    row("loss", "-Infinity", "-inf", true);
}

void TrialsCsvTest::acceptsCells() {
    QFETCH(QByteArray, column);
    QFETCH(QByteArray, cell);
    QFETCH(QByteArray, expected);
    QFETCH(bool, warning);
    const auto result = import(withCell(column.constData(), cell));
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QVERIFY2(result->problems.empty(), qPrintable(text(result->problems)));
    QCOMPARE(!result->warnings.empty(), warning);
    const Definition definition = sample();
    const Trial& trial = result->trials.at(0);
    const std::string name = column.split('.').at(0).toStdString();
    if (const Parameter* parameter = definition.space.find(name)) {
        const Value value = trial.setting.at(parameter->id);
        if (const auto* shares = std::get_if<std::vector<double>>(&value)) {
            const auto wanted = expected.split(':');
            double sum = 0.0;
            for (std::size_t i = 0; i < shares->size(); ++i) {
                QVERIFY(std::abs((*shares)[i] - wanted[static_cast<qsizetype>(i)].toDouble()) < 1e-12);
                sum += (*shares)[i];
            }
            QVERIFY(std::abs(sum - 1.0) < 1e-12);
        } else {
            QCOMPARE(formatValue(value), expected.toStdString());
        }
    } else {
        QCOMPARE(formatValue(trial.values.at(*definition.findMeasure(name)).value), expected.toStdString());
    }
}

void TrialsCsvTest::refusesHeaders_data() {
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("context");
    const auto row = [](const char* from, const char* to, const char* context) {
        QTest::addRow("%s->%s", from, to) << QByteArray(from) << QByteArray(to) << context;
    };
    row("time", "time [ms]", "column 10 (time [ms])");
    row("rate", "rate (1/min)", "column 1 (rate (1/min))");
    row("time", "loss", "column 10 (loss)");
    row("time", "dloss/drate [1/s]", "column 10 (dloss/drate [1/s])");
    row("time", "Loss", "column 10 (Loss)");
    row("time", "rate [1/s]", "column 10 (rate [1/s])");
    row("time", "mix", "column 6 (mix.a)");
    row("rate", "rte", "header");
    row("mix.b", "mix_b", "header");
}

void TrialsCsvTest::refusesHeaders() {
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, context);
    QByteArray header = kHeader;
    header.replace(from, to);
    const auto result = import(header + "\n" + kRow + "\n");
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(QString::fromStdString(result.error().context), context);
    for (const auto& good :
         {QByteArray("time [\xC2\xB5s]"), QByteArray("time (\xCE\xBCs)"), QByteArray("TIME")}) {
        header = kHeader;
        header.replace("time", good);
        QVERIFY2(import(header + "\n" + kRow + "\n").ok(), good.constData());
    }
}

void TrialsCsvTest::findsStates_data() {
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QByteArray>("time");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<bool>("warning");
    const auto row = [](const char* state, const char* time, const char* result, bool warning = false) {
        QTest::addRow("'%s' '%s'", state, time)
            << QByteArray(state) << QByteArray(time) << QByteArray(result) << warning;
    };
    row("", "20", "complete");
    row("", "", "pending", true);
    row("complete", "", "complete");
    row("Completed", "20", "complete");
    row("failed", "20", "failed");
    row("failed", "null", "failed");
    row("pending", "20", "pending");
    row("RUNNING", "", "pending");
    row("withdrawn", "20", "");
    row("stopped", "20", "");
    row("complet", "20", "");
}

void TrialsCsvTest::findsStates() {
    QFETCH(QByteArray, state);
    QFETCH(QByteArray, time);
    QFETCH(QByteArray, result);
    QFETCH(bool, warning);
    const QByteArray csv = withCell("time", time);
    const auto imported =
        import(csv.split('\n').at(0) + ",state,failure\n" + csv.split('\n').at(1) + "," + state + ",\n");
    QVERIFY(imported.ok());
    QCOMPARE(imported->problems.size(), std::size_t{result.isEmpty() ? 1U : 0U});
    QCOMPARE(!imported->warnings.empty(), warning);
    if (result.isEmpty()) {
        QVERIFY(QByteArray::fromStdString(imported->problems[0].message).startsWith("state: "));
        return;
    }
    const Trial& trial = imported->trials.at(0);
    QCOMPARE(QByteArray::fromStdString(std::string(stateName(trial.state))), result);
    QCOMPARE(trial.failure.empty(), trial.state != TrialState::Failed);
    QCOMPARE(trial.values.size(), std::size_t{time == "20" ? 3U : 2U});
}

void TrialsCsvTest::readsDecimalCommas() {
    CsvOptions options;
    options.decimalComma = true;
    const QByteArray header = QByteArray(kHeader).replace(',', ';');
    const auto result = import(header + "\n0,1;3;16,0;;true;0,5;0,25;0,25;1,5e1;20;0.75\n"
                                        "0,1;3;l2;0,5;true;0,5;0,25;0,25;1.234,5;20;0,75\n",
                               options);
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(text(result->problems), QString("3: loss: \"1.234,5\" is not a number"));
    const Definition definition = sample();
    QCOMPARE(result->trials.size(), std::size_t{1});
    QVERIFY(result->trials[0].setting.at(definition.space.find("rate")->id) == Value{0.1});
    QVERIFY(result->trials[0].setting.at(definition.space.find("kind")->id) == Value{std::string("16")});
    QCOMPARE(result->trials[0].values.at(*definition.findMeasure("loss")).value, 15.0);
    QCOMPARE(result->trials[0].values.at(*definition.findMeasure("F1 (macro)")).value, 0.75);
}

void TrialsCsvTest::keepsTheRest() {
    // Short rows lack what is not there; more cells than names shift the meaning and are left out.
    const auto result =
        import(kHeader + "\n0.1,3,l2,0.25,true,0.5,0.25,0.25\n0.1,3\n" + kRow + ",8\n" + kRow + ",,\n");
    QVERIFY(result.ok());
    QCOMPARE(result->lines, (std::vector<std::size_t>{2, 5}));
    QCOMPARE(result->trials[0].state, TrialState::Pending);
    QCOMPARE(result->trials[1].state, TrialState::Complete);
    QCOMPARE(text(result->problems),
             QString("3: kind: a value is missing\n4: the row has 14 cells, the header 13"));
    const auto joined = import("rate,level,kind,weight,fast,mix,loss\n0.1,3,none,,false,0.5:0.5:0,1\n"
                               "0.1,3,none,,false,0.5:0.5,1\n");
    QVERIFY2(joined.ok(), joined.ok() ? "" : joined.error().text().c_str());
    QCOMPARE(joined->trials.size(), std::size_t{1});
    QVERIFY((joined->trials[0].setting.at(ParameterId{6}) == Value{std::vector<double>{0.5, 0.5, 0.0}}));
    QCOMPARE(joined->problems.size(), std::size_t{1});
}

void TrialsCsvTest::reservedNamesGiveWay() {
    Definition definition = sample();
    definition.space.parameters[1].name = "state";
    definition.space.constraints.clear();
    QByteArray header = kHeader;
    header.replace("level", "state");
    const QByteArray csv = header + ",trial_state,note\n" + kRow + ",failed,n\n";
    const auto result =
        trialsFromCsv(definition, std::string_view(csv.constData(), static_cast<std::size_t>(csv.size())));
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().text().c_str());
    QCOMPARE(result->trials.at(0).state, TrialState::Failed);
    QVERIFY(result->trials[0].setting.at(definition.space.parameters[1].id) == Value{std::int64_t{3}});
    const std::string written = trialsToCsv({definition, result->trials});
    QVERIFY(written.starts_with("id,trial_state,origin,rate,state,"));
    QVERIFY(trialsFromCsv(definition, written)->trials == result->trials);
}

void TrialsCsvTest::exportIsReadBack() {
    const Definition definition = sample();
    Study study{definition, import(kHeader + "\n" + kRow + "\n" + kRow + "\n" + kRow + "\n")->trials};
    const auto measure = [&](const char* name) { return *definition.findMeasure(name); };
    study.trials[0].values[measure("loss")] = {1.0 / 3.0, 5e-324};
    study.trials[0].values[measure("loss")].slopes[definition.space.parameters[3].id] = {1.0 / 7.0, 0.25};
    study.trials[1].values[measure("F1 (macro)")].slopes[definition.space.parameters[0].id] = {-5e-324};
    study.trials[0].note = "a \"quoted\" note,\r\nwith; everything\t";
    study.trials[1].values[measure("time")] = {-std::numeric_limits<double>::infinity(), std::nullopt};
    study.trials[1].excluded = true;
    study.trials[1].setting[definition.space.parameters[0].id] = Value{0.1 + 0.2 - 0.1};
    study.trials[1].setting[definition.space.parameters[2].id] = Value{std::string("none")};
    study.trials[1].setting.erase(definition.space.parameters[3].id);
    study.trials[2].state = TrialState::Failed;
    study.trials[2].values.clear();
    study.trials[2].failure = "exit code 1";
    const std::string written = trialsToCsv(study);
    const auto read = trialsFromCsv(definition, written);
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QVERIFY2(read->problems.empty(), qPrintable(text(read->problems)));
    QVERIFY(read->warnings.empty());
    QVERIFY(read->ignored.empty());
    QVERIFY(read->trials == study.trials);
    QVERIFY(written.starts_with("id,state,origin,rate,level,kind,weight,fast,mix.a,mix.b,mix.c,loss,time,"
                                "F1 (macro),loss_sd,dloss/drate,dloss/dweight,dloss/dweight_sd,"
                                "dF1 (macro)/drate,failure,excluded,note\n"));
}

QTEST_APPLESS_MAIN(TrialsCsvTest)
#include "tst_trials_csv.moc"
