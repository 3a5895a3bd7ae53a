#include "report/plot_catalog.h"

#include "base/text.h"
#include "desirability/study_goals.h"
#include "exchange/setting_text.h"
#include "pages/explore_column.h"
#include "pages/explore_importance.h"
#include "pages/explore_map.h"
#include "pages/explore_profiler.h"
#include "pages/explore_slices.h"
#include "pages/history_plot_data.h"
#include "plots/history_plots.h"
#include "plots/importance_plots.h"
#include "plots/plot_view.h"
#include "plots/timeline_plot.h"
#include "project_file/source_reader.h"
#include "report/catalog_parts.h"
#include "study/best_end.h"
#include "suggest/summary.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace alidade {
namespace {

using Text = CatalogTr;

QString nameOf(const std::string& text) {
    return QString::fromStdString(text);
}

Result<void> anyFinished(const PlotContext& context) {
    if (finishedTrials(*context.study).empty())
        return makeError(ErrorCode::NotFound, "no trial has been measured yet, so there is nothing to draw");
    return {};
}

PlotEntry historyEntry(const Objective& objective) {
    const QString name = QStringLiteral("history-") + nameOf(objective.name);
    return {name, QStringLiteral("history"),
            Text::tr("Every trial and the best so far, %1").arg(nameOf(objective.name)),
            [objective, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                ALIDADE_CHECK(anyFinished(context));
                return PlotMaker([data = bestSoFarData(measureHistory(*context.study, objective), false),
                                  title = directionTitle(objective), name] {
                    auto plot = std::make_unique<BestSoFarPlot>();
                    plot->setTitle(title);
                    plot->setData(data);
                    return madePlot(std::move(plot), name, {160.0, 80.0});
                });
            }};
}

PlotEntry desirabilityEntry() {
    const QString name = QStringLiteral("desirability");
    return {name, name, Text::tr("Every trial and the best so far, overall desirability"),
            [name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                ALIDADE_CHECK(anyFinished(context));
                const auto history = desirabilityHistory(*context.study);
                if (!history)
                    return makeError(ErrorCode::NotFound,
                                     "not every objective has a desirability, so there is no overall one");
                return PlotMaker([data = bestSoFarData(*history, false),
                                  title = directionTitle(history->objective), name] {
                    auto plot = std::make_unique<BestSoFarPlot>();
                    plot->setTitle(title);
                    plot->setData(data);
                    return madePlot(std::move(plot), name, {160.0, 80.0});
                });
            }};
}

PlotEntry regretEntry(const Objective& objective) {
    const QString name = QStringLiteral("regret-") + nameOf(objective.name);
    return {name, QStringLiteral("regret"),
            Text::tr("Distance of the best so far to the known optimum of %1").arg(nameOf(objective.name)),
            [objective, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                ALIDADE_CHECK(anyFinished(context));
                return PlotMaker([history = measureHistory(*context.study, objective), name] {
                    auto plot = std::make_unique<RegretPlot>();
                    plot->setTitle(Text::tr("Distance to the known optimum"));
                    plot->setData(measureSpec(history.objective), history.bestOrder, history.regret);
                    return madePlot(std::move(plot), name, {160.0, 80.0});
                });
            }};
}

PlotEntry frontEntry(const std::vector<Objective>& objectives, std::size_t i, std::size_t j) {
    const Objective& x = objectives[i];
    const Objective& y = objectives[j];
    const QString name = QStringLiteral("front-%1-%2").arg(nameOf(x.name), nameOf(y.name));
    return {name, QStringLiteral("front"),
            Text::tr("Measured front of %1 and %2").arg(nameOf(x.name), nameOf(y.name)),
            [i, j, name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                ALIDADE_CHECK(anyFinished(context));
                return PlotMaker([data = measuredFrontData(*context.study, i, j), name] {
                    auto plot = std::make_unique<MeasuredFrontPlot>();
                    plot->setData(data);
                    return madePlot(std::move(plot), name, {120.0, 100.0});
                });
            }};
}

PlotEntry timelineEntry() {
    const QString name = QStringLiteral("timeline");
    return {name, name, Text::tr("When each trial ran"),
            [name](const PlotContext& context, const Monitor&) -> Result<PlotMaker> {
                auto bars = timelineData(timeline(*context.study, context.nowMs));
                if (bars.empty())
                    return makeError(ErrorCode::NotFound,
                                     "no trial has a known start, so there is no timeline to draw");
                return PlotMaker([bars, name] {
                    auto plot = std::make_unique<TimelinePlot>();
                    plot->setBars(bars);
                    const int lanes = std::min(plot->laneCount(), 24);
                    return madePlot(std::move(plot), name, {160.0, 34.0 + 6.0 * lanes});
                });
            }};
}

constexpr std::size_t kMostColumns = 8; // two bands of a profiler

/// Axes worth a column on paper: active ones, and of many those along which the predictions change most.
std::vector<std::size_t> shownAxes(const ExploreSlices& slices) {
    std::vector<double> changes(slices.axes.size(), 0.0);
    for (std::size_t row = 0; row < slices.measures.size(); ++row) {
        std::vector<double> spans(slices.axes.size(), 0.0);
        for (std::size_t i = 0; i < slices.axes.size(); ++i) {
            const AxisSlices& axis = slices.axes[i];
            if (!axis.active || axis.measures[row].mean.empty())
                continue;
            const std::vector<double>& mean = axis.measures[row].mean;
            const auto [low, high] = std::minmax_element(mean.begin(), mean.end());
            spans[i] = *high - *low;
        }
        const double widest = spans.empty() ? 0.0 : *std::max_element(spans.begin(), spans.end());
        for (std::size_t i = 0; i < spans.size(); ++i)
            changes[i] += widest > 0.0 ? spans[i] / widest : 0.0;
    }
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < slices.axes.size(); ++i)
        if (slices.axes[i].active)
            shown.push_back(i);
    if (shown.size() > kMostColumns) {
        std::stable_sort(shown.begin(), shown.end(),
                         [&changes](std::size_t a, std::size_t b) { return changes[a] > changes[b]; });
        shown.resize(kMostColumns);
    }
    return shown;
}

