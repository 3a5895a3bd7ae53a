#include "project_file/file_system.h"
#include "project_file/opening.h"
#include "project_file/project_file.h"
#include "project_file/schema.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"
#include "test_paths.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace alidade;
using namespace alidade::test;
using namespace std::chrono_literals;

/// What is opened, created and copied, and what is refused.
class ProjectOpeningTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void refusesOtherThings_data();
    void refusesOtherThings();
    void leavesOtherDatabasesAlone();
    void createsOnlyWhereNothingIs();
    void newerVersionsAreReadOnly();
    void newerTablesAreNotGuessed();
    void unknownOldVersionsAreRefused();
    void changedTablesAreDamage();
    void respectsPermissions_data();
    void respectsPermissions();
    void refusesToWriteIntoAMovedFile();
    void savesACopy();
    void neverCopiesOverAnOpenProject();
    void recognisesNetworkFileSystems_data();
    void recognisesNetworkFileSystems();
    void choosesTheJournal();

private:
    [[nodiscard]] QString pathOf(const char* name) const { return m_folder->filePath(name); }
    [[nodiscard]] std::filesystem::path path() const { return pathOf("p.alidade").toStdString(); }
    /// Runs SQL on the closed project.
    void tamper(const char* sql) const;
    [[nodiscard]] QStringList files() const {
        return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    Study m_study;
};

void ProjectOpeningTest::init() {
    m_folder = std::make_unique<QTemporaryDir>(fastTemplate());
    TAKE(auto file, ProjectFile::create(path(), sampleDefinition()));
    SUCCEED(file.addTrials(sampleTrials()));
    TAKE(m_study, file.load());
}

void ProjectOpeningTest::cleanup() {
    m_folder.reset();
}

void ProjectOpeningTest::tamper(const char* sql) const {
    TAKE(auto database, sqlite::Database::open(path(), sqlite::Access::ReadWrite, 0ms));
    SUCCEED(database.execute(sql));
}

void ProjectOpeningTest::refusesOtherThings_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("absent") << "absent.alidade" << int(ErrorCode::NotFound) << "no such file";
    QTest::newRow("folder") << "." << int(ErrorCode::ForeignFile) << "folder";
    QTest::newRow("empty") << "empty.alidade" << int(ErrorCode::ForeignFile) << "empty";
    QTest::newRow("pipe") << "pipe.alidade" << int(ErrorCode::ForeignFile) << "regular";
    QTest::newRow("text") << "text.alidade" << int(ErrorCode::ForeignFile) << "not an SQLite database";
}

void ProjectOpeningTest::refusesOtherThings() {
    QFETCH(QString, name);
    QFETCH(int, code);
    QFETCH(QString, words);
    QFile empty(pathOf("empty.alidade"));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QVERIFY(QFile::copy(QString::fromStdString(sourcePath("LICENSE")), pathOf("text.alidade")));
    QCOMPARE(::mkfifo(pathOf("pipe.alidade").toLocal8Bit().constData(), 0600), 0);
    const QStringList before = files();
    const auto opened = ProjectFile::open(m_folder->filePath(name).toStdString());
    QVERIFY(!opened.ok());
    QCOMPARE(int(opened.error().code), code);
    QVERIFY2(opened.error().text().find(words.toStdString()) != std::string::npos,
             opened.error().text().c_str());
    QCOMPARE(opened.error().context, m_folder->filePath(name).toStdString());
    QCOMPARE(files(), before);
}

void ProjectOpeningTest::leavesOtherDatabasesAlone() {
    const QString other = pathOf("other.db");
    {
        TAKE(auto database, sqlite::Database::open(other.toStdString(), sqlite::Access::Create, 0ms));
        SUCCEED(database.execute("CREATE TABLE trial (id INTEGER); PRAGMA application_id = 77"));
    }
    const std::string before = readFile(other.toStdString());
    REFUSE(ProjectFile::open(other.toStdString()), ErrorCode::ForeignFile);
    REFUSE(ProjectFile::recover(other.toStdString(), pathOf("new.alidade").toStdString()),
           ErrorCode::ForeignFile);
    QCOMPARE(readFile(other.toStdString()), before);
    QCOMPARE(files(), (QStringList{"other.db", "p.alidade"}));
}

