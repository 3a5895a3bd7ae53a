#pragma once

#include "base/ids.h"

#include <QString>
#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;

namespace alidade {

class ParallelPlot;
class ProjectDocument;
class TrialSelection;

/// History, tab Parallel coordinates: all finished trials over all parameters and measures. Ranges marked on
/// the axes select their trials on every page.
class HistoryParallelPanel : public QWidget {
    Q_OBJECT
public:
    HistoryParallelPanel(ProjectDocument& document, TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] ParallelPlot& plot() const { return *m_plot; }
    /// The study has changed.
    void updatePlots();

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillColors(const std::vector<MeasureId>& measures);
    void applyColor();
    void showBrush();
    void brushed();
    void selectionChanged();

    ProjectDocument& m_document;
    TrialSelection& m_selection;
    QComboBox* m_color = nullptr;
    QLabel* m_brushText = nullptr;
    ParallelPlot* m_plot = nullptr;
    std::vector<QString> m_colorNames; ///< of the measures in m_color, after "best trials"
    bool m_dirty = true;
};

} // namespace alidade
