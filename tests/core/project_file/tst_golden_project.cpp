#include "golden_project.h"
#include "project_file/migration.h"
#include "project_file/schema.h"
#include "project_file/source_reader.h"
#include "result_checks.h"
#include "scratch_folder.h"
#include "test_paths.h"

#include <QTemporaryDir>
#include <QTest>

using namespace alidade;
using namespace alidade::test;

/// Projects of every released schema open for ever; each has a row in the data function.
class GoldenProjectTest : public QObject {
    Q_OBJECT
private slots:
    void holdsWhatItHeld_data();
    void holdsWhatItHeld();
    void goesOn_data() { holdsWhatItHeld_data(); }
    void goesOn();
    void isWhatTheGeneratorMakes();

private:
    /// Opening writes into the file, so each test has its own copy.
    [[nodiscard]] std::filesystem::path copyOf(const QString& name) const {
        const QString copy = m_folder.filePath(name);
        QFile::remove(copy);
        QFile::copy(QString::fromStdString(dataPath("projects/")) + name, copy);
        QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
        return copy.toStdString();
    }
    static void compare(ProjectFile& file, bool slopes);
    QTemporaryDir m_folder{fastTemplate()};
};

void GoldenProjectTest::compare(ProjectFile& file, bool slopes) {
    TAKE(Study study, file.load());
    QVERIFY(study.trials.at(0).startedMs > 0);
    const std::int64_t started = std::exchange(study.trials.at(0).startedMs, 0);
    const Study expected = goldenStudy(slopes);
    QVERIFY(study.definition == expected.definition);
    QCOMPARE(study.trials.size(), expected.trials.size());
    for (std::size_t i = 0; i < expected.trials.size(); ++i)
        QVERIFY2(study.trials[i] == expected.trials[i], qPrintable(QString("trial %1").arg(i + 1)));

    TAKE(const auto versions, file.versions());
    QCOMPARE(versions.size(), std::size_t{1});
    QCOMPARE(versions[0].name, std::string("before the change"));
    TAKE(Study version, file.versionContent(versions[0].id));
    QCOMPARE(version.trials.at(0).startedMs, started);
    version.trials[0].startedMs = 0;
    QVERIFY(version == goldenVersion(slopes));

    TAKE(const std::string output, file.output(TrialId{2}, OutputStream::StandardOutput));
    QCOMPARE(output, std::string("loss=0.1\n\0\xff", 11));
    TAKE(const std::string error, file.output(TrialId{4}, OutputStream::StandardError));
    QCOMPARE(error, std::string("out of memory"));
    TAKE(const auto history, file.definitionHistory());
    QCOMPARE(history.size(), std::size_t{2});
    TAKE(const Definition first, file.definitionAt(1));
    QVERIFY(first == sampleDefinition());
    TAKE(const Changes changes, file.changesSince(1));
    QCOMPARE(changes.revision, Revision{6});
    QCOMPARE(changes.removed, std::vector{TrialId{8}});
    QCOMPARE(changes.trials.size(), std::size_t{7});
}

void GoldenProjectTest::holdsWhatItHeld_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("newest");
    QTest::newRow("schema 1") << "schema1.alidade" << false;
    QTest::newRow("schema 2") << "schema2.alidade" << true;
}

void GoldenProjectTest::holdsWhatItHeld() {
    QFETCH(QString, name);
    QFETCH(bool, newest);
    // Read by another project, an old file stays as it is.
    const auto path = copyOf(name);
    const std::string before = readFile(path.string());
    TAKE(Study source, readStudy(path));
    QCOMPARE(readFile(path.string()), before);
    source.trials[0].startedMs = 0;
    QVERIFY(source == goldenStudy(newest));
    TAKE(auto file, ProjectFile::open(path));
    QVERIFY2(!file.isReadOnly() && file.notice().empty() == newest, file.notice().c_str());
    compare(file, newest);
}

void GoldenProjectTest::goesOn() {
    QFETCH(QString, name);
    TAKE(auto file, ProjectFile::open(copyOf(name)));
    TAKE(const auto ids, file.addTrials({Trial{}}));
    QCOMPARE(ids.front(), TrialId{9});
    SUCCEED(file.complete(TrialId{1}, {{MeasureId{9}, {0.5, {}}}}));
    SUCCEED(file.apply(SetInfo{"goes on", "", 1}));
    auto database =
        sqlite::Database::open(file.path(), sqlite::Access::ReadWrite, std::chrono::milliseconds(0));
    QVERIFY(database.ok());
    SUCCEED(checkIntegrity(*database));
}

void GoldenProjectTest::isWhatTheGeneratorMakes() {
    TAKE(auto file, ProjectFile::create(m_folder.filePath("new.alidade").toStdString(), sampleDefinition()));
    SUCCEED(fillGoldenProject(file, true));
    compare(file, true);
}

QTEST_APPLESS_MAIN(GoldenProjectTest)
#include "tst_golden_project.moc"
