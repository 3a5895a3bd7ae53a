#include "base/text.h"
#include "learning_rate/schedule_export.h"
#include "near.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QTest>

using namespace alidade;

Q_DECLARE_METATYPE(Schedule)

class ScheduleExportTest : public QObject {
    Q_OBJECT
private slots:
    void pythonComputesTheSameRates();
    void writesTables();
    void codeIsComplete();
};

namespace {

struct Example {
    std::string name;
    Schedule schedule;
    std::size_t steps = 0;
};

std::vector<Example> examples() {
    const DrawnShape drawn{{0.0, 0.1, 0.6, 1.0}, {0.0, 1.0, 0.7, 0.0}};
    return std::vector<Example>{
        {"constant", {ConstantShape{}, 7}, 50},
        {"linear", {LinearShape{}}, 100},
        {"linear floor", {LinearShape{0.1}, 10}, 100},
        {"cosine", {CosineShape{0.1}, 5}, 100},
        {"cosine cycle", {CosineShape{0.0, 2.0}}, 100},
        {"inverse sqrt", {InverseSqrtShape{}, 10}, 100},
        {"inverse sqrt cooled", {InverseSqrtShape{0.3, CooldownKind::OneMinusSqrt, 0.01}, 10}, 100},
        {"wsd", {WsdShape{0.2}, 20}, 400},
        {"wsd sqrt", {WsdShape{0.4, CooldownKind::Sqrt, 0.05}}, 100},
        {"wsd cosine", {WsdShape{1.0, CooldownKind::Cosine}, 3}, 100},
        {"polynomial", {PolynomialShape{1.7, 0.02}, 4}, 100},
        {"exponential", {ExponentialShape{0.01}, 4}, 100},
        {"step", {StepShape{{0.3, 0.6, 0.9}, 0.1}, 4}, 101},
        {"two stages", {TwoStageShape{40, 0.5, 0.25, CooldownKind::OneMinusSqrt}, 4}, 100},
        {"drawn", {drawn, 5}, 60},
        {"table", {TableShape{{1.0, 0.5, 0.25}}, 2, 0.5}, 3},
        {"one cycle", {OneCycleShape{}}, 100},
        {"one cycle straight", {OneCycleShape{0.4, 0.1, 0.01, true}, 3}, 100},
        {"composed", continued({WsdShape{0.2}, 5}, 50, 40, {LinearShape{}}, 0.525), 90},
    };
}

} // namespace

void ScheduleExportTest::pythonComputesTheSameRates() {
    // All functions in one run of the interpreter.
    const std::vector<Example> all = examples();
    std::string program;
    for (const Example& example : all) {
        program += schedulePython(example.schedule, example.steps).value();
        program +=
            "\nprint(*(repr(float(shape(i))) for i in range(" + std::to_string(example.steps + 3) + ")))\n";
    }
    QProcess python;
    python.start("python3", {"-"});
    QVERIFY2(python.waitForStarted(), "python3 is needed");
    python.write(program.data(), static_cast<qint64>(program.size()));
    python.closeWriteChannel();
    QVERIFY(python.waitForFinished(60000));
    QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
    const QList<QByteArray> lines = python.readAllStandardOutput().split('\n');
    for (std::size_t k = 0; k < all.size(); ++k) {
        const Example& example = all[k];
        const auto eta = rates(example.schedule, example.steps).value();
        const QList<QByteArray> words = lines[static_cast<qsizetype>(k)].split(' ');
        QCOMPARE(words.size(), static_cast<qsizetype>(example.steps + 3));
        for (std::size_t i = 0; i < example.steps + 3; ++i) {
            const double value = words[static_cast<qsizetype>(i)].toDouble();
            const double expected = eta[std::min(i, example.steps - 1)]; // held from the end on
            QVERIFY2(test::near(value, expected, 1e-12, 1e-16),
                     qPrintable(QString("%1, step %2: %3 against %4")
                                    .arg(QString::fromStdString(example.name))
                                    .arg(i)
                                    .arg(value, 0, 'g', 17)
                                    .arg(expected, 0, 'g', 17)));
        }
    }
}

void ScheduleExportTest::writesTables() {
    const auto eta = rates({LinearShape{}}, 4).value();
    QCOMPARE(scheduleCsv(eta, 0.1),
             std::string("step,rate\n1,0.1\n2,") + formatDouble(0.1 * 0.75) + "\n3,0.05\n4,0.025\n");
    QCOMPARE(scheduleCsv({1.0}, 0.5, {0.25}), std::string("step,rate,bound\n1,0.5,0.25\n"));
    const auto json = nlohmann::json::parse(scheduleJsonText(eta, 0.1));
    QCOMPARE(json["base_lr"].get<double>(), 0.1);
    QCOMPARE(json["steps"].get<std::size_t>(), std::size_t{4});
    QCOMPARE(json["schedule"].get<std::vector<double>>(), eta);
}

void ScheduleExportTest::codeIsComplete() {
    const std::string torch = lambdaLrCode({WsdShape{0.2}}, 100, 0.003).value();
    QVERIFY(torch.find("LambdaLR(optimizer, lr_lambda=shape)") != std::string::npos);
    QVERIFY(torch.find("0.003") != std::string::npos);
    const std::string optax = optaxCode({WsdShape{0.2}}, 100, 0.003).value();
    QVERIFY(optax.find("def schedule(count):") != std::string::npos);
    QCOMPARE(optaxCode({WsdShape{2.0}}, 100, 0.003).error().context, std::string("cooldown"));
}

QTEST_APPLESS_MAIN(ScheduleExportTest)
#include "tst_schedule_export.moc"
