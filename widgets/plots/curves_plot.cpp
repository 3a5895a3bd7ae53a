#include "plots/curves_plot.h"

#include "plots/clip.h"
#include "plots/plot_axis.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {
constexpr std::size_t kMany = 200; // curves; more are drawn finer and fainter
constexpr double kDot = 5.0;
} // namespace

CurvesItem::CurvesItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kLine);
}

void CurvesItem::setCurves(std::vector<LearningCurve> curves) {
    m_curves = std::move(curves);
    m_pieces.assign(m_curves.size(), {});
    m_kinds.clear();
    for (const LearningCurve& curve : m_curves)
        if (std::find(m_kinds.begin(), m_kinds.end(), curve.kind) == m_kinds.end())
            m_kinds.push_back(curve.kind);
    std::sort(m_kinds.begin(), m_kinds.end());
}

void CurvesItem::updateGeometry() {
    prepareGeometryChange();
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const LearningCurve& curve = m_curves[i];
        QPolygonF line;
        line.reserve(static_cast<qsizetype>(curve.steps.size()));
        for (std::size_t k = 0; k < curve.steps.size(); ++k)
            line << toScene(curve.steps[k], curve.values[k]);
        if (line.size() == 1)
            m_pieces[i] =
                plotRect().contains(line[0]) ? std::vector<QPolygonF>{line} : std::vector<QPolygonF>{};
        else
            m_pieces[i] = clippedPolyline(thinned(line), plotRect());
    }
}

DataBounds CurvesItem::bounds() const {
    DataBounds bounds;
    for (const LearningCurve& curve : m_curves)
        for (std::size_t k = 0; k < curve.steps.size(); ++k)
            if (std::isfinite(curve.values[k]))
                bounds.add(curve.steps[k], curve.values[k]);
    return bounds;
}

bool CurvesItem::isDrawn(std::size_t curve) const {
    return std::find(m_hidden.begin(), m_hidden.end(), m_curves[curve].kind) == m_hidden.end();
}

PlotHit CurvesItem::hitOf(std::size_t curve, std::size_t step) const {
    const LearningCurve& shown = m_curves[curve];
    PlotHit hit;
    hit.anchor = toScene(shown.steps[step], shown.values[step]);
    hit.key = shown.key;
    hit.x = shown.steps[step];
    hit.y = shown.values[step];
    hit.text = m_text ? m_text(shown, step) : readout(hit.x, hit.y);
    return hit;
}

std::optional<PlotHit> CurvesItem::hitTest(const QPointF& scenePosition) const {
    double nearest = 12.0;
    std::optional<std::pair<std::size_t, std::size_t>> found;
    const double at = xAxis().toValue(scenePosition.x());
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        if (!isDrawn(i) || m_curves[i].steps.empty())
            continue;
        // The two steps beside the pointer are the only ones that can be near on a line from left to right.
        const std::vector<double>& steps = m_curves[i].steps;
        const auto after =
            static_cast<std::size_t>(std::lower_bound(steps.begin(), steps.end(), at) - steps.begin());
        const QPointF left = after > 0 ? toScene(steps[after - 1], m_curves[i].values[after - 1]) : QPointF();
        const QPointF right =
            after < steps.size() ? toScene(steps[after], m_curves[i].values[after]) : QPointF();
        double distance = INFINITY;
        if (after > 0 && after < steps.size() && right.x() > left.x()) {
            const double share = (scenePosition.x() - left.x()) / (right.x() - left.x());
            const double slope = (right.y() - left.y()) / (right.x() - left.x());
            const double gap = scenePosition.y() - (left.y() + share * (right.y() - left.y()));
            distance = std::abs(gap) / std::hypot(1.0, slope);
        }
        if (after > 0)
            distance =
                std::min(distance, std::hypot(left.x() - scenePosition.x(), left.y() - scenePosition.y()));
        if (after < steps.size())
            distance =
                std::min(distance, std::hypot(right.x() - scenePosition.x(), right.y() - scenePosition.y()));
        if (!(distance < nearest))
            continue;
        nearest = distance;
        const bool takeLeft = after == steps.size() ||
                              (after > 0 && scenePosition.x() - left.x() < right.x() - scenePosition.x());
        found = {i, takeLeft ? after - 1 : after};
    }
    if (!found)
        return std::nullopt;
    PlotHit hit = hitOf(found->first, found->second);
    hit.distance = nearest;
    return hit;
}

std::vector<PlotHit> CurvesItem::selectable() const {
    std::vector<PlotHit> hits;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        if (isDrawn(i) && !m_pieces[i].empty())
            hits.push_back(hitOf(i, m_curves[i].steps.size() - 1));
    return hits;
}

