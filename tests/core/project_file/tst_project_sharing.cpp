#include "project_file/process_identity.h"
#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace alidade;
using namespace alidade::test;
using namespace std::chrono_literals;

namespace {

constexpr int kMinuteMs = 60'000;

/// Several connections and processes on one project.
void start(QProcess& process, const QStringList& arguments) {
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(PROJECT_FILE_HELPER), arguments);
    QVERIFY2(process.waitForStarted(), qPrintable(process.errorString()));
}

void finish(QProcess& process) {
    QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(kMinuteMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
}

} // namespace

class ProjectSharingTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void bothSeeWhatEachWrites();
    void editsMeetTheNewestState();
    void twoWritersLoseNothing_data();
    void twoWritersLoseNothing();
    void lockedIsReportedInTime();
    void companionsGoWithTheLast();
    void companionsStayWhileAnotherProcessWorks();
    void abandonedTrialsComeBack();
    void onlyTheDeadAreReleased();
    void readsProcessStatus_data();
    void readsProcessStatus();
    void knowsItself();

private:
    [[nodiscard]] QString path() const { return m_folder->filePath("p.alidade"); }
    [[nodiscard]] bool hasLog() const { return QFile::exists(path() + "-wal"); }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<ProjectFile> m_file;
};

void ProjectSharingTest::init() {
    m_folder = std::make_unique<QTemporaryDir>(fastTemplate());
    TAKE(m_file, ProjectFile::create(path().toStdString(), sampleDefinition()));
}

void ProjectSharingTest::cleanup() {
    m_file.reset();
    m_folder.reset();
}

void ProjectSharingTest::bothSeeWhatEachWrites() {
    TAKE(auto other, ProjectFile::open(path().toStdString()));
    TAKE(const auto ids, m_file->addTrials(sampleTrials()));
    SUCCEED(other.complete(ids[0], {{MeasureId{9}, {0.25, {}}}}));
    SUCCEED(m_file->apply(SetInfo{"from the first", "", 1}));
    SUCCEED(other.apply(RemoveTrial{ids[1]}));
    TAKE(const Study first, m_file->load());
    TAKE(const Study second, other.load());
    QVERIFY(first == second);
    QCOMPARE(first.definition.name, std::string("from the first"));
    QCOMPARE(first.trials.size(), ids.size() - 1);
    QCOMPARE(first.trials[0].values.at(MeasureId{9}).value, 0.25);
    REFUSE(m_file->fail(ids[0], "too late"), ErrorCode::Conflict);
}

void ProjectSharingTest::editsMeetTheNewestState() {
    TAKE(auto other, ProjectFile::open(path().toStdString()));
    Parameter parameter = sampleDefinition().space.parameters[1];
    parameter.name = "depth";
    SUCCEED(m_file->apply(PutParameter{parameter}));
    SUCCEED(other.apply(RemoveObjective{MeasureId{10}}));
    // What one undoes does not undo what the other did.
    TAKE(const Edit undo, m_file->apply(SetInfo{"x", "", 1}));
    SUCCEED(other.apply(SetStrategy{Strategy{Method::Sobol, 1, {}, {}}}));
    SUCCEED(m_file->apply(undo));
    TAKE(const Study study, m_file->load());
    QCOMPARE(study.definition.space.parameters[1].name, std::string("depth"));
    QCOMPARE(study.definition.objectives.size(), std::size_t{1});
    QCOMPARE(study.definition.name, sampleDefinition().name);
    QVERIFY(study.definition.strategy.method == Method::Sobol);
}

void ProjectSharingTest::twoWritersLoseNothing_data() {
    QTest::addColumn<bool>("rollback");
    QTest::newRow("write-ahead log") << false;
    QTest::newRow("rollback journal") << true;
}

