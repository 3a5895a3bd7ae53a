#include "pages/learning_rate_fields.h"

#include "document/error_text.h"
#include "editors/number_edit.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_shapes.h"
#include "pages/learning_rate_state.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kSpacing = 6;

SliderField::Range shareRange() {
    return {0.0, 1.0, false, false, 0.0, 1.0};
}

QString toText(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString listText(const std::vector<double>& values) {
    QStringList texts;
    for (const double value : values)
        texts << numberText(value);
    return texts.join(QStringLiteral("; "));
}

QString listTitle(std::string_view key) {
    return key == "milestones" ? LearningRateFields::tr("Milestones")
           : key == "x"        ? LearningRateFields::tr("Points at")
                               : LearningRateFields::tr("Heights");
}

} // namespace

QHBoxLayout* labelledRow(const QString& title, QWidget* field) {
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    auto* const label = new QLabel(title);
    label->setFixedWidth(kFormLabelWidth);
    label->setBuddy(field);
    row->addWidget(label);
    row->addWidget(field, 1);
    return row;
}

LearningRateFields::LearningRateFields(const QString& prefix, QWidget* parent)
    : QWidget(parent), m_prefix(prefix) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpacing);
    m_warmup = track(new SliderField(tr("Warm-up steps"), {0, 1, false, true, 0, 1}, prefix + "warmup"));
    m_warmup->setHint(tr("Steps over which the rate rises linearly to the base rate"));
    connect(m_warmup, &SliderField::edited, this, [this](double value, bool dragging) {
        change(
            tr("warm-up"),
            [&](Schedule& schedule) { schedule.warmupSteps = static_cast<std::size_t>(value); }, dragging);
    });
    m_warmupStart = track(new SliderField(tr("Warm-up from"), shareRange(), prefix + "warmupStart"));
    m_warmupStart->setHint(tr("Rate at the first step as a share of the base rate"));
    connect(m_warmupStart, &SliderField::edited, this, [this](double value, bool dragging) {
        change(
            tr("start of the warm-up"),
            [&](Schedule& schedule) { schedule.warmupStart = std::max(1e-10, value); }, dragging);
    });
    column->addWidget(m_warmup);
    column->addWidget(m_warmupStart);
}

SliderField* LearningRateFields::track(SliderField* field) {
    field->setLabelWidth(kFormLabelWidth);
    connect(field, &SliderField::dragStarted, this, &LearningRateFields::dragStarted);
    return field;
}

void LearningRateFields::change(const QString& text, const std::function<void(Schedule&)>& change,
                                bool dragging) {
    Schedule changed = m_schedule;
    change(changed);
    if (changed == m_schedule)
        return;
    m_schedule = changed;
    emit edited(text, changed, dragging);
}

void LearningRateFields::setSchedule(const Schedule& schedule, std::size_t steps) {
    m_schedule = schedule;
    m_steps = steps;
    if (const QString kind = toText(shapeName(schedule.shape)); kind != m_shownKind) {
        m_shownKind = kind;
        rebuild();
    }
    refresh();
}

void LearningRateFields::rebuild() {
    if (m_box != nullptr) {
        m_box->setParent(nullptr); // not to be found any more
        m_box->deleteLater();
    }
    m_numbers.clear();
    m_lists.clear();
    m_switch = nullptr;
    m_cooldownKind = nullptr;
    m_table = nullptr;
    m_removePoint = nullptr;
    m_box = new QWidget;
    m_rows = new QVBoxLayout(m_box);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(kSpacing);
    addNumbers();
    addSwitch();
    addCooldownKind();
    addLists();
    addPointButtons();
    addTable();
    static_cast<QVBoxLayout*>(layout())->addWidget(m_box);
    m_box->setVisible(m_rows->count() > 0);
}

