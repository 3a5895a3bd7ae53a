#include "pages/learning_rate_form.h"

#include "document/error_text.h"
#include "editors/number_edit.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_shapes.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kLabelWidth = 92;

SliderField::Range shareRange(double low = 0.0, double high = 1.0) {
    return {low, high, false, false, low, high};
}

QString listText(const std::vector<double>& values) {
    QStringList texts;
    for (const double value : values)
        texts << numberText(value);
    return texts.join(QStringLiteral("; "));
}

QHBoxLayout* labelled(const QString& title, QWidget* field) {
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    auto* const label = new QLabel(title);
    label->setFixedWidth(kLabelWidth);
    label->setBuddy(field);
    row->addWidget(label);
    row->addWidget(field, 1);
    return row;
}

QString kindOf(const Schedule& schedule) {
    const std::string_view name = shapeName(schedule.shape);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

LearningRateForm::LearningRateForm(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    build();
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateForm::refresh);
    connect(&m_model, &LearningRateModel::curvesChanged, this, &LearningRateForm::refresh);
    refresh();
}

void LearningRateForm::build() {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_kind = new QComboBox;
    m_kind->setObjectName("scheduleKind");
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    guardWheel(m_kind);
    for (const QString& kind : offeredShapes())
        if (kind != "table" && kind != "two_stage") // come from other tabs
            m_kind->addItem(shapeTitle(kind), kind);
    column->addLayout(labelled(tr("Kind"), m_kind));
    connect(m_kind, &QComboBox::activated, this, [this] {
        const QString kind = m_kind->currentData().toString();
        edit(
            tr("kind of schedule"),
            [&](LearningRateEntry& entry) {
                if (kindOf(entry.schedule) == kind)
                    return;
                Schedule changed = entry.schedule;
                changed.shape = shapeOfKind(kind, entry.schedule.shape);
                reshape(entry, changed);
            },
            false);
    });

    auto* const rate = new QWidget;
    auto* const rateRow = new QHBoxLayout(rate);
    rateRow->setContentsMargins(0, 0, 0, 0);
    rateRow->setSpacing(kGap);
    m_atOptimum = new QCheckBox(tr("optimal"));
    m_atOptimum->setObjectName("atOptimum");
    m_atOptimum->setToolTip(tr("The base rate that minimises the bound at the last step; it follows every "
                               "change"));
    m_baseRate = new NumberEdit;
    m_baseRate->setObjectName("baseRate");
    m_baseRate->setAccessibleName(tr("Base rate"));
    m_baseRate->setFixedWidth(84);
    rateRow->addWidget(m_atOptimum, 1);
    rateRow->addWidget(m_baseRate);
    column->addLayout(labelled(tr("Base rate"), rate));
    connect(m_atOptimum, &QCheckBox::clicked, this, [this](bool on) {
        const LearningRateEntry* const selected = m_model.state().selected();
        const double now = selected != nullptr ? m_model.baseRate(*selected) : 0.0;
        edit(
            tr("base rate"),
            [&](LearningRateEntry& entry) {
                entry.atOptimum = on;
                if (!on && now > 0.0)
                    entry.baseRate = now;
            },
            false);
    });
    connect(m_baseRate, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        if (!(*value > 0.0) || !std::isfinite(*value))
            return markProblem(m_baseRate, tr("The base rate must be above 0."));
        edit(
            tr("base rate"),
            [&](LearningRateEntry& entry) {
                entry.atOptimum = false;
                entry.baseRate = *value;
            },
            false);
    });

    m_warmup = track(new SliderField(tr("Warm-up (steps)"), {0, 1, false, true, 0, 1}, "warmup"));
    m_warmup->setHint(tr("Steps over which the rate rises linearly to the base rate"));
    connect(m_warmup, &SliderField::edited, this, [this](double value, bool dragging) {
        edit(
            tr("warm-up"),
            [&](LearningRateEntry& entry) { entry.schedule.warmupSteps = static_cast<std::size_t>(value); },
            dragging);
    });
    m_warmupStart = track(new SliderField(tr("Warm-up from"), shareRange(), "warmupStart"));
    m_warmupStart->setHint(tr("Rate at the first step as a share of the base rate"));
    connect(m_warmupStart, &SliderField::edited, this, [this](double value, bool dragging) {
        edit(
            tr("start of the warm-up"),
            [&](LearningRateEntry& entry) { entry.schedule.warmupStart = std::max(1e-10, value); }, dragging);
    });
    column->addWidget(m_warmup);
    column->addWidget(m_warmupStart);
    m_fieldBox = new QWidget;
    m_fields = new QVBoxLayout(m_fieldBox);
    m_fields->setContentsMargins(0, 0, 0, 0);
    m_fields->setSpacing(6);
    column->addWidget(m_fieldBox);
    m_problem = hintLabel({});
    m_problem->setObjectName("scheduleProblem");
    column->addWidget(m_problem);
}

SliderField* LearningRateForm::track(SliderField* field) {
    field->setLabelWidth(kLabelWidth);
    connect(field, &SliderField::dragStarted, this, [this] { m_gesture = m_model.newGesture(); });
    return field;
}