void ProjectSharingTest::twoWritersLoseNothing() {
    QFETCH(bool, rollback);
    constexpr int kEach = 200;
    QProcess a;
    QProcess b;
    if (rollback) {
        m_file.reset();
        TAKE(m_file, ProjectFile::open(path().toStdString(), FileOptions{.rollbackJournal = true}));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ALIDADE_TEST_ROLLBACK", "1");
        a.setProcessEnvironment(environment);
        b.setProcessEnvironment(environment);
    }
    start(a, {"add", path(), "a", QString::number(kEach)});
    start(b, {"add", path(), "b", QString::number(kEach)});
    // Meanwhile a reader follows, and an editor edits.
    std::map<TrialId, Trial> followed;
    Revision seen = 0;
    int edits = 0;
    while (a.state() != QProcess::NotRunning || b.state() != QProcess::NotRunning) {
        TAKE(const Changes changes, m_file->changesSince(seen));
        QVERIFY(changes.revision >= seen);
        seen = changes.revision;
        for (const Trial& trial : changes.trials)
            followed[trial.id] = trial;
        SUCCEED(m_file->apply(SetInfo{std::to_string(++edits), "", 1}));
        a.waitForFinished(1);
        b.waitForFinished(1);
    }
    finish(a);
    finish(b);
    QCOMPARE(hasLog(), !rollback);
    TAKE(const Changes rest, m_file->changesSince(seen));
    for (const Trial& trial : rest.trials)
        followed[trial.id] = trial;
    TAKE(const Study study, m_file->load());
    QCOMPARE(study.trials.size(), std::size_t{2 * kEach});
    QCOMPARE(study.definition.name, std::to_string(edits));
    std::set<std::string> notes;
    for (const Trial& trial : study.trials) {
        QVERIFY(followed.at(trial.id) == trial);
        QCOMPARE(trial.state, TrialState::Complete);
        QCOMPARE(trial.values.at(MeasureId{9}).value, std::stod(trial.note.substr(2)));
        notes.insert(trial.note);
    }
    QCOMPARE(notes.size(), study.trials.size());
    // Each addition, completion and edit, and the creation, was one change.
    TAKE(const Revision revision, m_file->revision());
    QCOMPARE(revision, Revision{1 + 4 * kEach + edits});
}

void ProjectSharingTest::lockedIsReportedInTime() {
    QCOMPARE(FileOptions{}.lockWait, 5000ms);
    TAKE(auto patient, ProjectFile::open(path().toStdString(), FileOptions{.lockWait = 300ms}));
    TAKE(auto holder, sqlite::Database::open(path().toStdString(), sqlite::Access::ReadWrite, 0ms));
    TAKE(auto lock, sqlite::Transaction::begin(holder, sqlite::Transaction::Kind::Write));
    const auto start = std::chrono::steady_clock::now();
    auto locked = patient.addTrials({Trial{}});
    const auto waited = std::chrono::steady_clock::now() - start;
    QVERIFY(!locked.ok());
    QCOMPARE(locked.error().code, ErrorCode::Locked);
    QVERIFY(locked.error().message.find("database is locked") == std::string::npos);
    QCOMPARE(locked.error().context, path().toStdString());
    QVERIFY(waited >= 260ms && waited < 10s);
    // Reading needs no lock, and opening neither.
    SUCCEED(patient.load());
    SUCCEED(ProjectFile::open(path().toStdString(), FileOptions{.lockWait = 300ms}));
    SUCCEED(lock.commit());
    SUCCEED(patient.addTrials({Trial{}}));
}

void ProjectSharingTest::companionsGoWithTheLast() {
    std::optional<ProjectFile> other;
    TAKE(other, ProjectFile::open(path().toStdString()));
    SUCCEED(other->addTrials({Trial{}}));
    QVERIFY(hasLog());
    other.reset();
    QVERIFY(hasLog());
    SUCCEED(m_file->addTrials({Trial{}}));
    m_file.reset();
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden), QStringList{"p.alidade"});
    // Bytes 18 and 19: 1 stands for the rollback journal, so that a read-only medium can hold the file.
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.read(20).mid(18), QByteArray("\1\1"));
}

void ProjectSharingTest::companionsStayWhileAnotherProcessWorks() {
    QProcess other;
    start(other, {"wait", path()});
    QVERIFY(other.waitForReadyRead(kMinuteMs));
    SUCCEED(m_file->addTrials({Trial{}}));
    m_file.reset();
    QVERIFY(hasLog());
    other.closeWriteChannel();
    finish(other);
    QVERIFY(!hasLog());
    TAKE(m_file, ProjectFile::open(path().toStdString()));
    TAKE(const Study study, m_file->load());
    QCOMPARE(study.trials.size(), std::size_t{1});
}

