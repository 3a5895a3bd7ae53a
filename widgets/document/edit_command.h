#pragma once

#include "study/edit.h"

#include <QUndoCommand>

#include <functional>

namespace alidade {

/// One undo step: an edit that has been done and the edit that takes it back; undo and redo swap the two.
/// Holds values and ids only. It is pushed after the edit was applied, so the first redo does nothing.
class EditCommand : public QUndoCommand {
public:
    /// Fits the edit to what changed since, performs it, and hands back what was performed and its inverse;
    /// on an error it has told the user.
    struct Performed {
        Edit done;
        Edit inverse;
    };
    using Performer =
        std::function<Result<Performed>(const Edit& next, const Edit& done, const QString& text)>;

    EditCommand(Edit done, Edit inverse, const QString& text, int mergeKey, Performer performer);

    void undo() override { swap(); }
    void redo() override;
    [[nodiscard]] int id() const override { return m_mergeKey; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    void swap();

    Edit m_done;
    Edit m_next;
    Performer m_performer;
    int m_mergeKey = -1;
    bool m_first = true;
};

} // namespace alidade
