#include "base/rng.h"
#include "golden_project.h"
#include "project_file/project_file.h"
#include "result_checks.h"
#include "scratch_folder.h"
#include "test_paths.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace alidade;
using namespace alidade::test;

namespace {

constexpr std::size_t kPage = 4096;
constexpr int kTrials = 150;
constexpr int kDamages = 200;

void writeFile(const std::filesystem::path& path, const std::string& content) {
    std::ofstream file(path, std::ios::binary);
    file << content;
}

} // namespace

/// A project whose file is truncated, overwritten or has flipped bits: the program says so or shows the
/// truth.
class DamagedFileTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void neverLies();
    void recoversFromAKnownLoss_data();
    void recoversFromAKnownLoss();
    void refusesWhatIsNoProject_data();
    void refusesWhatIsNoProject();
    void recoveryOfAGoodFileIsACopy();
    void recoveryReplacesNothing();
    void olderFilesAreRecovered_data();
    void olderFilesAreRecovered();

private:
    /// A sound copy of the project as it was last closed, overwritten by `change`.
    template <typename Change>
    std::filesystem::path damaged(Change change) {
        std::string content = m_content;
        change(content);
        const auto path = pathOf("damaged.alidade");
        writeFile(path, content);
        return path;
    }
    [[nodiscard]] std::filesystem::path pathOf(const char* name) const {
        return m_folder.filePath(name).toStdString();
    }
    /// Every trial that the recovered file holds without a mark is as it was.
    void checkRecovered(const std::filesystem::path& path, const Recovery& recovery);

    QTemporaryDir m_folder{fastTemplate()};
    std::string m_content;
    Study m_study;
};

void DamagedFileTest::initTestCase() {
    const auto path = pathOf("sound.alidade");
    {
        TAKE(auto file, ProjectFile::create(path, sampleDefinition()));
        const auto kinds = sampleTrials();
        std::vector<Trial> trials;
        for (std::size_t i = 0; i < kTrials; ++i) {
            trials.push_back(kinds[i % kinds.size()]);
            trials.back().setting[ParameterId{1}] = Value(1e-5 * static_cast<double>(i + 1));
        }
        SUCCEED(file.addTrials(trials));
        SUCCEED(file.keepVersion("first"));
        SUCCEED(file.apply(SetInfo{"renamed", "", 5}));
        SUCCEED(file.apply(RemoveTrial{TrialId{10}}));
        SUCCEED(file.storeOutput(TrialId{2}, OutputStream::StandardOutput, std::string(20000, 'x')));
        TAKE(m_study, file.load());
    }
    m_content = readFile(path.string());
    QCOMPARE(m_content.size() % kPage, std::size_t{0});
    QVERIFY(m_content.size() > 40 * kPage);
}

void DamagedFileTest::checkRecovered(const std::filesystem::path& path, const Recovery& recovery) {
    TAKE(auto file, ProjectFile::open(path));
    TAKE(const Study study, file.load());
    int intact = 0;
    for (const Trial& trial : study.trials) {
        if (std::find(recovery.incomplete.begin(), recovery.incomplete.end(), trial.id) !=
            recovery.incomplete.end()) {
            QVERIFY(trial.excluded);
            continue;
        }
        ++intact;
        const Trial* original = m_study.find(trial.id);
        // A removed trial may come back only when its removal is what was damaged; this one had an id of 10.
        if (original == nullptr)
            QCOMPARE(trial.id, TrialId{10});
        else
            QVERIFY(trial == *original);
    }
    QCOMPARE(intact, recovery.intact);
    if (recovery.definitionIsNewest)
        QVERIFY(study.definition == m_study.definition);
    else
        QVERIFY(study.definition == sampleDefinition());
}