void ProjectSharingTest::abandonedTrialsComeBack() {
    SUCCEED(m_file->addTrials({Trial{}, Trial{}, Trial{}}));
    QProcess other;
    start(other, {"claim", path(), "2"});
    finish(other);
    TAKE(const auto mine, m_file->claim(currentProcess()));
    QCOMPARE(mine->id, TrialId{3});
    TAKE(auto again, ProjectFile::open(path().toStdString()));
    QVERIFY2(again.notice().find("2 running trials") != std::string::npos, again.notice().c_str());
    TAKE(const Study study, again.load());
    QCOMPARE(study.trials[0].state, TrialState::Pending);
    QCOMPARE(study.trials[0].attempt, 1);
    QCOMPARE(study.trials[0].startedMs, 0);
    QCOMPARE(study.trials[1].state, TrialState::Pending);
    QCOMPARE(study.trials[2].state, TrialState::Running);
    TAKE(const auto next, again.claim(currentProcess()));
    QCOMPARE(next->id, TrialId{1});
    QCOMPARE(next->attempt, 2);
}

void ProjectSharingTest::onlyTheDeadAreReleased() {
    const RunnerIdentity self = currentProcess();
    std::vector<RunnerIdentity> runners(5, self);
    runners[1].processStart += 1;              // the id was given to another process
    runners[2].host += "-other";               // unknown what happens there
    runners[3].processId = 0x7ffffffe;         // beyond the largest id
    runners[4] = {self.host + "-other", 1, 1}; // both
    SUCCEED(m_file->addTrials(std::vector<Trial>(runners.size() + 1)));
    for (const RunnerIdentity& runner : runners)
        SUCCEED(m_file->claim(runner));
    // A measurement is undone: nobody measures that trial any more.
    SUCCEED(m_file->complete(TrialId{1}, {}));
    Trial undone;
    undone.id = TrialId{1};
    undone.state = TrialState::Running;
    SUCCEED(m_file->apply(PutTrial{undone}));
    TAKE(const auto released, m_file->reconcile());
    QCOMPARE(released, (std::vector{TrialId{1}, TrialId{2}, TrialId{4}}));
    TAKE(const Revision revision, m_file->revision());
    TAKE(const auto nothing, m_file->reconcile());
    QVERIFY(nothing.empty());
    TAKE(const Revision same, m_file->revision());
    QCOMPARE(same, revision);
    // A note on a running trial takes nothing from its runner.
    TAKE(const auto mine, m_file->claim(self, TrialId{6}));
    Trial noted = *mine;
    noted.note = "looks good";
    SUCCEED(m_file->apply(PutTrial{noted}));
    TAKE(const auto still, m_file->reconcile());
    QVERIFY(still.empty());
}

void ProjectSharingTest::readsProcessStatus_data() {
    QTest::addColumn<QByteArray>("stat");
    QTest::addColumn<qint64>("start");
    const QByteArray rest = " S 1 1 1 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10";
    QTest::newRow("plain") << "12 (bash)" + rest << qint64{987654};
    QTest::newRow("spaces") << "12 (tmux: server)" + rest << qint64{987654};
    QTest::newRow("parentheses") << "12 (a) S 1 (b) )" + rest << qint64{987654};
    QTest::newRow("ended") << "12 (bash) Z" + rest.mid(2) << qint64{-1};
    QTest::newRow("cut off") << QByteArray("12 (bash) S 1 1") << qint64{-1};
    QTest::newRow("empty") << QByteArray() << qint64{-1};
}

void ProjectSharingTest::readsProcessStatus() {
    QFETCH(QByteArray, stat);
    QFETCH(qint64, start);
    QCOMPARE(startTimeFromStat(stat.toStdString()).value_or(-1), start);
}

void ProjectSharingTest::knowsItself() {
    const RunnerIdentity self = currentProcess();
    QCOMPARE(self.processId, qint64{QCoreApplication::applicationPid()});
    QVERIFY(!self.host.empty() && self.processStart > 0);
    QVERIFY(!hasEnded(self));
    QCOMPARE(processStartTime(self.processId), std::optional(self.processStart));
}

QTEST_GUILESS_MAIN(ProjectSharingTest)
#include "tst_project_sharing.moc"
