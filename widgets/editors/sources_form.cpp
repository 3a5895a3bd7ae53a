#include "editors/sources_form.h"

#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/widget_style.h"
#include "project_file/source_reader.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr int kWaitMs = 300;
constexpr int kMeterWidth = 120;

QString sourcesJobKey() {
    return QStringLiteral("sources");
}

QString shortNumber(double value) {
    return QLocale().toString(value, 'g', 2);
}

/// How related, as a length: 0 ... 1.
QProgressBar* meterOf(const Relatedness& about) {
    auto* const meter = new QProgressBar;
    meter->setRange(0, 100);
    meter->setValue(static_cast<int>(100.0 * std::clamp(about.correlation, 0.0, 1.0)));
    meter->setTextVisible(false);
    meter->setFixedSize(kMeterWidth, kGap);
    meter->setToolTip(SourcesForm::tr("Correlation of the two outcomes at one setting"));
    meter->setAccessibleName(meter->toolTip());
    return meter;
}

void clearLayout(QLayout& layout) {
    while (QLayoutItem* const item = layout.takeAt(0)) {
        if (QWidget* const widget = item->widget())
            widget->deleteLater();
        delete item;
    }
}

} // namespace

QString relationText(const Relatedness& about) {
    const int results = static_cast<int>(about.results);
    switch (about.relation) {
    case Relation::Unreadable: return SourcesForm::tr("cannot be read");
    case Relation::NoMeasure: return SourcesForm::tr("has no objective or limit of this name");
    case Relation::TooFew:
        return SourcesForm::tr("%n result(s) lie in today's space, too few to learn from", nullptr, results);
    case Relation::Unknown:
        return SourcesForm::tr("%n result(s) lie in today's space; whether they are related shows after the "
                               "first trials here",
                               nullptr, results);
    case Relation::Disagrees:
        return SourcesForm::tr("unrelated: what it predicts for your trials does not go with what they gave "
                               "(correlation %1). It is left alone.")
            .arg(shortNumber(about.agreement));
    case Relation::NoHelp:
        return SourcesForm::tr("hardly related: your trials are explained as well without it. It is left "
                               "alone.");
    case Relation::Used:
        return SourcesForm::tr("%1: its %n result(s) help to predict yours (correlation %2 at the same "
                               "setting)",
                               nullptr, results)
            .arg(about.correlation > 0.9   ? SourcesForm::tr("closely related")
                 : about.correlation > 0.6 ? SourcesForm::tr("related")
                                           : SourcesForm::tr("loosely related"),
                 shortNumber(about.correlation));
    }
    return {};
}

SourcesForm::SourcesForm(ProjectDocument& document, JobRunner& jobs, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    auto* const row = new QHBoxLayout;
    QPushButton* const add = textButton("add", tr("Learn from a project…"), "addSource");
    m_again = new QPushButton(tr("Read again"));
    m_again->setObjectName(QStringLiteral("readSourcesAgain"));
    row->addWidget(add);
    row->addWidget(m_again);
    row->addStretch();
    layout->addLayout(row);
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(kGap);
    layout->addLayout(m_cards);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kWaitMs);
    connect(&m_delay, &QTimer::timeout, this, &SourcesForm::examine);
    connect(add, &QPushButton::clicked, this, &SourcesForm::chooseFiles);
    connect(m_again, &QPushButton::clicked, this, &SourcesForm::examine);
    connect(&document, &ProjectDocument::definitionChanged, this, &SourcesForm::schedule);
    connect(&document, &ProjectDocument::trialsChanged, this, &SourcesForm::schedule);
    connect(&document, &ProjectDocument::trialsRemoved, this, &SourcesForm::schedule);
    connect(&document, &ProjectDocument::reset, this, [this] {
        m_jobs.discard(sourcesJobKey());
        m_found = {};
        schedule();
    });
    rebuild();
}

