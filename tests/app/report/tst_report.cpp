// Reports and pictures as files: read back by an XML parser, rsvg-convert and the tools of poppler.
#include "report/plot_catalog.h"
#include "report/report.h"
#include "report/study_export.h"

#include "exchange/study_json.h"
#include "plots/plot_export.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>
#include <map>

using namespace alidade;

namespace {

const char* const kOneGoal =
    R"({"alidade": 1, "name": "Oven & more", "notes": "How hot, <how> long?", "seed": 5,
    "parameters": [
        {"name": "heat", "type": "real", "low": 100, "high": 300, "unit": "degC"},
        {"name": "minutes", "type": "integer", "low": 5, "high": 60},
        {"name": "shelf", "type": "categorical", "choices": ["top", "middle"]},
        {"name": "fan", "type": "real", "low": 0, "high": 1, "when": {"shelf": ["top"]}}],
    "constraints": ["heat * minutes <= 15000"],
    "objectives": [{"name": "colour", "goal": "minimize", "unit": "shade"}],
    "outcome_constraints": [{"name": "smoke", "upper": 2, "unit": "mg"}],
    "beliefs": [{"about": "optimum", "parameter": "heat",
                 "density": {"family": "normal", "center": 200, "spread": 20}}]})";

const char* const kTwoGoals = R"({"alidade": 1, "name": "Two", "parameters": [
        {"name": "a", "type": "real", "low": 0, "high": 1}, {"name": "b", "type": "real", "low": 0, "high": 1}],
    "objectives": [{"name": "cost"}, {"name": "yield", "goal": "maximize"}]})";

/// Measured at points of a fixed pattern.
std::shared_ptr<const Study> measuredStudy(const char* configuration, int trials) {
    auto study = std::make_shared<Study>();
    study->definition = definitionFromText(configuration).value();
    const Definition& definition = study->definition;
    for (int i = 0; i < trials; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.origin = i < 5 ? Origin::Initial : Origin::Model;
        trial.state = i == 3 ? TrialState::Failed : TrialState::Complete;
        trial.startedMs = 1700000000000 + 1000 * i;
        trial.finishedMs = trial.startedMs + 900;
        double sum = 0.0;
        int k = 0;
        Setting values;
        for (const Parameter& parameter : definition.space.parameters) {
            const double u = std::fmod(0.5 + 0.6180339887 * (i + 1) * (k + 1) + 0.17 * k, 1.0);
            values[parameter.id] =
                std::holds_alternative<CategoricalChoices>(parameter.domain)
                    ? valueAtRank(parameter.domain, u < 0.5 ? 0 : 1)
                    : nearestValue(parameter, std::holds_alternative<IntegerRange>(parameter.domain)
                                                  ? Value(std::int64_t(5 + std::lround(50 * u)))
                                                  : Value(parameter.name == "heat" ? 100 + 200 * u : u));
            sum += (k + 1) * (u - 0.4) * (u - 0.4);
            ++k;
        }
        trial.setting = completed(definition.space, values);
        if (trial.state == TrialState::Complete) {
            int m = 0;
            for (const MeasureId measure : definition.measures())
                trial.values[measure].value = m++ == 0 ? sum : 1.0 - 0.5 * sum + 0.1 * i / trials;
        } else {
            trial.failure = "the door was open";
        }
        study->trials.push_back(trial);
    }
    return study;
}

QByteArray outputOf(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        return "failed: " + process.readAllStandardError();
    return process.readAllStandardOutput();
}

/// Numbers of elements by name; fails the test when the text is not well-formed.
std::map<QString, int> elementsOf(const QByteArray& xml) {
    std::map<QString, int> counts;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement)
            ++counts[reader.name().toString()];
    if (reader.hasError()) {
        QTest::qFail(qPrintable(QString("line %1: %2").arg(reader.lineNumber()).arg(reader.errorString())),
                     __FILE__, __LINE__);
        return {};
    }
    return counts;
}

/// The table whose caption says this; an empty one if there is none.
ReportTable tableOf(const Report& report, const char* caption) {
    for (const ReportBlock& block : report.blocks)
        if (const auto* table = std::get_if<ReportTable>(&block); table && table->caption.contains(caption))
            return *table;
    return {};
}

/// Words of the text elements of an SVG file, without signs.
QStringList wordsOf(const QString& text) {
    static const QRegularExpression letters("[A-Za-z]{3,}");
    QStringList words;
    for (auto match = letters.globalMatch(text); match.hasNext();)
        words << match.next().captured();
    words.sort();
    words.removeDuplicates();
    return words;
}

