#include "models/desirability_ranking.h"

#include "models/value_text.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace alidade {

void RankingModel::setRanking(const DesirabilityRanking& ranking, const QStringList& names,
                              const QStringList& units) {
    const int before = rowCount();
    const int after = static_cast<int>(ranking.rows.size());
    if (names != m_names || before == 0 || after == 0) {
        beginResetModel();
        m_ranking = ranking;
        m_names = names;
        m_units = units;
        endResetModel();
        return;
    }
    if (after > before)
        beginInsertRows({}, before, after - 1);
    else if (after < before)
        beginRemoveRows({}, after, before - 1);
    m_ranking = ranking;
    m_units = units;
    if (after > before)
        endInsertRows();
    else if (after < before)
        endRemoveRows();
    emit dataChanged(index(0, 0), index(after - 1, columnCount() - 1));
}

TrialId RankingModel::trialAt(int row) const {
    return row >= 0 && row < rowCount() ? m_ranking.rows[static_cast<std::size_t>(row)].id : TrialId{};
}

int RankingModel::rowOf(TrialId id) const {
    const auto found = std::find_if(m_ranking.rows.begin(), m_ranking.rows.end(),
                                    [id](const RankedTrial& row) { return row.id == id; });
    return found == m_ranking.rows.end() ? -1 : static_cast<int>(found - m_ranking.rows.begin());
}

QString RankingModel::remark(const RankedTrial& row) const {
    QStringList parts;
    if (!row.feasible)
        parts << tr("outside a limit");
    for (const std::size_t goal : row.zeros) {
        const auto i = static_cast<int>(goal);
        const double value = row.values[goal];
        parts << (std::isnan(value) ? tr("0: %1 is missing").arg(m_names.value(i))
                                    : tr("0: %1 = %2")
                                          .arg(m_names.value(i), withUnit(numberText(value, 4),
                                                                          m_units.value(i).toStdString())));
    }
    return parts.join(QStringLiteral(", "));
}

int RankingModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ranking.rows.size());
}

int RankingModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FirstGoal + static_cast<int>(m_names.size()) + 1;
}

QVariant RankingModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RankedTrial& row = m_ranking.rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const int goals = static_cast<int>(m_names.size());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((column < FirstGoal + goals ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole)
        return remark(row);
    if (role != Qt::DisplayRole)
        return {};
    if (column == TrialColumn)
        return qint64(row.id.value);
    const auto share = [](double d) {
        return std::isnan(d) ? QStringLiteral("–") : QLocale().toString(d, 'f', 3);
    };
    if (column == OverallColumn)
        return share(row.overall);
    if (column < FirstGoal + goals)
        return share(row.individual[static_cast<std::size_t>(column - FirstGoal)]);
    return remark(row);
}

QVariant RankingModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    const int goals = static_cast<int>(m_names.size());
    if (section == TrialColumn)
        return tr("Trial");
    if (section == OverallColumn)
        return tip ? tr("Overall desirability, the weighted geometric mean") : tr("D");
    if (section < FirstGoal + goals)
        return tip ? tr("Desirability of %1").arg(m_names.value(section - FirstGoal))
                   : m_names.value(section - FirstGoal);
    return tr("Remark");
}

} // namespace alidade

#include "moc_desirability_ranking.cpp"