MadePlot profilerPlot(const Definition& definition, const Setting& values, const ExploreSlices& slices,
                      const Result<ExploreAcquisition>& acquisition) {
    // The definition with the parameters of these axes alone; a mixture stays or goes as a whole.
    Definition part = definition;
    const std::vector<std::size_t> kept = shownAxes(slices);
    std::erase_if(part.space.parameters, [&](const Parameter& parameter) {
        return std::none_of(kept.begin(), kept.end(),
                            [&](std::size_t i) { return slices.axes[i].axis.parameter == parameter.id; });
    });
    ExploreSlices shown = slices;
    shown.axes.clear();
    ExploreAcquisition scores;
    for (std::size_t i = 0; i < slices.axes.size(); ++i) {
        if (part.space.find(slices.axes[i].axis.parameter) == nullptr)
            continue;
        shown.axes.push_back(slices.axes[i]);
        if (acquisition)
            scores.axes.push_back(acquisition->axes[i]);
    }
    auto profiler = std::make_unique<ExploreProfiler>();
    // Beside the columns of the first band stand the desirabilities.
    const double columns = std::min(4.0, static_cast<double>(shown.axes.size())) +
                           (hasDesirability(part.objectives) ? 1.0 : 0.0);
    profiler->resize(static_cast<int>(80.0 + 190.0 * columns), 400);
    profiler->setViewportHeight(200); // panels as low as they may be
    profiler->setDefinition(part);
    profiler->finishBuilding();
    profiler->setValues(values);
    profiler->setSlices(shown, true);
    profiler->setAcquisition(acquisition ? Result<ExploreAcquisition>(scores) : acquisition, true);
    MadePlot result;
    result.source = profiler.get();
    result.sizeMm = profiler->plotSize() * (25.4 / 96.0);
    result.widget = std::move(profiler);
    return result;
}

PlotEntry profilerEntry() {
    const QString name = QStringLiteral("profiler");
    return {name, name, Text::tr("Each objective along each parameter through the setting"),
            [](const PlotContext& context, const Monitor& monitor) -> Result<PlotMaker> {
                if (!context.model)
                    return noModel(context);
                ExploreRequest request;
                request.predictor = explorePredictor(*context.model);
                request.study = context.study;
                request.values = context.setting;
                ALIDADE_ASSIGN(ExploreSlices slices, computeSlices(request, monitor));
                const Result<ExploreAcquisition> acquisition = computeAcquisition(request, slices, monitor);
                return PlotMaker([study = context.study, values = context.setting, slices, acquisition] {
                    return profilerPlot(study->definition, values, slices, acquisition);
                });
            }};
}