void ProjectOpeningTest::createsOnlyWhereNothingIs() {
    const std::string before = readFile(path().string());
    REFUSE(ProjectFile::create(path(), Definition{}), ErrorCode::AlreadyExists);
    QCOMPARE(readFile(path().string()), before);
    REFUSE(ProjectFile::create(pathOf("absent/p.alidade").toStdString(), Definition{}),
           ErrorCode::InputOutput);
    // A link that leads nowhere is something, too.
    QVERIFY(QFile::link(pathOf("nowhere"), pathOf("link.alidade")));
    REFUSE(ProjectFile::create(pathOf("link.alidade").toStdString(), Definition{}), ErrorCode::AlreadyExists);
    QVERIFY(QFile::copy(QString::fromStdString(sourcePath("LICENSE")), pathOf("left.alidade-wal")));
    REFUSE(ProjectFile::create(pathOf("left.alidade").toStdString(), Definition{}), ErrorCode::AlreadyExists);
    Definition unwritable;
    unwritable.notes = "\xff";
    REFUSE(ProjectFile::create(pathOf("new.alidade").toStdString(), unwritable), ErrorCode::InvalidArgument);
    QVERIFY(!QFile::exists(pathOf("new.alidade")));
    QCOMPARE(QDir(m_folder->path()).entryList({".*"}, QDir::Files | QDir::Hidden).size(), 0);
    // Names that would mean something in an address.
    TAKE(auto odd,
         ProjectFile::create(pathOf("50 % of? a#b 'c' ä.alidade").toStdString(), sampleDefinition()));
    SUCCEED(odd.saveCopy(pathOf("copy of 'c' ?.alidade").toStdString()));
}

void ProjectOpeningTest::newerVersionsAreReadOnly() {
    tamper("PRAGMA user_version = 3; ALTER TABLE trial ADD COLUMN colour TEXT");
    const std::string before = readFile(path().string());
    {
        TAKE(auto file, ProjectFile::open(path()));
        QVERIFY(file.isReadOnly());
        QVERIFY2(file.notice().find("newer version") != std::string::npos, file.notice().c_str());
        TAKE(const Study study, file.load());
        QVERIFY(study == m_study);
        REFUSE(file.apply(SetInfo{}), ErrorCode::ReadOnly);
        REFUSE(file.addTrials({Trial{}}), ErrorCode::ReadOnly);
        REFUSE(file.complete(TrialId{1}, {}), ErrorCode::ReadOnly);
        REFUSE(file.storeOutput(TrialId{1}, OutputStream::StandardError, ""), ErrorCode::ReadOnly);
        REFUSE(file.keepVersion("x"), ErrorCode::ReadOnly);
        SUCCEED(file.saveCopy(pathOf("copy.alidade").toStdString()));
    }
    QCOMPARE(readFile(path().string()), before);
    TAKE(auto copy, ProjectFile::open(pathOf("copy.alidade").toStdString()));
    QVERIFY(copy.isReadOnly());
    TAKE(const Study study, copy.load());
    QVERIFY(study == m_study);
}

void ProjectOpeningTest::newerTablesAreNotGuessed() {
    tamper("PRAGMA user_version = 7; ALTER TABLE trial RENAME COLUMN note TO remark");
    TAKE(auto file, ProjectFile::open(path()));
    QVERIFY(file.isReadOnly());
    REFUSE(file.load(), ErrorCode::NewerFile);
    REFUSE(ProjectFile::recover(path(), pathOf("new.alidade").toStdString()), ErrorCode::NewerFile);
}

void ProjectOpeningTest::unknownOldVersionsAreRefused() {
    tamper("PRAGMA user_version = 0");
    REFUSE(ProjectFile::open(path()), ErrorCode::DamagedFile);
    tamper("PRAGMA user_version = -3");
    REFUSE(ProjectFile::open(path()), ErrorCode::DamagedFile);
    QCOMPARE(files(), QStringList{"p.alidade"});
}

