#include "calls.h"
#include "exchange/study_json.h"
#include "protocol/methods.h"
#include "report/report.h"
#include "report/study_export.h"
#include "test_paths.h"
#include "verbs/verbs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

constexpr const char* kConfiguration = R"({"alidade": 1, "name": "p", "seed": 3,
    "parameters": [{"name": "x", "type": "real", "low": 0, "high": 1},
                   {"name": "y", "type": "real", "low": 0, "high": 1}],
    "objectives": [{"name": "loss"}]})";

Session project(const std::string& path, const std::string& configuration = kConfiguration) {
    if (!ProjectFile::create(path, definitionFromText(configuration).value()).ok())
        qFatal("no project");
    return std::move(Session::open(path)).value();
}

double loss(double x, double y, double shift) {
    return std::sin(5.0 * (x + shift)) + std::pow(y + shift - 0.6, 2) * 4.0;
}

void measure(Session& session, int count, double shift) {
    for (int i = 0; i < count; ++i) {
        const double x = std::fmod(0.1 + 0.37 * i, 1.0);
        const double y = std::fmod(0.61 * i, 1.0);
        call(session, "add",
             {{"parameters", {{"x", x}, {"y", y}}}, {"values", {{"loss", loss(x, y, shift)}}}});
    }
}

/// What the report recommends.
QString recommended(const Study& study, const std::string& path) {
    const Report report =
        makeReport(std::make_shared<const Study>(study), QString::fromStdString(path)).value();
    for (const ReportBlock& block : report.blocks)
        if (const auto* table = std::get_if<ReportTable>(&block))
            if (table->caption.startsWith("The recommended setting"))
                return table->caption;
    return {};
}

} // namespace

class SourceMethodsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void tellsHowRelatedAStudyIs();
    void oneBestForAll();
    void goesOnWithoutAMissingStudy();
    void refusesNonsense();
    void configurationKeepsSources();

