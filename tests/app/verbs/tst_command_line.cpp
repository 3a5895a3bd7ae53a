#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace alidade;
using Json = nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    QString output;
    QString errors;
};

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void exitCodes_data();
    void exitCodes();
    void wholeStudyByHand();
    void statusKnowsWhatIsWanted();
    void exportsAndImports();
    void neverOverwrites();
    void callsAMethod();
    void handsOnTheBestSetting();
    void drawsWithoutADisplay();

private:
    Outcome run(const QStringList& arguments, const QByteArray& input = {}) const {
        QProcess process;
        process.setWorkingDirectory(m_folder->path());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("DISPLAY");
        environment.remove("QT_QPA_PLATFORM"); // verbs never need a display
        process.setProcessEnvironment(environment);
        process.start(QString::fromStdString(test::executablePath()), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000))
            return {};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    void write(const QString& name, const QByteArray& content) const {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void CommandLineTest::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    write("study.json", R"({"alidade": 1, "name": "s", "seed": 1,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1, "unit": "m"}],
        "objectives": [{"name": "y", "unit": "s"}], "strategy": {"initial": 3}})");
    write(
        "bad.json",
        R"({"alidade": 1, "name": "s", "parameters": [{"name": "x", "type": "real", "low": 0, "hihg": 1}]})");
    write("foreign.alidade", "this is not a project");
    QCOMPARE(run({"new", "s.alidade", "--config", "study.json"}).code, 0);
}

void CommandLineTest::exitCodes_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said"); // part of the messages
    const auto row = [](const QStringList& arguments, int code, const char* said) {
        QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments << code << said;
    };
    row({"--version"}, 0, "");
    row({"--help"}, 0, "");
    row({"help", "run"}, 0, "");
    row({"run", "--help"}, 0, "");
    row({"sugest", "s.alidade"}, 2, "did you mean \"suggest\"");
    row({"status"}, 2, "too few arguments");
    row({"status", "s.alidade", "extra"}, 2, "unexpected argument");
    row({"status", "--jsn", "s.alidade"}, 2, "did you mean \"--json\"");
    row({"suggest", "s.alidade", "--count", "0"}, 2, "whole number");
    row({"suggest", "s.alidade", "--count"}, 2, "needs a value");
    row({"new", "t.alidade"}, 2, "--config is missing");
    row({"new", "t.alidade", "--config", "none.json"}, 1, "none.json");
    row({"new", "t.alidade", "--config", "bad.json"}, 1, "did you mean \"high\"");
    row({"status", "none.alidade"}, 3, "none.alidade");
    row({"status", "foreign.alidade"}, 3, "foreign.alidade");
    row({"run", "none.alidade"}, 3, "none.alidade");
    row({"run", "s.alidade"}, 1, "no command to measure with");
    row({"report", "s.alidade", "one", "y=1"}, 2, "not the number of a trial");
    row({"report", "s.alidade", "1", "y=1"}, 1, "1");
    row({"export", "s.alidade", "--what", "trils", "--to", "a.csv"}, 2, "did you mean \"trials\"");
    row({"export", "s.alidade", "--what", "trials", "--to", "a.xls"}, 1, ".csv");
    row({"export", "s.alidade", "--what", "trials", "--to", "."}, 1, "directory");
    row({"export", "s.alidade", "--to", "a.csv"}, 2, "--what is missing");
    row({"export", "s.alidade", "--what", "best"}, 2, "--to is missing");
    row({"export", "s.alidade", "--what", "best", "--to", "a.json"}, 1, "no trial has been measured");
    row({"export", "s.alidade", "--what", "best", "--trial", "7", "--to", "a.json"}, 1, "no trial 7");
    row({"export", "s.alidade", "--what", "best", "--to", "a.docx"}, 1, ".yaml");
    row({"export", "s.alidade", "--what", "trials", "--trial", "1", "--to", "a.csv"}, 2, "best and plot");
    row({"export", "s.alidade", "--what", "plots"}, 0, "");
    row({"export", "s.alidade", "--what", "plots", "--to", "a.txt"}, 2, "leave --to out");
    row({"export", "s.alidade", "--what", "plot:histry", "--to", "a.svg"}, 2, "did you mean \"history\"");
    row({"export", "s.alidade", "--what", "plot:history", "--to", "a.svg"}, 1, "history-y: no trial");
    row({"export", "s.alidade", "--what", "plot:history", "--to", "a.gif"}, 1, ".svg");
    row({"export", "s.alidade", "--what", "plot:history", "--to", "a.svg", "--size", "5"}, 2, "160x100");
    row({"export", "s.alidade", "--what", "plot:history", "--to", "a.svg", "--dpi", "9"}, 2, "between 50");
    row({"export", "s.alidade", "--what", "plot:history", "--to", "a.svg", "--theme", "sepia"}, 2, "light");
    row({"export", "none.alidade", "--what", "plots"}, 3, "none.alidade");
    row({"import", "s.alidade", "--from", "none.csv"}, 1, "none.csv");
    row({"call", "statuss"}, 1, "did you mean \"status\"");
}

