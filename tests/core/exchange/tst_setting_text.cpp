// What is written is read back by the programs it is meant for: Python, a POSIX shell, a JSON parser.
#include "exchange/setting_text.h"
#include "exchange/study_json.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QTest>

using namespace alidade;

namespace {

Definition sample() {
    return definitionFromText(R"json({"alidade": 1, "name": "oven", "parameters": [
        {"name": "lr", "type": "real", "low": 1e-6, "high": 1, "scale": "log"},
        {"name": "layers", "type": "integer", "low": 1, "high": 12},
        {"name": "optimizer", "type": "categorical", "choices": ["sgd", "it's $HOME \"x\"", "no"]},
        {"name": "nesterov", "type": "categorical", "choices": [true, false]},
        {"name": "mix", "type": "mixture", "parts": ["web", "code"], "total": 1.0},
        {"name": "momentum", "type": "real", "low": 0, "high": 1, "when": {"optimizer": ["sgd"]}}],
        "objectives": [{"name": "loss", "unit": "nat"}]})json")
        .value();
}

Setting sampleSetting(const Definition& definition, const char* optimizer) {
    Setting setting;
    const auto put = [&](const char* name, Value value) {
        setting[definition.space.find(name)->id] = std::move(value);
    };
    put("lr", 1e-5);
    put("layers", std::int64_t{3});
    put("optimizer", std::string(optimizer));
    put("nesterov", true);
    put("mix", std::vector<double>{0.25, 0.75});
    return setting;
}

QString outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() && process.exitCode() == 0
               ? QString::fromUtf8(process.readAllStandardOutput())
               : QString::fromUtf8("failed: " + process.readAllStandardError());
}

const char* const kAwkward = "it's $HOME \"x\"";

} // namespace

class SettingTextTest : public QObject {
    Q_OBJECT
private slots:
    void formats_data();
    void formats();
    void pythonReadsIt();
    void shellReadsIt();
    void jsonReadsIt();
    void refusesAmbiguousVariables();
    void choosesATrial();
};

void SettingTextTest::formats_data() {
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QString>("expected");
    QTest::newRow("yaml")
        << ".yaml"
        << "# best\n\"lr\": 1.0e-05\n\"layers\": 3\n\"optimizer\": \"no\"\n\"nesterov\": true\n"
           "\"mix\":\n  \"web\": 0.25\n  \"code\": 0.75\n";
    QTest::newRow("env") << ".env"
                         << "# best\nLR=1e-05\nLAYERS=3\nOPTIMIZER=no\nNESTEROV=true\nMIX_WEB=0.25\n"
                            "MIX_CODE=0.75\n";
    QTest::newRow("command line") << ".txt"
                                  << "--lr=1e-05 --layers=3 --optimizer=no --nesterov=true --mix.web=0.25 "
                                     "--mix.code=0.75\n";
    QTest::newRow("python") << ".py"
                            << "# best\nparameters = {\n    \"lr\": 1.0e-05,\n    \"layers\": 3,\n"
                               "    \"optimizer\": \"no\",\n    \"nesterov\": True,\n    \"mix\": {\n"
                               "        \"web\": 0.25,\n        \"code\": 0.75,\n    },\n}\n";
}

void SettingTextTest::formats() {
    QFETCH(QString, suffix);
    QFETCH(QString, expected);
    const Definition definition = sample();
    const auto text = settingText(definition.space, sampleSetting(definition, "no"),
                                  settingFormat(suffix.toStdString()).value(), "best");
    QVERIFY(text.ok());
    QCOMPARE(QString::fromStdString(*text), expected);
}

void SettingTextTest::pythonReadsIt() {
    const Definition definition = sample();
    const auto text =
        settingText(definition.space, sampleSetting(definition, kAwkward), SettingFormat::Python, "a\nb");
    const QString program = QString::fromStdString(*text) +
                            "import json\nprint(json.dumps(parameters), type(parameters['lr']))\n";
    const QString output = outputOf("python3", {"-c", program});
    const QString expected = "{\"lr\": 1e-05, \"layers\": 3, \"optimizer\": \"it's $HOME \\\"x\\\"\", "
                             "\"nesterov\": true, \"mix\": {\"web\": 0.25, \"code\": 0.75}} <class 'float'>";
    QCOMPARE(output.trimmed(), expected);
}

void SettingTextTest::shellReadsIt() {
    const Definition definition = sample();
    const Setting setting = sampleSetting(definition, kAwkward);
    const auto line = settingText(definition.space, setting, SettingFormat::CommandLine);
    QCOMPARE(outputOf("sh", {"-c", "printf '%s|' " + QString::fromStdString(*line)}),
             QString("--lr=1e-05|--layers=3|--optimizer=%1|--nesterov=true|--mix.web=0.25|--mix.code=0.75|")
                 .arg(kAwkward));
    const auto variables = settingText(definition.space, setting, SettingFormat::Env);
    QCOMPARE(outputOf("sh", {"-c", QString::fromStdString(*variables) + "printf '%s' \"$OPTIMIZER$LR\""}),
             QString(kAwkward) + "1e-05");
}

void SettingTextTest::jsonReadsIt() {
    const Definition definition = sample();
    const Setting setting = sampleSetting(definition, kAwkward);
    const auto text = settingText(definition.space, setting, SettingFormat::JsonObject);
    const auto read = settingFromJson(definition.space, parseJson(*text).value(), "");
    QVERIFY(read.ok());
    QVERIFY(*read == setting);
}

void SettingTextTest::refusesAmbiguousVariables() {
    Definition definition = sample();
    const Setting setting = sampleSetting(definition, "no");
    definition.space.parameters[1].name = "LR";
    const auto text = settingText(definition.space, setting, SettingFormat::Env);
    QVERIFY(!text.ok());
    QVERIFY2(text.error().message.find("\"lr\" and \"LR\"") != std::string::npos,
             text.error().message.c_str());
    Setting foreign = setting;
    foreign[ParameterId{99}] = true;
    QVERIFY(!settingText(definition.space, foreign, SettingFormat::JsonObject).ok());
}

void SettingTextTest::choosesATrial() {
    Study study;
    study.definition = sample();
    QVERIFY(chosenTrial(study, std::nullopt).error().code == ErrorCode::NotFound);
    for (int i = 0; i < 3; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.setting = sampleSetting(study.definition, "no");
        trial.values[study.definition.objectives[0].id].value = i == 1 ? 0.25 : 1.0;
        study.trials.push_back(trial);
    }
    QCOMPARE(chosenTrial(study, std::nullopt).value()->id.value, std::int64_t{2});
    QCOMPARE(chosenTrial(study, TrialId{3}).value()->id.value, std::int64_t{3});
    QVERIFY(chosenTrial(study, TrialId{4}).error().code == ErrorCode::NotFound);
    QCOMPARE(QString::fromStdString(trialComment(study.definition, study.trials[1])),
             QString("study \"oven\", trial 2: loss = 0.25 nat"));
    study.definition.objectives.push_back(study.definition.objectives[0]);
    QVERIFY(chosenTrial(study, std::nullopt).error().code == ErrorCode::InvalidArgument);
}

QTEST_GUILESS_MAIN(SettingTextTest)
#include "tst_setting_text.moc"