void ProjectOpeningTest::changedTablesAreDamage() {
    // What others add is their business.
    tamper("CREATE TABLE mine (a INTEGER); CREATE INDEX mine_too ON trial (note)");
    SUCCEED(ProjectFile::open(path()));
    tamper("DROP INDEX trial_by_revision");
    const auto opened = ProjectFile::open(path());
    QVERIFY(!opened.ok());
    QCOMPARE(opened.error().code, ErrorCode::DamagedFile);
    QVERIFY(opened.error().message.find("trial_by_revision") != std::string::npos);
    QVERIFY(opened.error().message.find("recovered") != std::string::npos);
}

void ProjectOpeningTest::respectsPermissions_data() {
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("logged");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("unreadable") << 0 << false << QString("error %1 ").arg(int(ErrorCode::InputOutput));
    QTest::newRow("read-only") << 0444 << false << "read-only 6 ";
    QTest::newRow("folder read-only") << 0666 << false << "read-only 6 ";
    // A file in the write-ahead log's form needs files beside it even for reading.
    QTest::newRow("log in a read-only folder") << 0444 << true << "read-only 6 ";
}

void ProjectOpeningTest::respectsPermissions() {
    QFETCH(int, mode);
    QFETCH(bool, logged);
    QFETCH(QString, outcome);
    if (logged) {
        TAKE(auto database, sqlite::Database::open(path(), sqlite::Access::ReadWrite, 0ms));
        SUCCEED(database.queryText("PRAGMA journal_mode = WAL"));
    }
    QCOMPARE(::chmod(path().c_str(), static_cast<mode_t>(mode)), 0);
    QCOMPARE(::chmod(m_folder->path().toLocal8Bit().constData(), 0555), 0);
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(PROJECT_FILE_HELPER),
                  {"unprivileged", QString::fromStdString(path().string())});
    QVERIFY(process.waitForFinished());
    QCOMPARE(::chmod(m_folder->path().toLocal8Bit().constData(), 0755), 0);
    const QString said = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY2(said.startsWith(outcome), qPrintable(said));
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(files(), QStringList{"p.alidade"});
}

void ProjectOpeningTest::refusesToWriteIntoAMovedFile() {
    TAKE(auto file, ProjectFile::open(path()));
    SUCCEED(file.withdraw(TrialId{1}));
    TAKE(const Study study, file.load());
    QVERIFY(QFile::rename(pathOf("p.alidade"), pathOf("moved.alidade")));
    REFUSE(file.addTrials({Trial{}}), ErrorCode::InputOutput);
    QVERIFY(QFile::copy(QString::fromStdString(sourcePath("LICENSE")), pathOf("p.alidade")));
    REFUSE(file.addTrials({Trial{}}), ErrorCode::InputOutput);
    SUCCEED(file.saveCopy(pathOf("copy.alidade").toStdString()));
    TAKE(auto copy, ProjectFile::open(pathOf("copy.alidade").toStdString()));
    TAKE(const Study copied, copy.load());
    QVERIFY(copied == study);
}

void ProjectOpeningTest::savesACopy() {
    const auto target = pathOf("copy.alidade").toStdString();
    TAKE(auto file, ProjectFile::open(path()));
    SUCCEED(file.keepVersion("kept"));
    SUCCEED(file.apply(RemoveTrial{TrialId{6}}));
    SUCCEED(file.saveCopy(target));
    REFUSE(file.saveCopy(target), ErrorCode::AlreadyExists);
    REFUSE(file.saveCopy(path(), true), ErrorCode::InvalidArgument);
    REFUSE(file.saveCopy(pathOf("absent/c.alidade").toStdString()), ErrorCode::InputOutput);
    {
        TAKE(auto copy, ProjectFile::open(target));
        TAKE(const Study here, file.load());
        TAKE(const Study there, copy.load());
        QVERIFY(here == there);
        TAKE(const auto versions, copy.versions());
        QCOMPARE(versions.size(), std::size_t{1});
        TAKE(const auto ids, copy.addTrials({Trial{}}));
        QCOMPARE(ids.front(), TrialId{7});
        TAKE(const Study unchanged, file.load());
        QVERIFY(unchanged == here);
    }
    SUCCEED(file.withdraw(TrialId{1}));
    SUCCEED(file.saveCopy(target, true));
    TAKE(auto copy, ProjectFile::open(target));
    TAKE(const Study study, copy.load());
    QCOMPARE(study.trials[0].state, TrialState::Withdrawn);
    QCOMPARE(QDir(m_folder->path()).entryList({".*.part*"}, QDir::Files | QDir::Hidden).size(), 0);
}

