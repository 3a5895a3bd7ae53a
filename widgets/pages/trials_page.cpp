#include "pages/trials_page.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/empty_state.h"
#include "editors/message_bar.h"
#include "editors/slopes_dialog.h"
#include "editors/trials_view.h"
#include "editors/widget_style.h"
#include "exchange/trials_csv.h"
#include "models/trials_filter.h"
#include "models/trials_model.h"
#include "project_file/source_reader.h"
#include "suggest/suggest.h"

#include <QAction>
#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace alidade {
namespace {

constexpr int kLogLines = 5000;

QPlainTextEdit* monospaced(const QString& name, const QString& placeholder) {
    auto* const text = new QPlainTextEdit;
    text->setObjectName(name);
    text->setReadOnly(true);
    text->setMaximumBlockCount(kLogLines);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->setPlaceholderText(placeholder);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    return text;
}

} // namespace

TrialsPage::TrialsPage(ProjectDocument& document, JobRunner& jobs, TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_selection(selection) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(kGap);
    auto* const head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("Trials")));
    m_counts = hintLabel({});
    m_counts->setWordWrap(false);
    head->addWidget(m_counts, 0, Qt::AlignBottom);
    head->addStretch();
    layout->addLayout(head);

    m_view = new TrialsView(m_document, m_selection);
    layout->addWidget(buildBar());
    m_message = new MessageBar;
    m_message->hide();
    layout->addWidget(m_message);

    auto* const empty = new EmptyState(
        "trials", tr("No trials yet"),
        tr("Ask for suggestions and measure them, type or paste results that you already have, or let the "
           "study's command measure trial after trial."));
    connect(empty->addAction({"suggest"}, tr("Suggest"), "emptySuggest", true), &QPushButton::clicked, this,
            &TrialsPage::suggest);
    connect(empty->addAction({"add"}, tr("Add a trial"), "emptyAdd", false), &QPushButton::clicked, this,
            &TrialsPage::addTrial);
    m_stack = new QStackedWidget;
    m_stack->addWidget(empty);
    m_stack->addWidget(m_view);
    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_stack);
    splitter->addWidget(buildBottom());
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 1);
    layout->addWidget(splitter, 1);

    const auto refuse = [this](const QString& text) { showError(text); };
    connect(m_view, &TrialsView::inputRefused, this, refuse);
    connect(&m_view->trials(), &TrialsModel::inputRefused, this, refuse);
    connect(m_view, &TrialsView::trialsPasted, this, &TrialsPage::pasteTrials);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_log->clear();
        m_message->dismiss();
        m_batch->setValue(m_document.definition().strategy.batch);
        m_budget->setValue(m_document.definition().strategy.budget.value_or(0));
        updateState();
    });
    connect(&m_document, &ProjectDocument::trialsChanged, this, &TrialsPage::updateState);
    connect(&m_document, &ProjectDocument::trialsRemoved, this, &TrialsPage::updateState);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &TrialsPage::updateState);
    connect(&m_jobs, &JobRunner::jobsChanged, this, &TrialsPage::updateState);
    connect(&m_selection, &TrialSelection::changed, this, &TrialsPage::showOutput);
    updateState();
}

