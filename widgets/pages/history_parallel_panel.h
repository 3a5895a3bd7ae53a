#pragma once

#include <QString>
#include <QWidget>

class QLabel;

namespace alidade {

class JobRunner;
class ParallelColorBox;
class ParallelPlot;
class ProjectDocument;
class TrialSelection;
struct TrialsParallelData;

/// History, tab Parallel coordinates: all finished trials over all parameters and measures. Ranges marked on
/// the axes select their trials on every page.
class HistoryParallelPanel : public QWidget {
    Q_OBJECT
public:
    HistoryParallelPanel(ProjectDocument& document, JobRunner& jobs, TrialSelection& selection,
                         QWidget* parent = nullptr);

    [[nodiscard]] ParallelPlot& plot() const { return *m_plot; }
    /// The study has changed.
    void updatePlots();

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void showData(TrialsParallelData shown);
    void showBrush();
    void brushed();
    void selectionChanged();

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    TrialSelection& m_selection;
    ParallelColorBox* m_color = nullptr;
    QLabel* m_brushText = nullptr;
    ParallelPlot* m_plot = nullptr;
    bool m_dirty = true;
    bool m_again = false; ///< results came while the last ones were being collected
};

} // namespace alidade
