#include "plots/timeline_plot.h"

#include "plots/clip.h"
#include "plots/plot_axis.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace alidade {

namespace {
constexpr double kBarHeight = 0.62; // of a lane
constexpr double kWaitHeight = 0.4;
constexpr double kThinnest = 2.0; // pixels
constexpr double kHatchGap = 6.0;
constexpr double kLongestRun = 2.9;
constexpr double kOutlined = 3.0; // pixels; narrower bars are all outline
constexpr std::size_t kBarsInPicture = 300;

QString kindText(TimelineBarData::Kind kind) {
    switch (kind) {
    case TimelineBarData::Kind::Complete: return TimelinePlot::tr("complete");
    case TimelineBarData::Kind::Failed: return TimelinePlot::tr("failed or stopped");
    case TimelineBarData::Kind::Running: return TimelinePlot::tr("running");
    case TimelineBarData::Kind::Waiting: return TimelinePlot::tr("waiting");
    }
    return {};
}

int lanesOf(const std::vector<TimelineBarData>& bars, bool waiting) {
    int lanes = 0;
    for (const TimelineBarData& bar : bars)
        if ((bar.kind == TimelineBarData::Kind::Waiting) == waiting)
            lanes = std::max(lanes, bar.lane + 1);
    return lanes;
}
} // namespace

TimelineItem::TimelineItem(PlotView& view) : ChartItem(view) {
    setZValue(PlotLayer::kBand);
}

void TimelineItem::setBars(std::vector<TimelineBarData> bars) {
    m_bars = std::move(bars);
    m_kinds.clear();
    for (const TimelineBarData& bar : m_bars)
        if (std::find(m_kinds.begin(), m_kinds.end(), bar.kind) == m_kinds.end())
            m_kinds.push_back(bar.kind);
    std::sort(m_kinds.begin(), m_kinds.end());
    m_rects.assign(m_bars.size(), {});
    touch();
}

void TimelineItem::touch() {
    m_picture.clear();
    update();
}

void TimelineItem::applyTheme(const PlotTheme& theme) {
    m_picture.clear();
    ChartItem::applyTheme(theme);
}

void TimelineItem::updateGeometry() {
    prepareGeometryChange();
    m_picture.clear();
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const TimelineBarData& bar = m_bars[i];
        const double left = xAxis().toPixel(bar.start);
        const double right = std::max(left + kThinnest, xAxis().toPixel(bar.end));
        const double height = bar.kind == TimelineBarData::Kind::Waiting ? kWaitHeight : kBarHeight;
        const double top = yAxis().pixelOfCoordinate(bar.lane + height / 2.0);
        const double bottom = yAxis().pixelOfCoordinate(bar.lane - height / 2.0);
        m_rects[i] = QRectF(QPointF(left, top), QPointF(right, bottom)).intersected(plotRect());
    }
}

DataBounds TimelineItem::bounds() const {
    DataBounds bounds;
    for (const TimelineBarData& bar : m_bars) {
        bounds.addX(bar.start);
        bounds.addX(bar.end);
    }
    return bounds;
}

PlotHit TimelineItem::hitOf(std::size_t i) const {
    PlotHit hit;
    hit.anchor = m_rects[i].center();
    hit.key = m_bars[i].key;
    hit.x = m_bars[i].start;
    hit.y = m_bars[i].lane;
    hit.text = m_text ? m_text(m_bars[i]) : xAxis().valueText(m_bars[i].start);
    return hit;
}

std::optional<PlotHit> TimelineItem::hitTest(const QPointF& scenePosition) const {
    for (std::size_t i = m_rects.size(); i-- > 0;) {
        if (!m_rects[i].adjusted(-2, 0, 2, 0).contains(scenePosition))
            continue;
        PlotHit hit = hitOf(i);
        hit.anchor.setX(std::clamp(scenePosition.x(), m_rects[i].left(), m_rects[i].right()));
        return hit;
    }
    return std::nullopt;
}

std::vector<PlotHit> TimelineItem::selectable() const {
    std::vector<PlotHit> hits;
    for (std::size_t i = 0; i < m_bars.size(); ++i)
        if (m_bars[i].key != 0 && !m_rects[i].isEmpty())
            hits.push_back(hitOf(i));
    return hits;
}

std::vector<PlotRow> TimelineItem::rows() const {
    std::vector<PlotRow> rows;
    for (const TimelineBarData& bar : m_bars)
        rows.push_back(
            {kindText(bar.kind), bar.start, static_cast<double>(bar.lane), bar.start, bar.end, bar.key});
    return rows;
}

QString TimelineItem::legendText(int entry) const {
    return kindText(m_kinds[static_cast<std::size_t>(entry)]);
}

void TimelineItem::drawBar(QPainter* painter, const QRectF& rect, TimelineBarData::Kind kind) const {
    using Kind = TimelineBarData::Kind;
    const QColor color = theme().color(kind == Kind::Complete ? PlotRole::OriginModel
                                       : kind == Kind::Failed ? PlotRole::Failed
                                                              : PlotRole::Pending);
    if (rect.width() < kOutlined && kind != Kind::Waiting)
        return painter->fillRect(rect, color); // all outline, and a fill costs less than a stroke
    if (kind == Kind::Complete) {
        painter->fillRect(rect, color);
        painter->setPen(QPen(theme().background, 0.8)); // neighbours stay apart
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(rect);
        return;
    }
    if (kind == Kind::Waiting) {
        painter->setPen(QPen(color, 1.0, Qt::DotLine));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(rect);
        return;
    }
    QColor wash = color;
    wash.setAlphaF(0.2F);
    painter->fillRect(rect, wash);
    painter->setPen(QPen(color, 1.2));
    if (kind == Kind::Failed) {
        const double first = std::floor((rect.left() - rect.height()) / kHatchGap) * kHatchGap;
        for (int i = 0; first + i * kHatchGap < rect.right(); ++i) {
            const double x = first + i * kHatchGap;
            const QPolygonF line{{QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top())}};
            for (const QPolygonF& piece : clippedPolyline(line, rect))
                painter->drawPolyline(piece);
        }
    }
    painter->setBrush(Qt::NoBrush);
    if (kind == Kind::Failed)
        painter->drawRect(rect);
    else
        painter->drawPolyline(
            QPolygonF{{rect.topRight(), rect.topLeft(), rect.bottomLeft(), rect.bottomRight()}});
}

