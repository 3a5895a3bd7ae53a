#include "calls.h"
#include "exchange/study_json.h"
#include "protocol/methods.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

constexpr const char* kConfiguration = R"({"alidade": 1, "name": "p", "seed": 3,
    "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                   {"name": "lr", "type": "real", "low": 1e-4, "high": 1, "scale": "log"},
                   {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
    "objectives": [{"name": "loss"}]})";
/// Shares x and kind with the other, not lr; its kind has one choice more.
constexpr const char* kLater = R"({"alidade": 1, "name": "later", "seed": 4,
    "parameters": [{"name": "x", "type": "real", "low": 0, "high": 2},
                   {"name": "kind", "type": "categorical", "choices": ["a", "b", "c"]},
                   {"name": "depth", "type": "integer", "low": 1, "high": 5}],
    "objectives": [{"name": "loss"}]})";

Session project(const std::string& path, Json configuration, const char* beliefs = "[]") {
    configuration["beliefs"] = Json::parse(beliefs);
    const auto definition = definitionFromText(configuration.dump());
    if (!definition.ok() || !ProjectFile::create(path, *definition).ok())
        qFatal("no project");
    return std::move(Session::open(path)).value();
}

/// loss = (x - 0.7)^2 + 0.1 (log10 lr + 2)^2 + [kind = b]: the best is x = 0.7, lr = 0.01, a.
void measure(Session& session, int count) {
    for (int i = 0; i < count; ++i) {
        const double x = std::fmod(0.1 + 0.37 * i, 1.0);
        const double decades = std::fmod(0.61 * i, 1.0) * 4.0 - 4.0;
        const bool b = i % 2 == 1;
        const double loss = (x - 0.7) * (x - 0.7) + 0.1 * (decades + 2.0) * (decades + 2.0) + (b ? 1.0 : 0.0);
        call(session, "add",
             {{"parameters", {{"x", x}, {"lr", std::pow(10.0, decades)}, {"kind", b ? "b" : "a"}}},
              {"values", {{"loss", loss}}}});
    }
}

} // namespace

class BeliefMethodsTest : public QObject {
    Q_OBJECT
private slots:
    void judgesBeliefs();
    void withoutBeliefsThereIsNothingToSay();
    void weighsPredictions();
    void transfersFromAnEarlierProject();
    void badParameters_data();
    void badParameters();
    void needsResults();
};

void BeliefMethodsTest::judgesBeliefs() {
    const QTemporaryDir folder;
    Session session = project(folder.filePath("p.alidade").toStdString(), Json::parse(kConfiguration), R"([
        {"about": "optimum", "parameter": "x", "density": {"family": "normal", "center": 0.7, "spread": 0.1}},
        {"about": "optimum", "parameter": "lr", "density": {"family": "normal", "center": 0.5, "spread": 0.3}},
        {"about": "preference", "better": {"kind": "a"}, "worse": {"kind": "b"}, "confidence": 0}])");
    measure(session, 24);
    const Json loss = call(session, "beliefs")["objectives"]["loss"];
    QVERIFY(loss["functions"].get<int>() >= 1024);
    const double effective = loss["effective_sample_size"].get<double>();
    QVERIFY2(effective > 1.0 && effective <= loss["functions"].get<double>() + 1e-6, loss.dump().c_str());
    // The one without confidence says nothing; of the other two, data agree with the first only.
    QCOMPARE(loss["beliefs"].size(), std::size_t{2});
    const Json& right = loss["beliefs"][0];
    const Json& wrong = loss["beliefs"][1];
    QCOMPARE(right["index"].get<int>(), 0);
    QCOMPARE(right["verdict"].get<std::string>(), "agree");
    QVERIFY(right["bayes_factor"].get<double>() > 3.0);
    QCOMPARE(wrong["index"].get<int>(), 1);
    if (wrong["used"].get<bool>()) {
        QCOMPARE(wrong["verdict"].get<std::string>(), "overrule");
        QVERIFY(wrong["bayes_factor"].get<double>() < 0.1);
        QVERIFY(std::abs(std::log(wrong["bayes_factor"].get<double>()) -
                         wrong["log_bayes_factor"].get<double>()) < 1e-9);
    }
}

