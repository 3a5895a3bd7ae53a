#pragma once

#include "plots/chart_item.h"

#include <functional>
#include <vector>

namespace alidade {

/// Marks at the lower or upper border for things that have an x but no y: failed trials, a rug of measured
/// values.
class BorderMarksItem : public ChartItem {
public:
    enum class Border { Bottom, Top };
    struct Mark {
        double x = 0.0;
        qint64 key = 0;
        bool operator==(const Mark&) const = default;
    };
    BorderMarksItem(PlotView& view, PlotRole role, MarkerShape shape, Border border);

    void setMarks(std::vector<Mark> marks);
    [[nodiscard]] const std::vector<Mark>& marks() const { return m_marks; }
    void setReadoutText(std::function<QString(const Mark&)> text) { m_text = std::move(text); }
    [[nodiscard]] QPointF scenePosition(std::size_t i) const { return m_positions[i]; }

    void updateGeometry() override;
    void selectionChanged() override { update(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotHit> selectable() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void drawMark(QPainter* painter, const QPointF& at) const;
    [[nodiscard]] PlotHit hitOf(std::size_t i) const;

    PlotRole m_role;
    MarkerShape m_shape;
    Border m_border;
    std::vector<Mark> m_marks;
    std::vector<QPointF> m_positions;
    std::function<QString(const Mark&)> m_text;
};

/// Stretches of x that do not count (constraint violated), hatched.
class ShadeItem : public ChartItem {
public:
    explicit ShadeItem(PlotView& view);
    struct Interval {
        double low = 0.0;
        double high = 0.0;
        bool operator==(const Interval&) const = default;
    };
    void setIntervals(std::vector<Interval> intervals);
    [[nodiscard]] const std::vector<QRectF>& rects() const { return m_rects; }

    void updateGeometry() override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;
    [[nodiscard]] int legendCount() const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void hatch(QPainter* painter, const QRectF& rect) const;

    std::vector<Interval> m_intervals;
    std::vector<QRectF> m_rects;
};

/// A horizontal line at one value: a reference, a limit, a known optimum.
class LevelItem : public ChartItem {
public:
    LevelItem(PlotView& view, PlotRole role, Qt::PenStyle dash);
    void setLevel(double y) { m_y = y; }
    void updateGeometry() override { prepareGeometryChange(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    PlotRole m_role;
    Qt::PenStyle m_dash;
    double m_y = 0.0;
};

} // namespace alidade
