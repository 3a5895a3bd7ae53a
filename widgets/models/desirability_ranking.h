#pragma once

#include "desirability/study_goals.h"

#include <QAbstractTableModel>
#include <QString>

namespace alidade {

/// The ranking as a table: trial, D, d of each goal, and what is to be said about the row.
class RankingModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { TrialColumn, OverallColumn, FirstGoal };

    using QAbstractTableModel::QAbstractTableModel;

    /// `names` and `units` of the goals. Rows keep their number where possible, so that a view stays calm.
    void setRanking(const DesirabilityRanking& ranking, const QStringList& names, const QStringList& units);
    [[nodiscard]] const DesirabilityRanking& ranking() const { return m_ranking; }
    [[nodiscard]] TrialId trialAt(int row) const;
    /// -1 when it is not ranked.
    [[nodiscard]] int rowOf(TrialId id) const;
    /// "0: seconds = 3.4 s", "outside a limit", or nothing.
    [[nodiscard]] QString remark(const RankedTrial& row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    DesirabilityRanking m_ranking;
    QStringList m_names;
    QStringList m_units;
};

} // namespace alidade
