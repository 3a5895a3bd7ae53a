#include "models/trials_filter.h"

#include "models/trials_model.h"

#include <algorithm>

namespace alidade {

TrialsFilter::TrialsFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(TrialsModel::SortRole);
    setDynamicSortFilter(true);
}

void TrialsFilter::setSourceModel(QAbstractItemModel* source) {
    // Connected before the proxy's own slots, so that those never see keys of the rows as they were.
    if (source != nullptr) {
        connect(source, &QAbstractItemModel::dataChanged, this, &TrialsFilter::forgetRows);
        connect(source, &QAbstractItemModel::rowsInserted, this, [this] { m_keys.clear(); });
        connect(source, &QAbstractItemModel::rowsRemoved, this, [this] { m_keys.clear(); });
        connect(source, &QAbstractItemModel::modelReset, this, &TrialsFilter::forgetAll);
    }
    QSortFilterProxyModel::setSourceModel(source);
}

void TrialsFilter::forgetRows(const QModelIndex& first, const QModelIndex& last) {
    // A result changes one row of thousands: the other keys stay.
    const bool all = last.row() - first.row() > rowCount() / 4;
    if (all)
        m_keys.clear();
    for (int row = first.row(); row <= last.row(); ++row) {
        if (!m_keys.empty())
            m_keys[static_cast<std::size_t>(row)] = keyOf(first.sibling(row, m_keyColumn));
        m_texts.erase(first.siblingAtRow(row).data(TrialsModel::IdRole).toLongLong());
    }
}

void TrialsFilter::forgetAll() {
    m_keys.clear();
    m_texts.clear();
}

TrialsFilter::Key TrialsFilter::keyOf(const QModelIndex& cell) {
    Key made;
    const auto state = static_cast<TrialState>(cell.data(TrialsModel::StateRole).toInt());
    made.rank = state == TrialState::Running ? 0 : state == TrialState::Pending ? 1 : 2;
    const QVariant value = cell.data(TrialsModel::SortRole);
    made.missing = !value.isValid();
    made.isNumber = value.typeId() == QMetaType::Double || value.typeId() == QMetaType::LongLong ||
                    value.typeId() == QMetaType::Int;
    if (made.isNumber)
        made.number = value.toDouble();
    else
        made.text = value.toString();
    return made;
}

const TrialsFilter::Key& TrialsFilter::key(const QModelIndex& index) const {
    if (m_keys.empty() || m_keyColumn != index.column()) {
        const int rows = sourceModel()->rowCount();
        m_keys.assign(static_cast<std::size_t>(rows), {});
        m_keyColumn = index.column();
        for (int row = 0; row < rows; ++row)
            m_keys[static_cast<std::size_t>(row)] = keyOf(index.siblingAtRow(row));
    }
    return m_keys[static_cast<std::size_t>(index.row())];
}

void TrialsFilter::setText(const QString& text) {
    m_words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void TrialsFilter::setState(std::optional<TrialState> state) {
    m_state = state;
    invalidateFilter();
}

void TrialsFilter::setHidesExcluded(bool hides) {
    m_hidesExcluded = hides;
    invalidateFilter();
}

bool TrialsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    // The proxy swaps the sides when descending; what must not turn round is swapped back.
    const bool descending = sortOrder() == Qt::DescendingOrder;
    const Key& a = key(left);
    const Key& b = key(right);
    if (a.rank != b.rank)
        return (a.rank < b.rank) != descending;
    if (a.missing != b.missing)
        return b.missing != descending;
    if (a.isNumber && b.isNumber)
        return a.number < b.number;
    return QString::localeAwareCompare(a.text, b.text) < 0;
}

bool TrialsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QAbstractItemModel& model = *sourceModel();
    const QModelIndex first = model.index(row, 0, parent);
    if (m_state && first.data(TrialsModel::StateRole).toInt() != static_cast<int>(*m_state))
        return false;
    if (m_hidesExcluded && first.data(TrialsModel::ExcludedRole).toBool())
        return false;
    if (m_words.isEmpty())
        return true;
    const std::int64_t id = first.data(TrialsModel::IdRole).toLongLong();
    auto text = m_texts.find(id);
    if (text == m_texts.end()) {
        const auto* trials = qobject_cast<const TrialsModel*>(sourceModel());
        const Trial* trial = trials == nullptr ? nullptr : trials->trial(row);
        if (trial == nullptr)
            return false;
        text = m_texts.emplace(id, searchText(trials->definition(), *trial)).first;
    }
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return text->second.contains(word); });
}

} // namespace alidade
