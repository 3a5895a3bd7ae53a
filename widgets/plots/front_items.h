#pragma once

#include "plots/chart_item.h"

#include <QObject>

#include <optional>
#include <vector>

namespace alidade {

/// Bars of one standard deviation to both sides, in x and y, round single points.
class CrossBarsItem : public ChartItem {
public:
    CrossBarsItem(PlotView& view, PlotRole role);
    struct Cross {
        double x = 0.0;
        double y = 0.0;
        double sdX = 0.0; ///< user's units; 0: no bar
        double sdY = 0.0;
        qint64 key = 0;
        bool operator==(const Cross&) const = default;
    };
    void setCrosses(std::vector<Cross> crosses);
    [[nodiscard]] const std::vector<Cross>& crosses() const { return m_crosses; }

    void updateGeometry() override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    PlotRole m_role;
    std::vector<Cross> m_crosses;
    std::vector<QLineF> m_lines; ///< scene, clipped
};

/// The reference point of the hypervolume: the worst values that still count. Dragged with the mouse, or,
/// while the plot has the focus, moved with Ctrl and the arrows (Shift: a tenth of the step); Escape takes a
/// drag back.
class ReferenceItem : public QObject, public ChartItem {
    Q_OBJECT
public:
    explicit ReferenceItem(PlotView& view);

    /// Nothing: not shown. `inferred`: not chosen by the user but derived from the front. A drag goes on.
    void setPoint(std::optional<QPointF> point, bool inferred);
    [[nodiscard]] std::optional<QPointF> point() const { return m_point; }
    [[nodiscard]] bool isDragging() const { return m_start.has_value(); }
    [[nodiscard]] QPointF scenePosition() const { return m_position; }
    void setEditable(bool editable) { m_editable = editable; }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] bool canDrag(const QPointF& scenePosition) const override;
    void dragTo(const QPointF& scenePosition) override;
    void dragEnded() override;
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int legendCount() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

signals:
    void moved(const QPointF& point); ///< user's units; while it is dragged, and when that is taken back
    void settled(const QPointF& point, bool byKey);

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void drawMark(QPainter* painter, const QPointF& at) const;

    std::optional<QPointF> m_point;
    bool m_inferred = false;
    bool m_editable = true;
    QPointF m_position;
    std::optional<QPointF> m_start;
    bool m_cancelled = false;
};

} // namespace alidade
