#include "pages/history_compare_panel.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/help_tip.h"
#include "editors/widget_style.h"
#include "pages/history_plot_data.h"
#include "project_file/source_reader.h"
#include "study/best_end.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

namespace {
const QString kKey = QStringLiteral("history.compare");
}

HistoryComparePanel::HistoryComparePanel(ProjectDocument& document, JobRunner& jobs, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* bar = new QHBoxLayout;
    buildBar(*bar);
    column->addLayout(bar);
    m_best = new ComparisonPlot(this);
    m_best->setPlotName(QStringLiteral("compare"));
    m_best->setAccessibleName(tr("Best so far of each project"));
    setHelp(m_best, QStringLiteral("comparison"));
    m_outcomes = new ComparisonPlot(this);
    m_outcomes->setPlotName(QStringLiteral("distribution"));
    m_outcomes->setAccessibleName(tr("Distribution of the outcomes"));
    setHelp(m_outcomes, QStringLiteral("distribution"));
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_best, 3);
    row->addWidget(m_outcomes, 2);
    column->addLayout(row, 1);
    for (ComparisonPlot* plot : {m_best, m_outcomes}) {
        plot->setMinimumSize(260, 200);
        connect(plot, &PlotView::noticed, this, &HistoryComparePanel::noticed);
    }
    connect(&m_document, &ProjectDocument::definitionChanged, this, &HistoryComparePanel::fillObjectives);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        removeAll();
        fillObjectives();
    });
    fillObjectives();
}

void HistoryComparePanel::buildBar(QBoxLayout& bar) {
    auto* label = new QLabel(tr("&Of:"), this);
    m_objective = new QComboBox(this);
    m_objective->setObjectName(QStringLiteral("compareObjective"));
    m_objective->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_objective);
    label->setBuddy(m_objective);
    auto* add = new QPushButton(tr("&Add projects…"), this);
    add->setObjectName(QStringLiteral("addProjects"));
    add->setToolTip(
        tr("Lay other projects over this one. They are only read; objectives are matched by name."));
    m_reload = new QPushButton(tr("R&ead again"), this);
    m_reload->setObjectName(QStringLiteral("readAgain"));
    m_remove = new QPushButton(tr("Remove a&ll"), this);
    m_remove->setObjectName(QStringLiteral("removeProjects"));
    m_grouped = new QCheckBox(tr("&Group repeated runs"), this);
    m_grouped->setObjectName(QStringLiteral("groupRuns"));
    m_grouped->setToolTip(tr("Projects whose names differ only by a number at the end become one line: the "
                             "median of the runs, with a band between their quartiles."));
    m_regret = new QCheckBox(tr("&Distance to the optimum"), this);
    m_regret->setObjectName(QStringLiteral("compareRegret"));
    m_regret->setToolTip(tr("|best so far − known optimum| on a logarithmic axis (regret)"));
    for (QWidget* widget : std::initializer_list<QWidget*>{label, m_objective, m_regret, m_grouped})
        bar.addWidget(widget);
    bar.addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{add, m_reload, m_remove})
        bar.addWidget(widget);
    connect(m_objective, &QComboBox::currentIndexChanged, this, &HistoryComparePanel::updatePlots);
    connect(m_grouped, &QCheckBox::toggled, this, &HistoryComparePanel::updatePlots);
    connect(m_regret, &QCheckBox::toggled, this, &HistoryComparePanel::updatePlots);
    connect(add, &QPushButton::clicked, this, &HistoryComparePanel::chooseFiles);
    connect(m_reload, &QPushButton::clicked, this, &HistoryComparePanel::reload);
    connect(m_remove, &QPushButton::clicked, this, &HistoryComparePanel::removeAll);
}

void HistoryComparePanel::chooseFiles() {
    auto* dialog = new QFileDialog(this, tr("Compare with projects"), QFileInfo(m_document.path()).path(),
                                   tr("Alidade projects (*.alidade)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &HistoryComparePanel::addFiles);
    dialog->open();
}

void HistoryComparePanel::addFiles(const QStringList& paths) {
    const QString own =
        m_document.path().isEmpty() ? QString() : QFileInfo(m_document.path()).absoluteFilePath();
    for (const QString& path : paths) {
        const QString absolute = QFileInfo(path).absoluteFilePath();
        if (absolute != own && !m_paths.contains(absolute))
            m_paths << absolute;
    }
    reload();
}

void HistoryComparePanel::removeAll() {
    m_paths.clear();
    m_overlays.clear();
    m_jobs.discard(kKey);
    updatePlots();
}

Result<HistoryComparePanel::Loaded> HistoryComparePanel::load(const QStringList& paths,
                                                              const Monitor& monitor) {
    Loaded loaded;
    for (const QString& path : paths) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "stopped");
        monitor.progress(static_cast<double>(loaded.overlays.size()) / static_cast<double>(paths.size()), "");
        const Result<Study> study = readStudy(path.toStdString());
        const QString label = QFileInfo(path).completeBaseName();
        if (study)
            loaded.overlays.push_back({path, comparedRuns(*study, label)});
        else
            loaded.problems << QStringLiteral("%1: %2").arg(label, errorText(study.error()));
    }
    return loaded;
}

