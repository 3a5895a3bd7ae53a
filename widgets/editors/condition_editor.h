#pragma once

#include "space/search_space.h"

#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace alidade {

/// "Active when": rows of a parent parameter and the values it must have.
class ConditionEditor : public QWidget {
    Q_OBJECT
public:
    explicit ConditionEditor(QWidget* parent = nullptr);

    void setParameter(const SearchSpace& space, const Parameter& parameter);

signals:
    void edited(const std::vector<alidade::Condition>& conditions);

private:
    void rebuild();
    void addRow(std::size_t index);
    [[nodiscard]] std::vector<const Parameter*> possibleParents() const;

    SearchSpace m_space;
    Parameter m_parameter;
    QVBoxLayout* m_rows = nullptr;
};

/// The values that a condition on this parent may name: its choices, or the whole numbers of a short range.
[[nodiscard]] std::vector<Value> conditionValues(const Parameter& parent);

} // namespace alidade
