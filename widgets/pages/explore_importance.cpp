#include "pages/explore_importance.h"

#include "document/derived_cache.h"
#include "document/error_text.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/widget_style.h"
#include "plots/number_text.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace alidade {

namespace {

const QString kImportanceKey = QStringLiteral("explore.importance");
constexpr double kInteresting = 0.05;

struct ImportanceText {
    Q_DECLARE_TR_FUNCTIONS(Importance)
};

std::vector<std::size_t> byTotal(const ImportanceReport& report) {
    std::vector<std::size_t> order(report.parameters.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return report.parameters[a].total.value > report.parameters[b].total.value;
    });
    return order;
}

QString nameOf(const ImportanceReport& report, const SearchSpace& space, std::size_t index) {
    const Parameter* parameter = space.find(report.parameters[index].parameter);
    return parameter ? QString::fromStdString(parameter->name) : QString();
}

QString percent(double share) {
    return ImportanceText::tr("%1 %").arg(formatNumber(100.0 * share, 2));
}

} // namespace

ImportanceData importanceData(const ImportanceReport& report, const SearchSpace& space) {
    ImportanceData data;
    const std::vector<std::size_t> order = byTotal(report);
    for (const std::size_t i : order) {
        const ParameterImportance& one = report.parameters[i];
        data.names << nameOf(report, space, i);
        data.alone.push_back({one.first.value, one.first.low, one.first.high});
        data.total.push_back({one.total.value, one.total.low, one.total.high});
        data.permutation.push_back(
            {one.permutation, one.permutation - one.permutationSd, one.permutation + one.permutationSd});
    }
    if (report.interactions.size() > 0)
        for (const std::size_t i : order)
            for (const std::size_t j : order)
                data.interactions.push_back(
                    report.interactions(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)));
    return data;
}

QString importanceText(const ImportanceReport& report, const SearchSpace& space) {
    const std::vector<std::size_t> order = byTotal(report);
    if (order.empty())
        return {};
    QStringList sentences;
    const ParameterImportance& most = report.parameters[order[0]];
    sentences << ImportanceText::tr(
                     "%1 matters most: alone it explains %2 of the variance over the space, with its "
                     "interactions %3.")
                     .arg(nameOf(report, space, order[0]), percent(most.first.value),
                          percent(most.total.value));
    if (report.interactions.size() > 0) {
        Eigen::Index i = 0;
        Eigen::Index j = 0;
        const double largest = report.interactions.maxCoeff(&i, &j);
        if (largest >= kInteresting)
            sentences << ImportanceText::tr("The largest interaction, %1, is between %2 and %3.")
                             .arg(percent(largest), nameOf(report, space, static_cast<std::size_t>(i)),
                                  nameOf(report, space, static_cast<std::size_t>(j)));
    }
    sentences << ImportanceText::tr(
                     "The model explains %1 of the variance of measurements that it has not seen.")
                     .arg(percent(std::max(0.0, 1.0 - report.leaveOneOutError)));
    if (report.warped)
        sentences << ImportanceText::tr(
            "The outcome spans orders of magnitude: shares are of its variance on the "
            "logarithm-like scale of the model.");
    return sentences.join(QLatin1Char(' '));
}

