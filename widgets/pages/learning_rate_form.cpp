#include "pages/learning_rate_form.h"

#include "document/error_text.h"
#include "editors/number_edit.h"
#include "editors/slider_field.h"
#include "editors/widget_style.h"
#include "pages/learning_rate_compose.h"
#include "pages/learning_rate_fields.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_parts.h"
#include "pages/learning_rate_shapes.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

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
        if (kind != "table" && kind != "two_stage") // come from files and other tabs
            m_kind->addItem(shapeTitle(kind), kind);
    column->addLayout(labelledRow(tr("Kind"), m_kind));
    connect(m_kind, &QComboBox::activated, this, [this] {
        const QString kind = m_kind->currentData().toString();
        edit(
            tr("kind of schedule"),
            [&](LearningRateEntry& entry) {
                if (kindOfShape(entry.schedule.shape) == kind)
                    return;
                Schedule changed = entry.schedule;
                if (kind == "composed")
                    changed = asComposed(entry.schedule, m_model.state().steps);
                else
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
    column->addLayout(labelledRow(tr("Base rate"), rate));
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

    m_fields = new LearningRateFields({});
    m_parts = new LearningRateParts;
    column->addWidget(m_fields);
    column->addWidget(m_parts);
    const auto startDrag = [this] { m_gesture = m_model.newGesture(); };
    const auto apply = [this](const QString& text, const Schedule& schedule, bool dragging) {
        edit(
            text, [&](LearningRateEntry& entry) { reshape(entry, schedule); }, dragging);
    };
    connect(m_fields, &LearningRateFields::dragStarted, this, startDrag);
    connect(m_parts, &LearningRateParts::dragStarted, this, startDrag);
    connect(m_fields, &LearningRateFields::edited, this, apply);
    connect(m_parts, &LearningRateParts::edited, this, apply);
    connect(m_fields, &LearningRateFields::tableRequested, this, &LearningRateForm::tableRequested);
    m_problem = hintLabel({});
    m_problem->setObjectName("scheduleProblem");
    column->addWidget(m_problem);
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

void LearningRateForm::refresh() {
    const LearningRateEntry* const entry = m_model.state().selected();
    setEnabled(entry != nullptr);
    if (entry == nullptr)
        return;
    const QString kind = kindOfShape(entry->schedule.shape);
    if (m_kind->findData(kind) < 0)
        m_kind->addItem(shapeTitle(kind), kind);
    m_kind->setCurrentIndex(m_kind->findData(kind));
    m_atOptimum->setChecked(entry->atOptimum);
    const double rate = m_model.baseRate(*entry);
    m_baseRate->setValue(rate > 0.0 ? std::optional(QString::number(rate, 'g', 5).toDouble()) : std::nullopt);
    const std::size_t steps = m_model.state().steps;
    m_fields->setSchedule(entry->schedule, steps);
    m_parts->setVisible(kind == "composed");
    if (kind == "composed")
        m_parts->setSchedule(fitted(entry->schedule, steps), steps);
    const LearningRateCurvePtr curve = m_model.curve(entry->id);
    const bool failed = curve && curve->error;
    m_problem->setText(failed ? errorText(*curve->error) : QString());
    m_problem->setVisible(failed);
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
        field->setLabelWidth(kFormLabelWidth);
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
