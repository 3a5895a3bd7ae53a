#pragma once

#include "study/trial.h"

#include <QSortFilterProxyModel>

#include <optional>
#include <unordered_map>
#include <vector>

namespace alidade {

/// Sorting and filtering of trials: pending and running ones stay on top whatever the order; missing values
/// come last in both directions.
class TrialsFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TrialsFilter(QObject* parent = nullptr);

    void setSourceModel(QAbstractItemModel* source) override;

    /// Every word must occur in the trial's searchText().
    void setText(const QString& text);
    /// Search texts made elsewhere (in a job, for many trials); the rest is made when needed.
    using SearchTexts = std::unordered_map<std::int64_t, QString>;
    void adoptSearchTexts(SearchTexts texts) { m_texts = std::move(texts); }
    [[nodiscard]] bool hasSearchTexts() const { return !m_texts.empty(); }
    void setState(std::optional<TrialState> state);
    void setHidesExcluded(bool hides);
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty() || m_state || m_hidesExcluded; }

protected:
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    /// What a row is sorted by, fetched once per change and not once per comparison.
    struct Key {
        int rank = 0; ///< 0 running, 1 pending, 2 the rest
        bool missing = false;
        bool isNumber = false;
        double number = 0.0;
        QString text;
    };
    void forgetRows(const QModelIndex& first, const QModelIndex& last);
    void forgetAll();
    [[nodiscard]] const Key& key(const QModelIndex& index) const;
    [[nodiscard]] static Key keyOf(const QModelIndex& cell);

    mutable std::vector<Key> m_keys; ///< by source row, for m_keyColumn; empty: to be made
    mutable int m_keyColumn = -1;
    mutable SearchTexts m_texts;
    QStringList m_words;
    std::optional<TrialState> m_state;
    bool m_hidesExcluded = false;
};

} // namespace alidade
