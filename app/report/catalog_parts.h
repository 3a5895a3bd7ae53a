#pragma once

#include "report/plot_catalog.h"

#include <QCoreApplication>

namespace alidade {

/// The context of the catalogue's texts for translators.
struct CatalogTr {
    Q_DECLARE_TR_FUNCTIONS(Plots)
};

/// The picture of a plot that was just filled.
template <typename Plot>
[[nodiscard]] MadePlot madePlot(std::unique_ptr<Plot> plot, const QString& name, const QSizeF& sizeMm) {
    MadePlot result;
    plot->setPlotName(name);
    result.source = plot.get();
    result.widget = std::move(plot);
    result.sizeMm = sizeMm;
    return result;
}

/// Why there is no model to draw.
[[nodiscard]] Error noModel(const PlotContext& context);

/// Parts of the catalogue; each appends its entries.
void addOutcomeEntries(const Study& study, std::vector<PlotEntry>& entries);
void addDiagnosticEntries(const Objective& objective, std::vector<PlotEntry>& entries);

} // namespace alidade