void LearningRateFields::addNumbers() {
    for (const ShapeField& field : shapeFields(m_schedule.shape)) {
        const double least = field.key == "final_ratio" && !field.logarithmic ? 0.0 : field.low;
        const double most = field.key == "power" || field.key == "factor" ? 1000.0 : field.high;
        auto* const edit = track(new SliderField(
            fieldTitle(field.key), {field.low, field.high, field.logarithmic, false, least, most},
            m_prefix + toText(field.key)));
        edit->setHint(fieldHint(field.key));
        connect(edit, &SliderField::edited, this, [this, key = field.key](double value, bool dragging) {
            change(
                fieldTitle(key), [&](Schedule& schedule) { setShapeField(schedule.shape, key, value); },
                dragging);
        });
        m_rows->addWidget(edit);
        m_numbers.emplace_back(field.key, edit);
    }
}

void LearningRateFields::addSwitch() {
    if (!std::holds_alternative<TwoStageShape>(m_schedule.shape))
        return;
    m_switch = track(new SliderField(tr("Switch after"), {0, 1, false, true, 0, 1}, m_prefix + "switchStep"));
    m_switch->setHint(tr("Steps before the rate changes by the factor"));
    connect(m_switch, &SliderField::edited, this, [this](double value, bool dragging) {
        change(
            tr("switch of the rate"),
            [&](Schedule& schedule) {
                std::get<TwoStageShape>(schedule.shape).switchStep = static_cast<std::size_t>(value);
            },
            dragging);
    });
    m_rows->addWidget(m_switch);
}

void LearningRateFields::addCooldownKind() {
    if (cooldownKind(m_schedule.shape) == nullptr)
        return;
    m_cooldownKind = new QComboBox;
    m_cooldownKind->setObjectName(m_prefix + "cooldownKind");
    guardWheel(m_cooldownKind);
    for (const CooldownKind kind : kCooldownKinds)
        m_cooldownKind->addItem(cooldownTitle(kind));
    connect(m_cooldownKind, &QComboBox::activated, this, [this](int index) {
        change(
            tr("kind of cooldown"),
            [&](Schedule& schedule) { *cooldownKind(schedule.shape) = kCooldownKinds[index]; }, false);
    });
    m_rows->addLayout(labelledRow(tr("Cooldown kind"), m_cooldownKind));
}

void LearningRateFields::addLists() {
    for (const std::string_view key : shapeListKeys()) {
        if (shapeList(m_schedule.shape, key) == nullptr || key == "values")
            continue;
        auto* const edit = new QLineEdit;
        edit->setObjectName(m_prefix + toText(key));
        connect(edit, &QLineEdit::editingFinished, this, [this, key, edit] { editList(key, edit); });
        edit->setToolTip(key == "height" ? tr("Shares of the base rate, separated by semicolons")
                                         : tr("Shares of the steps, separated by semicolons"));
        m_rows->addLayout(labelledRow(listTitle(key), edit));
        m_lists.emplace_back(key, edit);
    }
}

void LearningRateFields::addPointButtons() {
    if (!std::holds_alternative<DrawnShape>(m_schedule.shape))
        return;
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    auto* const add = textButton("add", tr("Add a point"), m_prefix + "pointAdd");
    add->setToolTip(tr("In the widest gap, on the curve; drag it in the plot"));
    auto* const remove = textButton("remove", tr("Remove a point"), m_prefix + "pointRemove");
    remove->setToolTip(tr("The inner point that changes the curve least"));
    row->addWidget(add);
    row->addWidget(remove);
    row->addStretch();
    m_rows->addLayout(row);
    m_removePoint = remove;
    const auto edit = [this](const QString& text, DrawnShape (*apply)(const DrawnShape&)) {
        change(
            text, [&](Schedule& schedule) { schedule.shape = apply(std::get<DrawnShape>(schedule.shape)); },
            false);
    };
    connect(add, &QPushButton::clicked, this, [edit] { edit(tr("add a point"), withPoint); });
    connect(remove, &QPushButton::clicked, this, [edit] { edit(tr("remove a point"), withoutPoint); });
}