PlotEntry mapEntry(const Definition& definition, const ExploreMapPanel::Choice& choice, const QString& name) {
    const auto title = [&](const ExploreAxis& axis) {
        return axisSpec(*definition.space.find(axis.parameter), axis).title;
    };
    return {name, QStringLiteral("map"),
            Text::tr("Mean of %1 over %2 and %3")
                .arg(nameOf(definition.measureName(choice.measure)), title(choice.x), title(choice.y)),
            [choice](const PlotContext& context, const Monitor& monitor) -> Result<PlotMaker> {
                if (!context.model)
                    return noModel(context);
                MapRequest request;
                request.predictor = explorePredictor(*context.model);
                request.study = context.study;
                request.values = context.setting;
                request.x = choice.x;
                request.y = choice.y;
                request.measure = choice.measure;
                request.quantity = choice.quantity;
                request.resolution = 61;
                ALIDADE_ASSIGN(const ExploreMap map, computeMap(request, monitor));
                return PlotMaker([map, choice, study = context.study, values = context.setting] {
                    auto panel = std::make_unique<ExploreMapPanel>();
                    panel->setDefinition(study->definition);
                    panel->setChoice(choice);
                    panel->setValues(values);
                    panel->setMap(map, choice);
                    MadePlot result;
                    result.source = &panel->view();
                    result.sizeMm = {130.0, 105.0};
                    result.widget = std::move(panel);
                    return result;
                });
            }};
}

/// Shares of the variance, the same shuffled, or the matrix of pairs.
enum class ImportanceKind { Shares, Permutation, Interactions };

MadePlot importancePlot(ImportanceKind kind, const ImportanceData& data, const QString& name) {
    const double rows = static_cast<double>(data.names.size());
    if (kind == ImportanceKind::Interactions) {
        auto plot = std::make_unique<InteractionPlot>();
        plot->setTitle(Text::tr("Interactions"));
        plot->setData(data.names, data.interactions);
        return madePlot(std::move(plot), name,
                        {70.0 + std::min(90.0, 9.0 * rows), 60.0 + std::min(80.0, 8.0 * rows)});
    }
    if (kind == ImportanceKind::Permutation) {
        auto plot = std::make_unique<PermutationPlot>();
        plot->setTitle(Text::tr("Shuffled values"));
        plot->setData(data.names, data.permutation);
        return madePlot(std::move(plot), name, {150.0, 30.0 + std::min(8.0 * rows, 30.0 + 5.0 * rows)});
    }
    auto plot = std::make_unique<SharesPlot>();
    plot->setTitle(Text::tr("Variance shares"));
    plot->setData(data.names, data.alone, data.total);
    return madePlot(std::move(plot), name, {150.0, 34.0 + std::min(9.0 * rows, 30.0 + 5.0 * rows)});
}

PlotEntry importanceEntry(const Objective& objective, ImportanceKind kind) {
    const char* const kinds[] = {"importance", "permutation", "interactions"};
    const QString titles[] = {Text::tr("Which parameters explain the variance of %1"),
                              Text::tr("How shuffling a parameter spoils predictions of %1"),
                              Text::tr("Which pairs of parameters interact for %1")};
    const auto index = static_cast<std::size_t>(kind);
    const QString kindName = QString::fromLatin1(kinds[index]);
    const QString name = kindName + QLatin1Char('-') + nameOf(objective.name);
    return {name, kindName, titles[index].arg(nameOf(objective.name)),
            [id = objective.id, kind, name](const PlotContext& context,
                                            const Monitor& monitor) -> Result<PlotMaker> {
                if (!context.model)
                    return noModel(context);
                ImportanceOptions options;
                if (kind != ImportanceKind::Interactions)
                    options.interactionPoints = 0;
                ALIDADE_ASSIGN(const ImportanceReport report,
                               parameterImportance(*context.model, id, options, monitor));
                const ImportanceData data = importanceData(report, context.study->definition.space);
                return PlotMaker([kind, data, name] { return importancePlot(kind, data, name); });
            }};
}

