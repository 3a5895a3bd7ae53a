#include "exchange/study_json.h"
#include "gp_golden.h"
#include "near.h"
#include "protocol/json_rpc.h"
#include "protocol/methods.h"

#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace alidade;
using test::Golden;

class JsonRpcTest : public QObject {
    Q_OBJECT
private slots:
    void answersBadMessages_data();
    void answersBadMessages();
    void goesOnAfterErrors();
    void namesThePathOfBadParameters_data();
    void namesThePathOfBadParameters();
    void tunesAStudy();
    void posteriorAgreesWithReference();
    void acquisitionAgreesWithReference();
    void schedulesAgreeWithReference();
    void ranksAndVolumes();
    void improvementsAgreeWithReference();
    void desirabilitiesAgreeWithReference();

private:
    static Golden call(Session& session, const std::string& method, const Golden& params) {
        const Golden request{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
        const Golden reply = Golden::parse(answer(session, request.dump()).value());
        if (reply.contains("error"))
            qWarning("%s", reply["error"].dump().c_str());
        return reply.value("result", Golden());
    }
    static Session project(const QTemporaryDir& folder) {
        const std::string path = folder.filePath("p.alidade").toStdString();
        const auto definition = definitionFromText(R"({"alidade": 1, "name": "p", "seed": 1,
            "parameters": [{"name": "x", "type": "real", "low": -1, "high": 2},
                           {"name": "kind", "type": "categorical", "choices": ["a", "b"]}],
            "objectives": [{"name": "y", "goal": "maximize"}]})");
        if (!ProjectFile::create(path, *definition).ok())
            qFatal("no project");
        return std::move(Session::open(path)).value();
    }
};

void JsonRpcTest::answersBadMessages_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("code"); // 0: no answer
    QTest::newRow("not json") << QByteArray("{\"jsonrpc\": \"2.0\"") << -32700;
    QTest::newRow("nan") << QByteArray("{\"jsonrpc\": \"2.0\", \"id\": NaN}") << -32700;
    QTest::newRow("deep") << QByteArray(100000, '[') << -32700;
    QTest::newRow("number") << QByteArray("3") << -32600;
    QTest::newRow("empty batch") << QByteArray("[]") << -32600;
    QTest::newRow("no version") << QByteArray("{\"id\": 1, \"method\": \"status\"}") << -32600;
    QTest::newRow("method number") << QByteArray("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": 3}")
                                   << -32600;
    QTest::newRow("unknown") << QByteArray("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"sugest\"}")
                             << -32601;
    QTest::newRow("list params")
        << QByteArray("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"trials\", \"params\": []}") << -32602;
    QTest::newRow("no project") << QByteArray("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"trials\"}")
                                << -32000;
    QTest::newRow("notification") << QByteArray("{\"jsonrpc\": \"2.0\", \"method\": \"sugest\"}") << 0;
}

void JsonRpcTest::answersBadMessages() {
    QFETCH(QByteArray, message);
    QFETCH(int, code);
    Session session;
    const auto reply =
        answer(session, std::string_view(message.constData(), static_cast<std::size_t>(message.size())));
    QCOMPARE(reply.has_value(), code != 0);
    if (reply)
        QCOMPARE(Golden::parse(*reply)["error"]["code"].get<int>(), code);
}

void JsonRpcTest::goesOnAfterErrors() {
    Session session;
    std::istringstream input(
        "nonsense\n\n{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"pareto.rank\",\"params\":"
        "{\"points\":[[1,2]],\"goals\":[\"minimize\",\"minimize\"]}}\n"
        "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"nope\"},{\"jsonrpc\":\"2.0\",\"method\":\"nope\"}]");
    std::ostringstream output;
    serve(session, input, output);
    std::istringstream lines(output.str());
    std::string line;
    std::vector<Golden> replies;
    while (std::getline(lines, line))
        replies.push_back(Golden::parse(line));
    QCOMPARE(replies.size(), std::size_t{3});
    QCOMPARE(replies[0]["error"]["code"].get<int>(), -32700);
    QCOMPARE(replies[1]["id"].get<std::string>(), std::string("a"));
    QCOMPARE(replies[1]["result"]["ranks"][0].get<int>(), 0);
    QCOMPARE(replies[2].size(), std::size_t{1});
}

