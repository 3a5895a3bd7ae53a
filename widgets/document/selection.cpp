#include "document/selection.h"

#include <utility>

namespace alidade {

void TrialSelection::setCurrent(TrialId id) {
    if (id.valid())
        setSelection({id}, id);
    else
        clear();
}

void TrialSelection::setSelection(std::set<TrialId> selected, TrialId current) {
    if (!selected.contains(current))
        current = {};
    if (selected == m_selected && current == m_current)
        return;
    m_selected = std::move(selected);
    m_current = current;
    emit changed();
}

} // namespace alidade
