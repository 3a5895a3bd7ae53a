#include "project_file/sqlite_database.h"
#include "result_checks.h"
#include "scratch_folder.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

using namespace alidade;
using namespace alidade::sqlite;
using namespace std::chrono_literals;

class SqliteTest : public QObject {
    Q_OBJECT
private slots:
    void valuesComeBackExactly_data();
    void valuesComeBackExactly();
    void textAndBytesAreWhole();
    void nanIsRefused();
    void wrongTypesAreReported();
    void missingRowIsReported();
    void transactionEndsWithItsScope();
    void triggersAndViewsStayAsleep();
    void waitsForALockAsLongAsTold();
    void goesOnWhenTheLockIsReleased();
    void readersSeeOneState();
    void noticesThatTheFileMoved();

private:
    [[nodiscard]] std::filesystem::path path() const { return m_folder.filePath("a.db").toStdString(); }
    QTemporaryDir m_folder{test::fastTemplate()};
};

void SqliteTest::valuesComeBackExactly_data() {
    QTest::addColumn<double>("number");
    constexpr auto kInfinity = std::numeric_limits<double>::infinity();
    for (const double number :
         {0.1, 1.0 / 3.0, 2.0, 1e300, 5e-324, -1.7976931348623157e308, 0.0, kInfinity, -kInfinity})
        QTest::addRow("%.17g", number) << number;
}

void SqliteTest::valuesComeBackExactly() {
    QFETCH(double, number);
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a REAL, b ANY) STRICT"));
    TAKE(auto insert, database.prepare("INSERT INTO t VALUES (?, ?)"));
    SUCCEED(insert.run(number, number));
    TAKE(auto rows, database.prepare("SELECT a, b, typeof(b) FROM t"));
    TAKE(const bool row, rows.step());
    QVERIFY(row);
    QCOMPARE(rows.real(0), number);
    QCOMPARE(rows.real(1), number);
    QCOMPARE(rows.text(2), std::string("real"));
    SUCCEED(rows.finish());
}

void SqliteTest::textAndBytesAreWhole() {
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a TEXT NOT NULL, b BLOB NOT NULL, c INTEGER, d REAL) STRICT"));
    TAKE(auto insert, database.prepare("INSERT INTO t VALUES (?, ?, ?, ?)"));
    const std::string text("a\0b\xc3\xa4", 5);
    const std::string bytes("\xff\0\x80", 3);
    SUCCEED(insert.run(text, Blob{bytes}, std::numeric_limits<std::int64_t>::min(), std::nullopt));
    SUCCEED(insert.run(std::string_view(), Blob{}, 1, std::optional<double>(2.5)));
    TAKE(auto rows, database.prepare("SELECT a, b, c, d FROM t ORDER BY rowid"));
    TAKE(const bool first, rows.step());
    QVERIFY(first);
    QCOMPARE(rows.text(0), text);
    QCOMPARE(rows.blob(1), bytes);
    QCOMPARE(rows.integer(2), std::numeric_limits<std::int64_t>::min());
    QVERIFY(rows.isNull(3) && !rows.optionalReal(3));
    TAKE(const bool second, rows.step());
    QVERIFY(second);
    QVERIFY(rows.text(0).empty() && rows.blob(1).empty());
    QCOMPARE(rows.optionalReal(3), std::optional<double>(2.5));
    TAKE(const bool third, rows.step());
    QVERIFY(!third);
}

void SqliteTest::nanIsRefused() {
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a REAL) STRICT"));
    TAKE(auto insert, database.prepare("INSERT INTO t VALUES (?)"));
    REFUSE(insert.run(std::nan("")), ErrorCode::InvalidArgument);
    REFUSE(insert.run(std::optional<double>(std::nan(""))), ErrorCode::InvalidArgument);
    TAKE(const auto rows, database.queryInteger("SELECT count(*) FROM t"));
    QCOMPARE(rows, 0);
}

void SqliteTest::wrongTypesAreReported() {
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), ('x'), (2)"));
    TAKE(auto rows, database.prepare("SELECT a FROM t ORDER BY rowid"));
    TAKE(const bool first, rows.step());
    QVERIFY(first);
    QCOMPARE(rows.integer(0), 1);
    TAKE(const bool second, rows.step());
    QVERIFY(second);
    static_cast<void>(rows.integer(0));
    REFUSE(rows.step(), ErrorCode::DamagedFile);
    TAKE(auto again, database.prepare("SELECT a FROM t"));
    TAKE(const bool row, again.step());
    QVERIFY(row);
    static_cast<void>(again.text(0));
    REFUSE(again.finish(), ErrorCode::DamagedFile);
    REFUSE(database.queryInteger("SELECT 'x'"), ErrorCode::DamagedFile);
}

