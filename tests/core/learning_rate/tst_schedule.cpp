#include "learning_rate/schedule.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace alidade;
using Golden = nlohmann::json;

class ScheduleTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithPublishedShapes_data();
    void agreesWithPublishedShapes();
    void coversEveryShape();
    void oneCycleRisesAndFalls();
    void composesAnEndedRunWithATail();
    void drawnScheduleKeepsMonotoneParts();
    void namesTheBrokenRule_data();
    void namesTheBrokenRule();
};

Q_DECLARE_METATYPE(Schedule)

void ScheduleTest::agreesWithPublishedShapes_data() {
    QTest::addColumn<Schedule>("schedule");
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("key");
    const auto wsd = [](double c) { return Schedule{WsdShape{c}}; };
    for (const char* steps : {"10", "100", "400", "4000"}) {
        const auto row = [&](const char* name, const Schedule& schedule) {
            QTest::addRow("%s %s", name, steps) << schedule << QString(steps) << QString(name);
        };
        row("constant", {ConstantShape{}});
        row("cosine", {CosineShape{}});
        row("linear", {LinearShape{}});
        row("wsd0.1", wsd(0.1));
        row("wsd0.2", wsd(0.2));
        row("wsd0.4", wsd(0.4));
        row("wsd1.0", wsd(1.0));
        row("rsqrt", {InverseSqrtShape{}});
    }
    const auto variant = [](const char* name, const Schedule& schedule) {
        QTest::addRow("%s", name) << schedule << QString() << QString(name);
    };
    variant("1-sqrt_full_c=1.0", {WsdShape{1.0, CooldownKind::OneMinusSqrt}});
    variant("wsd0.2_final_lr_0.1", {WsdShape{0.2, CooldownKind::Linear, 0.1}});
    variant("cosine_cycle2_final_lr_0.1_len802_eval400", {CosineShape{0.1, 2.0}});
    variant("wsd0.2_linear_warmup_20steps_w0=1e-10", {WsdShape{0.2}, 20});
    variant("poly_backward_alpha=2_len401", {PolynomialShape{2.0}});
    variant("poly_backward_alpha=3_len401", {PolynomialShape{3.0}});
}

void ScheduleTest::agreesWithPublishedShapes() {
    QFETCH(Schedule, schedule);
    QFETCH(QString, group);
    QFETCH(QString, key);
    const Golden golden = Golden::parse(test::readFile(test::dataPath("learning_rate.json")));
    const Golden& entry = group.isEmpty() ? golden["variants_T400"][key.toStdString()]
                                          : golden["bound_D1_G1"][group.toStdString()][key.toStdString()];
    const std::size_t steps = group.isEmpty() ? 400 : group.toUInt();
    const auto eta = rates(schedule, steps);
    QVERIFY(eta.ok());
    QCOMPARE(eta->size(), steps);
    int compared = 0;
    for (const auto& [index, value] : entry["eta_at"].items()) {
        const std::size_t t = std::stoul(index);
        if (t > steps)
            continue;
        VERIFY_NEAR(eta.value()[t - 1], value.get<double>(), 1e-12);
        ++compared;
    }
    QVERIFY(compared >= 3);
}

void ScheduleTest::coversEveryShape() {
    const auto at = [](const Schedule& schedule, std::size_t steps, std::size_t index) {
        return rates(schedule, steps).value()[index];
    };
    VERIFY_NEAR(at({ExponentialShape{0.01}}, 100, 50), 0.1, 1e-12);
    VERIFY_NEAR(at({StepShape{{0.5, 0.75}, 0.1}}, 100, 49), 1.0, 1e-15);
    VERIFY_NEAR(at({StepShape{{0.5, 0.75}, 0.1}}, 100, 50), 0.1, 1e-15);
    VERIFY_NEAR(at({StepShape{{0.5, 0.75}, 0.1}}, 100, 99), 0.01, 1e-14);
    VERIFY_NEAR(at({TableShape{{0.5, 0.25}}}, 2, 1), 0.25, 1e-15);
    VERIFY_NEAR(at({WsdShape{0.5, CooldownKind::Sqrt}}, 9, 9 - 1), std::sqrt(0.2), 1e-12);
    VERIFY_NEAR(at({WsdShape{0.5, CooldownKind::Cosine}}, 7, 5), 0.5, 1e-12);
    // Two stages: 1, then 0.5, then down to 0 at the unused last point.
    VERIFY_NEAR(at({TwoStageShape{4, 0.5, 0.5}}, 9, 3), 1.0, 1e-15);
    VERIFY_NEAR(at({TwoStageShape{4, 0.5, 0.5}}, 9, 4), 0.5, 1e-15);
    VERIFY_NEAR(at({TwoStageShape{4, 0.5, 0.5}}, 9, 8), 0.5 * 0.2, 1e-12);
    // Decaying shapes start behind the warm-up, at 1.
    VERIFY_NEAR(at({LinearShape{}, 10, 0.0}, 20, 5), 0.5, 1e-15);
    VERIFY_NEAR(at({LinearShape{}, 10, 0.0}, 20, 10), 1.0, 1e-15);
    VERIFY_NEAR(at({LinearShape{}, 10, 0.0}, 20, 15), 0.5, 1e-15);
    VERIFY_NEAR(at({WsdShape{1.0}, 10, 0.0}, 20, 15), 0.5, 1e-15);
    // 1/sqrt, then from 1/sqrt(5) down to 0 over int(0.5 * 11) points.
    const InverseSqrtShape cooled{0.5};
    VERIFY_NEAR(at({cooled}, 10, 5), 1.0 / std::sqrt(6.0), 1e-15);
    VERIFY_NEAR(at({cooled}, 10, 6), 1.0 / std::sqrt(6.0) * 0.8, 1e-15);
    VERIFY_NEAR(at({cooled}, 10, 9), 1.0 / std::sqrt(6.0) * 0.2, 1e-15);
}