std::vector<PlotRow> CurvesItem::rows() const {
    std::vector<PlotRow> rows;
    for (const LearningCurve& curve : m_curves)
        for (std::size_t k = 0; k < curve.steps.size(); ++k)
            rows.push_back({name(), curve.steps[k], curve.values[k], std::nan(""), std::nan(""), curve.key});
    return rows;
}

QString CurvesItem::legendText(int entry) const {
    switch (m_kinds[static_cast<std::size_t>(entry)]) {
    case LearningCurve::Kind::Complete: return CurvesPlot::tr("complete");
    case LearningCurve::Kind::Running: return CurvesPlot::tr("running");
    case LearningCurve::Kind::Stopped: return CurvesPlot::tr("stopped early");
    case LearningCurve::Kind::Failed: return CurvesPlot::tr("failed");
    }
    return {};
}

bool CurvesItem::isEntryShown(int entry) const {
    return std::find(m_hidden.begin(), m_hidden.end(), m_kinds[static_cast<std::size_t>(entry)]) ==
           m_hidden.end();
}

void CurvesItem::setEntryShown(int entry, bool shown) {
    const LearningCurve::Kind kind = m_kinds[static_cast<std::size_t>(entry)];
    std::erase(m_hidden, kind);
    if (!shown)
        m_hidden.push_back(kind);
    update();
}

QPen CurvesItem::pen(LearningCurve::Kind kind) const {
    switch (kind) {
    case LearningCurve::Kind::Complete: return {theme().color(PlotRole::OriginModel), 1.4};
    case LearningCurve::Kind::Running: return {theme().color(PlotRole::Pending), 1.8};
    case LearningCurve::Kind::Stopped: return {theme().color(PlotRole::Observed), 1.2, Qt::DashLine};
    case LearningCurve::Kind::Failed: break;
    }
    return {theme().color(PlotRole::Failed), 1.4, Qt::DotLine};
}

void CurvesItem::paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const {
    painter->setPen(pen(m_kinds[static_cast<std::size_t>(entry)]));
    painter->drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()));
}

void CurvesItem::drawCurve(QPainter* painter, std::size_t curve, const QPen& pen) const {
    painter->setPen(pen);
    for (const QPolygonF& piece : m_pieces[curve]) {
        if (piece.size() == 1) {
            painter->setBrush(pen.color());
            painter->drawEllipse(piece[0], kDot / 2.0, kDot / 2.0);
        } else {
            painter->drawPolyline(piece);
        }
    }
}

void CurvesItem::draw(QPainter* painter, QWidget*) {
    const bool many = m_curves.size() > kMany;
    for (const LearningCurve::Kind kind : m_kinds) {
        QPen line = pen(kind);
        QColor color = line.color();
        color.setAlphaF(many ? 0.35F : 0.7F);
        line.setColor(color);
        if (many) {
            line.setWidthF(1.0);
            line.setStyle(Qt::SolidLine); // thousands of dashes take long and are a grey cloud
        }
        for (std::size_t i = 0; i < m_curves.size(); ++i)
            if (m_curves[i].kind == kind && isDrawn(i))
                drawCurve(painter, i, line);
    }
    const QPen selected(theme().color(PlotRole::Selected), 3.0);
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        if (isDrawn(i) && view().selectedKeys().contains(m_curves[i].key))
            drawCurve(painter, i, selected);
}

CurvesPlot::CurvesPlot(QWidget* parent) : PlotView(parent) {
    m_item = addItem<CurvesItem>();
    m_item->setName(tr("learning curve"));
    setPlotName(QStringLiteral("curves"));
    setAccessibleName(tr("Learning curves"));
}

void CurvesPlot::setData(const AxisSpec& step, const AxisSpec& measure, std::vector<LearningCurve> curves) {
    xAxis().setSpec(step);
    yAxis().setSpec(measure);
    // A diverging curve must not press the others flat.
    std::vector<double> values;
    for (const LearningCurve& curve : curves)
        for (const double value : curve.values)
            if (const double at = toAxis(measure.kind, value); std::isfinite(at))
                values.push_back(at);
    if (values.empty()) {
        setSharedY(std::nullopt);
    } else {
        const AxisRange bulk = bulkRange(std::move(values));
        const double pad = bulk.span() > 0.0 ? 0.05 * bulk.span() : 1.0;
        setSharedY(
            AxisRange{fromAxis(measure.kind, bulk.low - pad), fromAxis(measure.kind, bulk.high + pad)});
    }
    m_item->setCurves(std::move(curves));
    refresh();
}

void CurvesPlot::setTrialText(const std::function<QString(qint64)>& text) {
    m_item->setReadoutText([this, text](const LearningCurve& curve, std::size_t step) {
        return text(curve.key) + QLatin1Char('\n') + xAxis().valueText(curve.steps[step]) +
               QLatin1Char('\n') + yAxis().valueText(curve.values[step]);
    });
}

} // namespace alidade

#include "moc_curves_plot.cpp"
