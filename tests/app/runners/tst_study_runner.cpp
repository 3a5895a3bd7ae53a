#include "exchange/study_json.h"
#include "project_file/project_file.h"
#include "runners/study_runner.h"
#include "test_paths.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <set>

using namespace alidade;

class StudyRunnerTest : public QObject {
    Q_OBJECT
private slots:
    void measuresUntilTheBudget();
    void failuresAreResults();
    void stopsWhenEverythingFailsAlike();
    void finiteSpaceEndsTheRun();
    void survivesAKill();
    void interruptReleasesTrials();

private:
    static std::string project(const QTemporaryDir& folder, const std::string& command,
                               const std::string& extra = "") {
        const std::string path = folder.filePath("p.alidade").toStdString();
        const QByteArray quoted =
            QJsonDocument(QJsonArray{QString::fromStdString(command)}).toJson(QJsonDocument::Compact);
        const auto definition =
            definitionFromText("{\"alidade\": 1, \"name\": \"p\", \"seed\": 1, \"parameters\": [{\"name\": "
                               "\"k\", \"type\": \"integer\", "
                               "\"low\": 1, \"high\": 12}], \"objectives\": [{\"name\": \"y\"}], \"runner\": "
                               "{\"jobs\": 2, \"shell\": true, "
                               "\"command\": " +
                               quoted.mid(1, quoted.size() - 2).toStdString() + extra + "}}");
        if (!definition || !ProjectFile::create(path, *definition).ok())
            return {};
        return path;
    }
    static Study load(const std::string& path) { return ProjectFile::open(path)->load().value(); }
};

void StudyRunnerTest::measuresUntilTheBudget() {
    const QTemporaryDir folder;
    const std::string path = project(folder, "echo working >&2; echo y={k}");
    QVERIFY(!path.empty());
    int finished = 0;
    const auto summary = runStudy({path, {}, 7, 1}, {}, [&](const RunEvent& event) {
        finished += event.kind == RunEvent::Kind::TrialFinished ? 1 : 0;
    });
    QVERIFY2(summary.ok(), summary.ok() ? "" : summary.error().text().c_str());
    QCOMPARE(summary->completed, 7);
    QCOMPARE(finished, 7);
    const Study study = load(path);
    QCOMPARE(study.trials.size(), std::size_t{7});
    std::set<std::int64_t> values;
    for (const Trial& trial : study.trials) {
        QCOMPARE(trial.state, TrialState::Complete);
        const auto k = std::get<std::int64_t>(trial.setting.begin()->second);
        QCOMPARE(trial.values.begin()->second.value, static_cast<double>(k));
        values.insert(k);
    }
    QCOMPARE(values.size(), std::size_t{7});
    QCOMPARE(ProjectFile::open(path)->output(TrialId{1}, OutputStream::StandardError).value(),
             std::string("working\n"));
    // The budget counts what is there: nothing more to do.
    QCOMPARE(runStudy({path, {}, 7, 1}, {}, {})->completed, 0);
}

void StudyRunnerTest::failuresAreResults() {
    const QTemporaryDir folder;
    const std::string path = project(
        folder, "if [ {k} -gt 6 ]; then echo too big >&2; exit 4; fi; echo y={k}", ", \"retries\": 1");
    const auto summary = runStudy({path, {}, 12, 1}, {}, {});
    QVERIFY2(summary.ok(), summary.ok() ? "" : summary.error().text().c_str());
    QCOMPARE(summary->completed, 6);
    QCOMPARE(summary->failed, 6);
    for (const Trial& trial : load(path).trials) {
        const bool big = std::get<std::int64_t>(trial.setting.begin()->second) > 6;
        QCOMPARE(trial.state, big ? TrialState::Failed : TrialState::Complete);
        QCOMPARE(trial.attempt, big ? 2 : 1);
        if (big)
            QCOMPARE(trial.failure, std::string("exited with status 4: too big"));
    }
}

void StudyRunnerTest::stopsWhenEverythingFailsAlike() {
    const QTemporaryDir folder;
    const std::string path = project(folder, "exit 9");
    const auto summary = runStudy({path, 1, 12, 1}, {}, {});
    QVERIFY(!summary.ok());
    QCOMPARE(summary.error().code, ErrorCode::Process);
    QCOMPARE(load(path).trials.size(), std::size_t{5});
}

void StudyRunnerTest::finiteSpaceEndsTheRun() {
    const QTemporaryDir folder;
    const std::string path = project(folder, "echo y={k}");
    const auto summary = runStudy({path, {}, {}, 1}, {}, {});
    QVERIFY2(summary.ok(), summary.ok() ? "" : summary.error().text().c_str());
    QCOMPARE(summary->completed, 12);
}

void StudyRunnerTest::survivesAKill() {
    const QTemporaryDir folder;
    const std::string path = project(folder, "sleep 0.15; echo y={k}");
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QString::fromStdString(test::executablePath()), {"run", QString::fromStdString(path)});
    QByteArray printed;
    const auto finishedTrials = [&] {
        process.waitForReadyRead(20);
        printed += process.readAll();
        return printed.count("trial ");
    };
    QTRY_VERIFY_WITH_TIMEOUT(finishedTrials() >= 2, 20000);
    const auto told = printed.count("trial ");
    process.kill();
    process.waitForFinished();
    // Everything that was told is there, and opening finds nothing "running" for ever.
    const Study study = load(path);
    qsizetype complete = 0;
    for (const Trial& trial : study.trials) {
        QVERIFY(trial.state != TrialState::Running);
        complete += trial.state == TrialState::Complete ? 1 : 0;
    }
    QVERIFY(complete >= told);
    const auto summary = runStudy({path, {}, {}, 1}, {}, {});
    QVERIFY(summary.ok());
    QCOMPARE(load(path).trials.size(), std::size_t{12});
}

void StudyRunnerTest::interruptReleasesTrials() {
    const QTemporaryDir folder;
    const std::string path = project(folder, "sleep 300; echo y={k}");
    QProcess process;
    process.start(QString::fromStdString(test::executablePath()), {"run", QString::fromStdString(path)});
    QTRY_VERIFY_WITH_TIMEOUT(!load(path).trials.empty() && load(path).trials[0].state == TrialState::Running,
                             20000);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(20000));
    QCOMPARE(process.exitCode(), 130);
    for (const Trial& trial : load(path).trials)
        QCOMPARE(trial.state, TrialState::Pending);
}

QTEST_GUILESS_MAIN(StudyRunnerTest)
#include "tst_study_runner.moc"
