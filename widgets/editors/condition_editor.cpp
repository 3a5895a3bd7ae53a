#include "editors/condition_editor.h"

#include "editors/widget_style.h"
#include "models/value_text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

namespace {

constexpr std::int64_t kLongestRange = 32;

/// Menu whose items can be ticked one after the other without closing it.
class TickMenu : public QMenu {
public:
    using QMenu::QMenu;

protected:
    void mouseReleaseEvent(QMouseEvent* event) override {
        QAction* const action = activeAction();
        if (action != nullptr && action->isCheckable())
            action->trigger();
        else
            QMenu::mouseReleaseEvent(event);
    }
};

} // namespace

std::vector<Value> conditionValues(const Parameter& parent) {
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&parent.domain))
        return ordinal->choices;
    if (const auto* categorical = std::get_if<CategoricalChoices>(&parent.domain))
        return categorical->choices;
    std::vector<Value> values;
    if (const auto* integer = std::get_if<IntegerRange>(&parent.domain);
        integer != nullptr && integer->step > 0 &&
        (integer->high - integer->low) / integer->step < kLongestRange)
        for (std::int64_t value = integer->low; value <= integer->high; value += integer->step)
            values.emplace_back(value);
    return values;
}

ConditionEditor::ConditionEditor(QWidget* parent) : QWidget(parent) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(4);
    layout->addLayout(m_rows);
}

std::vector<const Parameter*> ConditionEditor::possibleParents() const {
    std::vector<const Parameter*> parents;
    for (const Parameter& candidate : m_space.parameters)
        if (candidate.id != m_parameter.id && !conditionValues(candidate).empty())
            parents.push_back(&candidate);
    return parents;
}

void ConditionEditor::setParameter(const SearchSpace& space, const Parameter& parameter) {
    m_space = space;
    m_parameter = parameter;
    rebuild();
}

void ConditionEditor::rebuild() {
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (item->widget() != nullptr) {
            item->widget()->hide();
            item->widget()->deleteLater(); // it may be the sender
        }
        delete item;
    }
    for (std::size_t i = 0; i < m_parameter.conditions.size(); ++i)
        addRow(i);
    const auto parents = possibleParents();
    auto* const bottom = new QWidget(this);
    auto* const bottomRow = new QHBoxLayout(bottom);
    bottomRow->setContentsMargins(0, 0, 0, 0);
    if (m_parameter.conditions.empty())
        bottomRow->addWidget(hintLabel(parents.empty()
                                           ? tr("Always. A condition needs another parameter with choices.")
                                           : tr("Always"),
                                       bottom),
                             1);
    else
        bottomRow->addStretch(1);
    auto* const add =
        textButton(QStringLiteral("add"), tr("Condition"), QStringLiteral("addCondition"), bottom);
    add->setVisible(!parents.empty());
    bottomRow->addWidget(add);
    connect(add, &QPushButton::clicked, this, [this] {
        auto conditions = m_parameter.conditions;
        const auto choices = possibleParents();
        if (choices.empty())
            return;
        conditions.push_back({choices.front()->id, {conditionValues(*choices.front()).front()}});
        emit edited(conditions);
    });
    m_rows->addWidget(bottom);
}

void ConditionEditor::addRow(std::size_t index) {
    const Condition& condition = m_parameter.conditions[index];
    auto* const row = new QWidget(this);
    auto* const layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* const parentBox = new QComboBox(row);
    parentBox->setObjectName(QStringLiteral("conditionParent%1").arg(index));
    guardWheel(parentBox);
    for (const Parameter* candidate : possibleParents())
        parentBox->addItem(QString::fromStdString(candidate->name), qlonglong(candidate->id.value));
    int current = parentBox->findData(qlonglong(condition.parent.value));
    const Parameter* parent = m_space.find(condition.parent);
    if (current < 0) { // e.g. the parent has become a real number since
        parentBox->addItem(parent == nullptr ? tr("(removed)") : QString::fromStdString(parent->name),
                           qlonglong(condition.parent.value));
        current = parentBox->count() - 1;
    }
    parentBox->setCurrentIndex(current);
    connect(parentBox, &QComboBox::activated, this, [this, index, parentBox] {
        auto conditions = m_parameter.conditions;
        const ParameterId id{parentBox->currentData().toLongLong()};
        const Parameter* chosen = m_space.find(id);
        if (chosen == nullptr || conditions[index].parent == id)
            return;
        conditions[index] = {id, {conditionValues(*chosen).front()}};
        emit edited(conditions);
    });

    auto* const valuesButton = new QToolButton(row);
    valuesButton->setObjectName(QStringLiteral("conditionValues%1").arg(index));
    valuesButton->setPopupMode(QToolButton::InstantPopup);
    valuesButton->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QStringList names;
    for (const Value& value : condition.values)
        names.append(valueText(value));
    valuesButton->setText(names.isEmpty() ? tr("no value") : names.join(tr(" or ")));
    valuesButton->setToolTip(tr("Active when the parent has one of these values"));
    auto* const menu = new TickMenu(valuesButton);
    valuesButton->setMenu(menu);
    const std::vector<Value> possible = parent == nullptr ? std::vector<Value>{} : conditionValues(*parent);
    for (const Value& value : possible) {
        QAction* const action = menu->addAction(valueText(value));
        action->setCheckable(true);
        action->setChecked(std::find(condition.values.begin(), condition.values.end(), value) !=
                           condition.values.end());
    }
    connect(menu, &QMenu::aboutToHide, this, [this, index, menu, possible] {
        auto conditions = m_parameter.conditions;
        conditions[index].values.clear();
        for (qsizetype i = 0; i < menu->actions().size(); ++i)
            if (menu->actions().at(i)->isChecked())
                conditions[index].values.push_back(possible[static_cast<std::size_t>(i)]);
        if (conditions != m_parameter.conditions)
            emit edited(conditions);
    });

    auto* const remove = iconButton(QStringLiteral("close"), tr("Remove this condition"),
                                    QStringLiteral("removeCondition%1").arg(index), row);
    connect(remove, &QToolButton::clicked, this, [this, index] {
        auto conditions = m_parameter.conditions;
        conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(index));
        emit edited(conditions);
    });
    layout->addWidget(parentBox, 1);
    layout->addWidget(new QLabel(tr("is"), row));
    layout->addWidget(valuesButton, 1);
    layout->addWidget(remove);
    m_rows->addWidget(row);
}

} // namespace alidade
