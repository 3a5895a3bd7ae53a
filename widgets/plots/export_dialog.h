#pragma once

#include "plots/plot_export.h"
#include "plots/plot_menu.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace alidade {

/// How a plot is written: kind, size, font, resolution, light or dark, transparent; with a preview. Does not
/// block the window. Remembers the last choices.
class ExportDialog : public QDialog {
    Q_OBJECT
public:
    /// `source` lives at least as long as `parent`.
    ExportDialog(PlotSource& source, QWidget* parent, ExportHooks hooks);

    [[nodiscard]] PlotExportOptions options() const;
    [[nodiscard]] QString suffix() const; ///< "svg", "pdf", "png", "csv"
    /// Writes there with the options as they are; the outcome goes to the hooks.
    bool exportTo(const QString& path);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void connectAll();
    void restore();
    void remember() const;
    void choosePreset();
    void updateFields();
    void showPreview();
    void choosePath();

    PlotSource& m_source;
    ExportHooks m_hooks;
    QComboBox* m_kind = nullptr;
    QComboBox* m_preset = nullptr;
    QDoubleSpinBox* m_width = nullptr;
    QDoubleSpinBox* m_height = nullptr;
    QDoubleSpinBox* m_font = nullptr;
    QSpinBox* m_dpi = nullptr;
    QComboBox* m_theme = nullptr;
    QCheckBox* m_transparent = nullptr;
    QLabel* m_preview = nullptr;
    QLabel* m_about = nullptr;
};

} // namespace alidade