QString textOf(const QString& svgPath) {
    QFile file(svgPath);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader reader(&file);
    QString text;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("text"))
            text += reader.readElementText(QXmlStreamReader::IncludeChildElements) + QLatin1Char(' ');
    return text;
}

/// The picture coarsely, 0 (black) ... 255: what is where, without the pixels of fonts.
QImage coarse(const QString& path) {
    return QImage(path)
        .convertToFormat(QImage::Format_Grayscale8)
        .scaled(24, 16, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

/// What is wrong with the files as other programs see them; empty: they show the same things at the same
/// places.
QString differenceOf(const QString& svg, const QString& pdf, const QString& scratch) {
    const QByteArray drawn =
        outputOf("rsvg-convert", {"-b", "white", "-z", "1", svg, "-o", scratch + "-svg.png"});
    if (!drawn.isEmpty())
        return drawn;
    const QByteArray paged = outputOf("pdftoppm", {"-png", "-r", "96", "-singlefile", pdf, scratch + "-pdf"});
    if (!paged.isEmpty())
        return paged;
    const QImage a(scratch + "-svg.png");
    const QImage b(scratch + "-pdf.png");
    if (a.isNull() || b.isNull() || std::abs(a.width() - b.width()) > 2 ||
        std::abs(a.height() - b.height()) > 2)
        return QString("sizes %1 x %2 and %3 x %4")
            .arg(a.width())
            .arg(a.height())
            .arg(b.width())
            .arg(b.height());
    const QImage left = coarse(scratch + "-svg.png");
    const QImage right = coarse(scratch + "-pdf.png");
    int darkest = 255;
    for (int y = 0; y < left.height(); ++y)
        for (int x = 0; x < left.width(); ++x) {
            const int value = qGray(left.pixel(x, y));
            darkest = std::min(darkest, value);
            constexpr int kSameEnough = 40;
            if (std::abs(value - qGray(right.pixel(x, y))) > kSameEnough)
                return QString("%1 and %2 in cell %3, %4")
                    .arg(value)
                    .arg(qGray(right.pixel(x, y)))
                    .arg(x)
                    .arg(y);
        }
    if (darkest > 245)
        return "an empty picture";
    // Compatible forms: a font may have one sign for "fi".
    const QString text =
        QString::fromUtf8(outputOf("pdftotext", {pdf, "-"})).normalized(QString::NormalizationForm_KC);
    for (const QString& word : wordsOf(textOf(svg)))
        if (!text.contains(word))
            return QString("the PDF does not say \"%1\"").arg(word);
    return {};
}

int figuresOf(const Report& report) {
    int count = 0;
    for (const ReportBlock& block : report.blocks)
        count += std::holds_alternative<ReportFigure>(block) ? 1 : 0;
    return count;
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT
private slots:
    void tellsEverything();
    void pagesForPrint();
    void severalGoals();
    void luckyConditionsAreNotBest();
    void wantedValueIsRecommended();
    void emptyStudy();
    void refusesOtherFiles();
    void everyPlotOfTheCatalog_data();
    void everyPlotOfTheCatalog();
    void learningCurvesWhereThereAreAny();
};

void ReportTest::tellsEverything() {
    auto report = makeReport(measuredStudy(kOneGoal, 24), "oven.alidade");
    QVERIFY(report.ok());
    const QByteArray html = reportHtml(*report);
    const auto elements = elementsOf(html.mid(html.indexOf("<html")));
    QCOMPARE(elements.at("svg"), figuresOf(*report));
    QVERIFY(figuresOf(*report) >= 8);
    QVERIFY(elements.at("table") >= 6);
    for (const char* const said :
         {"Oven &amp; more", "How hot, &lt;how&gt; long?", "Recommended setting", "The question", "The space",
          "heat * minutes &lt;= 15000", "Beliefs", "center 200", "What was tried", "23 complete", "1 failed",
          "What was found", "Can the model be trusted?", "How to repeat it", "seed 5", "oven.alidade",
          "95 % interval", "Leave-one-out", "id=\"calibration-colour\""})
        QVERIFY2(html.contains(said), said);
    // Nothing is fetched from elsewhere, and names inside the pictures do not collide.
    QVERIFY(!html.contains("src=\"http") && !html.contains("url(http") && !html.contains("<link"));
    std::map<QString, int> ids;
    QXmlStreamReader reader(html.mid(html.indexOf("<html")));
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.attributes().hasAttribute("id"))
            ++ids[reader.attributes().value("id").toString()];
    for (const auto& [id, count] : ids)
        QVERIFY2(count == 1, qPrintable(id));
}

void ReportTest::pagesForPrint() {
    const QTemporaryDir folder;
    auto report = makeReport(measuredStudy(kOneGoal, 24), "oven.alidade");
    QVERIFY(report.ok());
    const QString path = folder.filePath("report.pdf");
    QVERIFY(writeReport(*report, path).ok());
    const QByteArray info = outputOf("pdfinfo", {path});
    QVERIFY2(info.contains("A4"), info.constData());
    const QByteArray text = outputOf("pdftotext", {"-layout", path, "-"});
    QVERIFY2(text.contains("Recommended setting") && text.contains("How to repeat it"), text.constData());
    QVERIFY(text.contains("Figure 1.") && text.contains("Table 1."));
    const qsizetype pages = text.count('\f');
    QVERIFY(pages >= 4 && pages <= 14);
    const QRegularExpression number(QString("\\b1 ?/ ?%1\\b").arg(pages));
    QVERIFY(number.match(QString::fromUtf8(text)).hasMatch());
    // Pictures are drawn, not painted over as images.
    QVERIFY2(outputOf("pdfimages", {"-list", path}).count('\n') <= 2 + 3, "images inside");
}

void ReportTest::severalGoals() {
    auto report = makeReport(measuredStudy(kTwoGoals, 20), "two.alidade");
    QVERIFY(report.ok());
    const QByteArray html = reportHtml(*report);
    QVERIFY(html.contains("front of compromises"));
    QVERIFY(html.contains("Measured front of cost and yield"));
}

void ReportTest::luckyConditionsAreNotBest() {
    // loss = 4 (x - 0.6)^2 + w, where w is not chosen in use: the smallest measured value has the smallest w.
    auto study = std::make_shared<Study>();
    study->definition = definitionFromText(R"({"alidade": 1, "name": "Robust", "parameters": [
            {"name": "x", "type": "real", "low": 0, "high": 1}, {"name": "w", "type": "real", "low": 0, "high": 1}],
        "environment": [{"parameter": "w", "density": {"family": "uniform", "low": 0, "high": 1}}],
        "objectives": [{"name": "loss", "goal": "minimize"}]})")
                            .value();
    const auto& parameters = study->definition.space.parameters;
    for (int i = 0; i < 20; ++i) {
        const double x = i == 0 ? 0.45 : (i % 5) / 5.0;
        const double w = i == 0 ? 0.0 : 0.3 + std::fmod(0.618 * i, 0.7);
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.setting = {{parameters[0].id, x}, {parameters[1].id, w}};
        trial.values[study->definition.objectives[0].id].value = 4 * (x - 0.6) * (x - 0.6) + w;
        study->trials.push_back(trial);
    }
    const std::string best = exportedText(*study, "best", ".txt").value();
    QVERIFY2(best.find("--x=0.6 ") != std::string::npos, best.c_str());
    const std::string asked = exportedText(*study, "best", ".txt", TrialId{1}).value();
    QVERIFY2(asked.find("--x=0.45 ") != std::string::npos, asked.c_str());
    Report report = makeReport(study, "robust.alidade").value();
    const QByteArray html = reportHtml(report);
    // Recommended for its average, 0.5, not for what was measured with it.
    const ReportTable recommended = tableOf(report, "The recommended setting");
    QCOMPARE(recommended.rows.size(), std::size_t{2});
    QCOMPARE(recommended.rows[0][1], QString("0.6"));
    const ReportTable expected = tableOf(report, "What to expect of it");
    QCOMPARE(expected.rows.size(), std::size_t{1});
    const double predicted = expected.rows[0][2].section('(', 0, 0).section(QChar(0x00b1), 0, 0).toDouble();
    QVERIFY2(std::abs(predicted - 0.5) < 0.03, qPrintable(expected.rows[0].join(" | ")));
    const qsizetype table = html.indexOf("The best trials, by the model");
    QVERIFY(table > 0);
    const qsizetype good = html.indexOf("x = 0.6,", table);
    const qsizetype lucky = html.indexOf("x = 0.45,", table);
    QVERIFY2(good > 0 && (lucky < 0 || good < lucky), html.mid(table, 1500).constData());
}

