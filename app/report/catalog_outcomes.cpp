// Pictures of the outcomes themselves: their distribution, learning curves, parallel coordinates.
#include "pages/history_comparison.h"
#include "pages/history_curves_panel.h"
#include "pages/history_plot_data.h"
#include "pages/trials_parallel.h"
#include "plots/parallel_plot.h"
#include "report/catalog_parts.h"

#include <algorithm>

namespace alidade {
namespace {

QString outcomeText(const std::string& value) {
    return QString::fromStdString(value);
}

PlotEntry distributionEntry(const Objective& objective) {
    const QString kind = QStringLiteral("distribution");
    const QString name = kind + QLatin1Char('-') + outcomeText(objective.name);
    return {
        name, kind,
        CatalogTr::tr("Share of the trials at or below each value of %1").arg(outcomeText(objective.name)),
        [objective, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
            const ComparedRun run =
                comparedRun(*context.study, objective, outcomeText(context.study->definition.name));
            if (run.outcomes.empty())
                return makeError(ErrorCode::NotFound,
                                 "no trial has been measured yet, so there is nothing to draw");
            return PlotMaker([curves = outcomeCurves({run}, false), spec = measureSpec(objective), name] {
                auto plot = std::make_unique<ComparisonPlot>();
                AxisSpec share;
                share.title = CatalogTr::tr("share of the trials at or below");
                share.limits = AxisRange{0.0, 1.0};
                plot->setLegendShown(false, false);
                plot->setCurves(spec, share, curves);
                return madePlot(std::move(plot), name, {110.0, 80.0});
            });
        }};
}

PlotEntry curvesEntry(const Definition& definition, MeasureId measure) {
    const QString kind = QStringLiteral("curves");
    const QString measureName = outcomeText(definition.measureName(measure));
    const QString name = kind + QLatin1Char('-') + measureName;
    return {name, kind,
            CatalogTr::tr("Learning curves: steps of %1 that each trial reported").arg(measureName),
            [measure, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                auto curves = learningCurves(*context.study, measure);
                if (curves.empty())
                    return makeError(ErrorCode::NotFound, "no trial has reported a step of this measure");
                AxisSpec spec;
                spec.title = outcomeText(context.study->definition.measureName(measure));
                spec.unit = outcomeText(context.study->definition.measureUnit(measure));
                return PlotMaker([curves, spec, step = stepSpec(context.study->definition), name] {
                    auto plot = std::make_unique<CurvesPlot>();
                    plot->setData(step, spec, curves);
                    return madePlot(std::move(plot), name, {150.0, 90.0});
                });
            }};
}

PlotEntry parallelEntry() {
    const QString name = QStringLiteral("parallel");
    return {name, name, CatalogTr::tr("Parallel coordinates of all trials, coloured by the first objective"),
            [name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                TrialsParallelData data = trialsParallelData(*context.study);
                if (data.lines.empty())
                    return makeError(ErrorCode::NotFound,
                                     "no trial has been measured yet, so there is nothing to draw");
                const bool several = context.study->definition.objectives.size() > 1;
                return PlotMaker([data, several, name] {
                    auto plot = std::make_unique<ParallelPlot>();
                    plot->parallel().setLegendTexts(several ? CatalogTr::tr("measured front")
                                                            : CatalogTr::tr("best trial"),
                                                    CatalogTr::tr("other trials"));
                    plot->setData(data.axes, data.lines);
                    if (!data.measures.empty())
                        plot->parallel().setColorAxis(0);
                    const double width = 24.0 * static_cast<double>(data.axes.size());
                    return madePlot(std::move(plot), name, {std::clamp(width, 120.0, 260.0), 90.0});
                });
            }};
}

} // namespace

void addOutcomeEntries(const Study& study, std::vector<PlotEntry>& entries) {
    for (const Objective& objective : study.definition.objectives)
        entries.push_back(distributionEntry(objective));
    if (!study.definition.space.parameters.empty() && !study.definition.objectives.empty())
        entries.push_back(parallelEntry());
    if (hasLearningCurves(study))
        for (const MeasureId measure : study.definition.measures())
            entries.push_back(curvesEntry(study.definition, measure));
}

} // namespace alidade