QWidget* TrialsPage::buildBar() {
    auto* const bar = new QWidget;
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    m_suggest = textButton("suggest", tr("Su&ggest"), "suggest");
    makePrimary(m_suggest);
    m_suggest->setToolTip(tr("Suggest the next settings to try (Ctrl+G)"));
    m_batch = new QSpinBox;
    m_batch->setObjectName("batch");
    m_batch->setRange(1, 1000);
    m_batch->setToolTip(tr("How many settings at once"));
    guardWheel(m_batch);
    QPushButton* const add = textButton("add", tr("Add"), "addTrial");
    add->setToolTip(tr("Add a trial of your own"));
    m_run = textButton("play", tr("&Run"), "run");
    m_run->setToolTip(tr("Measure trial after trial with the study's command (Ctrl+R)"));
    m_stop = textButton("stop", tr("S&top"), "stop");
    m_stop->setToolTip(
        tr("End the running programs, whose trials become pending again, and the search for settings"));
    m_budget = new QSpinBox;
    m_budget->setObjectName("budget");
    m_budget->setRange(0, 1000000);
    m_budget->setSpecialValueText(tr("no limit"));
    m_budget->setSuffix(tr(" trials"));
    m_budget->setToolTip(tr("Stop after so many finished trials in all"));
    guardWheel(m_budget);
    m_progress = new QProgressBar;
    m_progress->setMaximumWidth(140);
    m_progress->setTextVisible(false);
    m_progress->hide();
    auto* const search = new QLineEdit;
    search->setObjectName("searchTrials");
    search->setPlaceholderText(tr("Filter"));
    search->setClearButtonEnabled(true);
    search->setMaximumWidth(200);
    auto* const state = new QComboBox;
    state->setObjectName("filterState");
    state->addItem(tr("All states"));
    const QList<QPair<QString, TrialState>> states{{tr("Pending"), TrialState::Pending},
                                                   {tr("Running"), TrialState::Running},
                                                   {tr("Complete"), TrialState::Complete},
                                                   {tr("Failed"), TrialState::Failed}};
    for (const auto& [text, value] : states)
        state->addItem(text, static_cast<int>(value));
    guardWheel(state);
    for (QWidget* const widget : std::initializer_list<QWidget*>{m_suggest, m_batch, add})
        row->addWidget(widget);
    row->addSpacing(kMargin);
    for (QWidget* const widget : std::initializer_list<QWidget*>{m_run, m_stop, m_budget, m_progress})
        row->addWidget(widget);
    row->addStretch();
    row->addWidget(search);
    row->addWidget(state);

    connect(m_suggest, &QPushButton::clicked, this, &TrialsPage::suggest);
    connect(add, &QPushButton::clicked, this, &TrialsPage::addTrial);
    connect(m_run, &QPushButton::clicked, this, &TrialsPage::run);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        for (const JobInfo& job : m_jobs.jobs())
            if (job.key == QStringLiteral("suggest"))
                m_jobs.cancel(job.id); // what was found so far still comes
        if (m_running)
            emit stopRequested();
    });
    connect(search, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_view->filter().setText(text); });
    connect(state, &QComboBox::currentIndexChanged, this, [this, state](int index) {
        m_view->filter().setState(
            index == 0 ? std::nullopt
                       : std::optional(static_cast<TrialState>(state->itemData(index).toInt())));
    });
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto action = [this](const QString& text, auto slot) {
        auto* const entry = new QAction(text, m_view);
        connect(entry, &QAction::triggered, this, slot);
        m_view->addAction(entry);
    };
    action(tr("Copy"), [this] { m_view->copy(); });
    action(tr("Paste"), [this] { m_view->paste(); });
    action(tr("Slopes…"), [this] { editSlopes(); });
    action(tr("Exclude from models / include again"), [this] { toggleExcluded(); });
    action(tr("Remove"), [this] { removeSelected(); });
    return bar;
}

QWidget* TrialsPage::buildBottom() {
    m_log = monospaced("runLog", tr("What happens while trials are measured appears here."));
    m_output = monospaced("trialOutput", tr("Select a trial to see what its program printed."));
    auto* const tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(m_log, tr("Log"));
    tabs->addTab(m_output, tr("Program output"));
    tabs->setMinimumHeight(96);
    return tabs;
}

void TrialsPage::suggest() {
    if (!m_document.canEdit())
        return;
    const auto count = static_cast<std::size_t>(m_batch->value());
    m_jobs.start(
        {"suggest", tr("Suggesting"), m_document.revision()}, this,
        [study = m_document.snapshot(), count,
         project = m_document.path().toStdString()](const Monitor& monitor) {
            return alidade::suggest(*study, count, {0, readSources(study->definition.strategy, project)},
                                    monitor);
        },
        [this](Result<SuggestReport> report, quint64) {
            if (!report) {
                showError(errorText(report.error()));
                return;
            }
            std::vector<Trial> trials;
            for (const Suggestion& suggestion : report->suggestions) {
                Trial trial;
                trial.origin = suggestion.origin;
                trial.reason = suggestion.reason;
                trial.setting = suggestion.setting;
                trial.createdMs = ProjectDocument::nowMs();
                trials.push_back(std::move(trial));
            }
            const int number = static_cast<int>(trials.size());
            m_document.addTrials(std::move(trials), tr("Suggest %n trial(s)", nullptr, number));
            if (!report->warnings.empty())
                m_message->showMessage(MessageBar::Kind::Warning,
                                       QString::fromStdString(report->warnings.front()));
        });
}

void TrialsPage::addTrial() {
    if (!m_document.canEdit())
        return;
    if (const auto valid = validate(m_document.definition().space); !valid) {
        showError(errorText(valid.error()));
        return;
    }
    Trial trial;
    trial.origin = Origin::Manual;
    trial.setting = completed(m_document.definition().space, {});
    trial.createdMs = ProjectDocument::nowMs();
    m_document.addTrials({trial}, tr("Add trial"));
}