ExploreImportancePanel::ExploreImportancePanel(ProjectDocument& document, JobRunner& jobs,
                                               DerivedCache& cache, QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_cache(cache) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("&Of:"), this);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("importanceMeasure"));
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    guardWheel(m_measure);
    label->setBuddy(m_measure);
    row->addWidget(label);
    row->addWidget(m_measure);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("importanceText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(m_text, 1);
    column->addLayout(row);

    m_shares = new SharesPlot(this);
    m_shares->setPlotName(QStringLiteral("importance"));
    m_shares->setTitle(tr("Variance shares"));
    m_shares->setToolTip(tr("How much of the variance over the whole space a parameter explains: alone, and "
                            "with its interactions. Lines: 90 % interval over functions that agree with the "
                            "measurements."));
    m_permutation = new PermutationPlot(this);
    m_permutation->setPlotName(QStringLiteral("permutation"));
    m_permutation->setTitle(tr("Shuffled values"));
    m_permutation->setLegendShown(false, false);
    m_permutation->setToolTip(tr("How much worse predictions of unseen measurements become when this "
                                 "parameter's values are shuffled. Lines: one standard deviation over the "
                                 "shuffles."));
    m_interactions = new InteractionPlot(this);
    m_interactions->setPlotName(QStringLiteral("interactions"));
    m_interactions->setTitle(tr("Interactions"));
    m_interactions->setToolTip(tr("Share of the variance that only a pair of parameters explains together."));
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    grid->addWidget(m_shares, 0, 0);
    grid->addWidget(m_permutation, 1, 0);
    grid->addWidget(m_interactions, 0, 1, 2, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(0, 3);
    grid->setRowStretch(1, 2);
    column->addLayout(grid, 1);

    for (PlotView* plot : {static_cast<PlotView*>(m_shares), static_cast<PlotView*>(m_permutation),
                           static_cast<PlotView*>(m_interactions)}) {
        plot->setMinimumHeight(140);
        connect(plot, &PlotView::noticed, this, &ExploreImportancePanel::noticed);
    }
    connect(m_measure, &QComboBox::currentIndexChanged, this, &ExploreImportancePanel::request);
    connect(&m_cache, &DerivedCache::modelChanged, this, &ExploreImportancePanel::request);
    connect(&m_document, &ProjectDocument::definitionChanged, this, &ExploreImportancePanel::fillMeasures);
    connect(&m_document, &ProjectDocument::reset, this, [this] {
        m_report.reset();
        m_shownMeasure.reset();
        fillMeasures();
    });
    fillMeasures();
}

void ExploreImportancePanel::fillMeasures() {
    const QSignalBlocker blocker(m_measure);
    const QString before = m_measure->currentText();
    m_measure->clear();
    for (const Objective& objective : m_document.definition().objectives)
        m_measure->addItem(QString::fromStdString(objective.name));
    m_measure->setCurrentIndex(std::max(0, m_measure->findText(before)));
    request();
}

std::optional<MeasureId> ExploreImportancePanel::measure() const {
    const int index = m_measure->currentIndex();
    const std::vector<Objective>& objectives = m_document.definition().objectives;
    if (index < 0 || static_cast<std::size_t>(index) >= objectives.size())
        return std::nullopt;
    return objectives[static_cast<std::size_t>(index)].id;
}

void ExploreImportancePanel::request() {
    const auto wanted = measure();
    if (!isVisible() || !wanted || !m_cache.model())
        return;
    if (m_report && m_shownRevision == m_cache.modelRevision() && m_shownMeasure == wanted)
        return;
    const quint64 revision = m_cache.modelRevision();
    m_jobs.start(
        {kImportanceKey, tr("Importance of the parameters"), revision}, this,
        [model = *m_cache.model(), measure = *wanted](const Monitor& monitor) {
            return parameterImportance(model, measure, {}, monitor);
        },
        [this, wanted](const Result<ImportanceReport>& computed, quint64 of) {
            if (!computed.ok()) {
                if (computed.error().code != ErrorCode::Cancelled)
                    m_text->setText(errorText(computed.error()));
                return;
            }
            m_report = *computed;
            m_shownRevision = of;
            m_shownMeasure = wanted;
            showReport(*m_report);
        });
}

void ExploreImportancePanel::showReport(const ImportanceReport& report) {
    const SearchSpace& space = m_document.definition().space;
    const ImportanceData shown = importanceData(report, space);
    m_text->setText(importanceText(report, space));
    m_shares->setData(shown.names, shown.alone, shown.total);
    m_permutation->setData(shown.names, shown.permutation);
    const bool pairs = shown.names.size() > 1 && !shown.interactions.empty();
    m_interactions->setVisible(pairs);
    if (pairs)
        m_interactions->setData(shown.names, shown.interactions);
}

void ExploreImportancePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    request();
}

} // namespace alidade

#include "moc_explore_importance.cpp"
