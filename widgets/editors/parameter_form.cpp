#include "editors/parameter_form.h"

#include "document/project_document.h"
#include "editors/condition_editor.h"
#include "editors/mixture_table.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "models/value_text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

enum Kind { KindReal, KindInteger, KindOrdinal, KindCategorical, KindMixture };

std::vector<Value> choicesOf(const Domain& domain) {
    if (const auto* ordinal = std::get_if<OrdinalChoices>(&domain))
        return ordinal->choices;
    if (const auto* categorical = std::get_if<CategoricalChoices>(&domain))
        return categorical->choices;
    return {};
}

} // namespace

Domain convertedDomain(const Domain& from, int kind) {
    const auto* real = std::get_if<RealRange>(&from);
    const auto* integer = std::get_if<IntegerRange>(&from);
    const std::vector<Value> choices = choicesOf(from);
    switch (kind) {
    case KindReal:
        return integer == nullptr
                   ? RealRange{}
                   : RealRange{static_cast<double>(integer->low), static_cast<double>(integer->high),
                               integer->scale, std::nullopt};
    case KindInteger: {
        IntegerRange range{1, 10, Scale::Linear, 1};
        // Beyond this, doubles do not hold whole numbers.
        if (real != nullptr && std::abs(real->low) < 9e15 && std::abs(real->high) < 9e15) {
            range.low = std::llround(std::ceil(real->low));
            range.high = std::max<std::int64_t>(range.low + 1, std::llround(std::floor(real->high)));
        }
        return range;
    }
    case KindOrdinal:
        return OrdinalChoices{choices.empty()
                                  ? std::vector<Value>{std::int64_t{1}, std::int64_t{2}, std::int64_t{4}}
                                  : choices};
    case KindCategorical:
        return CategoricalChoices{choices.empty() ? std::vector<Value>{std::string("a"), std::string("b")}
                                                  : choices};
    default: return MixtureParts{{"a", "b"}, {0.0, 0.0}, {}, 1.0};
    }
}

ParameterForm::ParameterForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent)
    : QWidget(parent), m_document(document), m_findings(findings) {
    build();
    connect(&findings, &StudyFindings::changed, this, &ParameterForm::refresh);
    refresh();
}

