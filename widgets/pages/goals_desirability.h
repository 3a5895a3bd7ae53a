#pragma once

#include "models/desirability_ranking.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QTableView;
class QVBoxLayout;

namespace alidade {

class DesirabilityCard;
class JobRunner;
class ProjectDocument;
class StudyFindings;
class TrialSelection;

/// The desirability of every objective and, beside it, what follows: the trials by overall desirability,
/// while a handle is dragged. A drag is one undo step, made when it ends.
class GoalsDesirability : public QWidget {
    Q_OBJECT
public:
    GoalsDesirability(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings,
                      TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] const std::vector<DesirabilityCard*>& cards() const { return m_cards; }
    [[nodiscard]] RankingModel& ranking() const { return *m_model; }
    /// Whether the ranking belongs to what is shown.
    [[nodiscard]] bool isUpToDate() const { return m_have == m_wanted; }

signals:
    void noticed(const QString& text);

private:
    QWidget* buildRanking();
    void rebuildCards();
    void refresh();
    void refreshMeasured();
    void rank();
    void showRanking(const DesirabilityRanking& ranking);
    void showSummary();
    void commit(MeasureId objective, const std::optional<DesirabilityFunction>& function, const QString& what,
                int part);

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    StudyFindings& m_findings;
    TrialSelection& m_selection;
    DesirabilityPreview m_preview; ///< what is being dragged
    quint64 m_wanted = 0;
    quint64 m_have = 0;

    std::vector<DesirabilityCard*> m_cards;
    QVBoxLayout* m_column = nullptr;
    QLabel* m_empty = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    RankingModel* m_model = nullptr;
    QWidget* m_side = nullptr;
    bool m_selecting = false;
};

} // namespace alidade
