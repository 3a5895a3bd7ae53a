#include "plots/diagnostic_plots.h"

#include "plots/mark_items.h"
#include "plots/plot_axis.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kNormal95 = 1.96;
constexpr int kInside = 0;
constexpr int kOutside = 1;

std::vector<PointStyle> styles() {
    return {{LeaveOneOutPlot::tr("inside its 95 % interval"), PlotRole::Mean, MarkerShape::Circle, 7.0},
            {LeaveOneOutPlot::tr("outside"), PlotRole::Failed, MarkerShape::Diamond, 8.0}};
}

int styleOf(double residual) {
    return std::abs(residual) <= kNormal95 ? kInside : kOutside;
}

} // namespace

LeaveOneOutPlot::LeaveOneOutPlot(QWidget* parent) : PlotView(parent) {
    m_line = addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DashLine, 1.4});
    m_line->setName(tr("predicted = measured"));
    m_points = addItem<PointsItem>(styles());
    setTitle(tr("Predicted without the trial itself"));
}

void LeaveOneOutPlot::setData(const DiagnosticData& shown) {
    AxisSpec x = shown.measure;
    x.title = tr("measured %1").arg(shown.measure.title);
    AxisSpec y = shown.measure;
    y.title = tr("predicted %1").arg(shown.measure.title);
    xAxis().setSpec(x);
    yAxis().setSpec(y);
    std::vector<PlotPoint> points;
    std::vector<double> values;
    for (std::size_t i = 0; i < shown.measured.size(); ++i) {
        PlotPoint point{shown.measured[i], shown.predicted[i], shown.trials[i], styleOf(shown.residuals[i])};
        point.error = shown.predicted[i] - shown.low[i];
        point.above = shown.high[i] - shown.predicted[i];
        points.push_back(point);
        values.push_back(shown.measured[i]);
        values.push_back(shown.predicted[i]);
    }
    m_points->setPoints(std::move(points));
    std::optional<AxisRange> shared;
    if (!values.empty()) {
        // The same range both ways, so that the line is a diagonal; long intervals are cut rather than shown.
        AxisRange range = bulkRange(values);
        const double pad = range.span() > 0.0 ? 0.08 * range.span() : 1.0;
        range = {range.low - pad, range.high + pad};
        m_line->setData({range.low, range.high}, {range.low, range.high});
        shared = range;
    }
    setSharedX(shared);
    setSharedY(shared);
    refresh();
}

void LeaveOneOutPlot::setTrialText(const std::function<QString(qint64)>& text) {
    m_points->setReadoutText([this, text](const PlotPoint& point) {
        return text(point.key) + QLatin1Char('\n') +
               tr("predicted without it: %1, 95 % interval %2 … %3")
                   .arg(yAxis().plainText(point.y), yAxis().plainText(point.y - point.error),
                        yAxis().plainText(point.y + point.above.value_or(point.error)));
    });
}

ResidualPlot::ResidualPlot(QWidget* parent) : PlotView(parent) {
    for (const double level : {-kNormal95, kNormal95}) {
        auto* line = addItem<LevelItem>(PlotRole::Infeasible, Qt::DashLine);
        line->setLevel(level);
        line->setName(tr("95 % lie between"));
        line->setInLegend(level > 0.0);
    }
    m_points = addItem<PointsItem>(styles());
    setTitle(tr("Residuals"));
}

void ResidualPlot::setData(const DiagnosticData& shown) {
    AxisSpec x = shown.measure;
    x.title = tr("predicted %1").arg(shown.measure.title);
    AxisSpec y;
    y.title = tr("standardised residual");
    xAxis().setSpec(x);
    yAxis().setSpec(y);
    std::vector<PlotPoint> points;
    double largest = 3.0;
    for (std::size_t i = 0; i < shown.residuals.size(); ++i) {
        points.push_back(
            {shown.predicted[i], shown.residuals[i], shown.trials[i], styleOf(shown.residuals[i])});
        largest = std::max(largest, std::abs(shown.residuals[i]));
    }
    m_points->setPoints(std::move(points));
    setSharedY(AxisRange{-1.1 * largest, 1.1 * largest});
    refresh();
}

void ResidualPlot::setTrialText(const std::function<QString(qint64)>& text) {
    m_points->setReadoutText([this, text](const PlotPoint& point) {
        return text(point.key) + QLatin1Char('\n') + tr("residual: %1").arg(yAxis().plainText(point.y));
    });
}

CalibrationPlot::CalibrationPlot(QWidget* parent) : PlotView(parent) {
    m_chance = addItem<BandItem>(PlotRole::Infeasible);
    m_chance->setName(tr("95 % range of chance"));
    m_ideal = addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DashLine, 1.4});
    m_ideal->setName(tr("as stated"));
    m_observed = addItem<LineItem>(LineStyle{PlotRole::Mean, Qt::SolidLine, 2.2});
    m_observed->setName(tr("observed"));
    setTitle(tr("Calibration"));
    AxisSpec x;
    x.title = tr("stated probability of the interval");
    x.limits = AxisRange{0.0, 1.0};
    AxisSpec y;
    y.title = tr("share of the trials inside");
    y.limits = AxisRange{0.0, 1.0};
    xAxis().setSpec(x);
    yAxis().setSpec(y);
}

void CalibrationPlot::setData(const DiagnosticData& shown) {
    constexpr int kSteps = 50;
    std::vector<double> x;
    std::vector<double> low;
    std::vector<double> high;
    const double count = std::max(1.0, static_cast<double>(shown.measured.size()));
    for (int i = 0; i <= kSteps; ++i) {
        const double p = static_cast<double>(i) / kSteps;
        const double spread = kNormal95 * std::sqrt(p * (1.0 - p) / count);
        x.push_back(p);
        low.push_back(std::max(0.0, p - spread));
        high.push_back(std::min(1.0, p + spread));
    }
    m_chance->setData(x, std::move(low), std::move(high));
    m_ideal->setData({0.0, 1.0}, {0.0, 1.0});
    std::vector<double> nominal{0.0};
    std::vector<double> observed{0.0};
    nominal.insert(nominal.end(), shown.nominal.begin(), shown.nominal.end());
    observed.insert(observed.end(), shown.observed.begin(), shown.observed.end());
    nominal.push_back(1.0);
    observed.push_back(1.0);
    m_observed->setData(std::move(nominal), std::move(observed));
    refresh();
}

} // namespace alidade

#include "moc_diagnostic_plots.cpp"