void JsonRpcTest::namesThePathOfBadParameters_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("params");
    QTest::addColumn<QString>("path");
    const char* gp = R"("kernel":"rbf","output_variance":1,"noise_variance":0.1,"length_scales":[1])";
    const auto row = [](const char* method, const QString& params, const char* path) {
        QTest::addRow("%s %s", method, path) << method << params << path;
    };
    row("gp.posterior", QString("{\"x\":[[1],[2,3]],\"y\":[1,2],\"at\":[[1]],%1}").arg(gp), "params.x[1]");
    row("gp.posterior", QString("{\"x\":[[1],[2]],\"y\":[1],\"at\":[[1]],%1}").arg(gp), "params.y");
    row("gp.posterior", QString("{\"x\":[[1]],\"y\":[1],\"at\":[[1,2]],%1}").arg(gp), "params.at");
    row("gp.posterior", QString("{\"x\":[[1]],\"y\":[\"a\"],\"at\":[[1]],%1}").arg(gp), "params.y[0]");
    row("gp.posterior", QString("{\"x\":[[1]],\"y\":[1],\"att\":[[1]],%1}").arg(gp), "params.att");
    row("schedule.bound", "{\"shape\":{\"kind\":\"wsd\",\"cooldown\":2},\"steps\":10}",
        "params.shape.cooldown");
    row("schedule.bound", "{\"shape\":{\"kind\":\"wdd\"},\"steps\":10}", "params.shape.kind");
    row("schedule.bound", "{\"shape\":{\"kind\":\"linear\"},\"steps\":0}", "params.steps");
    row("schedule.bound", "{\"shape\":{\"kind\":\"linear\"},\"steps\":10,\"distance\":-1}",
        "params.distance");
    row("schedule.refine", "{\"gradient_norms\":[1,-1]}", "params.gradient_norms[1]");
    row("pareto.rank", "{\"points\":[[1,2],[1]],\"goals\":[\"minimize\",\"maximize\"]}", "params.points[1]");
    row("pareto.rank", "{\"points\":[[1]],\"goals\":[\"most\"]}", "params.goals[0]");
    row("pareto.hypervolume", "{\"points\":[[1,2]],\"goals\":[\"minimize\",\"minimize\"],\"reference\":[1]}",
        "params.reference");
    row("pareto.ehvi",
        "{\"front\":[[1,2]],\"goals\":[\"minimize\",\"minimize\"],\"reference\":[3,3],\"mean\":[1,1],"
        "\"sd\":[1,-1]}",
        "params.sd[1]");
    row("desirability.evaluate",
        "{\"functions\":[{\"shape\":\"max\",\"low\":2,\"high\":1}],\"values\":[[1]]}",
        "params.functions[0].high");
    row("desirability.evaluate",
        "{\"functions\":[{\"shape\":\"max\",\"low\":0,\"high\":1}],\"values\":[[1],[\"a\"]]}",
        "params.values[1][0]");
    row("desirability.evaluate",
        "{\"functions\":[{\"shape\":\"categories\",\"values\":{\"a\":1,\"b\":0}}],\"values\":[[\"c\"]]}",
        "params.values[0][0]");
    row("add", "{\"parameters\":{\"x\":9,\"kind\":\"a\"}}", "params.parameters.x");
    row("add", "{\"parameters\":{\"x\":0}}", "params.parameters.kind");
    row("add", "{\"parameters\":{\"z\":0}}", "params.parameters.z");
    row("report", "{\"id\":5,\"values\":{\"y\":1}}", "params.id");
    const char* add = R"({"parameters":{"x":0,"kind":"a"},"values":{"y":1},)";
    row("add", add + QString(R"("slopes":{"z":{"x":1}}})"), "params.slopes.z");
    row("add", add + QString(R"("slopes":{"y":{"v":1}}})"), "params.slopes.y.v");
    row("add", add + QString(R"("slopes":{"y":{"kind":1}}})"), "params.slopes.y.kind");
    row("add", add + QString(R"("slopes":{"y":{"x":"1"}}})"), "params.slopes.y.x");
    row("add", add + QString(R"("slope_noise_sd":{"y":{"x":1}}})"), "params.slope_noise_sd.y.x");
    row("add", add + QString(R"("slopes":{"y":{"x":1}},"slope_noise_sd":{"y":{"x":-1}}})"),
        "params.slope_noise_sd.y.x");
    row("predict", "{\"points\":[{\"x\":0,\"kind\":\"c\"}]}", "params.points[0].kind");
    row("suggest", "{\"count\":0}", "params.count");
}

void JsonRpcTest::namesThePathOfBadParameters() {
    QFETCH(QString, method);
    QFETCH(QString, params);
    QFETCH(QString, path);
    const QTemporaryDir folder;
    Session session = project(folder);
    const std::string request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method.toStdString() +
                                "\",\"params\":" + params.toStdString() + "}";
    const Golden reply = Golden::parse(answer(session, request).value());
    QVERIFY2(reply.contains("error"), reply.dump().c_str());
    QCOMPARE(reply["error"]["code"].get<int>(), -32602);
    QCOMPARE(QString::fromStdString(reply["error"]["data"]["path"].get<std::string>()), path);
}