void DamagedFileTest::neverLies() {
    int opened = 0;
    int refused = 0;
    int recovered = 0;
    int rescued = 0;
    std::map<ErrorCode, int> codes;
    for (int i = 0; i < kDamages; ++i) {
        Rng rng(1, "damage", static_cast<std::uint64_t>(i));
        const auto path = damaged([&](std::string& content) {
            const auto anywhere = [&] { return static_cast<std::size_t>(rng.below(content.size())); };
            switch (i % 5) {
            case 0: // one bit
                content[anywhere()] ^= static_cast<char>(1U << rng.below(8));
                break;
            case 1: // a few bytes in the first pages, where the structure is
                for (int k = 0; k < 4; ++k)
                    content[static_cast<std::size_t>(rng.below(3 * kPage))] =
                        static_cast<char>(rng.below(256));
                break;
            case 2: // many bytes
                for (int k = 0; k < 50; ++k)
                    content[anywhere()] = static_cast<char>(rng.below(256));
                break;
            case 3: // the end is missing
                content.resize(anywhere());
                break;
            default: // a page of zeros
                std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(anywhere() / kPage * kPage), kPage,
                            '\0');
            }
        });
        const auto attempt = [&]() -> Result<Study> {
            ALIDADE_ASSIGN(auto file, ProjectFile::open(path));
            ALIDADE_ASSIGN(Study study, file.load());
            // Writing into what may be damaged must not make it worse than an error, either.
            if (!file.isReadOnly())
                static_cast<void>(file.apply(SetInfo{"renamed", "", 5}).ok());
            return study;
        }();
        if (attempt.ok()) {
            ++opened;
            QVERIFY2(*attempt == m_study,
                     qPrintable(QString("damage %1 changed the study unnoticed").arg(i)));
        } else {
            ++refused;
            ++codes[attempt.error().code];
            QVERIFY2(!attempt.error().message.empty() && attempt.error().context == path.string(),
                     attempt.error().text().c_str());
        }
        const auto target = pathOf("recovered.alidade");
        const auto recovery = ProjectFile::recover(path, target);
        if (recovery.ok()) {
            ++recovered;
            rescued += recovery->intact;
            checkRecovered(target, *recovery);
            if (QTest::currentTestFailed())
                QFAIL(qPrintable(QString("after damage %1").arg(i)));
        }
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
            std::filesystem::remove(path.string() + suffix);
            std::filesystem::remove(target.string() + suffix);
        }
    }
    // Nothing is left behind.
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    qInfo("%d damages: %d opened and were whole, %d were refused, %d of all recovered with %.1f %% of the "
          "trials",
          kDamages, opened, refused, recovered, 100.0 * rescued / (double(kTrials - 1) * kDamages));
    for (const auto& [code, count] : codes)
        qInfo("  error code %d: %d", int(code), count);
    QVERIFY(opened > 0 && refused > kDamages / 4 && recovered > kDamages / 2);
}

void DamagedFileTest::recoversFromAKnownLoss_data() {
    QTest::addColumn<int>("firstPage");
    QTest::addColumn<int>("pages");
    QTest::addColumn<bool>("everything");
    // The first page holds the header and the table of contents.
    QTest::newRow("first page") << 0 << 1 << true;
    QTest::newRow("middle") << 32 << 3 << false;
    QTest::newRow("nothing") << 0 << 0 << true;
}

void DamagedFileTest::recoversFromAKnownLoss() {
    QFETCH(int, firstPage);
    QFETCH(int, pages);
    QFETCH(bool, everything);
    for (const bool compact : {false, true}) {
        std::filesystem::path source = pathOf("sound.alidade");
        if (compact) {
            TAKE(auto file, ProjectFile::open(source));
            source = pathOf("compact.alidade");
            SUCCEED(file.saveCopy(source, true));
        }
        std::string content = readFile(source.string());
        std::fill_n(content.begin() + firstPage * std::ptrdiff_t{kPage}, pages * kPage, '\0');
        writeFile(pathOf("loss.alidade"), content);
        TAKE(const Recovery recovery,
             ProjectFile::recover(pathOf("loss.alidade"), pathOf("recovered.alidade")));
        checkRecovered(pathOf("recovered.alidade"), recovery);
        QVERIFY2(recovery.intact > kTrials / 4, recovery.summary().c_str());
        QCOMPARE(recovery.intact == kTrials - 1, everything);
        QCOMPARE(recovery.summary().find("intact") != std::string::npos, true);
        if (everything) {
            QVERIFY(recovery.incomplete.empty() && recovery.lost == 0);
            QCOMPARE(recovery.versions, 1);
        }
        std::filesystem::remove(pathOf("recovered.alidade"));
        std::filesystem::remove(pathOf("loss.alidade"));
    }
    std::filesystem::remove(pathOf("compact.alidade"));
}

