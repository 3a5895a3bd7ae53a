#pragma once

#include "plots/chart_item.h"

#include <vector>

namespace alidade {

/// Horizontal bars from 0, one per category of the y axis, with an interval as a whisker.
class BarItem : public ChartItem {
public:
    struct Bar {
        double place = 0.0; ///< on the y axis
        double value = 0.0;
        double low = 0.0; ///< of the interval; NaN: none
        double high = 0.0;
        bool operator==(const Bar&) const = default;
    };
    enum class Fill { Solid, Light };

    /// `offset` moves the bars along y, in categories; `thickness` likewise. `series` >= 0: seriesColor()
    /// instead of the role's.
    BarItem(PlotView& view, PlotRole role, Fill fill, double offset, double thickness, int series = -1);

    void setBars(std::vector<Bar> bars);
    [[nodiscard]] const std::vector<Bar>& bars() const { return m_bars; }
    [[nodiscard]] const std::vector<QRectF>& rects() const { return m_rects; } ///< scene

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void drawBar(QPainter* painter, const QRectF& rect) const;

    PlotRole m_role;
    Fill m_fill;
    double m_offset;
    double m_thickness;
    int m_series;
    std::vector<Bar> m_bars;
    std::vector<QRectF> m_rects;
};

} // namespace alidade
