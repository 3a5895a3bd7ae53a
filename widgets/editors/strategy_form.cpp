#include "editors/strategy_form.h"

#include "document/project_document.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "models/value_text.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>
#include <array>
#include <cmath>

namespace alidade {

namespace {

constexpr std::array kBeliefUses{BeliefUse::Auto, BeliefUse::ColaBo, BeliefUse::PiBo, BeliefUse::Off};

QString beliefUseText(BeliefUse use) {
    switch (use) {
    case BeliefUse::Auto: return StrategyForm::tr("Automatic");
    case BeliefUse::ColaBo: return StrategyForm::tr("Weighted functions (ColaBO)");
    case BeliefUse::PiBo: return StrategyForm::tr("Fading factor (πBO)");
    case BeliefUse::Off: return StrategyForm::tr("Not used");
    }
    return {};
}

QString beliefUseExplanation(BeliefUse use) {
    switch (use) {
    case BeliefUse::Auto:
        return StrategyForm::tr("Weighted functions up to 20 coordinates, a fading factor above.");
    case BeliefUse::ColaBo:
        return StrategyForm::tr("Functions that fit what you believe count for more; data can overrule it.");
    case BeliefUse::PiBo:
        return StrategyForm::tr("Settings where you expect the optimum count for more, less with every "
                                "trial, whatever the data say. Other beliefs are left out.");
    case BeliefUse::Off: return StrategyForm::tr("Suggestions as if you had said nothing.");
    }
    return {};
}

QString inferenceText(Inference inference) {
    return inference == Inference::Bayesian ? StrategyForm::tr("Averaged over their posterior")
                                            : StrategyForm::tr("Most probable");
}

int roundedNumber(double value) {
    return static_cast<int>(std::llround(std::clamp(value, -1e9, 1e9)));
}

void setLine(QLineEdit* edit, const QString& text) {
    if (edit->hasFocus() && edit->isModified())
        return;
    if (edit->text() != text)
        edit->setText(text);
    edit->setModified(false);
    edit->setCursorPosition(0);
}

} // namespace

StrategyForm::StrategyForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent)
    : QWidget(parent), m_document(document), m_findings(findings) {
    auto* const form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(kGap + 4);
    form->setVerticalSpacing(kGap);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto line = [this](const char* name) {
        auto* const edit = new QLineEdit(this);
        edit->setObjectName(QString::fromLatin1(name));
        return edit;
    };
    const auto number = [this](const char* name, const QString& placeholder, const QString& toolTip) {
        auto* const edit = new NumberEdit(this);
        edit->setObjectName(QString::fromLatin1(name));
        edit->setWholeNumbers(true);
        edit->setOptional(!placeholder.isEmpty());
        edit->setPlaceholderText(placeholder);
        edit->setAccessibleDescription(toolTip);
        return edit;
    };
    m_name = line("studyName");
    m_notes = line("studyNotes");
    m_notes->setPlaceholderText(tr("what this study is about"));
    m_method = new QComboBox(this);
    m_method->setObjectName(QStringLiteral("strategyMethod"));
    guardWheel(m_method);
    for (const Method method : workingMethods())
        m_method->addItem(methodText(method), static_cast<int>(method));
    for (int i = 0; i < m_method->count(); ++i)
        m_method->setItemData(i, methodExplanation(static_cast<Method>(m_method->itemData(i).toInt())),
                              Qt::ToolTipRole);
    m_explanation = new QLabel(this);
    m_explanation->setObjectName(QStringLiteral("strategyExplanation"));
    m_explanation->setProperty("role", QStringLiteral("hint"));
    m_explanation->setWordWrap(true);
    m_beliefs = new QComboBox(this);
    m_beliefs->setObjectName(QStringLiteral("strategyBeliefs"));
    m_beliefs->setAccessibleDescription(tr("How beliefs act on suggestions"));
    guardWheel(m_beliefs);
    for (const BeliefUse use : kBeliefUses) {
        m_beliefs->addItem(beliefUseText(use), static_cast<int>(use));
        m_beliefs->setItemData(m_beliefs->count() - 1, beliefUseExplanation(use), Qt::ToolTipRole);
    }
    m_beliefsExplanation = new QLabel(this);
    m_beliefsExplanation->setObjectName(QStringLiteral("strategyBeliefsExplanation"));
    m_beliefsExplanation->setProperty("role", QStringLiteral("hint"));
    m_beliefsExplanation->setWordWrap(true);
    m_inference = new QComboBox(this);
    m_inference->setObjectName(QStringLiteral("strategyInference"));
    const QString inferenceHelp =
        tr("Length scales, variances and noise of the models: the most probable ones, or an average over "
           "16 draws from their posterior. Averages are slower and more careful while results are few.");
    m_inference->setToolTip(inferenceHelp);
    m_inference->setAccessibleDescription(inferenceHelp);
    guardWheel(m_inference);
    for (const Inference inference : {Inference::Map, Inference::Bayesian})
        m_inference->addItem(inferenceText(inference), static_cast<int>(inference));
    m_cost = new QComboBox(this);
    m_cost->setObjectName(QStringLiteral("strategyCost"));
    guardWheel(m_cost);
    m_beta = number("strategyBeta", {}, tr("Squared factor of the uncertainty in the bound"));
    m_beta->setWholeNumbers(false);
    m_epsilon = number("strategyEpsilon", {}, tr("Chance of an exploring choice, between 0 and 1"));
    m_epsilon->setWholeNumbers(false);
    m_batch = number("strategyBatch", {}, tr("Suggestions asked for at once"));
    m_initial = number("strategyInitial", tr("automatic"), tr("Size of the initial design"));
    m_budget = number("strategyBudget", tr("no limit"), tr("Trials in all; a run stops there"));
    m_seed = line("studySeed");
    m_problems = new QLabel(this);
    m_problems->setProperty("role", QStringLiteral("error"));
    m_problems->setWordWrap(true);
    form->addRow(tr("Study"), m_name);
    form->addRow(tr("Notes"), m_notes);
    form->addRow(tr("Method"), m_method);
    form->addRow(m_explanation);
    form->addRow(tr("Cost"), m_cost);
    form->addRow(tr("Beta"), m_beta);
    form->addRow(tr("Epsilon"), m_epsilon);
    form->addRow(tr("Beliefs"), m_beliefs);
    form->addRow(m_beliefsExplanation);
    form->addRow(tr("Hyper-parameters"), m_inference);
    form->addRow(tr("Batch size"), m_batch);
    form->addRow(tr("Initial design"), m_initial);
    form->addRow(tr("Budget [trials]"), m_budget);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(m_problems);

    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        if (m_name->isModified())
            changeInfo(tr("Study name"),
                       [this](Definition& d) { d.name = m_name->text().trimmed().toStdString(); });
    });
    connect(m_notes, &QLineEdit::editingFinished, this, [this] {
        if (m_notes->isModified())
            changeInfo(tr("Study notes"), [this](Definition& d) { d.notes = m_notes->text().toStdString(); });
    });
    connect(m_seed, &QLineEdit::editingFinished, this, [this] {
        if (!m_seed->isModified())
            return;
        bool ok = false;
        const quint64 seed = m_seed->text().trimmed().toULongLong(&ok);
        if (!ok)
            return markProblem(m_seed, tr("A whole number of at least 0 is needed here."));
        changeInfo(tr("Seed"), [seed](Definition& d) { d.seed = seed; });
    });
    connect(m_method, &QComboBox::activated, this, [this] {
        const auto method = static_cast<Method>(m_method->currentData().toInt());
        changeStrategy(tr("Method"), [method](Strategy& s) { s.method = method; });
    });
    connect(m_beliefs, &QComboBox::activated, this, [this] {
        const auto use = static_cast<BeliefUse>(m_beliefs->currentData().toInt());
        changeStrategy(tr("Use of beliefs"), [use](Strategy& s) { s.beliefs = use; });
    });
    connect(m_inference, &QComboBox::activated, this, [this] {
        const auto inference = static_cast<Inference>(m_inference->currentData().toInt());
        changeStrategy(tr("Hyper-parameters"), [inference](Strategy& s) { s.inference = inference; });
    });
    connect(m_cost, &QComboBox::activated, this, [this] {
        const std::string cost = m_cost->currentData().toString().toStdString();
        changeStrategy(tr("Cost"), [&cost](Strategy& s) { s.cost = cost; });
    });
    connect(m_beta, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        changeStrategy(tr("Beta"), [value](Strategy& s) { s.beta = value.value_or(s.beta); });
    });
    connect(m_epsilon, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        changeStrategy(tr("Epsilon"), [value](Strategy& s) { s.epsilon = value.value_or(s.epsilon); });
    });
    connect(m_batch, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        changeStrategy(tr("Batch size"),
                       [value](Strategy& s) { s.batch = roundedNumber(value.value_or(1.0)); });
    });
    const auto optionalNumber = [](std::optional<double> value) {
        return value ? std::optional<int>(roundedNumber(*value)) : std::nullopt;
    };
    connect(m_initial, &NumberEdit::valueEdited, this, [this, optionalNumber](std::optional<double> value) {
        changeStrategy(tr("Initial design"), [&](Strategy& s) { s.initial = optionalNumber(value); });
    });
    connect(m_budget, &NumberEdit::valueEdited, this, [this, optionalNumber](std::optional<double> value) {
        changeStrategy(tr("Budget"), [&](Strategy& s) { s.budget = optionalNumber(value); });
    });
    connect(&findings, &StudyFindings::changed, this, &StrategyForm::refresh);
    refresh();
}

