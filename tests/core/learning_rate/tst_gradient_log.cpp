#include "base/rng.h"
#include "learning_rate/gradient_log.h"
#include "learning_rate/schedule.h"
#include "near.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;

class GradientLogTest : public QObject {
    Q_OBJECT
private slots:
    void readsRates();
    void findsColumns_data();
    void findsColumns();
    void saysWhatItCleaned();
    void interpolatesMissingSteps();
    void troublesDoNotChangeTheSchedule();
    void refinesForAnyNumberOfSteps();
    void readsLosses();
    void rejectsWhatIsNoLog_data();
    void rejectsWhatIsNoLog();
};

void GradientLogTest::findsColumns_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("power");
    QTest::addColumn<QString>("norm");
    QTest::addColumn<QString>("step");
    QTest::addColumn<double>("first");
    const auto row = [](const char* name, const char* text, int power, const char* norm, const char* step,
                        double first) {
        QTest::newRow(name) << QString(text) << power << QString(norm) << QString(step) << first;
    };
    row("plain numbers", "2\n3\n4\n", 2, "column 1", "", 2.0);
    row("two columns", "10 2\n20 3\n30 4\n", 2, "column 2", "column 1", 2.0);
    row("names", "step,loss,grad_norm\n1,9,2\n2,8,3\n", 2, "grad_norm", "step", 2.0);
    row("l2 of two", "iteration;grad_l1;grad_l2\n1;7;2\n2;7;3\n", 2, "grad_l2", "iteration", 2.0);
    row("l1 of two", "iteration;grad_l1;grad_l2\n1;7;2\n2;7;3\n", 1, "grad_l1", "iteration", 7.0);
    row("quotes and mark",
        "\xEF\xBB\xBF\"train/global_step\",\"train/grad_norm\"\r\n\"1\",\"2\"\r\n\"2\",\"3\"\r\n", 2,
        "train/grad_norm", "train/global_step", 2.0);
    row("tabs, comments", "# run 7\nt\tnorm\n0\t2\n1\t3\n", 2, "norm", "t", 2.0);
}

void GradientLogTest::findsColumns() {
    QFETCH(QString, text);
    QFETCH(int, power);
    GradientLogOptions options;
    options.power = power;
    const GradientLog log = readGradientLog(text.toStdString(), options).value();
    QTEST(QString::fromStdString(log.normColumn), "norm");
    QTEST(QString::fromStdString(log.stepColumn), "step");
    QTEST(log.norms.front(), "first");
    QVERIFY(log.notes.empty());
}

void GradientLogTest::saysWhatItCleaned() {
    std::string text = "step,grad_norm\n";
    for (int step = 1; step <= 60; ++step) {
        if (step >= 20 && step <= 23) // lines 21 ... are one earlier from here on
            continue;
        text += std::to_string(step) + ",";
        if (step == 5)
            text += "nan";
        else if (step == 7)
            text += "0";
        else if (step == 9)
            text += "4000";
        else if (step == 11)
            text += "";
        else if (step == 13)
            text += "-1";
        else
            text += "2";
        text += "\n";
        if (step == 15)
            text += "15,2.5\nfifteen,2\n";
    }
    const GradientLog log = readGradientLog(text).value();
    QCOMPARE(log.norms.size(), std::size_t{60});
    QCOMPARE(log.unreadable, std::size_t{4}); // nan, empty, negative, "fifteen"
    QCOMPARE(log.zeros, std::size_t{1});
    QCOMPARE(log.spikes, std::size_t{1});
    QCOMPARE(log.repeated, std::size_t{1});
    QCOMPARE(log.missing, std::size_t{8}); // 20 to 23 and the four cells without a norm
    for (const double norm : log.norms)
        QVERIFY(norm == 2.0 || norm == 2.5 || std::abs(norm - 2.0) < 1e-12);
    std::vector<std::size_t> rows;
    for (const LogNote& note : log.notes)
        rows.push_back(note.row);
    QVERIFY(std::is_sorted(rows.begin(), rows.end()));
    for (const std::size_t line : {6U, 8U, 10U, 12U, 14U, 16U, 18U})
        QVERIFY2(std::find(rows.begin(), rows.end(), line) != rows.end(), qPrintable(QString::number(line)));
    // The gap is told at the row before it.
    QVERIFY(std::any_of(log.notes.begin(), log.notes.end(), [](const LogNote& note) {
        return note.row == 22 && note.message.find("between 19 and 24") != std::string::npos;
    }));
}

void GradientLogTest::interpolatesMissingSteps() {
    GradientLogOptions options;
    options.spikeFactor = 0.0;
    const GradientLog log = readGradientLog("step,norm\n10,1\n20,1\n30,1\n60,8\n70,8\n", options).value();
    QCOMPARE(log.firstStep, std::size_t{10});
    QCOMPARE(log.stride, std::size_t{10});
    QCOMPARE(log.lastStep(), std::size_t{70});
    QCOMPARE(log.norms.size(), std::size_t{7});
    VERIFY_NEAR(log.norms[3], 2.0, 1e-12); // on a logarithmic scale
    VERIFY_NEAR(log.norms[4], 4.0, 1e-12);
    QCOMPARE(log.missing, std::size_t{2});
}

