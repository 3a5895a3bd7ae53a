#pragma once

#include <QString>

#include <functional>

class QMenu;
class QWidget;

namespace alidade {

class PlotSource;
class PlotView;

/// How an export talks to the user. Replaceable, for tests.
struct ExportHooks {
    /// Path of the file to write; empty when the user declines.
    std::function<QString(QWidget* parent, const QString& suggestedName)> choosePath;
    /// What happened, in one line.
    std::function<void(const QString& text)> notify;
};

[[nodiscard]] ExportHooks fileDialogHooks();

/// Copy image, copy data, export. `source` and `parent` must outlive the menu.
void addExportActions(QMenu& menu, PlotSource& source, QWidget* parent, const ExportHooks& hooks);
/// The whole context menu of a plot: zoom, legend, export.
void fillPlotMenu(QMenu& menu, PlotView& view, const ExportHooks& hooks);

void copyImage(PlotSource& source, double devicePixelRatio);
void copyData(PlotSource& source);

} // namespace alidade
