#pragma once

#include <QAbstractTableModel>

#include <cstdint>
#include <vector>

namespace alidade {

/// A table whose rows are things with ids, so that a change of the list becomes row insertions, removals and
/// moves: selections and editors of the other rows survive.
class IdTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole, ///< qint64
        SortRole,              ///< raw value: number or text; invalid when missing
        ProblemRole            ///< text of what is wrong with the row; empty if nothing
    };

    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] std::int64_t idAt(int row) const { return m_ids.at(static_cast<std::size_t>(row)); }
    /// -1 when there is no such row.
    [[nodiscard]] int rowOf(std::int64_t id) const;

protected:
    /// Announces the steps from the present rows to `ids` (distinct), then dataChanged for all.
    void syncRows(const std::vector<std::int64_t>& ids);
    void resetRows(std::vector<std::int64_t> ids); ///< within begin/endResetModel

private:
    std::vector<std::int64_t> m_ids;
};

} // namespace alidade