void addMaps(const Definition& definition, std::vector<PlotEntry>& entries) {
    const std::vector<ExploreAxis> axes = exploreAxes(definition.space);
    const bool several = definition.objectives.size() > 1;
    for (const Objective& objective : definition.objectives) {
        const QString lead = several ? QStringLiteral("map-%1-").arg(nameOf(objective.name)) : "map-";
        for (std::size_t i = 0; i < axes.size(); ++i) {
            for (std::size_t j = i + 1; j < axes.size(); ++j) {
                if (axes[i].parameter == axes[j].parameter)
                    continue;
                ExploreMapPanel::Choice choice;
                choice.x = axes[i];
                choice.y = axes[j];
                choice.measure = objective.id;
                const auto title = [&](const ExploreAxis& axis) {
                    return axisSpec(*definition.space.find(axis.parameter), axis).title;
                };
                entries.push_back(
                    mapEntry(definition, choice, lead + title(axes[i]) + QLatin1Char('-') + title(axes[j])));
            }
        }
    }
}

} // namespace

Error noModel(const PlotContext& context) {
    return context.modelError.value_or(
        makeError(ErrorCode::NotFound, "there is no model of this study; measure more trials first"));
}

Result<PlotContext> plotContext(std::shared_ptr<const Study> study, std::optional<TrialId> trial,
                                const QString& project, const Monitor& monitor) {
    PlotContext context;
    context.study = std::move(study);
    context.nowMs = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
    const Trial* chosen = nullptr;
    if (trial) {
        ALIDADE_ASSIGN(chosen, chosenTrial(*context.study, trial));
    }
    auto model = StudyModel::fit(
        *context.study, {0, readSources(context.study->definition.strategy, project.toStdString())}, monitor);
    if (!model && model.error().code == ErrorCode::Cancelled)
        return model.error();
    if (model)
        context.model = *model;
    else
        context.modelError = model.error();
    const std::vector<Objective>& objectives = context.study->definition.objectives;
    if (chosen == nullptr && context.model && objectives.size() == 1 && oneEndIsBest(objectives.front()))
        if (const auto best = context.model->bestTrial())
            chosen = context.study->find(*best);
    if (chosen == nullptr)
        chosen = bestForUse(*context.study, [&] {
            return context.model ? Result<StudyModel>(*context.model)
                                 : Result<StudyModel>(*context.modelError);
        });
    if (chosen != nullptr)
        context.trial = chosen->id;
    context.setting = fullValues(context.study->definition.space, chosen ? chosen->setting : Setting());
    return context;
}

std::vector<PlotEntry> plotCatalog(const Study& study) {
    const std::vector<Objective>& objectives = study.definition.objectives;
    std::vector<PlotEntry> entries;
    for (const Objective& objective : objectives)
        entries.push_back(historyEntry(objective));
    if (const auto goals = studyGoals(study.definition); goals && *goals && (*goals)->complete)
        entries.push_back(desirabilityEntry());
    for (const Objective& objective : objectives)
        if (objective.knownOptimum)
            entries.push_back(regretEntry(objective));
    for (std::size_t i = 0; i < objectives.size(); ++i)
        for (std::size_t j = i + 1; j < objectives.size(); ++j)
            entries.push_back(frontEntry(objectives, i, j));
    addOutcomeEntries(study, entries);
    entries.push_back(timelineEntry());
    if (!objectives.empty() && !study.definition.space.parameters.empty()) {
        entries.push_back(profilerEntry());
        for (const Objective& objective : objectives) {
            entries.push_back(importanceEntry(objective, ImportanceKind::Shares));
            entries.push_back(importanceEntry(objective, ImportanceKind::Permutation));
            if (study.definition.space.parameters.size() > 1)
                entries.push_back(importanceEntry(objective, ImportanceKind::Interactions));
            addDiagnosticEntries(objective, entries);
        }
        addMaps(study.definition, entries);
    }
    return entries;
}

Result<PlotEntry> findPlot(const Study& study, const QString& name) {
    std::vector<PlotEntry> entries = plotCatalog(study);
    std::vector<std::string> names;
    for (const PlotEntry& entry : entries) {
        if (entry.name == name)
            return entry;
        names.push_back(entry.name.toStdString());
    }
    for (const PlotEntry& entry : entries) {
        if (entry.kind == name)
            return entry;
        names.push_back(entry.kind.toStdString());
    }
    const std::string wanted = name.toStdString();
    const auto nearest = nearestName(wanted, names);
    return makeError(ErrorCode::UnknownName,
                     "there is no plot \"" + wanted + "\"" +
                         (nearest ? " (did you mean \"" + *nearest + "\"?)" : std::string()) +
                         "; --what plots lists the names of this project");
}

} // namespace alidade
