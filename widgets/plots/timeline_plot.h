#pragma once

#include "plots/layer_picture.h"
#include "plots/plot_view.h"

#include <functional>
#include <vector>

namespace alidade {

/// One bar of a timeline.
struct TimelineBarData {
    double start = 0.0; ///< in the unit of the axis
    double end = 0.0;
    int lane = 0;
    qint64 key = 0;
    enum class Kind { Complete, Failed, Running, Waiting } kind = Kind::Complete;
    bool operator==(const TimelineBarData&) const = default;
};

/// Bars in lanes; failed ones are hatched, running ones open at the end, waiting ones thin and dotted. Lanes
/// of waiting bars lie above the others.
class TimelineItem : public ChartItem {
public:
    explicit TimelineItem(PlotView& view);
    void setBars(std::vector<TimelineBarData> bars);
    [[nodiscard]] const std::vector<TimelineBarData>& bars() const { return m_bars; }
    [[nodiscard]] const std::vector<QRectF>& rects() const { return m_rects; } ///< scene, clipped
    void setReadoutText(std::function<QString(const TimelineBarData&)> text) { m_text = std::move(text); }

    void updateGeometry() override;
    void applyTheme(const PlotTheme& theme) override;
    void selectionChanged() override { touch(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotHit> selectable() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override { return static_cast<int>(m_kinds.size()); }
    [[nodiscard]] QString legendText(int entry) const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void drawBars(QPainter* painter) const;
    void drawSelection(QPainter* painter) const;
    void drawBar(QPainter* painter, const QRectF& rect, TimelineBarData::Kind kind) const;
    void touch();
    [[nodiscard]] PlotHit hitOf(std::size_t i) const;

    std::vector<TimelineBarData> m_bars;
    std::vector<TimelineBarData::Kind> m_kinds; ///< that there are, in their order
    std::vector<QRectF> m_rects;
    std::function<QString(const TimelineBarData&)> m_text;
    LayerPicture m_picture; ///< of many bars
};

/// When each trial waited and ran, and how many at once.
class TimelinePlot : public PlotView {
    Q_OBJECT
public:
    explicit TimelinePlot(QWidget* parent = nullptr);
    /// Bars in seconds; the axis chooses seconds, minutes, hours or days. Lanes of waiting bars count from 0
    /// for themselves.
    void setBars(std::vector<TimelineBarData> bars);
    /// Lanes that are drawn, of both sorts.
    [[nodiscard]] int laneCount() const;
    void setTrialText(std::function<QString(const TimelineBarData&)> text);
    [[nodiscard]] const TimelineItem& timeline() const { return *m_item; }

private:
    TimelineItem* m_item = nullptr;
};

} // namespace alidade
