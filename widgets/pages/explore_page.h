#pragma once

#include "pages/explore_slices.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

class QScrollArea;
class QStackedWidget;
class QTabWidget;

namespace alidade {

class DerivedCache;
class EmptyState;
class ExploreBar;
class ExploreMapPanel;
class ExploreProfiler;
class JobRunner;
class MessageBar;
class ProjectDocument;
class TrialSelection;

/// Explore: the model around one setting. Slices along every parameter, a map of any two, the prediction at
/// the setting. All numbers are computed in the background; while the user drags, the newest request wins and
/// old curves stay, faded.
class ExplorePage : public QWidget {
    Q_OBJECT
public:
    ExplorePage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache, TrialSelection& selection,
                QWidget* parent = nullptr);
    ~ExplorePage() override;

    /// The setting that is looked at: one value per parameter.
    [[nodiscard]] const Setting& values() const { return m_values; }
    /// The values of locked parameters instead of those of `wanted`.
    [[nodiscard]] Setting withLocked(Setting wanted) const;
    [[nodiscard]] Setting lockedValues() const;
    void setValues(const Setting& values);
    /// The last slices that arrived.
    [[nodiscard]] const std::optional<ExploreSlices>& slices() const { return m_slices; }
    /// Whether everything that is shown belongs to the present setting and model.
    [[nodiscard]] bool isUpToDate() const;

    [[nodiscard]] ExploreProfiler& profiler() const { return *m_profiler; }
    [[nodiscard]] ExploreMapPanel& map() const { return *m_map; }
    /// What to do, where there is nothing to show; no title where there is.
    struct EmptyText {
        QString title;
        QString text;
    };
    [[nodiscard]] EmptyText emptyText() const;

public slots:
    void goToBest();
    void setFromTrial();
    void addTrialHere();
    /// Moves to the setting with the best expected desirability, and says how sure that is.
    void maximiseDesirability();

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void connectAll();
    void definitionChanged();
    void modelChanged();
    void selectionChanged();
    void moveAxis(const ExploreAxis& axis, double position, bool settled);
    void valuesMoved(bool settled);
    /// Back to the last setting of `from`.
    void step(std::vector<Setting>& from, std::vector<Setting>& to);
    void rememberRested();
    void request();
    [[nodiscard]] ExploreRequest sliceRequest();
    [[nodiscard]] bool beliefsShown() const;
    void requestSlices();
    void requestAcquisition();
    void markStale();
    void requestMap(int resolution);
    void showPrediction();
    void showNotice(const QString& text);
    void updateActions();
    [[nodiscard]] const Trial* bestTrial() const;

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    TrialSelection& m_selection;

    Setting m_values;
    TrialId m_desirable;    ///< best trial of several objectives that all have a desirability
    bool m_touched = false; ///< the user chose the setting; else it follows the best trial
    bool m_settled = true;
    Setting m_rested; ///< where the last move ended
    std::vector<Setting> m_earlier;
    std::vector<Setting> m_later;
    std::optional<ExploreSlices> m_slices;
    std::optional<double> m_acquisition; ///< at the setting
    quint64 m_wanted = 0;                ///< number of the newest request
    quint64 m_haveSlices = 0;            ///< request that the shown slices answer
    quint64 m_haveAcquisition = 0;
    quint64 m_haveMap = 0;
    QTimer m_staleTimer;

    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QTabWidget* m_tabs = nullptr;
    QScrollArea* m_scroll = nullptr;
    ExploreProfiler* m_profiler = nullptr;
    ExploreMapPanel* m_map = nullptr;
    ExploreBar* m_bar = nullptr;
    ExplorePredictors m_predictors;
    MessageBar* m_notice = nullptr;
};

} // namespace alidade
