#include "calls.h"
#include "exchange/study_json.h"
#include "protocol/methods.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

/// f = (x - 0.2)^2 + away to be small, g = -(x - 0.8)^2 - away to be large, away = (z - 0.3)^2: the Pareto
/// set is z = 0.3, 0.2 <= x <= 0.8.
constexpr const char* kConfiguration = R"({"alidade": 1, "name": "p", "seed": 3,
    "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                   {"name": "z", "type": "real", "low": 0, "high": 1}],
    "objectives": [
        {"name": "f", "reference": 1.5, "desirability": {"shape": "min", "low": 0, "high": 0.36}},
        {"name": "g", "goal": "maximize", "reference": -1.5,
         "desirability": {"shape": "max", "low": -0.36, "high": 0}}]})";

std::pair<double, double> truth(double x, double z) {
    const double away = (z - 0.3) * (z - 0.3);
    return {(x - 0.2) * (x - 0.2) + away, -(x - 0.8) * (x - 0.8) - away};
}

Session project(const QTemporaryDir& folder, const std::string& configuration) {
    const std::string path = folder.filePath("p.alidade").toStdString();
    const auto definition = definitionFromText(configuration);
    if (!definition.ok() || !ProjectFile::create(path, *definition).ok())
        qFatal("no project");
    return std::move(Session::open(path)).value();
}

/// With a grid of measured trials, the corners and the border of the Pareto set among them.
Session measured(const QTemporaryDir& folder, const std::string& configuration = kConfiguration) {
    Session session = project(folder, configuration);
    for (const double x : {0.0, 0.25, 0.5, 0.75, 1.0})
        for (const double z : {0.0, 0.35, 0.7, 1.0}) {
            const auto [f, g] = truth(x, z);
            call(session, "add", {{"parameters", {{"x", x}, {"z", z}}}, {"values", {{"f", f}, {"g", g}}}});
        }
    return session;
}

} // namespace

class DecisionMethodsTest : public QObject {
    Q_OBJECT
private slots:
    void modelledFront();
    void gainOfPoints();
    void gainOfTrialsUnderWay();
    void targetsCountByDistance();
    void mostDesirableSetting();
    void bestMeanOfOneObjective();
    void badParameters_data();
    void badParameters();
    void needsResults_data();
    void needsResults();
    void oneObjectiveHasNoFront();
};

void DecisionMethodsTest::modelledFront() {
    const QTemporaryDir folder;
    Session session = measured(folder);
    const Json plain = call(session, "front");
    QVERIFY(!plain.contains("modelled"));
    QVERIFY(!call(session, "front", {{"modelled", false}}).contains("modelled"));
    const Json front = call(session, "front", {{"modelled", true}, {"paths", 32}});
    QVERIFY(front["ids"] == plain["ids"]);
    QVERIFY(front["reference"] == Json({1.5, -1.5}));
    const Json& modelled = front["modelled"];
    const std::size_t count = modelled["parameters"].size();
    QVERIFY(count > plain["ids"].size());
    QCOMPARE(modelled["mean"].size(), count);
    QCOMPARE(modelled["sd"].size(), count);
    for (std::size_t i = 0; i < count; ++i) {
        const double x = modelled["parameters"][i]["x"].get<double>();
        const double z = modelled["parameters"][i]["z"].get<double>();
        QVERIFY(x > 0.1 && x < 0.9 && std::abs(z - 0.3) < 0.1);
        const auto [f, g] = truth(x, z);
        QVERIFY(std::abs(modelled["mean"][i][0].get<double>() - f) < 0.02);
        QVERIFY(std::abs(modelled["mean"][i][1].get<double>() - g) < 0.02);
        QVERIFY(modelled["sd"][i][0].get<double>() >= 0.0);
    }
    QCOMPARE(modelled["band"].size(), std::size_t{3});
    QCOMPARE(modelled["band"][1]["share"].get<double>(), 0.5);
    // The front is g = -(0.6 - sqrt f)^2 for f up to 0.36: at each f of the median band g is nearly that.
    for (const Json& point : modelled["band"][1]["values"]) {
        const double f = point[0].get<double>();
        const double g = -std::pow(std::max(0.0, 0.6 - std::sqrt(std::max(0.0, f))), 2);
        QVERIFY2(std::abs(point[1].get<double>() - g) < 0.05, point.dump().c_str());
    }
    // Dominated volume: integral over f from 0 to 1.5 of 1.5 - (0.6 - sqrt f)^2 for f <= 0.36, 1.5 beyond;
    // the integral of (0.6 - sqrt f)^2 over 0 ... 0.36 is 0.36^2 / 6.
    const double volume = 1.5 * 1.5 - 0.36 * 0.36 / 6.0;
    QVERIFY(std::abs(modelled["hypervolume"]["mean"].get<double>() - volume) < 0.01);
    QVERIFY(modelled["hypervolume"]["sd"].get<double>() < 0.01);
    // Another reference counts from there.
    const Json near = call(session, "front", {{"modelled", true}, {"reference", {0.5, -0.5}}});
    QVERIFY(std::abs(near["modelled"]["hypervolume"]["mean"].get<double>() -
                     (0.5 * 0.5 - 0.36 * 0.36 / 6.0)) < 0.01);
}

