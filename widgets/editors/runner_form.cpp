#include "editors/runner_form.h"

#include "document/project_document.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "models/value_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

struct Source {
    const char* key;
    const char* text;
};
constexpr Source kSources[] = {
    {"", QT_TRANSLATE_NOOP("alidade::RunnerForm", "printed by the command under its own name")},
    {"wall_seconds", QT_TRANSLATE_NOOP("alidade::RunnerForm", "wall clock [s]")},
    {"cpu_seconds", QT_TRANSLATE_NOOP("alidade::RunnerForm", "processor time [s]")},
    {"peak_memory_mib", QT_TRANSLATE_NOOP("alidade::RunnerForm", "peak memory [MiB]")},
};

QPlainTextEdit* codeField(const char* name, int lines, QWidget* parent) {
    auto* const edit = new QPlainTextEdit(parent);
    edit->setObjectName(QString::fromLatin1(name));
    edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(edit->fontMetrics().lineSpacing() * lines + 16);
    edit->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    return edit;
}

QString environmentText(const std::map<std::string, std::string>& environment) {
    QStringList lines;
    for (const auto& [name, value] : environment)
        lines.append(QString::fromStdString(name + '=' + value));
    return lines.join(u'\n');
}

std::map<std::string, std::string> environmentFromText(const QString& text) {
    std::map<std::string, std::string> environment;
    for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts)) {
        const QString name = line.section(u'=', 0, 0).trimmed();
        if (!name.isEmpty())
            environment[name.toStdString()] = line.section(u'=', 1).toStdString();
    }
    return environment;
}

int wholeNumber(double value) {
    return static_cast<int>(std::llround(std::clamp(value, -1e9, 1e9)));
}

} // namespace

RunnerForm::RunnerForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent)
    : QWidget(parent), m_document(document), m_findings(findings) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    m_enabled = new QCheckBox(tr("Measure trials with a program on this machine"), this);
    m_enabled->setObjectName(QStringLiteral("runnerEnabled"));
    layout->addWidget(m_enabled);
    m_body = new QWidget(this);
    layout->addWidget(m_body);
    auto* const form = new QFormLayout(m_body);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(kGap + 4);
    form->setVerticalSpacing(kGap);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    m_command = codeField("runnerCommand", 4, m_body);
    m_command->setPlaceholderText(QStringLiteral("python3 train.py --lr {lr} --layers {layers}"));
    m_hint = hintLabel({}, m_body);
    m_shell = new QCheckBox(tr("Run in a shell (/bin/sh)"), m_body);
    m_shell->setObjectName(QStringLiteral("runnerShell"));
    const auto number = [this](const char* name) {
        auto* const edit = new NumberEdit(m_body);
        edit->setObjectName(QString::fromLatin1(name));
        edit->setMaximumWidth(96);
        return edit;
    };
    m_jobs = number("runnerJobs");
    m_jobs->setWholeNumbers(true);
    m_timeout = number("runnerTimeout");
    m_retries = number("runnerRetries");
    m_retries->setWholeNumbers(true);
    auto* const limits = new QWidget(m_body);
    auto* const limitsRow = new QHBoxLayout(limits);
    limitsRow->setContentsMargins(0, 0, 0, 0);
    limitsRow->setSpacing(kGap);
    limitsRow->addWidget(m_jobs);
    limitsRow->addSpacing(kGap);
    limitsRow->addWidget(new QLabel(tr("Time limit [s]"), limits));
    limitsRow->addWidget(m_timeout);
    limitsRow->addSpacing(kGap);
    limitsRow->addWidget(new QLabel(tr("Retries"), limits));
    limitsRow->addWidget(m_retries);
    limitsRow->addStretch();
    m_directory = new QLineEdit(m_body);
    m_directory->setObjectName(QStringLiteral("runnerDirectory"));
    m_directory->setPlaceholderText(tr("a fresh one for each trial"));
    m_environment = codeField("runnerEnvironment", 2, m_body);
    m_environment->setPlaceholderText(QStringLiteral("OMP_NUM_THREADS=1"));
    auto* const measures = new QWidget(m_body);
    m_measures = new QFormLayout(measures);
    m_measures->setContentsMargins(0, 0, 0, 0);
    m_measures->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_problems = new QLabel(this);
    m_problems->setObjectName(QStringLiteral("runnerProblems"));
    m_problems->setProperty("role", QStringLiteral("error"));
    m_problems->setWordWrap(true);

    form->addRow(tr("Command"), m_command);
    form->addRow({}, m_hint);
    form->addRow({}, m_shell);
    form->addRow(tr("At once"), limits);
    form->addRow(tr("Directory"), m_directory);
    form->addRow(tr("Environment"), m_environment);
    form->addRow(tr("Measures"), measures);
    layout->addWidget(m_problems);

    connect(m_enabled, &QCheckBox::clicked, this, [this](bool on) {
        m_document.push(
            SetRunner{on ? std::optional<RunnerConfiguration>(RunnerConfiguration{}) : std::nullopt},
            on ? tr("Add a runner") : tr("Remove the runner"));
        if (on)
            m_command->setFocus();
    });
    m_command->installEventFilter(this);
    m_environment->installEventFilter(this);
    connect(m_shell, &QCheckBox::clicked, this,
            [this](bool on) { change(tr("Shell"), [on](RunnerConfiguration& r) { r.shell = on; }); });
    connect(m_jobs, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        change(tr("Trials at once"),
               [value](RunnerConfiguration& r) { r.jobs = wholeNumber(value.value_or(1)); });
    });
    connect(m_timeout, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        change(tr("Time limit"),
               [value](RunnerConfiguration& r) { r.timeoutSeconds = value.value_or(3600); });
    });
    connect(m_retries, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        change(tr("Retries"),
               [value](RunnerConfiguration& r) { r.retries = wholeNumber(value.value_or(0)); });
    });
    connect(m_directory, &QLineEdit::editingFinished, this, [this] {
        if (m_directory->isModified())
            change(tr("Directory"), [this](RunnerConfiguration& r) {
                r.directory = m_directory->text().trimmed().toStdString();
            });
    });
    connect(&findings, &StudyFindings::changed, this, &RunnerForm::refresh);
    refresh();
}