void DamagedFileTest::refusesWhatIsNoProject_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("openCode");
    QTest::addColumn<int>("recoverCode");
    QTest::newRow("empty") << QByteArray() << int(ErrorCode::ForeignFile) << int(ErrorCode::ForeignFile);
    QTest::newRow("short") << QByteArray("x") << int(ErrorCode::ForeignFile) << int(ErrorCode::DamagedFile);
    QTest::newRow("text") << QByteArray("loss,rate\n1,2\n").repeated(1000) << int(ErrorCode::ForeignFile)
                          << int(ErrorCode::DamagedFile);
    QTest::newRow("zeros") << QByteArray(20000, '\0') << int(ErrorCode::ForeignFile)
                           << int(ErrorCode::DamagedFile);
}

void DamagedFileTest::refusesWhatIsNoProject() {
    QFETCH(QByteArray, content);
    QFETCH(int, openCode);
    QFETCH(int, recoverCode);
    const auto path = pathOf("other.alidade");
    writeFile(path, content.toStdString());
    REFUSE(ProjectFile::open(path), static_cast<ErrorCode>(openCode));
    REFUSE(ProjectFile::recover(path, pathOf("recovered.alidade")), static_cast<ErrorCode>(recoverCode));
    QCOMPARE(readFile(path.string()), content.toStdString());
    std::filesystem::remove(path);
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void DamagedFileTest::recoveryOfAGoodFileIsACopy() {
    const auto path = pathOf("sound.alidade");
    const std::string before = readFile(path.string());
    TAKE(const Recovery recovery, ProjectFile::recover(path, pathOf("recovered.alidade")));
    QCOMPARE(readFile(path.string()), before);
    QCOMPARE(recovery.intact, kTrials - 1);
    QVERIFY(recovery.definitionIsNewest);
    TAKE(auto file, ProjectFile::open(pathOf("recovered.alidade")));
    TAKE(const Study study, file.load());
    QVERIFY(study == m_study);
    TAKE(const auto versions, file.versions());
    QCOMPARE(versions.size(), std::size_t{1});
    TAKE(const Study version, file.versionContent(versions[0].id));
    QCOMPARE(version.trials.size(), std::size_t{kTrials});
    QVERIFY(version.definition == sampleDefinition());
    TAKE(const std::string output, file.output(TrialId{2}, OutputStream::StandardOutput));
    QCOMPARE(output, std::string(20000, 'x'));
    TAKE(const auto ids, file.addTrials({Trial{}}));
    QCOMPARE(ids.front(), TrialId{kTrials + 1});
}

void DamagedFileTest::recoveryReplacesNothing() {
    REFUSE(ProjectFile::recover(pathOf("sound.alidade"), pathOf("sound.alidade")), ErrorCode::AlreadyExists);
    REFUSE(ProjectFile::recover(pathOf("absent.alidade"), pathOf("new.alidade")), ErrorCode::NotFound);
}

void DamagedFileTest::olderFilesAreRecovered_data() {
    QTest::addColumn<int>("lost");
    QTest::newRow("nothing") << 0;
    QTest::newRow("header and table of contents") << int{kPage};
}

void DamagedFileTest::olderFilesAreRecovered() {
    QFETCH(int, lost);
    std::string content = readFile(dataPath("projects/schema1.alidade"));
    std::fill_n(content.begin(), lost, '\0');
    writeFile(pathOf("older.alidade"), content);
    std::filesystem::remove(pathOf("recovered.alidade"));
    TAKE(const Recovery recovery, ProjectFile::recover(pathOf("older.alidade"), pathOf("recovered.alidade")));
    QVERIFY2(recovery.incomplete.empty() && recovery.lost == 0, recovery.summary().c_str());
    QCOMPARE(recovery.intact, 7);
    QCOMPARE(recovery.versions, 1);
    TAKE(auto file, ProjectFile::open(pathOf("recovered.alidade")));
    TAKE(const Study study, file.load());
    Study expected = goldenStudy(false);
    expected.trials[0].state = TrialState::Pending; // whoever measured it is not known any more
    QVERIFY(study == expected);
}

QTEST_APPLESS_MAIN(DamagedFileTest)
#include "tst_damaged_file.moc"