void ProjectOpeningTest::neverCopiesOverAnOpenProject() {
    const auto target = pathOf("other.alidade").toStdString();
    TAKE(auto other, ProjectFile::create(target, sampleDefinition()));
    SUCCEED(other.addTrials({Trial{}}));
    TAKE(auto file, ProjectFile::open(path()));
    REFUSE(file.saveCopy(target, true), ErrorCode::Locked);
    SUCCEED(other.addTrials({Trial{}}));
    TAKE(const Study study, other.load());
    QCOMPARE(study.trials.size(), std::size_t{2});
}

void ProjectOpeningTest::recognisesNetworkFileSystems_data() {
    QTest::addColumn<quint64>("type");
    QTest::addColumn<bool>("network");
    // statfs(2) lists these numbers.
    QTest::newRow("nfs") << quint64{0x6969} << true;
    QTest::newRow("cifs") << quint64{0xff534d42} << true;
    QTest::newRow("cifs, sign extended") << quint64{0xffffffffff534d42} << true;
    QTest::newRow("smb2") << quint64{0xfe534d42} << true;
    QTest::newRow("fuse") << quint64{0x65735546} << true;
    QTest::newRow("9p") << quint64{0x01021997} << true;
    QTest::newRow("afs") << quint64{0x5346414f} << true;
    QTest::newRow("ext4") << quint64{0xef53} << false;
    QTest::newRow("xfs") << quint64{0x58465342} << false;
    QTest::newRow("btrfs") << quint64{0x9123683e} << false;
    QTest::newRow("tmpfs") << quint64{0x01021994} << false;
    QTest::newRow("overlay") << quint64{0x794c7630} << false;
    QTest::newRow("vfat") << quint64{0x4d44} << false;
}

void ProjectOpeningTest::recognisesNetworkFileSystems() {
    QFETCH(quint64, type);
    QFETCH(bool, network);
    QCOMPARE(isNetworkFileSystem(type), network);
    TAKE(const bool onProc, isOnNetworkFileSystem("/proc"));
    QVERIFY(!onProc);
    REFUSE(isOnNetworkFileSystem(pathOf("absent").toStdString()), ErrorCode::InputOutput);
}

void ProjectOpeningTest::choosesTheJournal() {
    TAKE(auto database, sqlite::Database::open(path(), sqlite::Access::ReadWrite, 0ms));
    SUCCEED(configureConnection(database));
    TAKE(const auto synchronous, database.queryInteger("PRAGMA synchronous"));
    QCOMPARE(synchronous, 2); // FULL
    SUCCEED(configureJournal(database, false));
    TAKE(const std::string local, database.queryText("PRAGMA journal_mode"));
    QCOMPARE(local, std::string("wal"));
    SUCCEED(configureJournal(database, true));
    TAKE(const std::string network, database.queryText("PRAGMA journal_mode"));
    QCOMPARE(network, std::string("delete"));
    SUCCEED(database.execute("UPDATE project SET revision = revision"));
    QCOMPARE(files(), QStringList{"p.alidade"});
    // Somebody in the midst of reading keeps the journal; that is no error.
    TAKE(auto reader, sqlite::Database::open(path(), sqlite::Access::ReadWrite, 0ms));
    TAKE(auto reading, sqlite::Transaction::begin(reader, sqlite::Transaction::Kind::Read));
    SUCCEED(reader.queryInteger("SELECT revision FROM project"));
    SUCCEED(configureJournal(database, false));
}

QTEST_GUILESS_MAIN(ProjectOpeningTest)
#include "tst_project_opening.moc"