void TrialsPage::pasteTrials(const QString& text) {
    m_jobs.start(
        {"paste", tr("Reading pasted trials"), m_document.revision()}, this,
        [study = m_document.snapshot(), content = text.toStdString()](const Monitor&) {
            CsvOptions options;
            options.separator = '\t';
            return trialsFromCsv(study->definition, content, options);
        },
        [this](Result<CsvImport> imported, quint64) {
            if (!imported) {
                showError(errorText(imported.error()));
                return;
            }
            const int number = static_cast<int>(imported->trials.size());
            if (!imported->problems.empty())
                showError(tr("%n row(s) could not be used. Line %1: %2", nullptr,
                             static_cast<int>(imported->problems.size()))
                              .arg(imported->problems.front().line)
                              .arg(QString::fromStdString(imported->problems.front().message)));
            if (number > 0)
                m_document.addTrials(std::move(imported->trials), tr("Paste %n trial(s)", nullptr, number));
        });
}

void TrialsPage::toggleExcluded() {
    EditSequence sequence;
    for (const TrialId id : m_view->selectedTrials())
        if (const Trial* known = m_document.study().find(id)) {
            Trial trial = *known;
            trial.excluded = !trial.excluded;
            sequence.edits.emplace_back(PutTrial{std::move(trial)});
        }
    if (!sequence.edits.empty())
        m_document.push(sequence, tr("Exclude or include trials"));
}

void TrialsPage::editSlopes() {
    const Trial* trial = m_document.study().find(m_selection.current());
    if (trial == nullptr)
        return showError(tr("Select a trial first."));
    if (const QString why = SlopesDialog::refusal(m_document.definition(), *trial); !why.isEmpty())
        return showError(why);
    auto* const dialog = new SlopesDialog(m_document, *trial, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void TrialsPage::removeSelected() {
    EditSequence sequence;
    for (const TrialId id : m_view->selectedTrials())
        sequence.edits.emplace_back(RemoveTrial{id});
    if (!sequence.edits.empty())
        m_document.push(sequence, tr("Remove trials"));
}

void TrialsPage::run() {
    if (m_running || !m_document.canEdit())
        return;
    if (!m_document.definition().runner) {
        showError(tr("The study has no command to measure with. Describe one on the Goals page, or type "
                     "results here."));
        return;
    }
    emit runRequested(m_budget->value() > 0 ? std::optional(m_budget->value()) : std::nullopt);
}

void TrialsPage::setRunning(bool running) {
    m_running = running;
    updateState();
}

void TrialsPage::appendLog(const QString& line) {
    m_log->appendPlainText(line);
}

void TrialsPage::showError(const QString& text) {
    m_message->showMessage(MessageBar::Kind::Error, text);
}

void TrialsPage::updateState() {
    const bool editable = m_document.canEdit();
    m_suggest->setEnabled(editable && !m_jobs.isRunning("suggest"));
    m_run->setEnabled(editable && !m_running && !m_document.path().isEmpty());
    m_stop->setEnabled(m_running || m_jobs.isRunning("suggest"));
    int complete = 0;
    int failed = 0;
    int pending = 0;
    int running = 0;
    for (const Trial& trial : m_document.study().trials) {
        complete += trial.state == TrialState::Complete ? 1 : 0;
        failed += trial.state == TrialState::Failed ? 1 : 0;
        pending += trial.state == TrialState::Pending ? 1 : 0;
        running += trial.state == TrialState::Running ? 1 : 0;
    }
    m_stack->setCurrentIndex(m_document.study().trials.empty() ? 0 : 1);
    QStringList parts{tr("%n complete", nullptr, complete)};
    if (pending > 0)
        parts << tr("%n pending", nullptr, pending);
    if (running > 0)
        parts << tr("%n running", nullptr, running);
    if (failed > 0)
        parts << tr("%n failed", nullptr, failed);
    m_counts->setText(m_document.study().trials.empty() ? QString() : parts.join(tr(", ")));
    m_progress->setVisible(m_running);
    m_progress->setRange(0, m_budget->value());
    m_progress->setValue(std::min(complete + failed, std::max(1, m_budget->value())));
    showOutput();
}

void TrialsPage::showOutput() {
    const TrialId id = m_selection.current();
    if (!id.valid() || m_document.path().isEmpty()) {
        m_output->clear();
        return;
    }
    m_document.readOutput(id, OutputStream::StandardOutput, this, [this, id](Result<std::string> text) {
        if (!text || m_selection.current() != id)
            return;
        const QString output = QString::fromStdString(*text);
        m_document.readOutput(
            id, OutputStream::StandardError, this, [this, id, output](Result<std::string> errors) {
                if (!errors || m_selection.current() != id)
                    return;
                const QString errorOutput = QString::fromStdString(*errors);
                const QString all =
                    errorOutput.isEmpty() ? output : output + tr("\n--- standard error ---\n") + errorOutput;
                if (m_output->toPlainText() != all)
                    m_output->setPlainText(all);
            });
    });
}

} // namespace alidade