void JsonRpcTest::tunesAStudy() {
    const QTemporaryDir folder;
    Session session = project(folder);
    for (int i = 0; i < 16; ++i) {
        const Golden suggested = call(session, "suggest", {{"count", 1}});
        const Golden& trial = suggested["trials"][0];
        const double x = trial["parameters"]["x"].get<double>();
        const double y = -(x - 0.5) * (x - 0.5) - (trial["parameters"]["kind"] == "a" ? 1.0 : 0.0);
        call(session, "report", {{"id", trial["id"]}, {"values", {{"y", y}}}});
    }
    const Golden best = call(session, "best", Golden::object());
    QVERIFY(std::abs(best["parameters"]["x"].get<double>() - 0.5) < 0.05);
    QCOMPARE(best["parameters"]["kind"].get<std::string>(), std::string("b"));
    const Golden added =
        call(session, "add", {{"parameters", {{"x", 0.0}, {"kind", "a"}}}, {"values", {{"y", -1.25}}}});
    QCOMPARE(added["id"].get<int>(), 17);
    const Golden steep = call(session, "add",
                              {{"parameters", {{"x", 0.25}, {"kind", "b"}}},
                               {"values", {{"y", -0.0625}}},
                               {"slopes", {{"y", {{"x", 0.5}}}}},
                               {"slope_noise_sd", {{"y", {{"x", 0.125}}}}}});
    const Golden listed = call(session, "trials", Golden::object())["trials"].back();
    QVERIFY(listed["id"] == steep["id"]);
    QCOMPARE(listed["slopes"]["y"]["x"].get<double>(), 0.5);
    QCOMPARE(listed["slope_noise_sd"]["y"]["x"].get<double>(), 0.125);
    const Golden extra = call(session, "suggest", {{"count", 1}});
    call(session, "fail", {{"id", extra["trials"][0]["id"]}, {"reason", "broke"}});
    const Golden status = call(session, "status", Golden::object());
    QCOMPARE(status["counts"]["complete"].get<int>(), 18);
    QCOMPARE(status["counts"]["failed"].get<int>(), 1);
    const Golden predicted = call(session, "predict", {{"points", {{{"x", 0.5}, {"kind", "b"}}}}});
    QVERIFY(std::abs(predicted["objectives"]["y"]["mean"][0].get<double>()) < 0.05);
    const Golden acquisition =
        call(session, "acquisition",
             {{"name", "log_ei"}, {"points", {{{"x", 0.5}, {"kind", "b"}}, {{"x", -1}, {"kind", "a"}}}}});
    QVERIFY(acquisition["values"][0].get<double>() > acquisition["values"][1].get<double>());
    const Golden front = call(session, "front", Golden::object());
    QVERIFY(front["ids"][0] == best["id"]);
    const Golden checked = call(session, "diagnostics", Golden::object())["objectives"]["y"];
    QCOMPARE(checked["slopes"].get<int>(), 1);
    QCOMPARE(checked["leave_one_out"]["trials"].size(), std::size_t{18});
    QCOMPARE(checked["leave_one_out"]["mean"].size(), std::size_t{18});
    QVERIFY(checked["leave_one_out"]["r_squared"].get<double>() > 0.5);
    QVERIFY(checked["coverage"]["95"].get<double>() > 0.5);
    QVERIFY(checked["health"].is_array());
    QVERIFY(checked["length_scales"].contains("x"));
}

void JsonRpcTest::posteriorAgreesWithReference() {
    const Golden all = test::gpGolden();
    Session session;
    int compared = 0;
    for (const Golden& entry : all["gp"]) {
        if (entry["dataset"] == "illcond_d1")
            continue;
        const Golden& data = all["datasets"][entry["dataset"].get<std::string>()];
        const Golden result = call(session, "gp.posterior",
                                   {{"x", data["X"]},
                                    {"y", data["y"]},
                                    {"at", data["X_test"]},
                                    {"kernel", entry["kernel"]},
                                    {"length_scales", entry["lengthscales"]},
                                    {"output_variance", entry["outputscale"]},
                                    {"noise_variance", entry["noise_var"]},
                                    {"mean", entry["mean_const"]}});
        VERIFY_NEAR(result["log_marginal_likelihood"].get<double>(), entry["lml"].get<double>(), 1e-8);
        for (std::size_t i = 0; i < entry["post_mean"].size(); ++i) {
            QVERIFY(test::near(result["mean"][i].get<double>(), entry["post_mean"][i].get<double>(), 1e-8,
                               1e-12));
            QVERIFY(test::near(result["variance"][i].get<double>(), entry["post_var"][i].get<double>(), 1e-8,
                               1e-11));
        }
        VERIFY_NEAR(result["gradient"]["log_noise_variance"].get<double>(),
                    entry["dlml_dlog_noise_var"].get<double>(), 1e-8);
        ++compared;
    }
    QVERIFY(compared > 5);
}

