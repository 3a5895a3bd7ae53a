#include "document/edit_command.h"

#include <utility>

namespace alidade {

EditCommand::EditCommand(Edit done, Edit inverse, const QString& text, int mergeKey, Performer performer)
    : QUndoCommand(text), m_done(std::move(done)), m_next(std::move(inverse)),
      m_performer(std::move(performer)), m_mergeKey(mergeKey) {}

void EditCommand::redo() {
    if (std::exchange(m_first, false))
        return;
    swap();
}

void EditCommand::swap() {
    auto performed = m_performer(m_next, m_done, text());
    if (!performed.ok()) {
        setObsolete(true); // the performer has told why; the stack drops the step
        return;
    }
    m_done = std::move(performed->done);
    m_next = std::move(performed->inverse);
}

bool EditCommand::mergeWith(const QUndoCommand* other) {
    const auto* later = dynamic_cast<const EditCommand*>(other);
    if (later == nullptr || later->m_done.index() != m_done.index() || later->text() != text())
        return false;
    m_done = later->m_done; // our inverse leads back to the state before both
    return true;
}

} // namespace alidade
