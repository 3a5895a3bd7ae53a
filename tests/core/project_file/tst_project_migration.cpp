#include "project_file/migration.h"
#include "project_file/schema.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"
#include "test_paths.h"

#include <QTemporaryDir>
#include <QTest>

using namespace alidade;
using namespace alidade::test;

namespace {

/// What the copy of a file of this schema is called.
const std::string kCopy = ".bak-v" + std::to_string(kSchemaVersion);

Result<void> shout(sqlite::Database& database) {
    return database.execute("UPDATE project SET colour = upper(colour)");
}

Result<void> refuse(sqlite::Database&) {
    return makeError(ErrorCode::DamagedFile, "This content was never possible.");
}

/// Pretended successors of the present schema.
const std::vector<MigrationStep> kSteps = {
    {kSchemaVersion, "ALTER TABLE project ADD COLUMN colour TEXT; UPDATE project SET colour = 'blue'",
     nullptr},
    {kSchemaVersion + 1, "CREATE TABLE further (a INTEGER) STRICT", shout},
};

} // namespace

class ProjectMigrationTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void convertsStepByStep();
    void keepsEarlierCopies();
    void secondConverterFindsNothingToDo();
    void failureLeavesTheFileAsItWas_data();
    void failureLeavesTheFileAsItWas();
    void waitsForOthers();
    void releasedStepsAreComplete();

private:
    [[nodiscard]] std::filesystem::path path() const { return m_folder->filePath("p.alidade").toStdString(); }
    [[nodiscard]] Result<std::string> convert(const std::vector<MigrationStep>& steps, int target) const;
    std::unique_ptr<QTemporaryDir> m_folder;
    Study m_study;
};

void ProjectMigrationTest::init() {
    m_folder = std::make_unique<QTemporaryDir>(fastTemplate());
    TAKE(auto file, ProjectFile::create(path(), sampleDefinition()));
    SUCCEED(file.addTrials(sampleTrials()));
    TAKE(m_study, file.load());
}

void ProjectMigrationTest::cleanup() {
    m_folder.reset();
}

Result<std::string> ProjectMigrationTest::convert(const std::vector<MigrationStep>& steps, int target) const {
    const FileOptions options{.lockWait = std::chrono::milliseconds(100)};
    ALIDADE_ASSIGN(auto database,
                   sqlite::Database::open(path(), sqlite::Access::ReadWrite, options.lockWait));
    return migrate(database, path(), steps, target, options);
}

void ProjectMigrationTest::convertsStepByStep() {
    TAKE(const std::string notice, convert(kSteps, kSchemaVersion + 2));
    QVERIFY(notice.find("p.alidade" + kCopy) != std::string::npos);
    {
        TAKE(auto database,
             sqlite::Database::open(path(), sqlite::Access::ReadWrite, std::chrono::milliseconds(0)));
        TAKE(const auto version, database.queryInteger("PRAGMA user_version"));
        QCOMPARE(version, kSchemaVersion + 2);
        TAKE(const auto colour, database.queryText("SELECT colour FROM project"));
        QCOMPARE(colour, std::string("BLUE"));
        SUCCEED(checkIntegrity(database));
    }
    // The copy is the old project, whole.
    TAKE(auto old, ProjectFile::open(path().string() + kCopy));
    QVERIFY(!old.isReadOnly());
    TAKE(const Study study, old.load());
    QVERIFY(study == m_study);
}

void ProjectMigrationTest::keepsEarlierCopies() {
    const std::string first = path().string() + kCopy;
    std::filesystem::copy_file(sourcePath("LICENSE"), first);
    TAKE(const std::string notice, convert(kSteps, kSchemaVersion + 1));
    QVERIFY(notice.find(kCopy + "-2") != std::string::npos);
    QCOMPARE(readFile(first), readFile(sourcePath("LICENSE")));
    TAKE(auto old, ProjectFile::open(first + "-2"));
    QCOMPARE(QDir(m_folder->path()).entryList({".*.part*"}, QDir::Files | QDir::Hidden).size(), 0);
}

void ProjectMigrationTest::secondConverterFindsNothingToDo() {
    SUCCEED(convert(kSteps, kSchemaVersion + 2));
    TAKE(const std::string notice, convert(kSteps, kSchemaVersion + 2));
    QVERIFY(notice.empty());
    QVERIFY(!std::filesystem::exists(path().string() + kCopy + "-2"));
    QVERIFY(!std::filesystem::exists(path().string() + ".bak-v" + std::to_string(kSchemaVersion + 2)));
}

void ProjectMigrationTest::failureLeavesTheFileAsItWas_data() {
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<bool>("transformFails");
    QTest::newRow("wrong statement") << QByteArray("DELETE FROM step; DELETE FROM nowhere") << false;
    QTest::newRow("failing function") << QByteArray("DELETE FROM step") << true;
    QTest::newRow("orphans") << QByteArray("DELETE FROM trial WHERE id = 2") << false;
}

void ProjectMigrationTest::failureLeavesTheFileAsItWas() {
    QFETCH(QByteArray, sql);
    QFETCH(bool, transformFails);
    const std::vector<MigrationStep> steps = {
        kSteps[0], {kSchemaVersion + 1, sql.constData(), transformFails ? refuse : nullptr}};
    REFUSE(convert(steps, kSchemaVersion + 2), ErrorCode::DamagedFile);
    TAKE(auto file, ProjectFile::open(path()));
    QVERIFY(!file.isReadOnly());
    TAKE(const Study study, file.load());
    QVERIFY(study == m_study);
}

void ProjectMigrationTest::waitsForOthers() {
    TAKE(auto other, sqlite::Database::open(path(), sqlite::Access::ReadWrite, std::chrono::milliseconds(0)));
    TAKE(auto lock, sqlite::Transaction::begin(other, sqlite::Transaction::Kind::Write));
    REFUSE(convert(kSteps, kSchemaVersion + 2), ErrorCode::Locked);
    QVERIFY(!std::filesystem::exists(path().string() + kCopy));
}

void ProjectMigrationTest::releasedStepsAreComplete() {
    QCOMPARE(std::ssize(releasedSteps()), kSchemaVersion - 1);
    for (std::size_t i = 0; i < releasedSteps().size(); ++i)
        QCOMPARE(releasedSteps()[i].from, static_cast<int>(i) + 1);
    REFUSE(convert(releasedSteps(), kSchemaVersion + 1), ErrorCode::DamagedFile);
}

QTEST_APPLESS_MAIN(ProjectMigrationTest)
#include "tst_project_migration.moc"
