#pragma once

#include "plots/curves_plot.h"

#include <QWidget>

class QCheckBox;
class QComboBox;

namespace alidade {

class ProjectDocument;
class TrialSelection;
struct Definition;

/// History, tab Learning curves: what each trial reported before it ended.
class HistoryCurvesPanel : public QWidget {
    Q_OBJECT
public:
    HistoryCurvesPanel(ProjectDocument& document, TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] CurvesPlot& plot() const { return *m_plot; }
    void setLogarithmic(bool logarithmic);
    /// The study has changed.
    void updatePlots();

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillMeasures();
    void selectionChanged();

    ProjectDocument& m_document;
    TrialSelection& m_selection;
    QComboBox* m_measure = nullptr;
    QCheckBox* m_logSteps = nullptr;
    CurvesPlot* m_plot = nullptr;
    bool m_logarithmic = false;
    bool m_dirty = true;
};

/// The axis of the steps: named as the study's fidelity.
[[nodiscard]] AxisSpec stepSpec(const Definition& definition);

} // namespace alidade