void CommandLineTest::exitCodes() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, said);
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.code == code, qPrintable(QString::number(outcome.code) + outcome.errors));
    QVERIFY2(outcome.errors.contains(said), qPrintable(outcome.errors));
    if (code != 0)
        QVERIFY2(outcome.output.isEmpty(), qPrintable(outcome.output));
}

void CommandLineTest::wholeStudyByHand() {
    const Outcome suggested = run({"suggest", "s.alidade", "--count", "2"});
    QCOMPARE(suggested.code, 0);
    const QStringList lines = suggested.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    for (int i = 0; i < 2; ++i) {
        const Json trial = Json::parse(lines[i].toStdString());
        QCOMPARE(trial["id"].get<int>(), i + 1);
        QVERIFY(trial["parameters"]["x"].is_number());
        QCOMPARE(trial["origin"].get<std::string>(), std::string("initial"));
    }
    QVERIFY(run({"report", "s.alidade", "1", "dy/dx=-2"}).errors.contains("\"y\" is missing"));
    QVERIFY(run({"report", "s.alidade", "1", "y=0.5", "dy/dz=1"}).errors.contains("no parameter is called"));
    QVERIFY(run({"report", "s.alidade", "1", "y=0.5", "dy/dx=steep"}).errors.contains("dy/dx=NUMBER"));
    QCOMPARE(run({"report", "s.alidade", "1", "y=0.5", "dy/dx=1", "--step", "2"}).code, 2);
    QCOMPARE(run({"report", "s.alidade", "1", "y=0.5", "dy/dx=-2"}).code, 0);
    const Outcome twice = run({"report", "s.alidade", "1", "y=0.7"});
    QCOMPARE(twice.code, 1);
    QVERIFY(run({"report", "s.alidade", "2", "z=0.5"}).errors.contains("\"z\""));
    QVERIFY(run({"report", "s.alidade", "2", "y=nan"}).code == 1);
    QCOMPARE(run({"report", "s.alidade", "2", "--failed", "burnt"}).code, 0);
    const Json status = Json::parse(run({"status", "s.alidade", "--json"}).output.toStdString());
    QCOMPARE(status["counts"]["complete"].get<int>(), 1);
    QCOMPARE(status["counts"]["failed"].get<int>(), 1);
    QCOMPARE(status["incumbent"]["values"]["y"].get<double>(), 0.5);
    QCOMPARE(status["incumbent"]["slopes"]["y"]["x"].get<double>(), -2.0);
    QVERIFY(run({"status", "s.alidade"}).output.contains("y 0.5 s"));
    QVERIFY(!QFile::exists(m_folder->filePath("s.alidade-wal")));
}

void CommandLineTest::statusKnowsWhatIsWanted() {
    write("wanted.json", R"({"alidade": 1, "name": "w",
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "y", "desirability": {"shape": "target", "low": 0, "target": 5, "high": 10}}]})");
    QCOMPARE(run({"new", "w.alidade", "--config", "wanted.json"}).code, 0);
    write("data.csv", "x,y\n0.1,1\n0.3,5.5\n0.5,9\n");
    QCOMPARE(run({"import", "w.alidade", "--from", "data.csv"}).code, 0);
    const Json status = Json::parse(run({"status", "w.alidade", "--json"}).output.toStdString());
    QCOMPARE(status["incumbent"]["values"]["y"].get<double>(), 5.5);
    QCOMPARE(status["front_size"].get<int>(), 1);
    for (const char* const method : {"status", "front"}) {
        const Outcome called = run({"call", method, "w.alidade"});
        QVERIFY2(called.output.contains("5.5"), qPrintable(called.output + called.errors));
    }
}

