#include "models/id_table_model.h"

#include <algorithm>
#include <utility>

namespace alidade {

int IdTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

int IdTableModel::rowOf(std::int64_t id) const {
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

void IdTableModel::resetRows(std::vector<std::int64_t> ids) {
    m_ids = std::move(ids);
}

void IdTableModel::syncRows(const std::vector<std::int64_t>& ids) {
    for (int row = static_cast<int>(m_ids.size()) - 1; row >= 0; --row) {
        if (std::find(ids.begin(), ids.end(), idAt(row)) != ids.end())
            continue;
        beginRemoveRows({}, row, row);
        m_ids.erase(m_ids.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < static_cast<int>(ids.size()); ++row) {
        const std::int64_t id = ids[static_cast<std::size_t>(row)];
        const int present = rowOf(id);
        if (present == row)
            continue;
        if (present < 0) {
            beginInsertRows({}, row, row);
            m_ids.insert(m_ids.begin() + row, id);
            endInsertRows();
        } else { // present > row: everything before is in place
            beginMoveRows({}, present, present, {}, row);
            m_ids.erase(m_ids.begin() + present);
            m_ids.insert(m_ids.begin() + row, id);
            endMoveRows();
        }
    }
    if (!m_ids.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

} // namespace alidade