void LearningRateForm::edit(const QString& text, const std::function<void(LearningRateEntry&)>& change,
                            bool dragging) {
    const LearningRateEntry* const selected = m_model.state().selected();
    if (selected == nullptr)
        return;
    m_model.change(
        text, [&, id = selected->id](LearningRateState& state) { change(*state.find(id)); },
        dragging ? m_gesture : 0);
}

void LearningRateForm::rebuildFields(const Schedule& schedule) {
    const auto discard = [](QWidget* widget) {
        if (widget == nullptr)
            return;
        widget->setParent(nullptr); // not to be found any more
        widget->deleteLater();
    };
    while (QLayoutItem* const item = m_fields->takeAt(0)) {
        if (QLayout* const row = item->layout())
            while (QLayoutItem* const part = row->takeAt(0)) {
                discard(part->widget());
                delete part;
            }
        discard(item->widget());
        delete item;
    }
    m_numbers.clear();
    m_lists.clear();
    m_cooldownKind = nullptr;
    for (const ShapeField& field : shapeFields(schedule.shape)) {
        const double least = field.key == "final_ratio" && !field.logarithmic ? 0.0 : field.low;
        const double most = field.key == "power" || field.key == "factor" ? 1000.0 : field.high;
        const QString name = QString::fromUtf8(field.key.data(), static_cast<qsizetype>(field.key.size()));
        auto* const edit = track(new SliderField(
            fieldTitle(field.key), {field.low, field.high, field.logarithmic, false, least, most}, name));
        edit->setHint(fieldHint(field.key));
        connect(edit, &SliderField::edited, this, [this, key = field.key](double value, bool dragging) {
            this->edit(
                fieldTitle(key),
                [&](LearningRateEntry& entry) {
                    Schedule changed = entry.schedule;
                    setShapeField(changed.shape, key, value);
                    reshape(entry, changed);
                },
                dragging);
        });
        m_fields->addWidget(edit);
        m_numbers.emplace_back(field.key, edit);
    }
    ScheduleShape shape = schedule.shape;
    if (cooldownKind(shape) != nullptr) {
        m_cooldownKind = new QComboBox;
        m_cooldownKind->setObjectName("cooldownKind");
        guardWheel(m_cooldownKind);
        for (const CooldownKind kind : kCooldownKinds)
            m_cooldownKind->addItem(cooldownTitle(kind));
        connect(m_cooldownKind, &QComboBox::activated, this, [this](int index) {
            edit(
                tr("kind of cooldown"),
                [&](LearningRateEntry& entry) {
                    *cooldownKind(entry.schedule.shape) = kCooldownKinds[index];
                },
                false);
        });
        m_fields->addLayout(labelled(tr("Cooldown kind"), m_cooldownKind));
    }
    for (const std::string_view key : shapeListKeys()) {
        const auto* const list = shapeList(schedule.shape, key);
        if (list == nullptr || key == "values")
            continue;
        auto* const edit = new QLineEdit;
        edit->setObjectName(QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size())));
        connect(edit, &QLineEdit::editingFinished, this, [this, key, edit] { editList(key, edit); });
        const QString title = key == "milestones" ? tr("Milestones")
                              : key == "x"        ? tr("Points at")
                                                  : tr("Heights");
        edit->setToolTip(key == "height" ? tr("Shares of the base rate, separated by semicolons")
                                         : tr("Shares of the steps, separated by semicolons"));
        m_fields->addLayout(labelled(title, edit));
        m_lists.emplace_back(key, edit);
    }
}

void LearningRateForm::editList(std::string_view key, QLineEdit* field) {
    if (!field->isModified())
        return;
    std::vector<double> values;
    for (const QString& part : field->text().split(';', Qt::SkipEmptyParts)) {
        const auto value = numberFromUser(part.trimmed());
        if (!value)
            return markProblem(field, tr("“%1” is not a number.").arg(part.trimmed()));
        values.push_back(*value);
    }
    const LearningRateEntry* const selected = m_model.state().selected();
    if (selected == nullptr)
        return;
    Schedule changed = selected->schedule;
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
    if (const auto valid = validate(fitted(changed, m_model.state().steps), m_model.state().steps); !valid)
        return markProblem(field, errorText(valid.error()));
    markProblem(field, {});
    field->setModified(false);
    edit(
        tr("shape"), [&](LearningRateEntry& entry) { entry.schedule = changed; }, false);
}

void LearningRateForm::refresh() {
    const LearningRateEntry* const entry = m_model.state().selected();
    setEnabled(entry != nullptr);
    if (entry == nullptr)
        return;
    const QString kind = kindOf(entry->schedule);
    if (kind != m_shownKind) {
        m_shownKind = kind;
        rebuildFields(entry->schedule);
        int index = m_kind->findData(kind);
        if (index < 0) {
            m_kind->addItem(shapeTitle(kind), kind);
            index = m_kind->count() - 1;
        }
        m_kind->setCurrentIndex(index);
    }
    m_atOptimum->setChecked(entry->atOptimum);
    const double rate = m_model.baseRate(*entry);
    m_baseRate->setValue(rate > 0.0 ? std::optional(QString::number(rate, 'g', 5).toDouble()) : std::nullopt);
    refreshFields(entry->schedule);
    const LearningRateCurvePtr curve = m_model.curve(entry->id);
    const bool failed = curve && curve->error;
    m_problem->setText(failed ? errorText(*curve->error) : QString());
    m_problem->setVisible(failed);
}

