#pragma once

#include "base/ids.h"

#include <QObject>

#include <set>

namespace alidade {

/// The trials that the user is looking at, shared by all pages: whoever shows trials highlights these and
/// sets them on a click. `current` is the one that the inspector explains; it is always selected.
class TrialSelection : public QObject {
    Q_OBJECT
public:
    explicit TrialSelection(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] TrialId current() const { return m_current; } ///< invalid id: none
    [[nodiscard]] const std::set<TrialId>& selected() const { return m_selected; }
    [[nodiscard]] bool contains(TrialId id) const { return m_selected.contains(id); }

    /// Selects this one alone; an invalid id clears.
    void setCurrent(TrialId id);
    /// `current` is dropped when it is not among `selected`.
    void setSelection(std::set<TrialId> selected, TrialId current);
    void clear() { setSelection({}, {}); }

signals:
    void changed();

private:
    TrialId m_current;
    std::set<TrialId> m_selected;
};

} // namespace alidade