void ParameterForm::build() {
    m_form = new QFormLayout(this);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(kGap + 4);
    m_form->setVerticalSpacing(kGap);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    const auto line = [this](const char* name, const QString& placeholder) {
        auto* const edit = new QLineEdit(this);
        edit->setObjectName(QString::fromLatin1(name));
        edit->setPlaceholderText(placeholder);
        return edit;
    };
    const auto number = [this](const char* name) {
        auto* const edit = new NumberEdit(this);
        edit->setObjectName(QString::fromLatin1(name));
        return edit;
    };
    const auto box = [this](const char* name) {
        auto* const combo = new QComboBox(this);
        combo->setObjectName(QString::fromLatin1(name));
        guardWheel(combo);
        return combo;
    };
    m_name = line("parameterName", {});
    m_kind = box("parameterKind");
    for (const Domain& domain : {Domain(RealRange{}), Domain(IntegerRange{}), Domain(OrdinalChoices{}),
                                 Domain(CategoricalChoices{}), Domain(MixtureParts{})})
        m_kind->addItem(kindText(domain));
    m_range = new QWidget(this);
    auto* const rangeRow = new QHBoxLayout(m_range);
    rangeRow->setContentsMargins(0, 0, 0, 0);
    rangeRow->setSpacing(kGap);
    m_low = number("parameterLow");
    m_high = number("parameterHigh");
    rangeRow->addWidget(m_low);
    rangeRow->addWidget(new QLabel(tr("to"), m_range));
    rangeRow->addWidget(m_high);
    m_scale = box("parameterScale");
    m_step = number("parameterStep");
    m_step->setOptional(true);
    m_choices = line("parameterChoices", tr("sgd, adam or 16, 32, 64"));
    m_mixture = new MixtureTable(this);
    m_total = number("mixtureTotal");
    m_unit = line("parameterUnit", tr("none"));
    m_default = line("parameterDefault", tr("middle of the range"));
    m_defaultChoice = box("parameterDefaultChoice");
    m_conditions = new ConditionEditor(this);
    m_problems = new QLabel(this);
    m_problems->setObjectName(QStringLiteral("parameterProblems"));
    m_problems->setProperty("role", QStringLiteral("error"));
    m_problems->setWordWrap(true);

    m_form->addRow(tr("Name"), m_name);
    m_form->addRow(tr("Kind"), m_kind);
    m_form->addRow(tr("Range"), m_range);
    m_form->addRow(tr("Scale"), m_scale);
    m_form->addRow(tr("Step"), m_step);
    m_form->addRow(tr("Choices"), m_choices);
    m_form->addRow(tr("Parts"), m_mixture);
    m_form->addRow(tr("Sum"), m_total);
    m_form->addRow(tr("Unit"), m_unit);
    m_form->addRow(tr("Default"), m_default);
    m_form->addRow(tr("Default"), m_defaultChoice);
    m_form->addRow(tr("Active when"), m_conditions);
    m_form->addRow(m_problems);

    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        if (m_name->isModified())
            change(tr("name"), [this](Parameter& p) { p.name = m_name->text().trimmed().toStdString(); });
    });
    connect(m_kind, &QComboBox::activated, this, &ParameterForm::changeKind);
    const auto bound = [this](bool high) {
        return [this, high](std::optional<double> value) {
            change(tr("range"), [high, value](Parameter& p) {
                if (auto* real = std::get_if<RealRange>(&p.domain))
                    (high ? real->high : real->low) = value.value_or(0.0);
                else if (auto* whole = std::get_if<IntegerRange>(&p.domain))
                    (high ? whole->high : whole->low) =
                        std::llround(std::clamp(value.value_or(0.0), -9e15, 9e15));
            });
        };
    };
    connect(m_low, &NumberEdit::valueEdited, this, bound(false));
    connect(m_high, &NumberEdit::valueEdited, this, bound(true));
    connect(m_scale, &QComboBox::activated, this, [this] {
        const auto scale = static_cast<Scale>(m_scale->currentData().toInt());
        change(tr("scale"), [scale](Parameter& p) {
            if (auto* real = std::get_if<RealRange>(&p.domain)) {
                real->scale = scale;
                if (scale != Scale::Linear)
                    real->step.reset(); // steps exist on the linear scale only
            } else if (auto* whole = std::get_if<IntegerRange>(&p.domain)) {
                whole->scale = scale;
            }
        });
    });
    connect(m_step, &NumberEdit::valueEdited, this, [this](std::optional<double> step) {
        change(tr("step"), [step](Parameter& p) {
            if (auto* real = std::get_if<RealRange>(&p.domain))
                real->step = step;
            else if (auto* whole = std::get_if<IntegerRange>(&p.domain))
                whole->step = std::llround(std::clamp(step.value_or(1.0), -9e15, 9e15));
        });
    });
    connect(m_choices, &QLineEdit::editingFinished, this, [this] {
        if (!m_choices->isModified())
            return;
        const std::vector<Value> choices = choicesFromUser(m_choices->text());
        change(tr("choices"), [&choices](Parameter& p) {
            if (auto* ordinal = std::get_if<OrdinalChoices>(&p.domain))
                ordinal->choices = choices;
            else if (auto* categorical = std::get_if<CategoricalChoices>(&p.domain))
                categorical->choices = choices;
        });
    });
    connect(m_mixture, &MixtureTable::edited, this, [this](const MixtureParts& mixture) {
        change(tr("parts"), [&mixture](Parameter& p) { p.domain = mixture; });
    });
    connect(m_total, &NumberEdit::valueEdited, this, [this](std::optional<double> total) {
        change(tr("sum"), [total](Parameter& p) {
            if (auto* mixture = std::get_if<MixtureParts>(&p.domain))
                mixture->total = total.value_or(1.0);
        });
    });
    connect(m_unit, &QLineEdit::editingFinished, this, [this] {
        if (m_unit->isModified())
            change(tr("unit"), [this](Parameter& p) { p.unit = m_unit->text().trimmed().toStdString(); });
    });
    connect(m_default, &QLineEdit::editingFinished, this, [this] {
        if (m_default->isModified())
            changeDefault(m_default->text());
    });
    connect(m_defaultChoice, &QComboBox::activated, this, [this](int index) {
        const Parameter* parameter = current();
        if (parameter == nullptr)
            return;
        const std::vector<Value> choices = choicesOf(parameter->domain);
        change(tr("default"), [&](Parameter& p) {
            p.defaultValue.reset();
            if (index > 0 && static_cast<std::size_t>(index) <= choices.size())
                p.defaultValue = choices[static_cast<std::size_t>(index) - 1];
        });
    });
    connect(m_conditions, &ConditionEditor::edited, this, [this](const std::vector<Condition>& conditions) {
        change(tr("condition"), [&conditions](Parameter& p) { p.conditions = conditions; });
    });
}

void ParameterForm::setParameter(ParameterId id) {
    if (m_id == id)
        return;
    m_id = id;
    for (QLineEdit* edit : findChildren<QLineEdit*>())
        edit->setModified(false);
    refresh();
}

void ParameterForm::focusName() {
    m_name->setFocus();
    m_name->selectAll();
}

const Parameter* ParameterForm::current() const {
    return m_document.definition().space.find(m_id);
}

void ParameterForm::change(const QString& what, const std::function<void(Parameter&)>& mutate) {
    const Parameter* present = current();
    if (present == nullptr)
        return;
    Parameter parameter = *present;
    mutate(parameter);
    for (QLineEdit* edit : findChildren<QLineEdit*>())
        edit->setModified(false);
    if (!m_document.push(PutParameter{parameter, kKeepPlace},
                         tr("%1 of %2").arg(what, QString::fromStdString(present->name))))
        refresh();
}

