#include "plots/profile_panel.h"

#include "plots/cursor_item.h"
#include "plots/mark_items.h"
#include "plots/plot_axis.h"
#include "plots/series_items.h"

#include <cmath>

namespace alidade {

namespace {
constexpr double kStaleOpacity = 0.35;
} // namespace

ProfilePanel::ProfilePanel(Kind kind, QWidget* parent) : PlotView(parent), m_kind(kind) {
    const PlotRole role = kind == Kind::Prediction    ? PlotRole::Mean
                          : kind == Kind::Acquisition ? PlotRole::Acquisition
                                                      : PlotRole::Best;
    const QString other = kind == Kind::Acquisition ? tr("acquisition") : tr("expected desirability");
    m_forbidden = addItem<ShadeItem>();
    m_forbidden->setName(tr("violates a constraint"));
    m_band = addItem<BandItem>(role);
    m_band->setName(tr("95 % interval"));
    m_reference = addItem<LineItem>(LineStyle{PlotRole::Infeasible, Qt::DashLine, 1.6});
    m_line = addItem<LineItem>(LineStyle{role});
    m_line->setName(kind == Kind::Prediction ? tr("mean") : other);
    m_line->setReadoutText([this](std::size_t index) { return curveText(index); });
    m_bars = addItem<ErrorBarItem>(role);
    m_bars->setName(kind == Kind::Prediction ? tr("mean and 95 % interval") : other);
    m_points = addItem<PointsItem>(
        std::vector<PointStyle>{{tr("measured"), PlotRole::Observed, MarkerShape::Circle},
                                {tr("measured, outside a limit"), PlotRole::Infeasible, MarkerShape::Plus}});
    // The band decides what is worth seeing; a diverged measurement would flatten it.
    m_points->setScalesY(false);
    m_cursor = addItem<CursorItem>();
    setLegendShown(false, false);
    setFontScale(0.92);
}

void ProfilePanel::setAxes(const AxisSpec& x, const AxisSpec& y, bool discrete,
                           const std::vector<double>& stops) {
    xAxis().setSpec(x);
    yAxis().setSpec(y);
    m_discrete = discrete;
    m_band->setVisible(!discrete);
    m_line->setVisible(!discrete);
    m_bars->setVisible(discrete);
    m_cursor->setStops(stops);
    if (x.kind == AxisKind::Category)
        m_cursor->setRange({0.0, static_cast<double>(x.categories.size()) - 1.0});
    else
        m_cursor->setRange(x.limits.value_or(AxisRange{}));
}

void ProfilePanel::setCurve(const ProfileCurve& curve) {
    m_curve = curve;
    const bool interval = !curve.low.empty();
    const ProfileCurve none;
    const ProfileCurve& line = m_discrete ? none : curve;
    m_line->setData(line.x, line.mean);
    m_band->setData(interval ? line.x : none.x, line.low, line.high);
    const ProfileCurve& bars = m_discrete ? curve : none;
    m_bars->setData(bars.x, bars.mean, interval ? bars.low : bars.mean, interval ? bars.high : bars.mean);
}

void ProfilePanel::setReference(const std::vector<double>& x, const std::vector<double>& y,
                                const QString& name) {
    const bool shown = !y.empty() && !m_discrete; // between separate positions there is no line
    m_reference->setName(shown ? name : QString());
    m_reference->setData(shown ? x : std::vector<double>(), shown ? y : std::vector<double>());
}

void ProfilePanel::setForbidden(const std::vector<double>& x, const std::vector<bool>& allowed) {
    const AxisKind kind = xAxis().kind();
    std::vector<ShadeItem::Interval> intervals;
    // A forbidden position stands for the stretch half way to its neighbours.
    const auto between = [&](std::size_t a, std::size_t b) {
        return fromAxis(kind, 0.5 * (toAxis(kind, x[a]) + toAxis(kind, x[b])));
    };
    const bool category = kind == AxisKind::Category;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (allowed[i])
            continue;
        const double low = category ? x[i] - 0.5 : i == 0 ? x[i] : between(i - 1, i);
        std::size_t last = i;
        while (last + 1 < x.size() && !allowed[last + 1])
            ++last;
        const double high = category               ? x[last] + 0.5
                            : last + 1 == x.size() ? x[last]
                                                   : between(last, last + 1);
        intervals.push_back({low, high});
        i = last;
    }
    m_forbidden->setIntervals(std::move(intervals));
}

void ProfilePanel::setPoints(std::vector<PlotPoint> points) {
    m_points->setPoints(std::move(points));
}

void ProfilePanel::setStale(bool stale) {
    if (m_stale == stale)
        return;
    m_stale = stale;
    const double opacity = stale ? kStaleOpacity : 1.0;
    m_band->setOpacity(opacity);
    m_line->setOpacity(opacity);
    m_reference->setOpacity(opacity);
    m_bars->setOpacity(opacity);
    m_points->setOpacity(opacity);
}

QString ProfilePanel::curveText(std::size_t index) const {
    QString text =
        xAxis().valueText(m_curve.x[index]) + QLatin1Char('\n') + yAxis().valueText(m_curve.mean[index]);
    if (!m_curve.low.empty())
        text += QLatin1Char('\n') +
                tr("95 % interval: %1 … %2")
                    .arg(yAxis().plainText(m_curve.low[index]), yAxis().plainText(m_curve.high[index]));
    return text;
}

} // namespace alidade
