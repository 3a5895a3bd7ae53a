#include "project_file/process_identity.h"
#include "project_file/source_reader.h"
#include "project_file/sqlite_database.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace alidade;
using namespace alidade::test;

/// Earlier studies are read without leaving a trace.
class SourceReaderTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void leavesAClosedFileAsItWas();
    void seesWhatAnotherProcessWrites();
    void readsFoldersThatMayNotBeWritten();
    void refusesWhatItCannotRead();
    void givesAnEntryPerSource();
    void writesPathsAsSeenFromTheProject_data();
    void writesPathsAsSeenFromTheProject();

private:
    [[nodiscard]] std::filesystem::path path(const char* name = "earlier.alidade") const {
        return m_folder->filePath(name).toStdString();
    }
    [[nodiscard]] QByteArray bytes() const {
        QFile file(QString::fromStdString(path().string()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void SourceReaderTest::init() {
    m_folder = std::make_unique<QTemporaryDir>(fastTemplate());
}

void SourceReaderTest::leavesAClosedFileAsItWas() {
    Study written;
    {
        ProjectFile file = ProjectFile::create(path(), sampleDefinition()).value();
        SUCCEED(file.addTrials({Trial{}, Trial{}}));
        // Left behind by a process that is gone: opening the project would release it.
        RunnerIdentity gone = currentProcess();
        gone.processStart += 1;
        QVERIFY(file.claim(gone)->has_value());
        written = file.load().value();
    }
    const QByteArray before = bytes();
    const auto written_at = std::filesystem::last_write_time(path());
    const Study read = readStudy(path()).value();
    QVERIFY(read == written);
    QCOMPARE(read.trials.front().state, TrialState::Running);
    QCOMPARE(bytes(), before);
    QVERIFY(std::filesystem::last_write_time(path()) == written_at);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{"earlier.alidade"});
}

void SourceReaderTest::seesWhatAnotherProcessWrites() {
    ProjectFile file = ProjectFile::create(path(), sampleDefinition()).value();
    for (int count = 1; count <= 3; ++count) {
        SUCCEED(file.addTrials({Trial{}}));
        const QByteArray before = bytes();
        QVERIFY(readStudy(path()).value() == file.load().value());
        QCOMPARE(readStudy(path())->trials.size(), static_cast<std::size_t>(count));
        QCOMPARE(bytes(), before);
    }
    // The writer goes on undisturbed.
    SUCCEED(file.addTrials({Trial{}}));
    QCOMPARE(file.load()->trials.size(), std::size_t{4});
}

void SourceReaderTest::readsFoldersThatMayNotBeWritten() {
    const Study written = ProjectFile::create(path(), sampleDefinition())->load().value();
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::ExeOwner));
    const auto read = readStudy(path());
    QFile::setPermissions(m_folder->path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QVERIFY(read.value() == written);
}

void SourceReaderTest::refusesWhatItCannotRead() {
    QCOMPARE(readStudy(path()).error().code, ErrorCode::NotFound);
    {
        QFile text(QString::fromStdString(path("notes.txt").string()));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(QByteArray(5000, 'x'));
    }
    QCOMPARE(readStudy(path("notes.txt")).error().code, ErrorCode::ForeignFile);
    static_cast<void>(ProjectFile::create(path(), sampleDefinition()).value());
    {
        auto database =
            sqlite::Database::open(path(), sqlite::Access::ReadWrite, std::chrono::milliseconds(0)).value();
        QVERIFY(database.execute("PRAGMA user_version = 0").ok());
    }
    QCOMPARE(readStudy(path()).error().code, ErrorCode::DamagedFile);
}

void SourceReaderTest::givesAnEntryPerSource() {
    QVERIFY(QDir(m_folder->path()).mkdir("sub"));
    const auto project = path("sub/today.alidade");
    static_cast<void>(ProjectFile::create(path(), sampleDefinition()).value());
    static_cast<void>(ProjectFile::create(project, sampleDefinition()).value());
    Strategy strategy;
    QVERIFY(!readSources(strategy, project));
    strategy.sources = {"../earlier.alidade", "gone.alidade", "today.alidade", path().string()};
    const auto sources = readSources(strategy, project);
    QCOMPARE(sources->size(), std::size_t{4});
    QCOMPARE((*sources)[0].name, std::string("earlier"));
    QCOMPARE((*sources)[0].path, strategy.sources[0]);
    QVERIFY((*sources)[0].study && (*sources)[0].problem.empty());
    QVERIFY(!(*sources)[1].study);
    QCOMPARE((*sources)[1].problem, std::string("There is no such file."));
    QVERIFY(!(*sources)[2].study);
    QVERIFY((*sources)[2].problem.find("this project itself") != std::string::npos);
    QVERIFY((*sources)[3].study && *(*sources)[3].study == *(*sources)[0].study);
    // Read again, it is the same by content, though another object.
    QVERIFY(*readSources(strategy, project) == *sources);
}

void SourceReaderTest::writesPathsAsSeenFromTheProject_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("project");
    QTest::addColumn<QString>("written");
    QTest::newRow("same folder") << "/a/b/old.alidade"
                                 << "/a/b/new.alidade"
                                 << "old.alidade";
    QTest::newRow("below") << "/a/b/c/old.alidade"
                           << "/a/b/new.alidade"
                           << "c/old.alidade";
    QTest::newRow("beside") << "/a/x/old.alidade"
                            << "/a/b/new.alidade"
                            << "../x/old.alidade";
    QTest::newRow("far") << "/x/old.alidade"
                         << "/a/b/new.alidade"
                         << "/x/old.alidade";
    QTest::newRow("no file yet") << "/a/b/old.alidade"
                                 << ""
                                 << "/a/b/old.alidade";
}

void SourceReaderTest::writesPathsAsSeenFromTheProject() {
    QFETCH(const QString, source);
    QFETCH(const QString, project);
    QFETCH(const QString, written);
    QCOMPARE(QString::fromStdString(sourcePath(source.toStdString(), project.toStdString())), written);
}

QTEST_APPLESS_MAIN(SourceReaderTest)
#include "tst_source_reader.moc"