void StrategyForm::changeInfo(const QString& what, const std::function<void(Definition&)>& mutate) {
    Definition definition;
    definition.name = m_document.definition().name;
    definition.notes = m_document.definition().notes;
    definition.seed = m_document.definition().seed;
    mutate(definition);
    for (QLineEdit* edit : {m_name, m_notes, m_seed})
        edit->setModified(false);
    m_document.push(SetInfo{definition.name, definition.notes, definition.seed}, what);
    refresh();
}

void StrategyForm::changeStrategy(const QString& what, const std::function<void(Strategy&)>& mutate) {
    Strategy strategy = m_document.definition().strategy;
    mutate(strategy);
    m_document.push(SetStrategy{strategy}, what);
}

void StrategyForm::refresh() {
    const Definition& definition = m_document.definition();
    const Strategy& strategy = definition.strategy;
    setEnabled(m_document.canEdit());
    setLine(m_name, QString::fromStdString(definition.name));
    setLine(m_notes, QString::fromStdString(definition.notes));
    setLine(m_seed, QString::number(definition.seed));
    markProblem(m_seed, {});
    m_method->setCurrentIndex(m_method->findData(static_cast<int>(strategy.method)));
    m_explanation->setText(methodExplanation(strategy.method));
    m_cost->clear();
    m_cost->addItem(tr("time taken"), QString());
    for (const std::string& name : definition.measureNames())
        m_cost->addItem(QString::fromStdString(name), QString::fromStdString(name));
    m_cost->setCurrentIndex(std::max(0, m_cost->findData(QString::fromStdString(strategy.cost))));
    m_beta->setValue(strategy.beta);
    m_epsilon->setValue(strategy.epsilon);
    auto* const form = qobject_cast<QFormLayout*>(layout());
    form->setRowVisible(m_cost, strategy.method == Method::EiPerSecond || !strategy.cost.empty());
    form->setRowVisible(m_beta, strategy.method == Method::Ucb);
    form->setRowVisible(m_epsilon, strategy.method == Method::EpsilonGreedy ||
                                       strategy.method == Method::EpsilonShotgun);
    m_beliefs->setCurrentIndex(m_beliefs->findData(static_cast<int>(strategy.beliefs)));
    m_inference->setCurrentIndex(m_inference->findData(static_cast<int>(strategy.inference)));
    const bool believes = !definition.beliefs.empty();
    m_beliefsExplanation->setText(believes ? beliefUseExplanation(strategy.beliefs)
                                           : tr("None stated yet: the page Beliefs takes them."));
    m_batch->setValue(strategy.batch);
    m_initial->setValue(strategy.initial ? std::optional<double>(*strategy.initial) : std::nullopt);
    m_budget->setValue(strategy.budget ? std::optional<double>(*strategy.budget) : std::nullopt);
    const QString problems = m_findings.textFor(QStringLiteral("strategy"));
    m_problems->setText(problems);
    m_problems->setVisible(!problems.isEmpty());
}

} // namespace alidade