void JsonRpcTest::acquisitionAgreesWithReference() {
    const Golden all = test::gpGolden();
    Session session;
    int compared = 0;
    for (const Golden& entry : all["acq_gp"]["cases"]) {
        const auto found = std::find_if(all["gp"].begin(), all["gp"].end(),
                                        [&](const Golden& gp) { return gp["id"] == entry["gp"]; });
        if (found == all["gp"].end() || (*found)["dataset"] == "illcond_d1")
            continue;
        const Golden& data = all["datasets"][(*found)["dataset"].get<std::string>()];
        for (const auto& [name, key] :
             {std::pair{"log_ei", "logEI"}, std::pair{"ei", "EI"}, std::pair{"pi", "PI"},
              std::pair{"log_pi", "logPI"}, std::pair{"ucb", "UCB_beta4"}}) {
            const Golden result = call(session, "acquisition.value",
                                       {{"x", data["X"]},
                                        {"y", data["y"]},
                                        {"at", data["X_test"]},
                                        {"kernel", (*found)["kernel"]},
                                        {"length_scales", (*found)["lengthscales"]},
                                        {"output_variance", (*found)["outputscale"]},
                                        {"noise_variance", (*found)["noise_var"]},
                                        {"mean", (*found)["mean_const"]},
                                        {"acquisition", name},
                                        {"goal", entry["maximize"].get<bool>() ? "maximize" : "minimize"},
                                        {"best", entry["best"]},
                                        {"beta", 4}});
            for (std::size_t i = 0; i < entry[key].size(); ++i)
                QVERIFY(
                    test::near(result["values"][i].get<double>(), entry[key][i].get<double>(), 1e-8, 1e-8));
        }
        ++compared;
    }
    QVERIFY(compared > 5);
}

void JsonRpcTest::schedulesAgreeWithReference() {
    Session session;
    const Golden wsd =
        call(session, "schedule.bound", {{"shape", {{"kind", "wsd"}, {"cooldown", 0.2}}}, {"steps", 400}});
    VERIFY_NEAR(wsd["optimal_base_lr"].get<double>(), 0.025373661417426, 1e-10);
    VERIFY_NEAR(wsd["optimal_bound"].get<double>(), 0.109323012488, 1e-9);
    const Golden transfer =
        call(session, "schedule.transfer",
             {{"from", {{"kind", "wsd"}, {"cooldown", 0.2}}}, {"to", {{"kind", "linear"}}}, {"steps", 6400}});
    VERIFY_NEAR(transfer["factor"].get<double>(), std::exp(0.66515073407281), 1e-5);
    const Golden law = call(session, "schedule.step_law", {{"parameters", 1e9}, {"tokens", 1e11}});
    VERIFY_NEAR(law["lr"].get<double>(), 1.79 * std::pow(1e9, -0.713) * std::pow(1e11, 0.307), 1e-12);
    const Golden refined =
        call(session, "schedule.refine", {{"gradient_norms", {2, 2, 2}}, {"smoothing", 0}});
    QCOMPARE(refined["schedule"].get<std::vector<double>>(), (std::vector<double>{1.0, 0.5, 0.0}));
    const Golden best = call(session, "schedule.optimal", {{"steps", 100}});
    VERIFY_NEAR(best["bound"].get<double>(), 0.20011435821107343, 1e-12);
}

void JsonRpcTest::ranksAndVolumes() {
    Session session;
    const Golden ranks =
        call(session, "pareto.rank",
             {{"points", {{1, 5}, {2, 9}, {3, 1}, {nullptr, 2}}}, {"goals", {"minimize", "maximize"}}});
    QVERIFY(ranks["ranks"] == Golden({0, 0, 1, nullptr}));
    const Golden volume =
        call(session, "pareto.hypervolume",
             {{"points", {{1, 2}, {2, 1}}}, {"goals", {"minimize", "minimize"}}, {"reference", {3, 3}}});
    QCOMPARE(volume["value"].get<double>(), 3.0);
}

