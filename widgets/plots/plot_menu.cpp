#include "plots/plot_menu.h"

#include "document/error_text.h"
#include "plots/export_dialog.h"
#include "plots/plot_export.h"
#include "plots/plot_frame.h"
#include "plots/plot_text.h"
#include "plots/plot_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>

namespace alidade {

namespace {

void exportTo(PlotSource& source, QWidget* parent, const ExportHooks& hooks) {
    if (!hooks.choosePath) {
        auto* dialog = new ExportDialog(source, parent, hooks);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
        return;
    }
    const QString path = hooks.choosePath(parent, source.plotName());
    if (path.isEmpty())
        return;
    const Result<void> written = exportPlot(source, path, {});
    if (hooks.notify)
        hooks.notify(written.ok() ? PlotText::tr("Written: %1").arg(path) : errorText(written.error()));
}

} // namespace

ExportHooks fileDialogHooks() {
    return {}; // no path of its own: ExportDialog asks
}

void copyImage(PlotSource& source, double devicePixelRatio) {
    PlotExportOptions options;
    options.dpi = 96.0 * devicePixelRatio;
    QGuiApplication::clipboard()->setImage(plotImage(source, options));
}

void copyData(PlotSource& source) {
    const PlotTable table = source.table();
    // Tab-separated text is what spreadsheets paste into cells.
    QString cells = table.header.join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (const QStringList& row : table.rows)
        cells += row.join(QLatin1Char('\t')) + QLatin1Char('\n');
    auto* data = new QMimeData;
    data->setText(cells);
    data->setData(QStringLiteral("text/csv"), toCsv(table).toUtf8());
    QGuiApplication::clipboard()->setMimeData(data);
}

void addExportActions(QMenu& menu, PlotSource& source, QWidget* parent, const ExportHooks& hooks) {
    QAction* image = menu.addAction(PlotText::tr("&Copy image"));
    image->setObjectName(QStringLiteral("copyImage"));
    QObject::connect(image, &QAction::triggered, parent,
                     [&source, parent] { copyImage(source, std::max(2.0, parent->devicePixelRatioF())); });
    QAction* data = menu.addAction(PlotText::tr("Copy &data"));
    data->setObjectName(QStringLiteral("copyData"));
    QObject::connect(data, &QAction::triggered, parent, [&source] { copyData(source); });
    QAction* file = menu.addAction(PlotText::tr("&Export…"));
    file->setObjectName(QStringLiteral("export"));
    QObject::connect(file, &QAction::triggered, parent,
                     [&source, parent, hooks] { exportTo(source, parent, hooks); });
}

void fillPlotMenu(QMenu& menu, PlotView& view, const ExportHooks& hooks) {
    const auto add = [&](const QString& text, const QString& keys, bool enabled, auto action) {
        QAction* entry = menu.addAction(text + QLatin1Char('\t') + keys);
        entry->setEnabled(enabled);
        QObject::connect(entry, &QAction::triggered, &view, action);
        return entry;
    };
    add(PlotText::tr("&Reset zoom"), PlotText::tr("Home"), view.isZoomed(), [&view] {
        view.resetZoom();
    })->setObjectName(QStringLiteral("resetZoom"));
    add(PlotText::tr("&Previous view"), PlotText::tr("Alt+Left"), view.canGoBack(),
        [&view] { view.goBack(); });
    add(PlotText::tr("&Next view"), PlotText::tr("Alt+Right"), view.canGoForward(),
        [&view] { view.goForward(); });

    const auto& entries = view.legend().entries();
    if (!entries.empty()) {
        QMenu* shown = menu.addMenu(PlotText::tr("&Show"));
        for (const LegendItem::Entry& entry : entries) {
            QAction* toggle = shown->addAction(entry.item->legendText(entry.index));
            toggle->setCheckable(true);
            toggle->setChecked(entry.item->isEntryShown(entry.index));
            QObject::connect(toggle, &QAction::triggered, &view,
                             [&view, entry] { view.legend().toggle(entry); });
        }
    }
    menu.addSeparator();
    addExportActions(menu, view, &view, hooks);
}

} // namespace alidade