void DecisionMethodsTest::gainOfPoints() {
    const QTemporaryDir folder;
    Session session = measured(folder);
    // Between measured points of the front there is something to gain, away from it nothing.
    const Json between{{"x", 0.375}, {"z", 0.3}};
    const Json far{{"x", 0.0}, {"z", 1.0}};
    const Json gain = call(session, "front.gain", {{"points", {between, far}}});
    QCOMPARE(gain["alone"].size(), std::size_t{2});
    QVERIFY(gain["alone"][0].get<double>() > 1e-3);
    QVERIFY(gain["alone"][1].get<double>() < 1e-4);
    QVERIFY(gain["probability"].get<double>() > 0.9);
    QVERIFY(gain["reference"] == Json({1.5, -1.5}));
    const Json front = call(session, "front");
    QVERIFY(std::abs(gain["share"].get<double>() * front["hypervolume"].get<double>() -
                     gain["value"].get<double>()) < 1e-12);
    // What that one adds to the measured front: the models know these parabolas well.
    const auto [f, g] = truth(0.375, 0.3);
    Json points = front["values"];
    const Json goals{"minimize", "maximize"};
    points.push_back({f, g});
    const Json after = call(session, "pareto.hypervolume",
                            {{"points", points}, {"goals", goals}, {"reference", {1.5, -1.5}}});
    const double added = after["value"].get<double>() - front["hypervolume"].get<double>();
    QVERIFY2(std::abs(gain["alone"][0].get<double>() - added) < 0.2 * added, gain.dump().c_str());
}

void DecisionMethodsTest::gainOfTrialsUnderWay() {
    const QTemporaryDir folder;
    Session session = measured(folder);
    const Json none = request(session, "front.gain", Json::object());
    QVERIFY(none["error"]["message"].get<std::string>().find("points") != std::string::npos);
    call(session, "add", {{"parameters", {{"x", 0.375}, {"z", 0.3}}}});
    const Json gain = call(session, "front.gain");
    QCOMPARE(gain["alone"].size(), std::size_t{1});
    QVERIFY(gain["value"].get<double>() > 1e-3);
    QVERIFY(gain["standard_error"].get<double>() >= 0.0);
}

void DecisionMethodsTest::targetsCountByDistance() {
    const QTemporaryDir folder;
    std::string configuration = kConfiguration;
    const std::string growing = R"({"shape": "max", "low": -0.36, "high": 0})";
    const auto place = configuration.find(growing);
    QVERIFY(place != std::string::npos);
    configuration.replace(place, growing.size(),
                          R"({"shape": "target", "low": -0.6, "target": -0.4, "high": -0.1})");
    Session session = measured(folder, configuration);
    const Json front = call(session, "front");
    QVERIFY(std::abs(front["reference"][1].get<double>() - 0.3) < 1e-12);
    // The measured value nearest to -0.4 is on the front, at (0.25, 0); by its direction it would not be.
    double nearest = 1.0;
    for (const Json& values : front["values"])
        nearest = std::min(nearest, std::abs(values[1].get<double>() + 0.4));
    QVERIFY(std::abs(nearest - std::abs(truth(0.25, 0.0).second + 0.4)) < 1e-12);
    const Json modelled = request(session, "front", {{"modelled", true}});
    QVERIFY(modelled["error"]["message"].get<std::string>().find("\"g\" counts by its distance") !=
            std::string::npos);
    QVERIFY(request(session, "front", {{"modelled", true}, {"reference", {1.5, -1.5}}}).contains("result"));
}

void DecisionMethodsTest::mostDesirableSetting() {
    const QTemporaryDir folder;
    Session session = measured(folder);
    const Json best = call(session, "optimum");
    QVERIFY(best["feasibility"].get<double>() > 0.99);
    // Both goals are met alike at x = 0.5, z = 0.3: d = 1 - 0.09 / 0.36.
    QVERIFY(std::abs(best["parameters"]["x"].get<double>() - 0.5) < 0.03);
    QVERIFY(std::abs(best["parameters"]["z"].get<double>() - 0.3) < 0.03);
    QVERIFY(std::abs(best["predictions"]["f"]["mean"].get<double>() - 0.09) < 0.01);
    QVERIFY(best["predictions"]["g"]["sd"].get<double>() >= 0.0);
    const Json& desirability = best["desirability"];
    QVERIFY(std::abs(desirability["overall"].get<double>() - 0.75) < 0.01);
    QVERIFY(std::abs(desirability["individual"]["f"].get<double>() - 0.75) < 0.06);
    QVERIFY(std::abs(desirability["expected"].get<double>() - 0.75) < 0.02);
    QVERIFY(desirability["sd"].get<double>() < 0.05);
    const Json same{{"kind", "desirability"}};
    QVERIFY(call(session, "optimum", same) == best);
}

