#include "plots/desirability_profile.h"

#include "desirability/desirability.h"
#include "plots/clip.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr int kSteps = 160; // of the visible range
constexpr double kSide = 14.0;
constexpr double kTextMargin = 4.0;
} // namespace

DesirabilityProfileItem::DesirabilityProfileItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kLine);
    setName(DesirabilityProfile::tr("desirability"));
}

void DesirabilityProfileItem::setPrediction(double mean, double standardDeviation) {
    m_mean = mean;
    m_deviation = standardDeviation;
}

std::optional<double> DesirabilityProfileItem::desirability() const {
    const auto curve = Desirability::make(m_function);
    if (!m_mean || !curve.ok() || curve->isCategorical())
        return std::nullopt;
    return curve->value(*m_mean);
}

void DesirabilityProfileItem::updateGeometry() {
    prepareGeometryChange();
    m_pieces.clear();
    const auto curve = Desirability::make(m_function);
    if (!curve.ok() || curve->isCategorical())
        return;
    QPolygonF line;
    const AxisRange range = yAxis().range();
    for (int i = 0; i <= kSteps; ++i) {
        const double y = fromAxis(yAxis().kind(), range.low + range.span() * i / kSteps);
        line << toScene(curve->value(y), y);
    }
    m_pieces = clippedPolyline(line, plotRect());
}

std::optional<PlotHit> DesirabilityProfileItem::hitTest(const QPointF& scenePosition) const {
    const auto curve = Desirability::make(m_function);
    if (!curve.ok() || curve->isCategorical() || !plotRect().contains(scenePosition))
        return std::nullopt;
    PlotHit hit;
    hit.y = yAxis().toValue(scenePosition.y());
    hit.x = curve->value(hit.y);
    hit.anchor = toScene(hit.x, hit.y);
    hit.distance = std::abs(hit.anchor.x() - scenePosition.x()) / 4.0; // the plot is narrow
    hit.text = readout(hit.x, hit.y);
    return hit;
}

std::vector<PlotRow> DesirabilityProfileItem::rows() const {
    const auto d = desirability();
    if (!d)
        return {};
    return {{name(), *d, *m_mean, *m_mean - m_deviation, *m_mean + m_deviation, 0}};
}

void DesirabilityProfileItem::draw(QPainter* painter, QWidget*) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme().color(PlotRole::Best), 2.0));
    for (const QPolygonF& piece : m_pieces)
        painter->drawPolyline(piece);
    const auto d = desirability();
    if (!d)
        return;
    const QRectF rect = plotRect();
    const QPointF at = toScene(*d, *m_mean);
    painter->setPen(QPen(theme().color(PlotRole::Cursor), 1.2, Qt::DashLine, Qt::FlatCap));
    if (at.y() >= rect.top() && at.y() <= rect.bottom())
        painter->drawLine(QPointF(rect.left(), at.y()), QPointF(rect.right(), at.y()));
    const double top = std::max(rect.top(), yAxis().toPixel(*m_mean + m_deviation));
    const double bottom = std::min(rect.bottom(), yAxis().toPixel(*m_mean - m_deviation));
    painter->setPen(QPen(theme().color(PlotRole::Mean), 1.6, Qt::SolidLine, Qt::FlatCap));
    if (top < bottom)
        painter->drawLine(QPointF(at.x(), top), QPointF(at.x(), bottom));
    if (rect.contains(at)) {
        painter->setPen(QPen(theme().background, 1.0));
        painter->setBrush(theme().color(PlotRole::Mean));
        painter->drawPath(markerPath(MarkerShape::Circle, 8.0).translated(at));
    }
    // In the half without the mark, at the side without the curve's value there.
    const bool below = at.y() < rect.center().y();
    const QRectF room = rect.adjusted(kTextMargin, kTextMargin, -kTextMargin, -kTextMargin);
    const double opposite = yAxis().toValue(below ? room.bottom() : room.top());
    const auto curve = Desirability::make(m_function);
    const bool left = curve.ok() && curve->value(opposite) > 0.5;
    QFont font = view().plotFont();
    font.setBold(true);
    painter->setFont(font);
    painter->setPen(theme().text);
    painter->drawText(room,
                      (below ? Qt::AlignBottom : Qt::AlignTop) | (left ? Qt::AlignLeft : Qt::AlignRight),
                      QStringLiteral("d %1").arg(formatNumber(*d, 3)));
}

DesirabilityProfile::DesirabilityProfile(QWidget* parent) : PlotView(parent) {
    m_item = addItem<DesirabilityProfileItem>();
    AxisSpec x;
    x.title = tr("desirability");
    x.limits = AxisRange{-0.04, 1.04};
    xAxis().setSpec(x);
    xAxis().setTitleShown(false);
    xAxis().setLabelsShown(false);
    yAxis().setLabelsShown(false);
    yAxis().setTitleShown(false);
    setSideMargins(kSide, kSide);
    setLegendShown(false, false);
    setFontScale(0.92);
}

void DesirabilityProfile::setFunction(const QString& name, const QString& unit,
                                      const DesirabilityFunction& function) {
    AxisSpec y;
    y.title = name;
    y.unit = unit;
    yAxis().setSpec(y);
    setPlotName(QStringLiteral("desirability-") + name);
    setAccessibleName(tr("Desirability of %1").arg(name));
    m_item->setFunction(function);
    refresh();
}

void DesirabilityProfile::setPrediction(double mean, double standardDeviation) {
    m_item->setPrediction(mean, standardDeviation);
    refresh();
}

std::optional<double> DesirabilityProfile::desirability() const {
    return m_item->desirability();
}

} // namespace alidade

#include "moc_desirability_profile.cpp"
