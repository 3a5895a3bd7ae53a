#pragma once

#include <QLineEdit>

#include <optional>

namespace alidade {

/// A field for one number, in the user's locale, perhaps empty. Emits valueEdited() when the user has
/// finished and the number differs; what is not a number stays in the field, marked, with the reason as tool
/// tip.
class NumberEdit : public QLineEdit {
    Q_OBJECT
public:
    explicit NumberEdit(QWidget* parent = nullptr);

    /// Not while the user is typing here.
    void setValue(std::optional<double> value);
    [[nodiscard]] std::optional<double> value() const { return m_value; }
    /// Whether an empty field is a valid answer (default: no).
    void setOptional(bool isOptional) { m_optional = isOptional; }
    void setWholeNumbers(bool whole) { m_whole = whole; }

signals:
    void valueEdited(std::optional<double> value);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void finish();
    void mark(const QString& problem);

    std::optional<double> m_value;
    bool m_optional = false;
    bool m_whole = false;
};

/// Marks a field whose content cannot be used; an empty problem clears the mark.
void markProblem(QWidget* field, const QString& problem);

} // namespace alidade
