#pragma once

#include "desirability/overall_desirability.h"
#include "study/study.h"

#include <QAbstractTableModel>
#include <QString>

#include <map>
#include <vector>

namespace alidade {

/// Functions that take the place of those of the study, while they are tried out.
using DesirabilityPreview = std::map<MeasureId, DesirabilityFunction>;

struct RankingRow {
    TrialId id;
    double overall = 0.0;           ///< D in [0, 1]
    std::vector<double> individual; ///< d per goal of the ranking
    std::vector<double> values;     ///< measured, user's units; NaN: missing
    std::vector<std::size_t> zeros; ///< goals that force D = 0
    bool feasible = true;           ///< within all limits and completely measured
    bool operator==(const RankingRow&) const = default;
};

/// Complete, not excluded trials by overall desirability.
struct DesirabilityRanking {
    std::vector<MeasureId> goals;            ///< objectives that have a desirability, in order
    std::vector<RankingRow> rows;            ///< feasible ones first, then by D, then by id
    std::vector<DesirabilitySpread> spreads; ///< per goal, over the rows
    bool operator==(const DesirabilityRanking&) const = default;

    /// The first row, if it is feasible and D > 0.
    [[nodiscard]] const RankingRow* best() const;
};

/// Without any desirability an empty ranking. Errors: InvalidConfiguration (a function that cannot be
/// evaluated; context "[i].key", i counting the goals).
[[nodiscard]] Result<DesirabilityRanking> desirabilityRanking(const Study& study,
                                                              const DesirabilityPreview& preview = {});

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
    [[nodiscard]] QString remark(const RankingRow& row) const;

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