void ParameterForm::changeKind(int kind) {
    change(tr("kind"), [kind](Parameter& p) {
        if (static_cast<int>(p.domain.index()) == kind)
            return;
        p.domain = convertedDomain(p.domain, kind);
        p.defaultValue.reset();
    });
}

void ParameterForm::changeDefault(const QString& text) {
    const Parameter* parameter = current();
    if (parameter == nullptr)
        return;
    if (text.trimmed().isEmpty())
        return change(tr("default"), [](Parameter& p) { p.defaultValue.reset(); });
    const auto value = valueFromUser(*parameter, text);
    if (!value.ok())
        return markProblem(m_default, QString::fromStdString(value.error().message));
    change(tr("default"), [&value](Parameter& p) { p.defaultValue = *value; });
}

void ParameterForm::showRows() {
    const Parameter* parameter = current();
    if (parameter == nullptr)
        return;
    const auto kind = static_cast<int>(parameter->domain.index());
    const bool numeric = kind == KindReal || kind == KindInteger;
    const bool choices = kind == KindOrdinal || kind == KindCategorical;
    const auto* real = std::get_if<RealRange>(&parameter->domain);
    m_form->setRowVisible(m_range, numeric);
    m_form->setRowVisible(m_scale, numeric);
    m_form->setRowVisible(m_step, numeric && (real == nullptr || real->scale == Scale::Linear));
    m_form->setRowVisible(m_choices, choices);
    m_form->setRowVisible(m_mixture, kind == KindMixture);
    m_form->setRowVisible(m_total, kind == KindMixture);
    m_form->setRowVisible(m_default, !choices);
    m_form->setRowVisible(m_defaultChoice, choices);
}

void ParameterForm::refresh() {
    const Parameter* parameter = current();
    setEnabled(parameter != nullptr && m_document.canEdit());
    if (parameter == nullptr)
        return;
    showRows();
    const auto setLine = [](QLineEdit* edit, const QString& text) {
        if (edit->hasFocus() && edit->isModified())
            return;
        if (edit->text() != text)
            edit->setText(text);
        edit->setModified(false);
    };
    setLine(m_name, QString::fromStdString(parameter->name));
    m_kind->setCurrentIndex(static_cast<int>(parameter->domain.index()));
    m_scale->clear();
    m_scale->addItem(scaleText(Scale::Linear), static_cast<int>(Scale::Linear));
    m_scale->addItem(scaleText(Scale::Log), static_cast<int>(Scale::Log));
    if (const auto* real = std::get_if<RealRange>(&parameter->domain)) {
        m_scale->addItem(scaleText(Scale::Logit), static_cast<int>(Scale::Logit));
        m_low->setWholeNumbers(false);
        m_high->setWholeNumbers(false);
        m_step->setWholeNumbers(false);
        m_low->setValue(real->low);
        m_high->setValue(real->high);
        m_step->setOptional(true);
        m_step->setPlaceholderText(tr("continuous"));
        m_step->setValue(real->step);
        m_scale->setCurrentIndex(m_scale->findData(static_cast<int>(real->scale)));
    } else if (const auto* whole = std::get_if<IntegerRange>(&parameter->domain)) {
        m_low->setWholeNumbers(true);
        m_high->setWholeNumbers(true);
        m_step->setWholeNumbers(true);
        m_low->setValue(static_cast<double>(whole->low));
        m_high->setValue(static_cast<double>(whole->high));
        m_step->setOptional(false);
        m_step->setValue(static_cast<double>(whole->step));
        m_scale->setCurrentIndex(m_scale->findData(static_cast<int>(whole->scale)));
    } else if (const auto* mixture = std::get_if<MixtureParts>(&parameter->domain)) {
        m_mixture->setMixture(*mixture);
        m_total->setValue(mixture->total);
    }
    const std::vector<Value> choices = choicesOf(parameter->domain);
    setLine(m_choices, choicesText(choices));
    setLine(m_unit, QString::fromStdString(parameter->unit));
    setLine(m_default, parameter->defaultValue ? exactValueText(*parameter->defaultValue) : QString());
    markProblem(m_default, {});
    m_defaultChoice->clear();
    m_defaultChoice->addItem(tr("none"));
    for (const Value& choice : choices) {
        m_defaultChoice->addItem(valueText(choice));
        if (parameter->defaultValue == choice)
            m_defaultChoice->setCurrentIndex(m_defaultChoice->count() - 1);
    }
    m_conditions->setParameter(m_document.definition().space, *parameter);

    const auto& parameters = m_document.definition().space.parameters;
    const auto row = std::find_if(parameters.begin(), parameters.end(),
                                  [this](const Parameter& p) { return p.id == m_id; }) -
                     parameters.begin();
    const QString problems = m_findings.textFor(QStringLiteral("parameters[%1]").arg(row));
    m_problems->setText(problems);
    m_problems->setVisible(!problems.isEmpty());
}

} // namespace alidade
