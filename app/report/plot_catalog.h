#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "plots/plot_source.h"
#include "study/study.h"
#include "suggest/study_model.h"

#include <QString>
#include <QWidget>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace alidade {

/// What the pictures of a study are drawn from.
struct PlotContext {
    std::shared_ptr<const Study> study;
    std::optional<StudyModel> model; ///< nothing: too few results, see modelError
    std::optional<Error> modelError;
    Setting setting;              ///< that profiler and maps pass through; one value per parameter
    std::optional<TrialId> trial; ///< whose setting it is
    std::int64_t nowMs = 0;
};

/// Fits the model and chooses the setting: of the given trial, else of the best one, else the defaults.
/// `project` is the study's file, if it has one: earlier studies that it learns from are sought beside it. On
/// a worker thread. Errors: NotFound (no such trial), Cancelled; a model that cannot be fitted is no error.
[[nodiscard]] Result<PlotContext> plotContext(std::shared_ptr<const Study> study,
                                              std::optional<TrialId> trial, const QString& project = {},
                                              const Monitor& monitor = {});

/// A picture with the same scene as in the window, not on any screen.
struct MadePlot {
    std::unique_ptr<QWidget> widget; ///< owns the source
    PlotSource* source = nullptr;
    QSizeF sizeMm{160.0, 90.0}; ///< that suits it
};
/// Only on the thread of the QApplication.
using PlotMaker = std::function<MadePlot()>;

/// One picture by name. `compute` may run on a worker thread and takes the time; its result draws.
struct PlotEntry {
    QString name;  ///< "history-loss"
    QString kind;  ///< "history"
    QString title; ///< one line, translated
    std::function<Result<PlotMaker>(const PlotContext&, const Monitor&)> compute;
};

/// All pictures of the study, in the order in which one looks at them.
[[nodiscard]] std::vector<PlotEntry> plotCatalog(const Study& study);
/// By name, or the first of its kind. Error: UnknownName naming the nearest.
[[nodiscard]] Result<PlotEntry> findPlot(const Study& study, const QString& name);

} // namespace alidade
