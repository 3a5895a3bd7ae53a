#pragma once

#include "plots/chart_item.h"

#include <QPen>
#include <QPolygonF>

#include <functional>
#include <vector>

namespace alidade {

struct LineStyle {
    PlotRole role = PlotRole::Mean;
    Qt::PenStyle dash = Qt::SolidLine;
    double width = 2.0;
    int series = -1; ///< >= 0: seriesColor() instead of the role's
};

/// A line through points in ascending x; NaN interrupts it. `steps` holds each value until the next point.
class LineItem : public ChartItem {
public:
    LineItem(PlotView& view, const LineStyle& style, bool steps = false);

    void setData(std::vector<double> x, std::vector<double> y);
    [[nodiscard]] const std::vector<double>& x() const { return m_x; }
    [[nodiscard]] const std::vector<double>& y() const { return m_y; }
    /// As drawn: pieces inside the plot, scene positions.
    [[nodiscard]] const std::vector<QPolygonF>& pieces() const { return m_pieces; }
    /// Whether the automatic y axis takes it into account.
    void setScalesY(bool scales) { m_scalesY = scales; }
    /// Another function over the same x in the read-out, as "mean 0.31, 95 % 0.28 ... 0.34".
    void setReadoutText(std::function<QString(std::size_t index)> text) { m_text = std::move(text); }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] QPen pen() const;

    LineStyle m_style;
    bool m_steps;
    bool m_scalesY = true;
    std::vector<double> m_x;
    std::vector<double> m_y;
    std::vector<QPolygonF> m_pieces;
    std::function<QString(std::size_t)> m_text;
};

/// The area between two lines over the same x (ascending, finite).
class BandItem : public ChartItem {
public:
    /// `series` >= 0: seriesColor() instead of the role's.
    explicit BandItem(PlotView& view, PlotRole role, int series = -1);

    void setData(std::vector<double> x, std::vector<double> low, std::vector<double> high);
    /// Between two step lines: each value holds until the next.
    void setSteps(const std::vector<double>& x, const std::vector<double>& low,
                  const std::vector<double>& high);
    [[nodiscard]] const QPolygonF& polygon() const { return m_polygon; }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] QBrush fill() const;

    PlotRole m_role;
    int m_series;
    std::vector<double> m_x;
    std::vector<double> m_low;
    std::vector<double> m_high;
    QPolygonF m_polygon;
};

/// Values with intervals at single positions: a marker with whiskers.
class ErrorBarItem : public ChartItem {
public:
    ErrorBarItem(PlotView& view, PlotRole role);

    void setData(std::vector<double> x, std::vector<double> y, std::vector<double> low,
                 std::vector<double> high);
    struct Bar {
        QPointF center;
        double top = 0.0; ///< scene, at the high value
        double bottom = 0.0;
    };
    [[nodiscard]] const std::vector<Bar>& bars() const { return m_bars; }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    PlotRole m_role;
    std::vector<double> m_x;
    std::vector<double> m_y;
    std::vector<double> m_low;
    std::vector<double> m_high;
    std::vector<Bar> m_bars;
};

} // namespace alidade