void ReportTest::wantedValueIsRecommended() {
    // colour = 2 a, of which 0.9 is wanted: neither the smallest nor the largest result is the best.
    auto study = std::make_shared<Study>();
    study->definition = definitionFromText(R"({"alidade": 1, "name": "Wanted", "parameters": [
            {"name": "a", "type": "real", "low": 0, "high": 1}],
        "objectives": [{"name": "colour", "desirability":
            {"shape": "target", "low": 0, "target": 0.9, "high": 2}}]})")
                            .value();
    for (int i = 0; i <= 8; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.setting = {{study->definition.space.parameters[0].id, i / 8.0}};
        trial.values[study->definition.objectives[0].id].value = i / 4.0;
        study->trials.push_back(trial);
    }
    QCOMPARE(exportedText(*study, "best", ".txt").value(), std::string("--a=0.5\n"));
    const Report report = makeReport(study, "wanted.alidade").value();
    QCOMPARE(tableOf(report, "The recommended setting").rows[0][1], QString("0.5"));
    const ReportTable tried = tableOf(report, "The most desirable trials");
    QVERIFY(!tried.rows.empty());
    QCOMPARE(tried.rows[0][0], QString("5"));
}

void ReportTest::emptyStudy() {
    auto report = makeReport(measuredStudy(kOneGoal, 0), {});
    QVERIFY(report.ok());
    const QByteArray html = reportHtml(*report);
    QVERIFY(html.contains("nothing can be recommended"));
    QVERIFY(html.contains("Nothing has been measured yet"));
    QCOMPARE(figuresOf(*report), 0);
    auto nothing = makeReport(std::make_shared<const Study>(), {});
    QVERIFY(nothing.ok());
    QVERIFY(reportPdf(*nothing).ok());
}

