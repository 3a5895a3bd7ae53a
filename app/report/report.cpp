#include "report/report.h"

#include "desirability/study_goals.h"
#include "models/value_text.h"
#include "pages/history_data.h"
#include "plots/number_text.h"
#include "report/report_parts.h"
#include "study/best_end.h"
#include "suggest/parameter_importance.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace alidade {
namespace {

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

/// Adds the figure when there is something to draw; what is missing needs no figure.
void addFigure(const PlotContext& context, const QString& name, const QString& caption,
               const Monitor& monitor, std::vector<ReportBlock>& blocks) {
    const auto entry = findPlot(*context.study, name);
    if (!entry)
        return;
    const auto maker = entry->compute(context, monitor);
    if (maker)
        blocks.push_back(ReportFigure{entry->name, caption, *maker, {}});
}

/// The two parameters that explain most, of the first objective; empty with fewer than two.
QString mapOfMostImportant(const PlotContext& context, const Monitor& monitor) {
    const Definition& definition = context.study->definition;
    const MeasureId measure = definition.objectives.front().id;
    ImportanceOptions options;
    options.points = 256;
    options.interactionPoints = 0;
    options.paths = 16;
    options.shuffles = 1;
    const auto report = parameterImportance(*context.model, measure, options, monitor);
    if (!report)
        return {};
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < report->parameters.size(); ++i)
        if (!std::holds_alternative<MixtureParts>(definition.space.parameters[i].domain))
            order.push_back(i);
    if (order.size() < 2)
        return {};
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return report->parameters[a].total.value > report->parameters[b].total.value;
    });
    const auto [first, second] = std::minmax(order[0], order[1]);
    const QString lead = definition.objectives.size() > 1
                             ? QStringLiteral("map-%1-").arg(text(definition.objectives.front().name))
                             : QStringLiteral("map-");
    return lead + text(definition.space.parameters[first].name) + QLatin1Char('-') +
           text(definition.space.parameters[second].name);
}

void addFound(const PlotContext& context, const Monitor& monitor, std::vector<ReportBlock>& blocks) {
    const Study& study = *context.study;
    blocks.push_back(ReportHeading{ReportTr::tr("What was found")});
    const std::size_t before = blocks.size();
    addFigure(
        context, QStringLiteral("desirability"),
        ReportTr::tr(
            "Overall desirability of all trials in the order in which they finished, and the best so far."),
        monitor, blocks);
    for (const Objective& objective : study.definition.objectives) {
        const QString name = text(objective.name);
        addFigure(
            context, QStringLiteral("history-") + name,
            !oneEndIsBest(objective)
                ? ReportTr::tr("All trials in the order in which they finished, %1.").arg(name)
                : ReportTr::tr("All trials in the order in which they finished, and the best %1 so far.")
                      .arg(name),
            monitor, blocks);
        addFigure(context, QStringLiteral("regret-") + name,
                  ReportTr::tr("Distance of the best %1 so far to the known optimum.").arg(name), monitor,
                  blocks);
    }
    const std::vector<Objective>& objectives = study.definition.objectives;
    for (std::size_t i = 0; i < objectives.size(); ++i)
        for (std::size_t j = i + 1; j < objectives.size(); ++j)
            addFigure(context,
                      QStringLiteral("front-%1-%2").arg(text(objectives[i].name), text(objectives[j].name)),
                      ReportTr::tr("Measured front of %1 and %2.")
                              .arg(text(objectives[i].name), text(objectives[j].name)) +
                          (!oneEndIsBest(objectives[i]) || !oneEndIsBest(objectives[j])
                               ? QLatin1Char(' ') + ReportTr::tr("Where a value or a range is wanted, the "
                                                                 "distance from it counts.")
                               : QString()),
                      monitor, blocks);
    if (context.model) {
        addFigure(
            context, QStringLiteral("profiler"),
            (context.trial
                 ? ReportTr::tr("Each objective along each parameter; the others as in trial %1 (dashed).")
                       .arg(context.trial->value)
                 : ReportTr::tr("Each objective along each parameter, the others as marked (dashed).")) +
                QLatin1Char(' ') +
                ReportTr::tr("Inactive parameters are left out; of more than eight, those are shown along "
                             "which the predictions change most."),
            monitor, blocks);
        for (const Objective& objective : objectives)
            addFigure(context, QStringLiteral("importance-") + text(objective.name),
                      ReportTr::tr("Which parameters matter for %1: shares of its variance over the whole "
                                   "space, with 90 % intervals.")
                          .arg(text(objective.name)),
                      monitor, blocks);
        if (const QString map = mapOfMostImportant(context, monitor); !map.isEmpty())
            addFigure(
                context, map,
                ReportTr::tr("The two most important parameters, the others as in the setting marked by "
                             "the star."),
                monitor, blocks);
    }
    addFigure(context, QStringLiteral("timeline"), ReportTr::tr("When each trial ran."), monitor, blocks);
    if (blocks.size() == before)
        blocks.push_back(ReportText{ReportTr::tr("Nothing has been measured yet.")});
}