void SqliteTest::missingRowIsReported() {
    TAKE(auto database, Database::openInMemory());
    REFUSE(database.queryInteger("SELECT 1 WHERE 0"), ErrorCode::DamagedFile);
    REFUSE(database.queryText("SELECT 'a' WHERE 0"), ErrorCode::DamagedFile);
    REFUSE(database.queryInteger("SELECT a FROM nowhere"), ErrorCode::DamagedFile);
}

void SqliteTest::transactionEndsWithItsScope() {
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a INTEGER) STRICT"));
    {
        TAKE(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
        SUCCEED(database.execute("INSERT INTO t VALUES (1)"));
    }
    QVERIFY(!database.inTransaction());
    {
        TAKE(auto transaction, Transaction::begin(database, Transaction::Kind::Write));
        SUCCEED(database.execute("INSERT INTO t VALUES (2)"));
        SUCCEED(transaction.commit());
        QVERIFY(!database.inTransaction());
    }
    TAKE(const auto sum, database.queryInteger("SELECT sum(a) FROM t"));
    QCOMPARE(sum, 2);
}

void SqliteTest::triggersAndViewsStayAsleep() {
    TAKE(auto database, Database::openInMemory());
    SUCCEED(database.execute("CREATE TABLE t (a INTEGER) STRICT; CREATE TABLE u (a INTEGER) STRICT;"
                             "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1); END;"
                             "CREATE VIEW v AS SELECT 1"));
    SUCCEED(database.execute("INSERT INTO t VALUES (1)"));
    TAKE(const auto rows, database.queryInteger("SELECT count(*) FROM u"));
    QCOMPARE(rows, 0);
    QVERIFY(!database.queryInteger("SELECT * FROM v").ok());
}

void SqliteTest::waitsForALockAsLongAsTold() {
    TAKE(auto holder, Database::open(path(), Access::Create, 0ms));
    SUCCEED(holder.execute("CREATE TABLE t (a INTEGER) STRICT"));
    TAKE(auto lock, Transaction::begin(holder, Transaction::Kind::Write));
    TAKE(auto waiter, Database::open(path(), Access::ReadWrite, 200ms));
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto start = std::chrono::steady_clock::now();
        REFUSE(Transaction::begin(waiter, Transaction::Kind::Write), ErrorCode::Locked);
        const auto waited = std::chrono::steady_clock::now() - start;
        QVERIFY(waited >= 160ms);
        QVERIFY(waited < 5s);
    }
}

void SqliteTest::goesOnWhenTheLockIsReleased() {
    TAKE(auto waiter, Database::open(path(), Access::ReadWrite, 60s));
    std::atomic<bool> held = false;
    std::thread other([this, &held] {
        auto holder = Database::open(path(), Access::ReadWrite, 0ms);
        const auto lock = Transaction::begin(*holder, Transaction::Kind::Write);
        held = lock.ok();
        std::this_thread::sleep_for(150ms);
    });
    while (!held)
        std::this_thread::yield();
    const auto begun = Transaction::begin(waiter, Transaction::Kind::Write);
    other.join();
    QVERIFY(begun.ok());
}

void SqliteTest::readersSeeOneState() {
    TAKE(auto writer, Database::open(path(), Access::ReadWrite, 0ms));
    TAKE(const auto mode, writer.queryText("PRAGMA journal_mode = WAL"));
    QCOMPARE(mode, std::string("wal"));
    TAKE(auto reader, Database::open(path(), Access::ReadWrite, 0ms));
    TAKE(auto reading, Transaction::begin(reader, Transaction::Kind::Read));
    TAKE(const auto before, reader.queryInteger("SELECT count(*) FROM t"));
    SUCCEED(writer.execute("INSERT INTO t VALUES (1)"));
    TAKE(const auto during, reader.queryInteger("SELECT count(*) FROM t"));
    QCOMPARE(during, before);
    SUCCEED(reading.commit());
    TAKE(const auto after, reader.queryInteger("SELECT count(*) FROM t"));
    QCOMPARE(after, before + 1);
}

void SqliteTest::noticesThatTheFileMoved() {
    TAKE(auto database, Database::open(path(), Access::ReadWrite, 0ms));
    SUCCEED(database.queryInteger("SELECT count(*) FROM t"));
    QVERIFY(!database.hasMoved());
    std::filesystem::rename(path(), path().string() + ".moved");
    QVERIFY(database.hasMoved());
}

QTEST_APPLESS_MAIN(SqliteTest)
#include "tst_sqlite.moc"
