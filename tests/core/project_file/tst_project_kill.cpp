#include "base/rng.h"
#include "project_file/migration.h"
#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace alidade;
using namespace alidade::test;

namespace {

constexpr int kKills = 60;

/// What a writer said had returned.
struct Acknowledged {
    std::vector<TrialId> added;
    std::vector<TrialId> stepped;
    std::vector<TrialId> complete;
    std::string name;
};

void collect(const QByteArray& output, Acknowledged& acknowledged) {
    for (const QByteArray& line : output.split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() != 2)
            continue;
        const TrialId id{words[1].toLongLong()};
        if (words[0] == "added")
            acknowledged.added.push_back(id);
        else if (words[0] == "stepped")
            acknowledged.stepped.push_back(id);
        else if (words[0] == "complete")
            acknowledged.complete.push_back(id);
        else if (words[0] == "named")
            acknowledged.name = words[1].toStdString();
    }
}

} // namespace

/// A writer is killed at random moments, again and again on the same file.
class ProjectKillTest : public QObject {
    Q_OBJECT
private slots:
    void losesNothingThatWasAcknowledged_data();
    void losesNothingThatWasAcknowledged();
};

void ProjectKillTest::losesNothingThatWasAcknowledged_data() {
    QTest::addColumn<bool>("rollback");
    QTest::newRow("write-ahead log") << false;
    QTest::newRow("rollback journal") << true;
}

void ProjectKillTest::losesNothingThatWasAcknowledged() {
    QFETCH(bool, rollback);
    auto environment = QProcessEnvironment::systemEnvironment();
    if (rollback)
        environment.insert("ALIDADE_TEST_ROLLBACK", "1");
    const QTemporaryDir folder(fastTemplate());
    const QString path = folder.filePath("p.alidade");
    SUCCEED(ProjectFile::create(path.toStdString(), sampleDefinition()));
    Acknowledged acknowledged;
    Rng rng(1, "kill");
    int during = 0;
    for (int kill = 0; kill < kKills; ++kill) {
        QProcess writer;
        writer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        writer.setProcessEnvironment(environment);
        writer.start(QStringLiteral(PROJECT_FILE_HELPER), {"measure", path});
        QVERIFY2(writer.waitForStarted(), qPrintable(writer.errorString()));
        // Every third time the moment may fall into the opening; else there was a first result before.
        const bool early = kill % 3 == 0;
        if (!early)
            QVERIFY(writer.waitForReadyRead(30'000));
        std::this_thread::sleep_for(std::chrono::microseconds(rng.below(early ? 20'000 : 100'000)));
        QCOMPARE(writer.state(), QProcess::Running);
        writer.kill();
        QVERIFY(writer.waitForFinished(30'000));
        QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
        const QByteArray output = writer.readAllStandardOutput();
        during += output.isEmpty() ? 0 : 1;
        collect(output, acknowledged);
        // Mostly the next writer finds what this one left; now and then somebody looks closely.
        if (kill % 10 != 9)
            continue;
        auto database = sqlite::Database::open(path.toStdString(), sqlite::Access::ReadWrite,
                                               std::chrono::milliseconds(0));
        QVERIFY(database.ok());
        SUCCEED(checkIntegrity(*database));
    }

    TAKE(auto file, ProjectFile::open(path.toStdString()));
    TAKE(const Study study, file.load());
    int found = 0;
    for (const TrialId id : acknowledged.complete) {
        const Trial* trial = study.find(id);
        QVERIFY2(trial != nullptr, qPrintable(QString("trial %1 is lost").arg(id.value)));
        QCOMPARE(trial->state, TrialState::Complete);
        QCOMPARE(trial->values.at(MeasureId{9}).value, static_cast<double>(id.value) / 8.0);
        ++found;
    }
    for (const TrialId id : acknowledged.stepped)
        QCOMPARE(study.find(id)->steps.size(), std::size_t{2});
    for (const TrialId id : acknowledged.added)
        QVERIFY(study.find(id) != nullptr);
    // Each writer was at most one step further than it had said.
    QVERIFY(study.trials.size() >= acknowledged.added.size());
    QVERIFY(study.trials.size() <= acknowledged.added.size() + kKills);
    for (const Trial& trial : study.trials)
        QVERIFY(trial.state == TrialState::Complete || trial.state == TrialState::Pending);
    QVERIFY(during > kKills / 2);
    qInfo("%d kills, %d of them after the first acknowledgement: %zu results acknowledged, %d found; %zu "
          "trials "
          "acknowledged, %zu found",
          kKills, during, acknowledged.complete.size(), found, acknowledged.added.size(),
          study.trials.size());

    std::optional<ProjectFile> last(std::move(file));
    last.reset();
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"p.alidade"});
    auto database =
        sqlite::Database::open(path.toStdString(), sqlite::Access::ReadWrite, std::chrono::milliseconds(0));
    QVERIFY(database.ok());
    SUCCEED(checkIntegrity(*database));
}

QTEST_GUILESS_MAIN(ProjectKillTest)
#include "tst_project_kill.moc"