void ScheduleTest::oneCycleRisesAndFalls() {
    const auto eta = rates({OneCycleShape{0.25, 0.1, 0.01}}, 400).value();
    VERIFY_NEAR(eta[0], 0.1, 1e-15);
    VERIFY_NEAR(eta[50], 0.55, 1e-12);
    VERIFY_NEAR(eta[100], 1.0, 1e-15);
    VERIFY_NEAR(eta[250], 0.505, 1e-12);
    const auto straight = rates({OneCycleShape{0.25, 0.1, 0.01, true}}, 400).value();
    VERIFY_NEAR(straight[20], 0.1 + 0.9 * 0.2, 1e-12);
    VERIFY_NEAR(straight[399], 0.01 + 0.99 / 300.0, 1e-12);
}

void ScheduleTest::composesAnEndedRunWithATail() {
    const Schedule run{WsdShape{0.2}, 50};
    const auto planned = rates(run, 1000).value();
    const Schedule longer = continued(run, 1000, 800, {LinearShape{}}, 0.525);
    const auto eta = rates(longer, 1500).value();
    for (std::size_t i = 0; i < 800; ++i)
        QCOMPARE(eta[i], planned[i]);
    const auto tail = rates({LinearShape{}}, 700).value();
    for (std::size_t i = 0; i < 700; ++i)
        QCOMPARE(eta[800 + i], 0.525 * tail[i]);
    QCOMPARE(longer, continued(run, 1000, 800, {LinearShape{}}, 0.525));
    QVERIFY(!(longer == run));
    // The published extension in two stages is such a composition.
    const auto stages = rates({TwoStageShape{800, 0.5, 0.2}}, 2000).value();
    const auto composed =
        rates(continued({ConstantShape{}}, 800, 800, {WsdShape{400.5 / 1201.0}}, 0.5), 2000).value();
    for (std::size_t i = 0; i < 2000; ++i)
        VERIFY_NEAR(composed[i], stages[i], 1e-14);
    // A warm-up of the whole multiplies.
    QCOMPARE(rates({longer.shape, 10, 0.0}, 1500).value()[5], 0.5 * eta[5]);
}

void ScheduleTest::drawnScheduleKeepsMonotoneParts() {
    const Schedule drawn{DrawnShape{{0.0, 0.1, 0.6, 1.0}, {0.0, 1.0, 1.0, 0.0}}};
    const auto eta = rates(drawn, 1000).value();
    VERIFY_NEAR(eta[100], 1.0, 1e-12);
    for (std::size_t i = 1; i < eta.size(); ++i) {
        if (i <= 100)
            QVERIFY(eta[i] >= eta[i - 1]);
        else if (i > 600)
            QVERIFY(eta[i] <= eta[i - 1]);
        else
            VERIFY_NEAR(eta[i], 1.0, 1e-12);
    }
}

void ScheduleTest::namesTheBrokenRule_data() {
    QTest::addColumn<Schedule>("schedule");
    QTest::addColumn<QString>("place");
    QTest::newRow("cooldown") << Schedule{WsdShape{1.5}} << "cooldown";
    QTest::newRow("ratio") << Schedule{CosineShape{-0.1}} << "final_ratio";
    QTest::newRow("nan ratio") << Schedule{LinearShape{NAN}} << "final_ratio";
    QTest::newRow("power") << Schedule{PolynomialShape{0.0}} << "power";
    QTest::newRow("warm-up") << Schedule{ConstantShape{}, 10} << "warmup_steps";
    QTest::newRow("warm-up start") << Schedule{ConstantShape{}, 2, -1.0} << "warmup_start";
    QTest::newRow("short table") << Schedule{TableShape{{1.0}}} << "values";
    QTest::newRow("negative entry") << Schedule{TableShape{std::vector<double>(10, -1.0)}} << "values[0]";
    QTest::newRow("milestones") << Schedule{StepShape{{0.5, 0.5}, 0.1}} << "milestones";
    QTest::newRow("switch") << Schedule{TwoStageShape{10, 1.0, 0.2}} << "switch_step";
    QTest::newRow("drawn") << Schedule{DrawnShape{{0.0, 0.0}, {1.0, 1.0}}} << "x";
    QTest::newRow("peak") << Schedule{OneCycleShape{1.0}} << "peak";
    QTest::newRow("no parts") << Schedule{ComposedShape{}} << "parts";
    QTest::newRow("long part") << continued({LinearShape{}}, 20, 10, {LinearShape{}}) << "parts[0].steps";
    QTest::newRow("horizon") << continued({LinearShape{}}, 5, 6, {LinearShape{}}) << "parts[0].horizon";
    QTest::newRow("factor") << continued({LinearShape{}}, 5, 5, {LinearShape{}}, 0.0) << "parts[1].factor";
    QTest::newRow("tail") << continued({LinearShape{}}, 5, 5, {PolynomialShape{-1.0}}) << "parts[1].power";
}

void ScheduleTest::namesTheBrokenRule() {
    QFETCH(Schedule, schedule);
    QFETCH(QString, place);
    const auto eta = rates(schedule, 10);
    QVERIFY(!eta.ok());
    QCOMPARE(QString::fromStdString(eta.error().context), place);
}

QTEST_APPLESS_MAIN(ScheduleTest)
#include "tst_schedule.moc"