private:
    [[nodiscard]] std::string path(const char* name) const { return m_folder->filePath(name).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void SourceMethodsTest::tellsHowRelatedAStudyIs() {
    {
        Session earlier = project(path("earlier.alidade"));
        measure(earlier, 30, 0.05);
    }
    Session today = project(path("today.alidade"));
    QVERIFY(call(today, "sources") == Json({{"sources", Json::array()}}));
    Json told = call(today, "sources", {{"add", path("earlier.alidade")}})["sources"];
    QCOMPARE(told.size(), std::size_t{1});
    QCOMPARE(told[0]["path"].get<std::string>(), "earlier.alidade"); // relative to the project
    QCOMPARE(told[0]["measures"]["loss"]["relation"].get<std::string>(), "unknown");
    QCOMPARE(told[0]["measures"]["loss"]["results"].get<int>(), 30);
    const Json first = call(today, "suggest")["trials"][0];
    QVERIFY(first["reason"].get<std::string>().find("best setting of earlier") != std::string::npos);
    measure(today, 5, 0.0);
    told = call(today, "sources")["sources"];
    QCOMPARE(told[0]["measures"]["loss"]["relation"].get<std::string>(), "used");
    QVERIFY(told[0]["measures"]["loss"]["correlation"].get<double>() > 0.7);
    const auto predicted = [&] {
        return call(today, "predict",
                    {{"points", Json::array({{{"x", 0.95}, {"y", 0.05}}})}})["objectives"]["loss"]["mean"][0]
            .get<double>();
    };
    const double with = predicted();
    told = call(today, "sources", {{"remove", "earlier.alidade"}})["sources"];
    QVERIFY(told.empty());
    const double truth = loss(0.95, 0.05, 0.0);
    QVERIFY2(std::abs(with - truth) < std::abs(predicted() - truth),
             qPrintable(QString("%1 %2 %3").arg(with).arg(predicted()).arg(truth)));
}

void SourceMethodsTest::oneBestForAll() {
    // loss = 4 (x - 0.6)^2 + y, where y varies in use: its average is smallest at x = 0.6, whatever y the
    // smallest results owe to. Five results do not tell, an earlier study does.
    Json configuration = Json::parse(kConfiguration);
    configuration["environment"] =
        Json::array({{{"parameter", "y"}, {"density", {{"family", "uniform"}, {"low", 0}, {"high", 1}}}}});
    const auto addTo = [](Session& session, double x, double y) {
        call(session, "add",
             {{"parameters", {{"x", x}, {"y", y}}}, {"values", {{"loss", 4 * (x - 0.6) * (x - 0.6) + y}}}});
    };
    {
        Session earlier = project(path("earlier.alidade"), configuration.dump());
        for (int i = 0; i < 40; ++i)
            addTo(earlier, std::fmod(0.05 + 0.618 * i, 1.0), std::fmod(0.37 * i, 1.0));
    }
    const std::string file = path("today.alidade");
    Session today = project(file, configuration.dump());
    call(today, "sources", {{"add", path("earlier.alidade")}});
    addTo(today, 0.6, 0.9);
    Json best = call(today, "best"); // too few results for a model: as measured
    QCOMPARE(best["id"].get<int>(), 1);
    QVERIFY(!best.contains("average"));
    for (const auto& [x, y] : {std::pair{0.3, 0.05}, {0.85, 0.1}, {0.1, 0.5}, {0.95, 0.6}})
        addTo(today, x, y);
    QVERIFY(incumbent(*today.study().value())->id != TrialId{1});

    best = call(today, "best");
    QCOMPARE(best["id"].get<int>(), 1);
    QVERIFY(std::abs(best["average"]["mean"].get<double>() - 0.5) < 0.1);
    const std::string written = path("best.json");
    QCOMPARE(runVerb({"export", file, "--what", "best", "--to", written}), static_cast<int>(kDone));
    QVERIFY(Json::parse(test::readFile(written)) == best["parameters"]);
    const Study& study = *today.study().value();
    QVERIFY(Json::parse(exportedText(study, "best", ".json", {}, file).value()) == best["parameters"]);
    QCOMPARE(recommended(study, file), QString("The recommended setting: that of trial 1."));

    // It was the earlier study that told, everywhere.
    call(today, "sources", {{"remove", "earlier.alidade"}});
    best = call(today, "best");
    QVERIFY2(best["id"].get<int>() != 1, best.dump().c_str());
    QVERIFY(Json::parse(exportedText(*today.study().value(), "best", ".json", {}, file).value()) ==
            best["parameters"]);
}

void SourceMethodsTest::goesOnWithoutAMissingStudy() {
    Session today = project(path("today.alidade"));
    {
        Session earlier = project(path("earlier.alidade"));
        measure(earlier, 8, 0.0);
    }
    call(today, "sources", {{"add", path("earlier.alidade")}});
    QVERIFY(QFile::remove(QString::fromStdString(path("earlier.alidade"))));
    measure(today, 6, 0.0);
    const Json told = call(today, "sources")["sources"][0];
    QCOMPARE(told["problem"].get<std::string>(), "There is no such file.");
    QCOMPARE(told["measures"]["loss"]["relation"].get<std::string>(), "unreadable");
    const Json suggested = call(today, "suggest");
    QCOMPARE(suggested["trials"].size(), std::size_t{1});
    QVERIFY(suggested["warnings"][0].get<std::string>().find("earlier.alidade") != std::string::npos);
}

void SourceMethodsTest::refusesNonsense() {
    Session today = project(path("today.alidade"));
    QCOMPARE(request(today, "sources", {{"remove", "x"}})["error"]["code"].get<int>(), -32602);
    QCOMPARE(request(today, "sources", {{"add", 3}})["error"]["code"].get<int>(), -32602);
    QCOMPARE(request(today, "sources", {{"ad", "x"}})["error"]["code"].get<int>(), -32602);
    const Json missing = request(today, "sources", {{"add", path("gone.alidade")}})["error"];
    QVERIFY(missing["message"].get<std::string>().find("There is no such file") != std::string::npos);
    const Json itself = request(today, "sources", {{"add", path("today.alidade")}})["error"];
    QVERIFY(itself["message"].get<std::string>().find("learn from itself") != std::string::npos);
    QVERIFY(today.study().value()->definition.strategy.sources.empty());
}

void SourceMethodsTest::configurationKeepsSources() {
    Json configuration = Json::parse(kConfiguration);
    configuration["strategy"] = {{"sources", {"a.alidade", "../b.alidade"}}};
    const Definition definition = definitionFromText(configuration.dump()).value();
    QCOMPARE(definition.strategy.sources, (std::vector<std::string>{"a.alidade", "../b.alidade"}));
    QVERIFY(validate(definition).empty());
    QVERIFY(configurationFromDefinition(definition)["strategy"]["sources"] ==
            configuration["strategy"]["sources"]);
    configuration["strategy"]["sources"] = {"a.alidade", "a.alidade", " "};
    Definition wrong = definition;
    wrong.strategy.sources = {"a.alidade", "a.alidade", " "};
    const std::vector<Finding> findings = validate(wrong);
    QCOMPARE(findings.size(), std::size_t{2});
    QCOMPARE(findings[0].path, std::string("strategy.sources[1]"));
    QCOMPARE(findings[1].path, std::string("strategy.sources[2]"));
    QVERIFY(!definitionFromText(configuration.dump()).ok());
}

QTEST_APPLESS_MAIN(SourceMethodsTest)
#include "tst_source_methods.moc"
