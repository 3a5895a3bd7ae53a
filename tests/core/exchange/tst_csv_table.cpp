#include "base/rng.h"
#include "exchange/csv_table.h"
#include "exchange/utf8.h"

#include <QTest>

using namespace alidade;

namespace {

/// Rows as text: cells joined by '|', rows by '/'.
QString shown(const CsvTable& table) {
    QStringList rows;
    for (const CsvRow& row : table.rows) {
        QStringList cells;
        for (const std::string& cell : row.cells)
            cells << QString::fromStdString(cell);
        rows << QString::number(row.line) + ":" + cells.join('|');
    }
    return rows.join('/');
}

std::string_view view(const QByteArray& bytes) {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

} // namespace

class CsvTableTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void writtenCellsAreReadBack();
    void findsInvalidUtf8_data();
    void findsInvalidUtf8();
};

void CsvTableTest::reads_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<char>("separator");
    QTest::addColumn<QString>("rows");
    const auto row = [](const char* name, const QByteArray& text, const char* rows, char separator = 0) {
        QTest::newRow(name) << text << separator << QString::fromUtf8(rows);
    };
    row("plain", "a,b\n1,2\n", "1:a|b/2:1|2");
    row("no line end at the end", "a,b\n1,2", "1:a|b/2:1|2");
    row("CRLF", "a,b\r\n1,2\r\n", "1:a|b/2:1|2");
    row("CR", "a,b\r1,2\r", "1:a|b/2:1|2");
    row("byte order mark",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n",
        "1:a|b/2:1|2");
    row("blank lines", "\n\na,b\n,\n  \n1,2\n\n", "3:a|b/6:1|2");
    row("semicolons", "a;b\n0,5;2\n", "1:a|b/2:0,5|2");
    row("tabs", "a\tb\n1\t2,5\n", "1:a|b/2:1|2,5");
    row("one column", "a\n1\n", "1:a/2:1");
    row("separator inside quotes of the header", "\"a,x,y\";b\n1;2\n", "1:a,x,y|b/2:1|2");
    row("given separator", "a,b|c\n1,2|3\n", "1:a,b|c/2:1,2|3", '|');
    row("given separator against the majority", "a,b;c,d\n", "1:a,b|c,d", ';');
    row("sep line", "sep=;\na;b,c,d\n", "2:a|b,c,d");
    row("sep line with CRLF", "sep=|\r\na|b\r\n", "2:a|b");
    row("quoted line end", "a,b\n\"x\ny\",2\n3,4\n", "1:a|b/2:x\ny|2/4:3|4");
    row("quoted CRLF", "a,b\r\n\"x\r\ny\",2\r\n3,4\r\n", "1:a|b/2:x\r\ny|2/4:3|4");
    row("doubled quotes", "a\n\"say \"\"hi\"\"\"\n", "1:a/2:say \"hi\"");
    row("empty quoted cell", "a,b\n\"\",1\n", "1:a|b/2:|1");
    row("quote inside an unquoted cell", "a\n5\" disk\n", "1:a/2:5\" disk");
    row("white space", " a , b \n 1 , \" 2 \" \n", "1:a|b/2:1| 2 ");
    row("ragged", "a,b,c\n1\n1,2,3,4\n", "1:a|b|c/2:1/3:1|2|3|4");
    row("trailing separator", "a,b,\n1,2,\n", "1:a|b|/2:1|2|");
    row("unicode",
        "gr\xC3\xB6\xC3\x9F"
        "e\n1\n",
        "1:gr\xC3\xB6\xC3\x9F"
        "e/2:1");
}

void CsvTableTest::reads() {
    QFETCH(QByteArray, text);
    QFETCH(char, separator);
    QFETCH(QString, rows);
    const auto table = parseCsv(view(text), separator);
    QVERIFY2(table.ok(), table.ok() ? "" : table.error().text().c_str());
    QCOMPARE(shown(*table), rows);
}

void CsvTableTest::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("context");
    QTest::newRow("empty") << QByteArray("") << "line 1";
    QTest::newRow("only blank lines") << QByteArray("\n , \n\n") << "line 1";
    QTest::newRow("only a byte order mark") << QByteArray("\xEF\xBB\xBF") << "line 1";
    QTest::newRow("open quote") << QByteArray("a,b\n1,\"2\n3,4\n") << "line 2";
    QTest::newRow("text behind a quote") << QByteArray("a,b\n\"1\"x,2\n") << "line 2";
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE"
                                          "a\0,\0",
                                          6)
                            << "line 1";
    QTest::newRow("NUL") << QByteArray("a,b\n1,\0\n", 8) << "line 2";
    QTest::newRow("Latin-1") << QByteArray("a,b\r\n1,2\r\ngr\xF6\xDF"
                                           "e,3\r\n")
                             << "line 3";
}

void CsvTableTest::refuses() {
    QFETCH(QByteArray, text);
    QFETCH(QString, context);
    const auto table = parseCsv(view(text));
    QVERIFY(!table.ok());
    QCOMPARE(table.error().code, ErrorCode::Syntax);
    QCOMPARE(QString::fromStdString(table.error().context), context);
}

void CsvTableTest::writtenCellsAreReadBack() {
    Rng rng(5, "cells");
    const std::string letters = "ab,;\"\n\r\t '=|";
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::string> cells(1 + rng.below(4));
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            for (std::uint64_t length = rng.below(6); length > 0; --length)
                cells[i] += letters[rng.below(letters.size())];
            line += (i > 0 ? "," : "") + csvCell(cells[i]);
        }
        const bool blank =
            std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.empty(); });
        const auto table = parseCsv("h,h\n" + line + "\n", ',');
        QVERIFY2(table.ok(), line.c_str());
        QCOMPARE(table->rows.size(), blank ? std::size_t{1} : std::size_t{2});
        if (!blank)
            QVERIFY2(table->rows[1].cells == cells, line.c_str());
    }
}

void CsvTableTest::findsInvalidUtf8_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("offset");
    QTest::newRow("ascii") << QByteArray("abc") << -1;
    QTest::newRow("two, three, four bytes") << QByteArray("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\x88") << -1;
    QTest::newRow("first of two missing") << QByteArray("a\xA4") << 1;
    QTest::newRow("cut off") << QByteArray("ab\xE2\x82") << 2;
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << 0;
    QTest::newRow("overlong three") << QByteArray("\xE0\x80\xAF") << 0;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 0;
    QTest::newRow("beyond the last plane") << QByteArray("\xF4\x90\x80\x80") << 0;
    QTest::newRow("last character") << QByteArray("\xF4\x8F\xBF\xBF") << -1;
}

void CsvTableTest::findsInvalidUtf8() {
    QFETCH(QByteArray, text);
    QFETCH(int, offset);
    const auto found = invalidUtf8(view(text));
    QCOMPARE(found ? static_cast<int>(*found) : -1, offset);
    QVERIFY(!invalidUtf8(withValidUtf8(view(text))).has_value());
    for (std::size_t length = 0; length < view(text).size(); ++length)
        if (offset < 0)
            QVERIFY(!invalidUtf8(shortened(view(text), length)).has_value());
}

QTEST_APPLESS_MAIN(CsvTableTest)
#include "tst_csv_table.moc"