void BeliefMethodsTest::withoutBeliefsThereIsNothingToSay() {
    const QTemporaryDir folder;
    Session session = project(folder.filePath("p.alidade").toStdString(), Json::parse(kConfiguration));
    measure(session, 6);
    QVERIFY(call(session, "beliefs") == Json({{"objectives", Json::object()}}));
}

void BeliefMethodsTest::weighsPredictions() {
    const QTemporaryDir folder;
    Session session = project(folder.filePath("p.alidade").toStdString(), Json::parse(kConfiguration), R"([
        {"about": "optimum", "parameter": "x",
         "density": {"family": "normal", "center": 0.9, "spread": 0.05}}])");
    measure(session, 5);
    const Json points =
        Json::array({{{"x", 0.9}, {"lr", 0.01}, {"kind", "a"}}, {{"x", 0.3}, {"lr", 0.01}, {"kind", "a"}}});
    const auto mean = [&](const Json& params, std::size_t point) {
        return call(session, "predict", params)["objectives"]["loss"]["mean"][point].get<double>();
    };
    QCOMPARE(mean({{"points", points}, {"beliefs", false}}, 0), mean({{"points", points}}, 0));
    // Against each other: where the optimum is believed to be, the prediction is better than without it.
    const auto gap = [&](bool beliefs) {
        const Json params{{"points", points}, {"beliefs", beliefs}};
        return mean(params, 1) - mean(params, 0);
    };
    QVERIFY2(gap(true) > gap(false), qPrintable(QString("%1 %2").arg(gap(true)).arg(gap(false))));
    const auto lead = [&](bool beliefs) {
        const Json values = call(session, "acquisition",
                                 {{"name", "log_ei"}, {"points", points}, {"beliefs", beliefs}})["values"];
        return values[0].get<double>() - values[1].get<double>();
    };
    QVERIFY2(lead(true) > lead(false) + 0.1, qPrintable(QString("%1 %2").arg(lead(true)).arg(lead(false))));
}

void BeliefMethodsTest::transfersFromAnEarlierProject() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("earlier.alidade").toStdString();
    {
        Session earlier = project(path, Json::parse(kConfiguration));
        measure(earlier, 40);
    }
    Session later = project(folder.filePath("later.alidade").toStdString(), Json::parse(kLater));
    const Json told = call(later, "beliefs.transfer", {{"from", path}});
    QCOMPARE(told["added"].get<bool>(), false);
    QVERIFY(later.study().value()->definition.beliefs.empty());
    QCOMPARE(told["beliefs"].size(), std::size_t{2}); // x and kind: neither lr nor depth is in both
    const Json& x = told["beliefs"][0];
    QCOMPARE(x["parameter"].get<std::string>(), "x");
    QCOMPARE(x["confidence"].get<double>(), 0.5);
    const auto places = x["density"]["x"].get<std::vector<double>>();
    const auto heights = x["density"]["height"].get<std::vector<double>>();
    const auto peak = std::max_element(heights.begin(), heights.end()) - heights.begin();
    QVERIFY2(std::abs(places[static_cast<std::size_t>(peak)] - 0.7) < 0.15,
             qPrintable(QString::number(places[static_cast<std::size_t>(peak)])));
    QVERIFY(heights.back() > 0.0); // beyond the old range nothing is excluded
    const Json& weights = told["beliefs"][1]["density"]["weights"];
    // All eight good trials have a: one is added to each count.
    QCOMPARE(weights["a"].get<double>(), 9.0);
    QCOMPARE(weights["b"].get<double>(), 1.0);
    QCOMPARE(weights["c"].get<double>(), 1.0);

    QCOMPARE(call(later, "beliefs.transfer", {{"from", path}, {"add", true}})["added"].get<bool>(), true);
    QCOMPARE(later.study().value()->definition.beliefs.size(), std::size_t{2});
    // What was told is a configuration: read back, it is the same study.
    Json configuration = Json::parse(kLater);
    configuration["beliefs"] = told["beliefs"];
    const auto definition = definitionFromText(configuration.dump());
    QVERIFY(definition.ok());
    QVERIFY(definition->beliefs[1].claim == later.study().value()->definition.beliefs[1].claim);
    // And they act: the first suggestion is at their mode.
    const Json first = call(later, "suggest")["trials"][0]["parameters"];
    QCOMPARE(first["kind"].get<std::string>(), "a");
    QVERIFY(std::abs(first["x"].get<double>() - 0.7) < 0.15);
}

