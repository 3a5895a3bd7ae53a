#pragma once

#include "document/project_document.h"
#include "pages/beliefs_sketch.h"

#include <QWidget>

class QListWidget;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace alidade {

class BeliefEditor;
class BeliefsPreview;
class DerivedCache;
class EmptyState;
class JobRunner;
class MessageBar;
class TrialSelection;

/// What the user knows before measuring: the list of beliefs, the form of one of them, and beside it what
/// they claim together and what the data say.
class BeliefsPage : public QWidget {
    Q_OBJECT
public:
    BeliefsPage(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache, TrialSelection& selection,
                QWidget* parent = nullptr);

    [[nodiscard]] BeliefEditor& editor() const { return *m_editor; }
    [[nodiscard]] BeliefsPreview& preview() const { return *m_preview; }
    [[nodiscard]] const std::optional<BeliefsSketch>& sketch() const { return m_sketch; }
    /// Whether the preview shows the beliefs as they are.
    [[nodiscard]] bool isUpToDate() const { return m_wanted > 0 && m_have == m_wanted && !mustDraw(); }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    [[nodiscard]] QWidget* buildLeft();
    void fillAddMenu();
    void addBelief(decltype(Belief::claim) claim, double confidence = 0.8);
    void addOptimum(const Parameter& parameter);
    void addBestValue(const Objective& objective);
    void addPairOfTrials();
    void addGoodTrials();
    void addFromProject();
    void addFromFile(const QString& path);
    void askForPairs();
    void removeBelief();
    void editBelief(const Belief& belief, bool settled);
    void definitionChanged();
    void fillList();
    void currentChanged();
    void select(BeliefId id);
    [[nodiscard]] const Belief* current() const;
    /// A new sketch, of functions drawn anew where they were drawn for other beliefs; while one is dragged,
    /// only their weights change.
    void request();
    [[nodiscard]] bool mustDraw() const;
    void start();
    void showNotice(const QString& text, bool problem);

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    TrialSelection& m_selection;
    QStackedWidget* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    QListWidget* m_list = nullptr;
    QToolButton* m_add = nullptr;
    QMenu* m_addMenu = nullptr;
    QToolButton* m_remove = nullptr;
    QWidget* m_hint = nullptr;
    BeliefEditor* m_editor = nullptr;
    BeliefsPreview* m_preview = nullptr;
    MessageBar* m_notice = nullptr;
    std::optional<BeliefsSketch> m_sketch;
    Definition m_sketched; ///< definition without beliefs that the functions were drawn for
    MeasureId m_sketchedObjective;
    std::shared_ptr<const StudyModel::State> m_sketchedFit; ///< of the model then; nothing: without one
    quint64 m_wanted = 0;
    quint64 m_have = 0;
    bool m_running = false;
    bool m_runningAnew = false;
    /// Beliefs whose cloud is among the places where functions may have their optimum: the same beliefs show
    /// the same figures, however they were come by.
    std::optional<std::vector<Belief>> m_drawnFor;
    bool m_dragging = false;
    bool m_filling = false;
};

} // namespace alidade