void GradientLogTest::troublesDoNotChangeTheSchedule() {
    // The same run, logged cleanly and with a twentieth of the cells spoilt.
    Rng rng(3, "spoilt log");
    std::string clean = "step,grad_norm\n";
    std::string spoilt = clean;
    for (int step = 1; step <= 1000; ++step) {
        const double norm = (1.0 + 4.0 * std::exp(-step / 50.0)) * std::exp(0.1 * rng.normal());
        clean += std::to_string(step) + "," + std::to_string(norm) + "\n";
        const std::uint64_t trouble = rng.below(100);
        if (trouble == 0)
            continue;
        spoilt += std::to_string(step) + "," +
                  (trouble == 1   ? std::string("inf")
                   : trouble == 2 ? std::string("0")
                   : trouble == 3 ? std::string("1e9")
                   : trouble == 4 ? std::string()
                                  : std::to_string(norm)) +
                  "\n";
    }
    const GradientLog log = readGradientLog(spoilt).value();
    QVERIFY(log.spikes > 0 && log.zeros > 0 && log.unreadable > 0 && log.missing > 0);
    const auto first = refineLog(readGradientLog(clean).value(), 1000).value().rates;
    const auto second = refineLog(log, 1000).value().rates;
    for (std::size_t i = 0; i < 1000; ++i)
        QVERIFY2(std::abs(first[i] - second[i]) < 0.05,
                 qPrintable(QString("step %1: %2 against %3").arg(i + 1).arg(first[i]).arg(second[i])));
    QVERIFY(first[0] < 0.1); // falling norms: a warm-up emerges
}

void GradientLogTest::refinesForAnyNumberOfSteps() {
    const GradientLog log = readGradientLog("step,norm\n1,3\n2,3\n3,3\n4,3\n5,3\n").value();
    for (const std::size_t steps : {1U, 3U, 4U, 400U}) {
        const auto refined = refineLog(log, steps, {2, 0.0}).value();
        const auto linear = rates({LinearShape{}}, steps).value();
        for (std::size_t i = 0; i < steps; ++i)
            VERIFY_NEAR(refined.rates[i], linear[i], 1e-12);
    }
    QCOMPARE(refineLog(log, 0).error().context, std::string("steps"));
}

void GradientLogTest::readsLosses() {
    const LossLog log =
        readLossLog("step,grad_norm,val_loss\n3,1,0.5\n1,1,0.9\n2,1,\n4,1,0.4\n5,1,0.3\n4,1,0.45\n").value();
    QCOMPARE(log.lossColumn, std::string("val_loss"));
    QCOMPARE(log.points.size(), std::size_t{4});
    QCOMPARE(log.points[0].step, std::size_t{1});
    QCOMPARE(log.points[2].loss, 0.45);
    QCOMPARE(log.notes.size(), std::size_t{1});
    QCOMPARE(log.notes[0].row, std::size_t{4});
    QVERIFY(!readLossLog("loss\n1\n2\n").ok());
}

void GradientLogTest::rejectsWhatIsNoLog_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << "";
    QTest::newRow("header only") << "step,norm\n";
    QTest::newRow("one row") << "step,norm\n1,2\n";
    QTest::newRow("words") << "step,norm\na,b\nc,d\n";
    QTest::newRow("zeros") << "step,norm\n1,0\n2,0\n3,0\n";
    QTest::newRow("one step") << "step,norm\n1,2\n1,3\n";
}

void GradientLogTest::rejectsWhatIsNoLog() {
    QFETCH(QString, text);
    QVERIFY(!readGradientLog(text.toStdString()).ok());
    GradientLogOptions options;
    options.normColumn = "grad";
    QVERIFY(readGradientLog("step,grads\n1,2\n2,3\n", options).error().message.find("grads") !=
            std::string::npos);
}

void GradientLogTest::readsRates() {
    const RateLog log = readRateLog("step,loss,lr\n0,9,0.1\n2,9,0.3\n3,9,nan\n4,9,0\n").value();
    QCOMPARE(log.rateColumn, std::string("lr"));
    QCOMPARE(log.notes.size(), std::size_t{1});
    const std::vector<double> expected{0.1, 0.2, 0.3, 0.15, 0.0};
    QCOMPARE(log.rates.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(log.rates[i] - expected[i]) < 1e-15);
    // No header, one column, and steps that begin late.
    QCOMPARE(readRateLog("1\n0.5\n0.25\n").value().rates, (std::vector<double>{1.0, 0.5, 0.25}));
    QCOMPARE(readRateLog("step;rate\n3;2\n4;1\n").value().rates, (std::vector<double>{2, 2, 2, 1}));
    QVERIFY(!readRateLog("step,lr\n1,-1\n2,1\n").ok());
    QVERIFY(!readRateLog("step,lr\n1,0\n2,0\n").ok());
}

QTEST_APPLESS_MAIN(GradientLogTest)
#include "tst_gradient_log.moc"