void LearningRateFields::addTable() {
    if (!std::holds_alternative<TableShape>(m_schedule.shape))
        return;
    m_table = hintLabel({});
    m_table->setObjectName(m_prefix + "tableText");
    m_rows->addWidget(m_table);
    auto* const load = textButton("import", tr("Another table (CSV)…"), m_prefix + "tableLoad");
    connect(load, &QPushButton::clicked, this, &LearningRateFields::tableRequested);
    m_rows->addWidget(load, 0, Qt::AlignLeft);
}

void LearningRateFields::editList(std::string_view key, QLineEdit* field) {
    if (!field->isModified())
        return;
    std::vector<double> values;
    for (const QString& part : field->text().split(';', Qt::SkipEmptyParts)) {
        const auto value = numberFromUser(part.trimmed());
        if (!value)
            return markProblem(field, tr("“%1” is not a number.").arg(part.trimmed()));
        values.push_back(*value);
    }
    Schedule changed = m_schedule;
    auto* const list = shapeList(changed.shape, key);
    if (list == nullptr)
        return;
    *list = values;
    // Points are a pair of lists; the other one is filled or cut to the same length.
    if (auto* const drawn = std::get_if<DrawnShape>(&changed.shape)) {
        auto& other = key == "x" ? drawn->height : drawn->x;
        while (!other.empty() && other.size() < values.size())
            other.push_back(key == "x" ? other.back() : 0.5 * (other.back() + 1.0));
        other.resize(values.size());
    }
    if (const auto valid = validate(fitted(changed, m_steps), m_steps); !valid)
        return markProblem(field, errorText(valid.error()));
    markProblem(field, {});
    field->setModified(false);
    change(
        tr("shape"), [&](Schedule& schedule) { schedule = changed; }, false);
}

void LearningRateFields::refresh() {
    const double steps = static_cast<double>(m_steps);
    m_warmup->setVisible(!std::holds_alternative<TableShape>(m_schedule.shape) || m_schedule.warmupSteps > 0);
    m_warmup->setRange({0.0, std::max(1.0, std::floor(steps / 4.0)), false, true, 0.0, steps - 1.0});
    m_warmup->setValue(static_cast<double>(std::min(m_schedule.warmupSteps, m_steps - 1)));
    m_warmupStart->setVisible(m_schedule.warmupSteps > 0);
    m_warmupStart->setValue(m_schedule.warmupStart < 1e-6 ? 0.0 : m_schedule.warmupStart);
    for (const ShapeField& field : shapeFields(m_schedule.shape))
        for (const auto& [key, edit] : m_numbers)
            if (key == field.key)
                edit->setValue(field.value);
    if (const auto* const two = std::get_if<TwoStageShape>(&m_schedule.shape); two && m_switch) {
        m_switch->setRange({0.0, std::max(1.0, steps - 1.0), false, true, 0.0, steps - 1.0});
        m_switch->setValue(static_cast<double>(std::min(two->switchStep, m_steps - 1)));
    }
    if (const CooldownKind* const kind = cooldownKind(m_schedule.shape); kind != nullptr && m_cooldownKind)
        for (int i = 0; i < m_cooldownKind->count(); ++i)
            if (kCooldownKinds[i] == *kind)
                m_cooldownKind->setCurrentIndex(i);
    for (const auto& [key, edit] : m_lists)
        if (const auto* list = shapeList(m_schedule.shape, key); list != nullptr && !edit->isModified())
            edit->setText(listText(*list));
    if (const auto* const drawn = std::get_if<DrawnShape>(&m_schedule.shape); drawn && m_removePoint)
        m_removePoint->setEnabled(drawn->x.size() > 2);
    if (const auto* const table = std::get_if<TableShape>(&m_schedule.shape); table && m_table)
        m_table->setText(table->values.size() == m_steps
                             ? tr("One rate for each of the %n step(s).", nullptr, static_cast<int>(m_steps))
                             : tr("%n rate(s), interpolated over the steps of the run.", nullptr,
                                  static_cast<int>(table->values.size())));
}

} // namespace alidade

#include "moc_learning_rate_fields.cpp"