void JsonRpcTest::improvementsAgreeWithReference() {
    const Golden all = Golden::parse(test::readFile(test::dataPath("desirability_public.json")));
    Session session;
    int compared = 0;
    for (const char* part : {"ehvi_2d", "ehvi_md"}) {
        for (const Golden& entry : all[part]["cases"]) {
            const std::size_t objectives = entry["ref"].size();
            // As it is, and mirrored to maximisation.
            for (const bool maximize : {false, true}) {
                const auto mirrored = [&](Golden values) {
                    for (Golden& value : values)
                        value = maximize ? -value.get<double>() : value.get<double>();
                    return values;
                };
                Golden front = Golden::array();
                for (const Golden& point : entry["front"])
                    front.push_back(mirrored(point));
                const Golden result = call(
                    session, "pareto.ehvi",
                    {{"front", front},
                     {"reference", mirrored(entry["ref"])},
                     {"mean", mirrored(entry["mu"])},
                     {"sd", entry["sigma"]},
                     {"goals", std::vector<std::string>(objectives, maximize ? "maximize" : "minimize")}});
                if (entry.contains("log_ehvi"))
                    VERIFY_NEAR(result["log_value"].get<double>(), entry["log_ehvi"].get<double>(), 1e-9);
                if (entry["ehvi"].get<double>() > 1e-300)
                    QVERIFY(
                        test::near(result["value"].get<double>(), entry["ehvi"].get<double>(), 1e-8, 0.0));
                ++compared;
            }
        }
    }
    QCOMPARE(compared, 36);
}

void JsonRpcTest::desirabilitiesAgreeWithReference() {
    const Golden all = Golden::parse(test::readFile(test::dataPath("desirability_public.json")));
    Session session;
    const Golden goals = {{{"shape", "max"}, {"low", 80}, {"high", 97}},
                          {{"shape", "target"}, {"low", 55}, {"target", 57.5}, {"high", 60}}};
    Golden values = Golden::array();
    for (const Golden& point : all["chemical"]["points"])
        values.push_back({point["conversion"], point["activity"]});
    for (const char* region : {"square", "circular"}) {
        const Golden& best = all["chemical"]["optimum_R_optim_125_starts"][region];
        values.push_back({best["conversion"], best["activity"]});
    }
    values.push_back({nullptr, 57.5});
    const Golden result = call(session, "desirability.evaluate", {{"functions", goals}, {"values", values}});
    std::size_t row = 0;
    for (const Golden& point : all["chemical"]["points"]) {
        QVERIFY(test::near(result["overall"][row].get<double>(), point["D"].get<double>(), 1e-9, 1e-12));
        QVERIFY(test::near(result["individual"][row][0].get<double>(), point["d_conversion"].get<double>(),
                           1e-9, 1e-12));
        QVERIFY(test::near(result["individual"][row][1].get<double>(), point["d_activity"].get<double>(),
                           1e-9, 1e-12));
        ++row;
    }
    QVERIFY(std::abs(result["overall"][row].get<double>() - 0.9425) < 5e-5);
    QVERIFY(std::abs(result["overall"][row + 1].get<double>() - 0.8582) < 5e-5);
    // A missing value of a linear function counts as half.
    QVERIFY(test::near(result["overall"][row + 2].get<double>(), std::sqrt(0.5), 1e-12, 0.0));
    int compared = 0;
    for (const Golden& entry : all["desirability"]["cases"]) {
        const std::string kind = entry["kind"].get<std::string>();
        if (kind == "categorical")
            continue;
        Golden function = entry["params"];
        function["shape"] = kind == "arb" ? "custom" : kind;
        if (function.contains("tol")) {
            function["tolerance"] = function["tol"];
            function.erase("tol");
        }
        Golden rows = Golden::array();
        std::vector<double> expected;
        for (std::size_t i = 0; i < entry["x"].size(); ++i) {
            const Golden& x = entry["x"][i];
            if (!x.is_number() && x != "inf" && x != "-inf")
                continue;
            rows.push_back(Golden::array({x}));
            // Ours is a floor for all values, theirs replaces zeros only.
            expected.push_back(std::max(entry["r"][i].get<double>(), function.value("tolerance", 0.0)));
        }
        const Golden d = call(session, "desirability.evaluate",
                              {{"functions", Golden::array({function})}, {"values", rows}});
        QCOMPARE(d["overall"].size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY(test::near(d["overall"][i].get<double>(), expected[i], 1e-12, 1e-14));
        ++compared;
    }
    QVERIFY(compared > 15);
}

QTEST_GUILESS_MAIN(JsonRpcTest)
#include "tst_json_rpc.moc"
