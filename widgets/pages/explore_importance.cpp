#include "pages/explore_importance.h"

#include "editors/help_tip.h"
#include "plots/number_text.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
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

std::vector<MeasureId> objectivesOf(const Definition& definition) {
    std::vector<MeasureId> ids;
    for (const Objective& objective : definition.objectives)
        ids.push_back(objective.id);
    return ids;
}

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
    : ExploreReportPanel(QStringLiteral("importance"), objectivesOf, document, jobs, cache, parent) {
    m_shares = new SharesPlot(this);
    m_shares->setPlotName(QStringLiteral("importance"));
    m_shares->setTitle(tr("Variance shares"));
    setHelp(m_shares, QStringLiteral("importance"));
    m_permutation = new PermutationPlot(this);
    m_permutation->setPlotName(QStringLiteral("permutation"));
    m_permutation->setTitle(tr("Shuffled values"));
    m_permutation->setLegendShown(false, false);
    setHelp(m_permutation, QStringLiteral("permutation"));
    m_interactions = new InteractionPlot(this);
    m_interactions->setPlotName(QStringLiteral("interactions"));
    m_interactions->setTitle(tr("Interactions"));
    setHelp(m_interactions, QStringLiteral("interactions"));
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    grid->addWidget(m_shares, 0, 0);
    grid->addWidget(m_permutation, 1, 0);
    grid->addWidget(m_interactions, 0, 1, 2, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    grid->setRowStretch(0, 3);
    grid->setRowStretch(1, 2);
    column().addLayout(grid, 1);

    addPlots({m_shares, m_permutation, m_interactions}, 140);
}

void ExploreImportancePanel::compute(const StudyModel& model, MeasureId measure) {
    start(
        kImportanceKey, tr("Importance of the parameters"), measure,
        [model, measure](const Monitor& monitor) { return parameterImportance(model, measure, {}, monitor); },
        [this](const ImportanceReport& report) {
            m_report = report;
            showReport(report);
        });
}

void ExploreImportancePanel::showReport(const ImportanceReport& report) {
    const SearchSpace& space = document().definition().space;
    const ImportanceData shown = importanceData(report, space);
    text().setText(importanceText(report, space));
    m_shares->setData(shown.names, shown.alone, shown.total);
    m_permutation->setData(shown.names, shown.permutation);
    const bool pairs = shown.names.size() > 1 && !shown.interactions.empty();
    m_interactions->setVisible(pairs);
    if (pairs)
        m_interactions->setData(shown.names, shown.interactions);
}

} // namespace alidade

#include "moc_explore_importance.cpp"