void TimelineItem::paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const {
    drawBar(painter, QRectF(rect.left(), rect.center().y() - 5.0, rect.width(), 10.0),
            m_kinds[static_cast<std::size_t>(entry)]);
}

void TimelineItem::draw(QPainter* painter, QWidget* widget) {
    if (widget == nullptr || m_bars.size() < kBarsInPicture)
        return drawBars(painter);
    const double ratio = widget->devicePixelRatioF();
    const QRectF area = boundingRect();
    m_picture.draw(painter, area, ratio, [&](QImage& picture) {
        QPainter inner(&picture);
        inner.setRenderHint(QPainter::Antialiasing);
        inner.scale(ratio, ratio);
        inner.translate(-area.topLeft());
        drawBars(&inner);
    });
}

void TimelineItem::drawBars(QPainter* painter) const {
    // Bars of one lane that follow each other closer than can be seen are drawn as one.
    std::map<std::pair<int, TimelineBarData::Kind>, QRectF> open;
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const QRectF& rect = m_rects[i];
        if (rect.isEmpty())
            continue;
        if (rect.width() >= kOutlined) {
            drawBar(painter, rect, m_bars[i].kind);
            continue;
        }
        QRectF& run = open[{m_bars[i].lane, m_bars[i].kind}];
        if (!run.isNull() && rect.left() <= run.right() + 0.5 && rect.right() <= run.left() + kLongestRun) {
            run = run.united(rect);
        } else {
            if (!run.isNull())
                drawBar(painter, run, m_bars[i].kind);
            run = rect;
        }
    }
    for (const auto& [place, run] : open)
        drawBar(painter, run, place.second);
    drawSelection(painter);
}

void TimelineItem::drawSelection(QPainter* painter) const {
    const std::set<qint64>& selected = view().selectedKeys();
    if (selected.empty())
        return;
    // Outlines that would overlap are drawn as one: thousands of strokes take longer than a frame.
    std::map<std::pair<int, TimelineBarData::Kind>, std::vector<QRectF>> outlines;
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        if (m_rects[i].isEmpty() || !selected.contains(m_bars[i].key))
            continue;
        const QRectF outline = m_rects[i].adjusted(-2, -2, 2, 2);
        std::vector<QRectF>& lane = outlines[{m_bars[i].lane, m_bars[i].kind}];
        if (!lane.empty() && m_rects[i].width() < kOutlined && lane.back().intersects(outline))
            lane.back() = lane.back().united(outline);
        else
            lane.push_back(outline);
    }
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(theme().color(PlotRole::Selected), 2.0));
    for (const auto& [place, rects] : outlines)
        for (const QRectF& rect : rects)
            painter->drawRect(rect);
}

TimelinePlot::TimelinePlot(QWidget* parent) : PlotView(parent) {
    m_item = addItem<TimelineItem>();
    m_item->setName(tr("trials"));
    setPlotName(QStringLiteral("timeline"));
}

void TimelinePlot::setTrialText(std::function<QString(const TimelineBarData&)> text) {
    m_item->setReadoutText(std::move(text));
}

int TimelinePlot::laneCount() const {
    return static_cast<int>(yAxis().spec().categories.size());
}

void TimelinePlot::setBars(std::vector<TimelineBarData> bars) {
    double first = 0.0;
    double last = 0.0;
    const int waiting = lanesOf(bars, true);
    const int running = std::max(1, lanesOf(bars, false));
    for (TimelineBarData& bar : bars) {
        first = std::min(first, bar.start);
        last = std::max(last, bar.end);
        if (bar.kind == TimelineBarData::Kind::Waiting)
            bar.lane += running;
    }
    struct Unit {
        double seconds;
        const char* name;
    };
    // The largest unit that is reached three times.
    Unit unit{1.0, "s"};
    for (const Unit candidate : {Unit{60.0, "min"}, Unit{3600.0, "h"}, Unit{86400.0, "d"}})
        if (last >= 3.0 * candidate.seconds)
            unit = candidate;
    for (TimelineBarData& bar : bars) {
        bar.start /= unit.seconds;
        bar.end /= unit.seconds;
    }
    AxisSpec time;
    time.title = tr("time since the first start");
    time.unit = QString::fromLatin1(unit.name);
    time.limits = AxisRange{first / unit.seconds, std::max(last / unit.seconds, 1e-3)};
    xAxis().setSpec(time);
    AxisSpec lane;
    lane.title = tr("at once");
    lane.kind = AxisKind::Category;
    for (int i = 0; i < running; ++i)
        lane.categories << QString::number(i + 1);
    for (int i = 0; i < waiting; ++i)
        lane.categories << tr("wait %1").arg(i + 1);
    yAxis().setSpec(lane);
    m_item->setBars(std::move(bars));
    refresh();
}

} // namespace alidade