void LearningRateForm::refreshFields(const Schedule& schedule) {
    const double steps = static_cast<double>(m_model.state().steps);
    m_warmup->setRange({0.0, std::max(1.0, std::floor(steps / 4.0)), false, true, 0.0, steps - 1.0});
    m_warmup->setValue(static_cast<double>(std::min(schedule.warmupSteps, m_model.state().steps - 1)));
    m_warmupStart->setVisible(schedule.warmupSteps > 0);
    m_warmupStart->setValue(schedule.warmupStart < 1e-6 ? 0.0 : schedule.warmupStart);
    for (const ShapeField& field : shapeFields(schedule.shape))
        for (const auto& [key, edit] : m_numbers)
            if (key == field.key)
                edit->setValue(field.value);
    ScheduleShape shape = schedule.shape;
    if (const CooldownKind* const kind = cooldownKind(shape); kind != nullptr && m_cooldownKind != nullptr)
        m_cooldownKind->setCurrentIndex(
            static_cast<int>(std::find(std::begin(kCooldownKinds), std::end(kCooldownKinds), *kind) -
                             std::begin(kCooldownKinds)));
    for (const auto& [key, edit] : m_lists)
        if (const auto* const list = shapeList(schedule.shape, key); list != nullptr && !edit->isModified())
            edit->setText(listText(*list));
}

LearningRateRunForm::LearningRateRunForm(LearningRateModel& model, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(headingLabel(tr("Run")));
    const auto add = [&](const QString& title, const SliderField::Range& range, const QString& name,
                         const QString& hint) {
        auto* const field = new SliderField(title, range, name);
        field->setLabelWidth(kLabelWidth);
        field->setHint(hint);
        connect(field, &SliderField::dragStarted, this, [this] { m_gesture = m_model.newGesture(); });
        column->addWidget(field);
        return field;
    };
    const auto positive = [](double low, double high) {
        return SliderField::Range{low, high, true, false, 1e-12, 1e12};
    };
    m_steps = add(tr("Steps T"), {100, 100000, true, true, double(kLeastSteps), double(kMostSteps)}, "steps",
                  tr("Number of optimiser steps"));
    m_distance = add(tr("Distance D"), positive(0.01, 100.0), "distance",
                     tr("Distance between the first iterate and the optimum"));
    m_norm = add(tr("Gradient G"), positive(0.01, 100.0), "gradientNorm",
                 tr("Root mean square norm of the stochastic gradient; measured norms are multiplied by it"));
    const auto bind = [this](SliderField* field, const QString& text, auto apply) {
        connect(field, &SliderField::edited, this, [this, text, apply](double value, bool dragging) {
            m_model.change(
                text, [&](LearningRateState& state) { apply(state, value); }, dragging ? m_gesture : 0);
        });
    };
    bind(m_steps, tr("steps"),
         [](LearningRateState& state, double value) { state.steps = static_cast<std::size_t>(value); });
    bind(m_distance, tr("distance"), [](LearningRateState& state, double value) { state.distance = value; });
    bind(m_norm, tr("gradient norm"),
         [](LearningRateState& state, double value) { state.gradientNorm = value; });

    auto* const row = new QHBoxLayout;
    row->setSpacing(4);
    m_norms = hintLabel({});
    m_norms->setObjectName("normsLabel");
    auto* const load = textButton("import", tr("&Norms…"), "loadNorms");
    load->setToolTip(tr("Gradient norms of a run from a CSV file instead of a constant"));
    m_clear = iconButton("close", tr("Back to a constant gradient norm"), "clearNorms");
    row->addWidget(m_norms, 1);
    row->addWidget(m_clear);
    row->addWidget(load);
    column->addLayout(row);
    connect(load, &QPushButton::clicked, this, &LearningRateRunForm::normsRequested);
    connect(static_cast<QToolButton*>(m_clear), &QToolButton::clicked, this, [this] {
        m_model.change(tr("constant gradient norm"), [](LearningRateState& state) { state.norms.reset(); });
    });
    connect(&m_model, &LearningRateModel::changed, this, &LearningRateRunForm::refresh);
    refresh();
}

void LearningRateRunForm::refresh() {
    const LearningRateState& state = m_model.state();
    m_steps->setValue(static_cast<double>(state.steps));
    m_distance->setValue(state.distance);
    m_norm->setValue(state.gradientNorm);
    m_clear->setVisible(state.norms != nullptr);
    m_norms->setText(state.norms
                         ? tr("G × %n norm(s) of %1", nullptr, static_cast<int>(state.norms->values.size()))
                               .arg(state.norms->source)
                         : tr("The same at every step"));
}

} // namespace alidade

#include "moc_learning_rate_form.cpp"
