// Pictures of how far a model can be trusted.
#include "pages/explore_diagnostics.h"
#include "plots/diagnostic_plots.h"
#include "report/catalog_parts.h"

namespace alidade {
namespace {

enum class DiagnosticKind { LeaveOneOut, Residuals, Calibration };

template <typename Plot>
MadePlot filled(const DiagnosticData& data, const QString& name, const QSizeF& sizeMm) {
    auto plot = std::make_unique<Plot>();
    plot->setData(data);
    return madePlot(std::move(plot), name, sizeMm);
}

MadePlot diagnosticPlot(DiagnosticKind kind, const DiagnosticData& data, const QString& name) {
    switch (kind) {
    case DiagnosticKind::LeaveOneOut: return filled<LeaveOneOutPlot>(data, name, {95.0, 85.0});
    case DiagnosticKind::Residuals: return filled<ResidualPlot>(data, name, {130.0, 62.0});
    case DiagnosticKind::Calibration: break;
    }
    return filled<CalibrationPlot>(data, name, {85.0, 76.0});
}

PlotEntry diagnosticEntry(const Objective& objective, DiagnosticKind kind, const QString& kindName,
                          const QString& title) {
    const QString name = kindName + QLatin1Char('-') + QString::fromStdString(objective.name);
    return {name, kindName, title,
            [id = objective.id, kind, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                if (!context.model)
                    return noModel(context);
                ALIDADE_ASSIGN(const DiagnosticReport report,
                               diagnosticReport(*context.model, context.study->definition, id));
                return PlotMaker(
                    [kind, data = report.data, name] { return diagnosticPlot(kind, data, name); });
            }};
}

} // namespace

void addDiagnosticEntries(const Objective& objective, std::vector<PlotEntry>& entries) {
    const QString name = QString::fromStdString(objective.name);
    entries.push_back(diagnosticEntry(
        objective, DiagnosticKind::LeaveOneOut, QStringLiteral("loo"),
        CatalogTr::tr("%1 of each trial predicted from all others, against what was measured").arg(name)));
    entries.push_back(diagnosticEntry(objective, DiagnosticKind::Residuals, QStringLiteral("residuals"),
                                      CatalogTr::tr("Standardised leave-one-out residuals of %1").arg(name)));
    entries.push_back(
        diagnosticEntry(objective, DiagnosticKind::Calibration, QStringLiteral("calibration"),
                        CatalogTr::tr("How often intervals for %1 hold what was measured").arg(name)));
}

} // namespace alidade
