#pragma once

#include "pages/fronts_data.h"
#include "pages/fronts_model.h"
#include "pages/fronts_parallel.h"

#include <QTimer>
#include <QWidget>

#include <map>
#include <memory>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace alidade {

class DerivedCache;
class EmptyState;
class FrontsPick;
class FrontScatter;
class HypervolumePlot;
class JobRunner;
class MessageBar;
class ParallelColorBox;
class ParallelPlot;
class PlotView;
class ProjectDocument;
class TrialSelection;

/// Fronts: which compromises were found, what the model expects beyond them, and the choice of one. All
/// figures are computed in the background; a dragged reference point is one undo step, made when it is let
/// go.
class FrontsPage : public QWidget {
    Q_OBJECT
public:
    FrontsPage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache, TrialSelection& selection,
               QWidget* parent = nullptr);
    ~FrontsPage() override;

    [[nodiscard]] FrontScatter& scatter() const { return *m_scatter; }
    [[nodiscard]] HypervolumePlot& hypervolume() const { return *m_volume; }
    [[nodiscard]] ParallelPlot& parallel() const { return *m_parallel; }
    /// Of a study with three objectives and more, row by row below the diagonal.
    [[nodiscard]] const std::vector<FrontScatter*>& matrix() const { return m_matrix; }
    [[nodiscard]] FrontsPick& pick() const { return *m_pick; }
    [[nodiscard]] const FrontsData& data() const { return m_data; }
    [[nodiscard]] const std::optional<FrontsModel>& model() const { return m_model; }
    /// What is drawn of the modelled front; null where it is switched off or not known.
    [[nodiscard]] const FrontsBelief* belief() const;
    [[nodiscard]] bool isUpToDate() const { return m_have == m_wanted; }
    /// What to do, where there is nothing to show; no title where there is.
    struct EmptyText {
        QString title;
        QString text;
    };
    [[nodiscard]] EmptyText emptyText() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    [[nodiscard]] QWidget* buildBar();
    [[nodiscard]] QWidget* buildFrontTab();
    void connectAll();
    void adopt(PlotView* plot);
    void definitionChanged();
    void rebuildMatrix();
    void scheduleUpdate();
    void refreshPage();
    void collect();
    void requestModel();
    void requestBelief();
    void showData();
    void showScatter(FrontScatter& plot, std::size_t x, std::size_t y) const;
    void showFigures();
    void selectionChanged();
    void referenceMoved(const QPointF& point);
    void referenceSettled(const QPointF& point, bool byKey);
    void showBrush();
    void brushed();
    void choose(const std::optional<TrialId>& trial);
    [[nodiscard]] std::size_t chosen(const QComboBox* box) const;

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    TrialSelection& m_selection;
    QTimer m_delay; ///< collects results that arrive together
    bool m_dirty = true;
    std::map<MeasureId, double> m_reference; ///< while it is dragged
    FrontsData m_data;
    std::shared_ptr<const Study> m_dataStudy;   ///< that m_data was made from
    std::optional<ParallelData> m_parallelData; ///< of m_data, until it is shown
    std::optional<FrontsModel> m_model;
    std::optional<FrontsBelief> m_belief; ///< takes longer than m_model
    bool m_beliefAgain = false;           ///< newer results came while it was computed
    bool m_collectAgain = false;          ///< results came while the last ones were being ranked
    quint64 m_wanted = 0;
    quint64 m_have = 0;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QComboBox* m_xBox = nullptr;
    QComboBox* m_yBox = nullptr;
    QCheckBox* m_layers = nullptr;
    QCheckBox* m_errors = nullptr;
    QCheckBox* m_predictions = nullptr;
    QCheckBox* m_distances = nullptr; ///< only where a desirability asks for a value or a range
    QToolButton* m_picks = nullptr;
    QTabWidget* m_tabs = nullptr;
    FrontScatter* m_scatter = nullptr;
    HypervolumePlot* m_volume = nullptr;
    QLabel* m_figures = nullptr;
    ParallelPlot* m_parallel = nullptr;
    ParallelColorBox* m_color = nullptr;
    QLabel* m_brushText = nullptr;
    QWidget* m_matrixTab = nullptr;
    QGridLayout* m_matrixGrid = nullptr;
    std::vector<FrontScatter*> m_matrix;
    FrontsPick* m_pick = nullptr;
    MessageBar* m_notice = nullptr;
};

} // namespace alidade