void addDiagnosticFigures(const PlotContext& context, const QString& name, const Monitor& monitor,
                          std::vector<ReportBlock>& blocks) {
    addFigure(context, QStringLiteral("loo-") + name,
              ReportTr::tr("Leave-one-out: %1 of each trial predicted from all others, against what was "
                           "measured, with 95 % intervals.")
                  .arg(name),
              monitor, blocks);
    addFigure(
        context, QStringLiteral("residuals-") + name,
        ReportTr::tr("Their errors over the standard deviation that was predicted. Of a right model 95 % "
                     "lie between the dashed lines."),
        monitor, blocks);
    addFigure(context, QStringLiteral("calibration-") + name,
              ReportTr::tr("How many trials lie inside intervals of a stated probability; below the dashed "
                           "line the model is too sure of itself. Band: what chance allows."),
              monitor, blocks);
}

} // namespace

namespace {

/// Minus signs instead of hyphens, powers of ten instead of "1e-06".
QString printed(QString cell) {
    static const QRegularExpression power(QStringLiteral("(?<![\\w.])(\\d[\\d.]*)e([+-]?\\d+)\\b"));
    static const QRegularExpression hyphen(QStringLiteral("(?<![\\w.)\\]-])-(?=[\\d.∞])"));
    for (auto match = power.match(cell); match.hasMatch(); match = power.match(cell)) {
        const QString exponent = superscript(match.captured(2).toInt());
        const QString mantissa = match.captured(1);
        cell.replace(
            match.capturedStart(), match.capturedLength(),
            (mantissa == QStringLiteral("1") ? QStringLiteral("10") : mantissa + QStringLiteral("×10")) +
                exponent);
    }
    return cell.replace(hyphen, QStringLiteral("−"));
}

} // namespace

ReportTable tidied(const ReportTable& table) {
    ReportTable result{table.caption, {}, {}, {}};
    result.rows.resize(table.rows.size());
    for (qsizetype column = 0; column < table.header.size(); ++column) {
        const bool says = std::any_of(table.rows.begin(), table.rows.end(), [column](const QStringList& row) {
            return !row[column].isEmpty() && row[column] != QStringLiteral("–");
        });
        if (!says && !table.rows.empty())
            continue;
        result.header << table.header[column];
        result.numeric.push_back(table.numeric[static_cast<std::size_t>(column)]);
        for (std::size_t row = 0; row < table.rows.size(); ++row)
            result.rows[row] << printed(table.rows[row][column]);
    }
    return result;
}

QString figureLabel(int number) {
    return ReportTr::tr("Figure %1").arg(number);
}

QString tableLabel(int number) {
    return ReportTr::tr("Table %1").arg(number);
}

Result<Report> makeReport(const std::shared_ptr<const Study>& study, const QString& path,
                          const Monitor& monitor) {
    monitor.progress(0.0, "model");
    // Pictures pass through the setting that is recommended.
    const Trial* chosen = study->definition.objectives.size() > 1 ? mostDesirable(*study) : nullptr;
    ALIDADE_ASSIGN(const PlotContext context,
                   plotContext(study, chosen ? std::optional(chosen->id) : std::nullopt, path, monitor));
    Report report;
    report.title = text(study->definition.name);
    report.subtitle = ReportTr::tr("Report of %1").arg(timeText(context.nowMs));
    addRecommendation(context, report.blocks);
    addQuestion(*study, report.blocks);
    addSpace(*study, report.blocks);
    addBeliefs(*study, report.blocks);
    addTried(context, report.blocks);
    monitor.progress(0.3, "figures");
    if (!study->definition.objectives.empty())
        addFound(context, monitor, report.blocks);
    monitor.progress(0.8, "diagnostics");
    addDiagnostics(context, report.blocks);
    for (const Objective& objective : study->definition.objectives)
        addDiagnosticFigures(context, text(objective.name), monitor, report.blocks);
    addReproduction(*study, QFileInfo(path).fileName(), report.blocks);
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "stopped");
    for (ReportBlock& block : report.blocks)
        if (auto* const table = std::get_if<ReportTable>(&block))
            *table = tidied(*table);
    return report;
}

Result<void> writeReport(Report& report, const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    QByteArray bytes;
    if (suffix == QLatin1String("html") || suffix == QLatin1String("htm")) {
        bytes = reportHtml(report);
    } else if (suffix == QLatin1String("pdf")) {
        ALIDADE_ASSIGN(bytes, reportPdf(report));
    } else {
        return makeError(ErrorCode::Unsupported, "a report can be written as .html or .pdf",
                         path.toStdString());
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString(), path.toStdString());
    return {};
}

} // namespace alidade
