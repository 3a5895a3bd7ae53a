#include "editors/number_edit.h"

#include "models/value_text.h"

#include <QKeyEvent>
#include <QStyle>

#include <cmath>

namespace alidade {

void markProblem(QWidget* field, const QString& problem) {
    field->setToolTip(problem);
    const bool invalid = !problem.isEmpty();
    if (field->property("invalid").toBool() == invalid)
        return;
    field->setProperty("invalid", invalid);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

NumberEdit::NumberEdit(QWidget* parent) : QLineEdit(parent) {
    setMinimumWidth(64);
    connect(this, &QLineEdit::editingFinished, this, &NumberEdit::finish);
}

void NumberEdit::setValue(std::optional<double> value) {
    m_value = value;
    if (hasFocus() && isModified())
        return;
    setText(optionalNumberText(value));
    setModified(false);
    setCursorPosition(0);
    mark({});
}

void NumberEdit::finish() {
    if (!isModified())
        return;
    const QString typed = text().trimmed();
    std::optional<double> number;
    if (typed.isEmpty()) {
        if (!m_optional)
            return mark(tr("A number is needed here."));
    } else {
        number = numberFromUser(typed);
        if (!number)
            return mark(tr("“%1” is not a number.").arg(typed));
        if (m_whole && *number != std::round(*number))
            return mark(tr("A whole number is needed here."));
    }
    setModified(false);
    mark({});
    if (number == m_value)
        return;
    m_value = number;
    emit valueEdited(number);
}

void NumberEdit::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && isModified()) {
        setModified(false);
        setValue(m_value);
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void NumberEdit::mark(const QString& problem) {
    markProblem(this, problem);
}

} // namespace alidade
