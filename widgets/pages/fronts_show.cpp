// How the page shows what was collected; the rest of the page is in fronts_page.cpp.
#include "document/project_document.h"
#include "pages/fronts_page.h"
#include "pages/fronts_parallel.h"
#include "pages/fronts_pick.h"
#include "pages/history_data.h"
#include "pages/parallel_color.h"
#include "plots/front_plot.h"
#include "plots/number_text.h"
#include "plots/parallel_plot.h"
#include "study/best_end.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include <algorithm>

namespace alidade {

namespace {

AxisSpec frontSpec(const Objective& objective) {
    AxisSpec spec;
    spec.title = (objective.goal == Goal::Minimize ? QStringLiteral("↓ ") : QStringLiteral("↑ ")) +
                 QString::fromStdString(objective.name);
    spec.unit = QString::fromStdString(objective.unit);
    return spec;
}

QString volumeUnit(const std::vector<Objective>& objectives) {
    QStringList units;
    for (const Objective& objective : objectives)
        if (!objective.unit.empty())
            units << QString::fromStdString(objective.unit);
    return units.join(QStringLiteral("·"));
}

int styleOf(const FrontPoint& point) {
    if (!point.rank)
        return static_cast<int>(FrontStyle::Infeasible);
    return static_cast<int>(*point.rank == 0   ? FrontStyle::OnFront
                            : *point.rank == 1 ? FrontStyle::SecondLayer
                                               : FrontStyle::Dominated);
}

/// A share of some hundred samples is never certain.
QString chanceText(double probability) {
    if (probability > 0.995)
        return FrontsPage::tr("above 99 %");
    if (probability < 0.005)
        return FrontsPage::tr("below 1 %");
    return QStringLiteral("%1 %").arg(formatNumber(100.0 * probability, 2));
}

float opacityOf(const FrontPoint& point) {
    constexpr float kFaintestLayer = 0.35F;
    if (!point.rank || *point.rank == 0)
        return 1.0F;
    return std::max(kFaintestLayer, 0.85F - 0.12F * static_cast<float>(*point.rank));
}

} // namespace

std::size_t FrontsPage::chosen(const QComboBox* box) const {
    const auto id = box->currentData().toLongLong();
    for (std::size_t i = 0; i < m_data.objectives.size(); ++i)
        if (m_data.objectives[i].id.value == id)
            return i;
    return 0;
}

const FrontsBelief* FrontsPage::belief() const {
    return m_belief && m_predictions->isChecked() && m_belief->fits(m_data.objectives) ? &*m_belief : nullptr;
}

void FrontsPage::showScatter(FrontScatter& plot, std::size_t x, std::size_t y) const {
    FrontScatterData shown;
    shown.x = frontSpec(m_data.objectives[x]);
    shown.y = frontSpec(m_data.objectives[y]);
    const bool modelled = m_model && m_model->noiseSd.size() == m_data.objectives.size();
    const auto deviation = [&](const FrontPoint& point, std::size_t k) {
        if (point.noiseSd[k] > 0.0)
            return point.noiseSd[k];
        return modelled ? m_model->noiseSd[k] : 0.0;
    };
    // The front is drawn last, over what it dominates.
    std::vector<const FrontPoint*> order;
    for (const FrontPoint& point : m_data.points)
        order.push_back(&point);
    const auto depth = [](const FrontPoint* point) { return point->rank.value_or(1'000'000); };
    std::stable_sort(order.begin(), order.end(),
                     [&](const FrontPoint* a, const FrontPoint* b) { return depth(a) > depth(b); });
    for (const FrontPoint* point : order) {
        PlotPoint mark{point->values[x], point->values[y], point->id.value};
        mark.style = styleOf(*point);
        mark.opacity = opacityOf(*point);
        shown.points.push_back(mark);
        shown.errors.push_back({point->values[x], point->values[y], deviation(*point, x),
                                deviation(*point, y), point->id.value});
    }
    if (modelled && m_predictions->isChecked()) {
        const auto add = [&](const std::vector<PredictedTrial>& trials, FrontStyle style) {
            for (const PredictedTrial& trial : trials) {
                PlotPoint mark{trial.mean[x], trial.mean[y], trial.id.value};
                mark.style = static_cast<int>(style);
                shown.points.push_back(mark);
                if (style == FrontStyle::Pending)
                    shown.errors.push_back({trial.mean[x], trial.mean[y], trial.standardDeviation[x],
                                            trial.standardDeviation[y], trial.id.value});
            }
        };
        add(m_model->failed, FrontStyle::Failed);
        add(m_model->pending, FrontStyle::Pending);
    }
    // Two objectives have a band; of more, the points of the modelled front say where it lies.
    if (const FrontsBelief* believed = belief(); believed != nullptr && m_data.objectives.size() > 2) {
        const ModelledFront& front = believed->front;
        for (Eigen::Index i = 0; i < front.means.rows(); ++i) {
            const auto column = [](std::size_t k) { return static_cast<Eigen::Index>(k); };
            PlotPoint mark{front.means(i, column(x)), front.means(i, column(y)), 0};
            mark.style = static_cast<int>(FrontStyle::Modelled);
            shown.points.insert(shown.points.begin(), mark); // below the measured ones
        }
    }
    if (const FrontsBelief* believed = belief();
        believed != nullptr && m_data.objectives.size() == 2 && x != y)
        shown.band = believed->bands[x];
    shown.layers = layersOf(m_data, x, y, FrontScatter::kMostLayers);
    if (!m_data.reference.empty())
        shown.reference = QPointF(m_data.reference[x], m_data.reference[y]);
    shown.referenceInferred = m_data.referenceInferred;
    plot.setLayersShown(m_layers->isChecked());
    plot.setErrorsShown(m_errors->isChecked());
    plot.setData(shown);
}

void FrontsPage::showData() {
    if (m_data.objectives.size() < 2 || m_data.objectives.size() != m_document.definition().objectives.size())
        return;
    const std::size_t x = chosen(m_xBox);
    const std::size_t y = chosen(m_yBox);
    m_scatter->setMessage(x == y ? tr("Choose two different objectives.") : QString());
    showScatter(*m_scatter, x, y);
    m_predictions->setEnabled(!m_data.hasDistances());
    m_scatter->reference().setEditable(m_document.canEdit() && !m_data.distances[x] && !m_data.distances[y]);
    std::size_t next = 0;
    for (std::size_t row = 1; row < m_data.objectives.size() && !m_matrix.empty(); ++row)
        for (std::size_t column = 0; column < row; ++column)
            showScatter(*m_matrix[next++], column, row);
    m_volume->setData(m_data.historyOrder, m_data.historyVolume, volumeUnit(m_data.objectives));
    m_volume->setMessage(m_data.historyVolume.empty() ? tr("No trial is within all limits.") : QString());
    if (m_parallelData) {
        constexpr int kAxisWidth = 84;
        m_parallel->setMinimumWidth(kAxisWidth * static_cast<int>(m_parallelData->axes.size()));
        m_parallel->setData(std::move(m_parallelData->axes), std::move(m_parallelData->lines));
        m_parallelData.reset();
    }
    std::vector<QString> names;
    for (const Objective& objective : m_data.objectives)
        names.push_back(QString::fromStdString(objective.name));
    m_color->setMeasures(tr("front"), names);
    m_pick->setData(m_data, x);
    showFigures();
    showBrush();
    selectionChanged();
}

void FrontsPage::showFigures() {
    QStringList lines;
    const QString unit = volumeUnit(m_data.objectives);
    const auto front = std::count_if(m_data.points.begin(), m_data.points.end(),
                                     [](const FrontPoint& point) { return point.rank == 0; });
    lines << tr("<b>%1</b> of %2 measured trials are on the front.").arg(front).arg(m_data.points.size());
    if (m_data.hypervolume)
        lines << tr("Hypervolume <b>%1</b> up to %2.")
                     .arg(withUnit(formatNumber(*m_data.hypervolume, 5), unit).toHtmlEscaped(),
                          m_data.referenceInferred ? tr("an inferred reference point (drag it to choose)")
                                                   : tr("the reference point"));
    QStringList targeted;
    for (const Objective& objective : m_document.definition().objectives)
        if (!oneEndIsBest(objective))
            targeted << QString::fromStdString(objective.name).toHtmlEscaped();
    if (m_data.hasDistances()) {
        lines << tr("What counts of %1 is the distance from what its desirability asks for. There is no "
                    "modelled front of distances.")
                     .arg(targeted.join(QStringLiteral(", ")));
        m_figures->setText(lines.join(QStringLiteral("<br>")));
        return;
    }
    if (!targeted.isEmpty())
        lines << tr("The desirability of %1 asks for a value or a range, but here its direction counts.")
                     .arg(targeted.join(QStringLiteral(", ")));
    if (!m_model || m_model->pending.empty())
        lines << tr("Ask for suggestions on the page Trials to see what the next batch is expected to gain.");
    else if (m_model->gain && m_model->reference == m_data.reference)
        lines
            << tr("The %n waiting trial(s) are expected to add <b>%1</b>; the chance that they add anything "
                  "is %2.",
                  nullptr, static_cast<int>(m_model->pending.size()))
                   .arg(withUnit(formatNumber(m_model->gain->value, 3), unit).toHtmlEscaped(),
                        chanceText(m_model->gain->probability));
    if (const FrontsBelief* believed = belief();
        believed != nullptr && believed->front.reference == m_data.reference)
        lines << tr("The model expects a hypervolume of %1 for the whole front.")
                     .arg(formatUncertain(believed->front.hypervolumeMean,
                                          believed->front.hypervolumeDeviation, unit)
                              .toHtmlEscaped());
    m_figures->setText(lines.join(QStringLiteral("<br>")));
}

} // namespace alidade