/// Texts of several lines are finished when the focus leaves them.
bool RunnerForm::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut)
        commitTexts();
    return QWidget::eventFilter(watched, event);
}

void RunnerForm::commitTexts() {
    if (!m_document.definition().runner)
        return;
    const std::string command = m_command->toPlainText().trimmed().toStdString();
    if (command != m_document.definition().runner->command)
        change(tr("Command"), [&command](RunnerConfiguration& r) { r.command = command; });
    const auto environment = environmentFromText(m_environment->toPlainText());
    if (environment != m_document.definition().runner->environment)
        change(tr("Environment"), [&environment](RunnerConfiguration& r) { r.environment = environment; });
}

void RunnerForm::change(const QString& what, const std::function<void(RunnerConfiguration&)>& mutate) {
    if (!m_document.definition().runner)
        return;
    RunnerConfiguration runner = *m_document.definition().runner;
    mutate(runner);
    m_document.push(SetRunner{runner}, what);
}

QString RunnerForm::placeholders() const {
    QStringList names;
    for (const std::string& name : m_document.definition().space.names())
        names.append(u'{' + QString::fromStdString(name) + u'}');
    names.append({QStringLiteral("{trial}"), QStringLiteral("{seed}"), QStringLiteral("{directory}")});
    return tr("Values go in for %1. The command prints its results as a last line of JSON, {\"loss\": 0.3}, "
              "or "
              "as lines loss=0.3.")
        .arg(names.join(u' '));
}

void RunnerForm::rebuildMeasures() {
    m_measureNames = m_document.definition().measureNames();
    while (m_measures->rowCount() > 0)
        m_measures->removeRow(0);
    for (const std::string& name : m_measureNames) {
        auto* const box = new QComboBox(m_measures->parentWidget());
        box->setObjectName(QStringLiteral("measureSource_") + QString::fromStdString(name));
        guardWheel(box);
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        for (const Source& source : kSources)
            box->addItem(tr(source.text), QString::fromLatin1(source.key));
        const auto commit = [this, box, name] {
            // A text that is none of the offered ones is a key of the output.
            const int known = box->findText(box->currentText());
            const std::string key =
                (known >= 0 ? box->itemData(known).toString() : box->currentText().trimmed()).toStdString();
            change(tr("Source of %1").arg(QString::fromStdString(name)), [&](RunnerConfiguration& r) {
                if (key.empty())
                    r.measures.erase(name);
                else
                    r.measures[name] = key;
            });
        };
        connect(box, &QComboBox::activated, this, commit);
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, commit);
        m_measures->addRow(QString::fromStdString(name), box);
    }
}

void RunnerForm::refresh() {
    const auto& runner = m_document.definition().runner;
    setEnabled(m_document.canEdit());
    m_enabled->setChecked(runner.has_value());
    m_body->setVisible(runner.has_value());
    const QString problems = m_findings.textFor(QStringLiteral("runner"));
    m_problems->setText(problems);
    m_problems->setVisible(!problems.isEmpty());
    if (!runner)
        return;
    const auto setPlain = [](QPlainTextEdit* edit, const QString& text) {
        if (!edit->hasFocus() && edit->toPlainText() != text)
            edit->setPlainText(text);
    };
    setPlain(m_command, QString::fromStdString(runner->command));
    setPlain(m_environment, environmentText(runner->environment));
    m_hint->setText(placeholders());
    m_shell->setChecked(runner->shell);
    m_jobs->setValue(runner->jobs);
    m_timeout->setValue(runner->timeoutSeconds);
    m_retries->setValue(runner->retries);
    if (!m_directory->hasFocus())
        m_directory->setText(QString::fromStdString(runner->directory));
    if (m_measureNames != m_document.definition().measureNames())
        rebuildMeasures();
    for (const std::string& name : m_measureNames) {
        auto* const box =
            findChild<QComboBox*>(QStringLiteral("measureSource_") + QString::fromStdString(name));
        if (box == nullptr || box->lineEdit()->hasFocus())
            continue;
        const auto source = runner->measures.find(name);
        const QString key =
            source == runner->measures.end() ? QString() : QString::fromStdString(source->second);
        const int index = box->findData(key);
        if (index >= 0)
            box->setCurrentIndex(index);
        else
            box->setEditText(key);
    }
}

} // namespace alidade