void HistoryComparePanel::reload() {
    if (m_paths.isEmpty())
        return;
    m_jobs.start(
        {kKey, tr("Reading projects"), 0}, this,
        [paths = m_paths](const Monitor& monitor) { return load(paths, monitor); },
        [this](const Result<Loaded>& loaded, quint64) {
            if (!loaded)
                return;
            m_overlays = loaded->overlays;
            // What could not be read is not asked for again.
            m_paths.clear();
            for (const Overlay& overlay : m_overlays)
                m_paths << overlay.path;
            if (!loaded->problems.isEmpty())
                emit noticed(loaded->problems.join(QLatin1Char('\n')));
            updatePlots();
        });
}

void HistoryComparePanel::fillObjectives() {
    {
        const QSignalBlocker blocker(m_objective);
        const QString before = m_objective->currentText();
        m_objective->clear();
        for (const Objective& objective : m_document.definition().objectives)
            m_objective->addItem(QString::fromStdString(objective.name));
        m_objective->setCurrentIndex(std::max(0, m_objective->findText(before)));
    }
    updatePlots();
}

void HistoryComparePanel::setLogarithmic(bool logarithmic) {
    m_logarithmic = logarithmic;
    updatePlots();
}

void HistoryComparePanel::updatePlots() {
    m_dirty = true;
    m_reload->setEnabled(!m_paths.isEmpty());
    m_remove->setEnabled(!m_paths.isEmpty());
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    const auto index = static_cast<std::size_t>(std::max(0, m_objective->currentIndex()));
    if (!isVisible() || index >= objectives.size())
        return;
    m_dirty = false;
    const Objective& objective = objectives[index];
    m_regret->setEnabled(objective.knownOptimum.has_value());
    const QString own = m_document.path().isEmpty() ? QString::fromStdString(m_document.definition().name)
                                                    : QFileInfo(m_document.path()).completeBaseName();
    std::vector<ComparedRun> runs{comparedRun(m_document.study(), objective, own)};
    QStringList without;
    for (const Overlay& overlay : m_overlays) {
        const auto run = overlay.runs.find(objective.name);
        if (run != overlay.runs.end())
            runs.push_back(run->second);
        else
            without << QFileInfo(overlay.path).completeBaseName();
    }
    const bool regret = m_regret->isChecked() && objective.knownOptimum.has_value();
    const AxisSpec measure = measureSpec(objective);
    AxisSpec trials;
    trials.title = tr("finished trials");
    trials.kind = AxisKind::Integer;
    AxisSpec reached = measure;
    reached.title = regret ? tr("regret of %1").arg(measure.title) : tr("best %1 so far").arg(measure.title);
    reached.kind = regret || m_logarithmic ? AxisKind::Log : AxisKind::Linear;
    m_best->setTitle(
        without.isEmpty()
            ? directionTitle(objective)
            : tr("%1 (without it: %2)").arg(directionTitle(objective), without.join(QStringLiteral(", "))));
    m_best->setCurves(
        trials, reached,
        bestCurves(runs, m_grouped->isChecked(), regret ? objective.knownOptimum : std::nullopt));
    m_best->setMessage(!oneEndIsBest(objective)
                           ? tr("A certain value or range is wanted, so there is no best value to compare.")
                           : QString());
    AxisSpec value = measure;
    value.kind = m_logarithmic ? AxisKind::Log : AxisKind::Linear;
    AxisSpec share;
    share.title = tr("share of the trials at or below");
    share.limits = AxisRange{0.0, 1.0};
    m_outcomes->setTitle(tr("Distribution of the outcomes"));
    m_outcomes->setCurves(value, share, outcomeCurves(runs, m_grouped->isChecked()));
}

void HistoryComparePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_dirty)
        updatePlots();
}

} // namespace alidade

#include "moc_history_compare_panel.cpp"
