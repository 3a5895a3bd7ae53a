#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;
using Json = nlohmann::json;

namespace {

struct Outcome {
    int code = -1;
    std::string output;
    std::string errors;
};

Outcome run(const QStringList& arguments, const QByteArray& input = {}) {
    QProcess process;
    process.start(QString::fromStdString(test::executablePath()), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(120000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

Json call(const char* method, const Json& params) {
    const Outcome outcome = run({"call", method}, QByteArray::fromStdString(params.dump()));
    return outcome.code == 0 ? Json::parse(outcome.output) : Json{{"error", outcome.errors}};
}

} // namespace

/// The published results about schedules, through the path that a user takes.
class ScheduleVerbTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_golden = Json::parse(test::readFile(test::dataPath("learning_rate.json"))); }
    void optimalValuesAt400_data();
    void optimalValuesAt400();
    void fitsOfTheOptimalRate();
    void extensionFactors();
    void transferRatio();
    void boundFromALogOfNorms();
    void refinesALog();
    void fitsALossCurve();
    void simulates();
    void exportsCode();
    void newShapesOverTheProtocol();
    void lawsAndCooldown();
    void usageErrors_data();
    void usageErrors();

private:
    QString write(const QString& name, const QByteArray& content) const {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(content);
        return m_folder.filePath(name);
    }
    Json m_golden;
    QTemporaryDir m_folder;
};

void ScheduleVerbTest::optimalValuesAt400_data() {
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("key");
    QTest::addColumn<double>("published"); // to six places
    const auto row = [](const char* shape, const char* group, const char* key, double published) {
        QTest::newRow(shape) << QString(shape) << QString(group) << QString(key) << published;
    };
    row("linear", "400", "linear", 0.100630);
    row("wsd,cooldown=1,cooldown_kind=1-sqrt", "", "1-sqrt_full_c=1.0", 0.101243);
    row("cosine", "400", "cosine", 0.103386);
    row("wsd,cooldown=0.2", "400", "wsd0.2", 0.109323);
    row("inverse_sqrt", "400", "rsqrt", 0.122264);
    row("constant", "400", "constant", 0.137545);
}

void ScheduleVerbTest::optimalValuesAt400() {
    QFETCH(QString, shape);
    QFETCH(QString, group);
    QFETCH(QString, key);
    QFETCH(double, published);
    const Outcome outcome = run({"schedule", "bound", "--shape", shape, "--steps", "400", "--json"});
    QCOMPARE(outcome.code, 0);
    const Json result = Json::parse(outcome.output);
    const Json& entry = group.isEmpty() ? m_golden["variants_T400"][key.toStdString()]
                                        : m_golden["bound_D1_G1"]["400"][key.toStdString()];
    VERIFY_NEAR(result["optimal_bound"].get<double>(), entry["omega_star"].get<double>(), 1e-9);
    VERIFY_NEAR(result["optimal_base_lr"].get<double>(), entry["gamma_star"].get<double>(), 1e-9);
    QVERIFY(std::abs(result["optimal_bound"].get<double>() - published) < 5.1e-7);
    const Outcome readable = run({"schedule", "bound", "--shape", shape, "--steps", "400"});
    QVERIFY(readable.output.find("optimal_bound: 0.1") != std::string::npos);
}

void ScheduleVerbTest::fitsOfTheOptimalRate() {
    const auto fit = [](const Json& shape, const char* iterate) {
        double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
        for (int steps = 200; steps <= 600; steps += 100) {
            const Json result =
                call("schedule.bound", {{"shape", shape}, {"steps", steps}, {"iterate", iterate}});
            const double u = std::log(steps);
            const double v = std::log(result["optimal_base_lr"].get<double>());
            n += 1.0, x += u, y += v, xx += u * u, xy += u * v;
        }
        const double slope = (n * xy - x * y) / (n * xx - x * x);
        return std::pair(std::exp((y - slope * x) / n), slope);
    };
    const Json cosine{{"kind", "cosine"}};
    const Json wsd{{"kind", "wsd"}, {"cooldown", 0.2}};
    const auto agrees = [](std::pair<double, double> fitted, double factor, double power) {
        return std::abs(fitted.first - factor) < 0.006 && std::abs(fitted.second - power) < 0.0011;
    };
    QVERIFY(agrees(fit(cosine, "last"), 0.92, -0.492));
    QVERIFY(agrees(fit(wsd, "last"), 0.47, -0.488));
    QVERIFY(agrees(fit(cosine, "average"), 1.61, -0.498));
    QVERIFY(agrees(fit(wsd, "average"), 1.07, -0.499));
}

void ScheduleVerbTest::extensionFactors() {
    // The published factors are the nearest points of a grid with step 0.025.
    for (const Json& row : m_golden["applications_authors_code"]["wssd"]["rows"]) {
        const Json result =
            call("schedule.extend",
                 {{"shape", {{"kind", "wsd"}, {"cooldown", 0.2}}}, {"steps", 4000}, {"new_steps", row["T"]}});
        const double factor = result["rate_factor"].get<double>();
        QVERIFY2(std::abs(factor - row["picked"].get<double>()) <= 0.0126,
                 qPrintable(QString::number(factor)));
        const int steps = row["T"].get<int>();
        if (steps == 8000 || steps == 16000)
            VERIFY_NEAR(0.025 * std::round(factor / 0.025), steps == 8000 ? 0.525 : 0.375, 1e-12);
        QCOMPARE(result.contains("cooldown"), steps < 15000);
    }
    for (const Json& row : m_golden["applications_authors_code"]["wsd"]["rows"]) {
        const Outcome outcome = run({"schedule", "extend", "--shape", "wsd,cooldown=0.2", "--steps", "4000",
                                     "--new-steps", QString::number(row["T"].get<int>()), "--json"});
        const Json result = Json::parse(outcome.output);
        if (result.contains("cooldown"))
            QVERIFY(std::abs(result["cooldown"].get<double>() - row["picked"].get<double>()) < 0.015);
    }
    for (const Json& row : m_golden["applications_authors_code"]["sqrt"]["rows"]) {
        const Json result = call("schedule.extend", {{"shape", {{"kind", "inverse_sqrt"}, {"cooldown", 0.2}}},
                                                     {"steps", 4000},
                                                     {"new_steps", row["T"]}});
        QVERIFY(std::abs(result["cooldown"].get<double>() - row["picked"].get<double>()) < 0.015);
    }
}

void ScheduleVerbTest::transferRatio() {
    const Outcome outcome = run({"schedule", "transfer", "--from", "wsd,cooldown=0.2", "--to", "linear",
                                 "--steps", "50000", "--json"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(std::abs(Json::parse(outcome.output)["factor"].get<double>() - 1.94) < 0.005);
}

void ScheduleVerbTest::boundFromALogOfNorms() {
    const QString log = write("norms.csv", "step,grad_norm\n1,2\n2,1\n3,0\n4,1\n");
    const Outcome outcome =
        run({"schedule", "bound", "--shape", "linear", "--steps", "4", "--norms", log, "--json"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.errors.find("line 4: the norm is 0") != std::string::npos);
    const Json direct = call(
        "schedule.bound", {{"shape", {{"kind", "linear"}}}, {"steps", 4}, {"gradient_norms", {2, 1, 1, 1}}});
    VERIFY_NEAR(Json::parse(outcome.output)["optimal_bound"].get<double>(),
                direct["optimal_bound"].get<double>(), 1e-12);
}

void ScheduleVerbTest::refinesALog() {
    const QString log = write("log.csv", "step,grad_norm\n1,3\n2,nan\n3,3\n4,3\n5,3\n");
    const Outcome outcome = run({"schedule", "refine", "--norms", log, "--smoothing", "0", "--json"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.errors.find("line 3") != std::string::npos);
    const Json result = Json::parse(outcome.output);
    QCOMPARE(result["steps"].get<int>(), 5);
    QCOMPARE(result["cleaning"]["unreadable"].get<int>(), 1);
    for (std::size_t i = 0; i < 5; ++i)
        VERIFY_NEAR(result["schedule"][i].get<double>(), 1.0 - static_cast<double>(i) / 5.0, 1e-12);
    QVERIFY(run({"schedule", "refine", "--norms", log}).output.find("step,schedule\n1,1.0") !=
            std::string::npos);
    QCOMPARE(run({"schedule", "refine", "--norms", "missing.csv"}).code, 1);
}

void ScheduleVerbTest::fitsALossCurve() {
    const Json shape{{"kind", "wsd"}, {"cooldown", 0.3}};
    Json at = Json::array();
    for (int t = 5; t <= 200; t += 5)
        at.push_back(t);
    const Json curve = call("schedule.bound", {{"shape", shape},
                                               {"steps", 200},
                                               {"distance", 2},
                                               {"gradient_norms", 0.5},
                                               {"base_lr", 0.1},
                                               {"at", at}});
    QByteArray log = "step,loss\n";
    for (const Json& point : curve["at"])
        log += QByteArray::number(point["t"].get<int>()) + ',' +
               QByteArray::number(1.5 + point["bound"].get<double>(), 'g', 17) + '\n';
    const Outcome outcome = run({"schedule", "fit", "--shape", "wsd,cooldown=0.3", "--steps", "200",
                                 "--base-lr", "0.1", "--losses", write("losses.csv", log), "--json"});
    QCOMPARE(outcome.code, 0);
    const Json fit = Json::parse(outcome.output);
    VERIFY_NEAR(fit["distance"].get<double>(), 2.0, 1e-6);
    VERIFY_NEAR(fit["gradient_norm"].get<double>(), 0.5, 1e-6);
    VERIFY_NEAR(fit["floor"].get<double>(), 1.5, 1e-6);
    QCOMPARE(fit["residuals"].size(), std::size_t{40});
}

void ScheduleVerbTest::simulates() {
    for (const char* problem : {"least_squares", "logistic", "distance", "largest_term", "digits"}) {
        const Json result =
            call("schedule.simulate",
                 {{"problem", problem}, {"shape", {{"kind", "linear"}}}, {"steps", 50}, {"samples", 100}});
        QVERIFY2(!result.contains("error"), result.dump().c_str());
        QVERIFY(result["bound_applies"].get<bool>());
        for (std::size_t t = 0; t < 50; ++t)
            QVERIFY(result["gaps"][t].get<double>() <= result["bound"][t].get<double>());
    }
    const Outcome outcome = run({"schedule", "simulate", "--problem", "distance", "--optimizer", "dog",
                                 "--shape", "constant", "--steps", "30"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output.find("bound_applies: false") != std::string::npos);
    QVERIFY(call("schedule.simulate", {{"shape", {{"kind", "linear"}}}, {"steps", 5}, {"optimizer", "adm"}})
                .dump()
                .find("params.optimizer") != std::string::npos);
}

void ScheduleVerbTest::exportsCode() {
    const Outcome torch = run({"schedule", "export", "--shape", "wsd,cooldown=0.2,warmup_steps=10", "--steps",
                               "100", "--base-lr", "0.003", "--format", "pytorch"});
    QCOMPARE(torch.code, 0);
    QVERIFY(torch.output.find("LambdaLR") != std::string::npos);
    const Outcome csv = run({"schedule", "export", "--shape", "step,milestones=0.3:0.6", "--steps", "10"});
    QVERIFY(csv.output.starts_with("step,rate\n1,1\n"));
    QCOMPARE(run({"schedule", "export", "--shape", "linear", "--steps", "10", "--format", "cobol"}).code, 1);
}

void ScheduleVerbTest::newShapesOverTheProtocol() {
    const Json composed{
        {"kind", "composed"},
        {"parts",
         {{{"shape", {{"kind", "wsd"}, {"cooldown", 0.2}}}, {"steps", 800}, {"horizon", 1000}},
          {{"shape", {{"kind", "linear"}}}, {"factor", 0.5}}}}};
    const Json result = call("schedule.bound", {{"shape", composed}, {"steps", 1500}});
    QVERIFY2(!result.contains("error"), result.dump().c_str());
    QCOMPARE(result["schedule"][800].get<double>(), 0.5);
    for (const Json& shape :
         {Json{{"kind", "drawn"}, {"x", {0, 0.5, 1}}, {"height", {1, 0.8, 0.1}}}, Json{{"kind", "one_cycle"}},
          Json{{"kind", "two_stage"}, {"switch_step", 10}, {"factor", 0.5}}})
        QVERIFY(!call("schedule.bound", {{"shape", shape}, {"steps", 50}}).contains("error"));
    const Json part{{"shape", {{"kind", "linear"}, {"final_ratio", 2}}}};
    const Json wrong = call(
        "schedule.bound", {{"shape", {{"kind", "composed"}, {"parts", Json::array({part})}}}, {"steps", 50}});
    QVERIFY(wrong.dump().find("params.shape.parts[0].shape.final_ratio") != std::string::npos);
    const auto nested = [](int depth) {
        Json shape{{"kind", "constant"}};
        for (int i = 0; i < depth; ++i)
            shape = Json{{"kind", "composed"}, {"parts", Json::array({Json{{"shape", std::move(shape)}}})}};
        return shape;
    };
    QVERIFY(!call("schedule.bound", {{"shape", nested(8)}, {"steps", 5}}).contains("error"));
    for (const int depth : {9, 20}) {
        const std::string error = call("schedule.bound", {{"shape", nested(depth)}, {"steps", 5}}).dump();
        QVERIFY2(error.find("more than 8 deep") != std::string::npos, error.c_str());
        QVERIFY(error.find("params.shape.parts[0].shape.parts[0].shape") != std::string::npos);
    }
}

void ScheduleVerbTest::lawsAndCooldown() {
    const Json law = call("schedule.step_law", {{"parameters", 1e9}, {"tokens", 1e11}, {"law", "deepseek"}});
    VERIFY_NEAR(law["lr"].get<double>(), 0.3118 * std::pow(6e20, -0.125), 1e-12);
    VERIFY_NEAR(law["batch_tokens"].get<double>(), 0.2920 * std::pow(6e20, 0.3271), 1e-12);
    QCOMPARE(law["warnings"].size(), std::size_t{1});
    QVERIFY(law["conventions"].get<std::string>().find("per update") != std::string::npos);
    const Json best = call("schedule.best_cooldown", {{"steps", 200}});
    QVERIFY(best["cooldown"].get<double>() > 0.8);
    QVERIFY(
        run({"schedule", "step-law", "--parameters", "1e9", "--tokens", "1e11"}).output.find("lr: 0.00") !=
        std::string::npos);
}

void ScheduleVerbTest::usageErrors_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    const auto row = [](const QStringList& arguments, int code, const char* said) {
        QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments << code << said;
    };
    row({"schedule"}, 2, "too few");
    row({"schedule", "bond"}, 2, "bound");
    row({"schedule", "bound", "--tokens", "3"}, 2, "does not belong to bound");
    row({"schedule", "bound", "--shape", "linear"}, 2, "--steps is missing");
    row({"schedule", "refine"}, 2, "--norms is missing");
    row({"schedule", "step-law", "--parameters", "1e9"}, 2, "--tokens is missing");
    row({"schedule", "bound", "--shape", "linera", "--steps", "5"}, 1, "linear");
    row({"schedule", "bound", "--shape", "wsd,0.2", "--steps", "5"}, 1, "setting=value");
    row({"schedule", "bound", "--shape", "{", "--steps", "5"}, 1, "not JSON");
    row({"schedule", "bound", "--shape", "linear", "--steps", "five"}, 1, "steps");
}

void ScheduleVerbTest::usageErrors() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, said);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, code);
    QVERIFY2(outcome.errors.find(said.toStdString()) != std::string::npos, outcome.errors.c_str());
    QVERIFY(outcome.output.empty());
}

QTEST_APPLESS_MAIN(ScheduleVerbTest)
#include "tst_schedule_verb.moc"