void SourcesForm::chooseFiles() {
    auto* const dialog =
        new QFileDialog(this, tr("Earlier studies to learn from"), QFileInfo(m_document.path()).path(),
                        tr("Alidade projects (*.alidade);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &SourcesForm::addFiles);
    dialog->open();
}

void SourcesForm::addFiles(const QStringList& paths) {
    std::vector<std::string> sources = m_document.definition().strategy.sources;
    const QString own =
        m_document.path().isEmpty() ? QString() : QFileInfo(m_document.path()).absoluteFilePath();
    for (const QString& path : paths) {
        if (!own.isEmpty() && QFileInfo(path).absoluteFilePath() == own) {
            emit noticed(tr("A study cannot learn from itself."));
            continue;
        }
        std::string written = sourcePath(path.toStdString(), m_document.path().toStdString());
        if (std::find(sources.begin(), sources.end(), written) == sources.end())
            sources.push_back(std::move(written));
    }
    setSources(std::move(sources), tr("Learn from an earlier study"));
}

void SourcesForm::remove(const std::string& path) {
    std::vector<std::string> sources = m_document.definition().strategy.sources;
    std::erase(sources, path);
    setSources(std::move(sources), tr("Remove an earlier study"));
}

void SourcesForm::setSources(std::vector<std::string> sources, const QString& what) {
    Strategy strategy = m_document.definition().strategy;
    if (strategy.sources == sources)
        return;
    strategy.sources = std::move(sources);
    m_document.push(SetStrategy{std::move(strategy)}, what);
}

void SourcesForm::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    schedule();
}

void SourcesForm::schedule() {
    setEnabled(m_document.canEdit());
    if (m_document.definition().strategy.sources != m_shown)
        rebuild();
    // Not restarted: a stream of results must not put it off for ever.
    if (isVisible() && m_document.isOpen() && !m_shown.empty() && !m_delay.isActive())
        m_delay.start();
}

void SourcesForm::examine() {
    if (!m_document.isOpen() || m_document.definition().strategy.sources.empty())
        return;
    m_jobs.start(
        {sourcesJobKey(), tr("Comparing with earlier studies"), m_document.revision()}, this,
        [study = m_document.snapshot(),
         project = m_document.path().toStdString()](const Monitor& monitor) -> Result<Found> {
            Found found{readSources(study->definition.strategy, project), {}};
            ALIDADE_ASSIGN(found.related, relatednessOf(*study, {0, found.sources}, monitor));
            return found;
        },
        [this](Result<Found> found, quint64) {
            if (!found)
                return;
            m_found = std::move(found).value();
            rebuild();
        });
}

bool SourcesForm::isExamined(std::size_t index, const std::string& path) const {
    return m_found.sources && index < m_found.sources->size() && (*m_found.sources)[index].path == path;
}

void SourcesForm::rebuild() {
    setEnabled(m_document.canEdit());
    clearLayout(*m_cards);
    m_shown = m_document.definition().strategy.sources;
    m_again->setVisible(!m_shown.empty());
    for (std::size_t i = 0; i < m_shown.size(); ++i)
        addCard(i, m_shown[i]);
}

void SourcesForm::addCard(std::size_t index, const std::string& path) {
    auto* const card = new QFrame;
    card->setObjectName(QStringLiteral("sourceCard"));
    card->setFrameShape(QFrame::StyledPanel);
    auto* const layout = new QVBoxLayout(card);
    auto* const head = new QHBoxLayout;
    const QString shown = QString::fromStdString(path);
    auto* const name =
        new QLabel(QStringLiteral("<b>%1</b>").arg(QFileInfo(shown).completeBaseName().toHtmlEscaped()));
    name->setToolTip(shown);
    QToolButton* const removeButton =
        iconButton("remove", tr("No longer learn from %1").arg(shown), "removeSource");
    connect(removeButton, &QToolButton::clicked, this, [this, path] { remove(path); });
    head->addWidget(name);
    head->addWidget(hintLabel(shown), 1);
    head->addWidget(removeButton);
    layout->addLayout(head);
    const auto line = [&](const QString& text, QWidget* meter = nullptr) {
        auto* const row = new QHBoxLayout;
        auto* const label = new QLabel(text);
        label->setObjectName(QStringLiteral("sourceRelation"));
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        if (meter)
            row->addWidget(meter);
        row->addWidget(label, 1);
        layout->addLayout(row);
    };
    if (!isExamined(index, path)) {
        line(tr("being read…"));
    } else if (const SourceStudy& source = (*m_found.sources)[index]; !source.study) {
        line(tr("Not used: %1").arg(QString::fromStdString(source.problem)));
    } else {
        QStringList missing;
        for (const Relatedness& about : m_found.related) {
            if (about.source != index)
                continue;
            missing.clear();
            for (const std::string& parameter : about.missing)
                missing << QString::fromStdString(parameter);
            line(QStringLiteral("%1: %2").arg(
                     QString::fromStdString(m_document.definition().measureName(about.measure)),
                     relationText(about)),
                 about.used() ? meterOf(about) : nullptr);
        }
        if (!missing.isEmpty())
            layout->addWidget(
                hintLabel(tr("It lacks %1: taken at the default.").arg(missing.join(QStringLiteral(", ")))));
    }
    m_cards->addWidget(card);
}

} // namespace alidade