void BeliefMethodsTest::badParameters_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown key") << "beliefs" << QByteArray(R"({"objective": "loss"})") << -32602
                                 << "objective";
    QTest::newRow("no file") << "beliefs.transfer" << QByteArray("{}") << -32602 << "from";
    QTest::newRow("file is a number")
        << "beliefs.transfer" << QByteArray(R"({"from": 3})") << -32602 << "from";
    QTest::newRow("add is a word") << "beliefs.transfer" << QByteArray(R"({"from": "x", "add": "yes"})")
                                   << -32602 << "add";
    QTest::newRow("misspelt") << "beliefs.transfer" << QByteArray(R"({"form": "x"})") << -32602 << "form";
    QTest::newRow("file that is not there")
        << "beliefs.transfer" << QByteArray(R"({"from": "/nowhere/at all.alidade"})") << -32000 << "nowhere";
    QTest::newRow("beliefs is a word")
        << "predict" << QByteArray(R"({"points": [{"x": 0.5, "lr": 0.1, "kind": "a"}], "beliefs": "yes"})")
        << -32602 << "beliefs";
    QTest::newRow("acquisition that cannot be weighed")
        << "acquisition"
        << QByteArray(
               R"({"name": "feasibility", "points": [{"x": 0.5, "lr": 0.1, "kind": "a"}], "beliefs": true})")
        << -32602 << "feasibility";
}

void BeliefMethodsTest::badParameters() {
    QFETCH(const QString, method);
    QFETCH(const QByteArray, params);
    QFETCH(const int, code);
    QFETCH(const QString, says);
    const QTemporaryDir folder;
    Session session = project(folder.filePath("p.alidade").toStdString(), Json::parse(kConfiguration));
    measure(session, 4);
    const Json reply = request(session, method.toStdString(), Json::parse(params.toStdString()));
    QVERIFY(reply.contains("error"));
    QVERIFY2(reply["error"]["code"].get<int>() == code, reply.dump().c_str());
    QVERIFY2(QString::fromStdString(reply["error"].dump()).contains(says), reply.dump().c_str());
}

void BeliefMethodsTest::needsResults() {
    const QTemporaryDir folder;
    const std::string empty = folder.filePath("empty.alidade").toStdString();
    Session session = project(empty, Json::parse(kConfiguration));
    const Json beliefs = request(session, "beliefs", Json::object());
    QCOMPARE(beliefs["error"]["code"].get<int>(), -32000);
    // Two good trials are no density.
    measure(session, 2);
    Session later = project(folder.filePath("later.alidade").toStdString(), Json::parse(kLater));
    const Json transfer = request(later, "beliefs.transfer", {{"from", empty}});
    QVERIFY2(transfer["error"]["code"].get<int>() == -32602, transfer.dump().c_str());
    QVERIFY(transfer["error"].dump().find("three") != std::string::npos);
    Session none;
    QVERIFY(request(none, "beliefs", Json::object()).contains("error"));
}

QTEST_GUILESS_MAIN(BeliefMethodsTest)
#include "tst_belief_methods.moc"