void DecisionMethodsTest::bestMeanOfOneObjective() {
    const QTemporaryDir folder;
    Session session = measured(folder);
    const Json best = call(session, "optimum", {{"kind", "mean"}, {"objective", "g"}});
    QVERIFY(std::abs(best["parameters"]["x"].get<double>() - 0.8) < 0.03);
    QVERIFY(std::abs(best["predictions"]["g"]["mean"].get<double>()) < 0.01);
}

void DecisionMethodsTest::badParameters_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char* method, const char* params, const char* path) {
        QTest::addRow("%s %s", method, params)
            << QByteArray(method) << QByteArray(params) << QByteArray(path);
    };
    row("front", R"({"modeled": true})", "params.modeled");
    row("front", R"({"modelled": "yes"})", "params.modelled");
    row("front", R"({"modelled": true, "paths": 1})", "params.paths");
    row("front", R"({"modelled": true, "paths": 2000})", "params.paths");
    row("front", R"({"modelled": true, "paths": 2.5})", "params.paths");
    row("front", R"({"modelled": true, "reference": [1]})", "params.reference");
    row("front", R"({"modelled": true, "reference": [1, "a"]})", "params.reference[1]");
    row("front.gain", R"({"point": []})", "params.point");
    row("front.gain", R"({"points": []})", "params.points");
    row("front.gain", R"({"points": [{"x": 0.5}]})", "params.points[0].z");
    row("front.gain", R"({"points": [{"x": 0.5, "z": 3}]})", "params.points[0].z");
    row("front.gain", R"({"points": [{"x": 0.5, "z": 0.5}], "reference": [1, 2, 3]})", "params.reference");
    row("optimum", R"({"kinds": "mean"})", "params.kinds");
    row("optimum", R"({"kind": "median"})", "params.kind");
    row("optimum", R"({"kind": 1})", "params.kind");
    row("optimum", R"({"kind": "mean", "objective": "h"})", "params.objective");
}

void DecisionMethodsTest::badParameters() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, path);
    const QTemporaryDir folder;
    Session session = measured(folder);
    const Json reply = request(session, method.toStdString(), Json::parse(params.toStdString()));
    QVERIFY2(reply.contains("error"), reply.dump().c_str());
    QCOMPARE(reply["error"]["code"].get<int>(), -32602);
    QCOMPARE(QByteArray::fromStdString(reply["error"]["data"]["path"].get<std::string>()), path);
}

void DecisionMethodsTest::needsResults_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::newRow("front") << QByteArray("front") << QByteArray(R"({"modelled": true})");
    QTest::newRow("front, reference given")
        << QByteArray("front") << QByteArray(R"({"modelled": true, "reference": [1.5, -1.5]})");
    QTest::newRow("gain") << QByteArray("front.gain") << QByteArray(R"({"points": [{"x": 0.5, "z": 0.5}]})");
    QTest::newRow("optimum") << QByteArray("optimum") << QByteArray("{}");
    QTest::newRow("mean of which") << QByteArray("optimum") << QByteArray(R"({"kind": "mean"})");
}

void DecisionMethodsTest::needsResults() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    const QTemporaryDir folder;
    Session session = project(folder, kConfiguration);
    const Json reply = request(session, method.toStdString(), Json::parse(params.toStdString()));
    QVERIFY2(reply.contains("error"), reply.dump().c_str());
    QVERIFY(!reply["error"]["message"].get<std::string>().empty());
    // The measured front of nothing is no error.
    QVERIFY(call(session, "front")["ids"] == Json::array());
}

void DecisionMethodsTest::oneObjectiveHasNoFront() {
    const QTemporaryDir folder;
    Session session = project(folder, R"({"alidade": 1, "name": "p", "seed": 3,
        "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1}], "objectives": [{"name": "f"}]})");
    for (const double x : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0})
        call(session, "add", {{"parameters", {{"x", x}}}, {"values", {{"f", (x - 0.3) * (x - 0.3)}}}});
    QVERIFY(request(session, "front", {{"modelled", true}}).contains("error"));
    QVERIFY(request(session, "front.gain", {{"points", {{{"x", 0.5}}}}}).contains("error"));
    const Json undesired = request(session, "optimum", Json::object());
    QVERIFY(undesired["error"]["message"].get<std::string>().find("desirability") != std::string::npos);
    const Json best = call(session, "optimum", {{"kind", "mean"}});
    QVERIFY(std::abs(best["parameters"]["x"].get<double>() - 0.3) < 0.05);
    QVERIFY(!best.contains("desirability"));
}

QTEST_APPLESS_MAIN(DecisionMethodsTest)
#include "tst_decision_methods.moc"