void CommandLineTest::exportsAndImports() {
    write("data.csv", "x [m];y;colour\n0,25;1,5;red\n0,5;;blue\n9;1;green\n");
    const Outcome imported = run({"import", "s.alidade", "--from", "data.csv", "--decimal-comma"});
    QCOMPARE(imported.code, 1); // a row was left out
    QVERIFY2(imported.errors.contains("line 4"), qPrintable(imported.errors));
    QVERIFY(imported.errors.contains("colour"));
    QVERIFY(imported.errors.contains("2 trials added"));
    QCOMPARE(run({"export", "s.alidade", "--what", "trials", "--to", "out.csv"}).code, 0);
    const QString csv = QString::fromStdString(test::readFile(m_folder->filePath("out.csv").toStdString()));
    QVERIFY2(csv.contains("1,complete,imported,0.25,1.5"), qPrintable(csv));
    QVERIFY(csv.contains("2,pending,imported,0.5,"));
    QCOMPARE(run({"export", "s.alidade", "--what", "config", "--to", "out.json"}).code, 0);
    QCOMPARE(run({"new", "copy.alidade", "--config", "out.json"}).code, 0);
    QCOMPARE(run({"export", "s.alidade", "--what", "front", "--to", "front.json"}).code, 0);
    const Json front = Json::parse(test::readFile(m_folder->filePath("front.json").toStdString()));
    QCOMPARE(front.size(), std::size_t{1});
}

void CommandLineTest::neverOverwrites() {
    const Outcome again = run({"new", "s.alidade", "--config", "study.json"});
    QCOMPARE(again.code, 1);
    QVERIFY(again.errors.contains("s.alidade"));
}

void CommandLineTest::callsAMethod() {
    const Outcome rank =
        run({"call", "pareto.rank"}, R"({"points": [[1, 2], [2, 3]], "goals": ["minimize", "minimize"]})");
    QCOMPARE(rank.output.trimmed(), QString("{\"ranks\":[0,1]}"));
    QCOMPARE(run({"call", "trials", "s.alidade"}, "").output.trimmed(), QString("{\"trials\":[]}"));
    const Outcome served =
        run({"serve", "s.alidade"}, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"suggest\"}\n");
    QVERIFY(served.output.contains("\"trials\""));
}

void CommandLineTest::handsOnTheBestSetting() {
    write("data.csv", "x,y\n0.25,1.5\n0.5,0.5\n");
    QCOMPARE(run({"import", "s.alidade", "--from", "data.csv"}).code, 0);
    const auto exported = [this](const QString& name, const QStringList& more = {}) {
        const Outcome outcome =
            run(QStringList{"export", "s.alidade", "--what", "best", "--to", name} + more);
        return outcome.code == 0
                   ? QString::fromStdString(test::readFile(m_folder->filePath(name).toStdString()))
                   : outcome.errors;
    };
    QCOMPARE(exported("best.json"), QString("{\n  \"x\": 0.5\n}\n"));
    QCOMPARE(exported("best.txt"), QString("--x=0.5\n"));
    QCOMPARE(exported(".env"), QString("# study \"s\", trial 2: y = 0.5 s\nX=0.5\n"));
    QCOMPARE(exported("best.yaml", {"--trial", "1"}),
             QString("# study \"s\", trial 1: y = 1.5 s\n\"x\": 0.25\n"));
    QVERIFY(exported("best.py").contains("\"x\": 0.5,"));
}

void CommandLineTest::drawsWithoutADisplay() {
    write("data.csv", "x,y\n0.1,1.5\n0.3,0.7\n0.5,0.5\n0.7,0.8\n0.9,1.2\n");
    QCOMPARE(run({"import", "s.alidade", "--from", "data.csv"}).code, 0);
    const QString names = run({"export", "s.alidade", "--what", "plots"}).output;
    QVERIFY2(names.startsWith("plot:history-y\t"), qPrintable(names));
    for (const char* const name : {"plot:history-y", "plot:profiler"}) {
        QVERIFY(names.contains(name));
        for (const char* const file : {"a.svg", "a.pdf", "a.png", "a.csv"}) {
            QFile::remove(m_folder->filePath(file));
            const Outcome outcome = run(
                {"export", "s.alidade", "--what", name, "--to", file, "--size", "120x90", "--dpi", "100"});
            QVERIFY2(outcome.code == 0 && outcome.output.isEmpty(), qPrintable(outcome.errors));
            QVERIFY(QFile(m_folder->filePath(file)).size() > 200);
        }
        QFile picture(m_folder->filePath("a.png"));
        QVERIFY(picture.open(QIODevice::ReadOnly));
        // Width and height of the header: 120 mm x 90 mm at 100 dots per inch.
        QCOMPARE(picture.read(24).mid(16).toHex(), QByteArray("000001d800000162"));
    }
    // Another program reads them.
    QProcess other;
    other.setWorkingDirectory(m_folder->path());
    other.start("rsvg-convert", {"a.svg", "-o", "svg.png"});
    QVERIFY2(other.waitForFinished() && other.exitCode() == 0, other.readAllStandardError().constData());
    other.start("pdftotext", {"a.pdf", "-"});
    QVERIFY2(other.waitForFinished() && other.exitCode() == 0, other.readAllStandardError().constData());
    QVERIFY(other.readAllStandardOutput().contains("log EI"));
}

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