void ReportTest::refusesOtherFiles() {
    auto report = makeReport(measuredStudy(kOneGoal, 0), {});
    QVERIFY(writeReport(*report, "a.docx").error().code == ErrorCode::Unsupported);
    QVERIFY(writeReport(*report, "/nowhere/a.html").error().code == ErrorCode::InputOutput);
}

void ReportTest::everyPlotOfTheCatalog_data() {
    QTest::addColumn<QByteArray>("configuration");
    QTest::newRow("one goal") << QByteArray(kOneGoal);
    QTest::newRow("two goals") << QByteArray(kTwoGoals);
}

void ReportTest::everyPlotOfTheCatalog() {
    QFETCH(QByteArray, configuration);
    const QTemporaryDir folder;
    const auto study = measuredStudy(configuration.constData(), 20);
    const auto context = plotContext(study, std::nullopt);
    QVERIFY(context.ok() && context->model);
    std::map<QString, int> kinds;
    for (const PlotEntry& entry : plotCatalog(*study)) {
        if (++kinds[entry.kind] > 1)
            continue; // more of the same
        const auto maker = entry.compute(*context, {});
        QVERIFY2(maker.ok(), qPrintable(entry.name));
        const MadePlot plot = (*maker)();
        PlotExportOptions options;
        options.sizeMm = plot.sizeMm;
        const QString path = folder.filePath(entry.name + ".svg");
        QVERIFY(exportPlot(*plot.source, path, options).ok());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto elements = elementsOf(file.readAll());
        QVERIFY2(elements.contains("text"), qPrintable(entry.name));
        const QString pdf = folder.filePath(entry.name + ".pdf");
        QVERIFY(exportPlot(*plot.source, pdf, options).ok());
        const QString fault = differenceOf(path, pdf, folder.filePath("picture"));
        QVERIFY2(fault.isEmpty(), qPrintable(entry.name + ": " + fault));
        QVERIFY(!plot.source->table().rows.empty());
    }
    for (const char* const kind : {"distribution", "parallel", "loo", "residuals", "calibration", "timeline"})
        QVERIFY2(kinds.contains(kind), kind);
    QVERIFY(kinds.contains("history") && kinds.contains("profiler") && kinds.contains("map"));
}

void ReportTest::learningCurvesWhereThereAreAny() {
    auto study = std::make_shared<Study>(*measuredStudy(kOneGoal, 6));
    QCOMPARE(findPlot(*study, "curves").error().code, ErrorCode::UnknownName);
    for (Trial& trial : study->trials)
        for (int step = 1; step <= 4; ++step)
            trial.steps.push_back(
                {double(step), {{study->definition.objectives[0].id, {1.0 / step, std::nullopt}}}});
    const auto entry = findPlot(*study, "curves");
    QVERIFY(entry.ok());
    QCOMPARE(entry->name, QString("curves-colour"));
    const auto context = plotContext(study, std::nullopt);
    const auto maker = entry->compute(*context, {});
    QVERIFY(maker.ok());
    QCOMPARE((*maker)().source->table().rows.size(), std::size_t{24});
}

QTEST_MAIN(ReportTest)
#include "tst_report.moc"
