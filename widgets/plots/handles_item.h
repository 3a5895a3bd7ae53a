#pragma once

#include "plots/chart_item.h"

#include <QObject>

#include <vector>

namespace alidade {

/// One thing to take with the mouse, in user's units.
struct PlotHandle {
    double x = 0.0;
    double y = 0.0;
    bool movesX = true;
    bool movesY = true;
    bool atLeftBorder = false; ///< drawn on the border instead of at x: a mark of the y axis
    QString text;              ///< read-out
    bool operator==(const PlotHandle&) const = default;
};

/// Handles on a curve. The mouse drags them; while the plot has the focus, full stop and comma choose one and
/// the arrows move it (Shift: ten times as far).
class HandlesItem : public QObject, public ChartItem {
    Q_OBJECT
public:
    explicit HandlesItem(PlotView& view);

    void setHandles(std::vector<PlotHandle> handles);
    [[nodiscard]] const std::vector<PlotHandle>& handles() const { return m_handles; }
    void setSeries(int series) { m_series = series; }
    /// Scene position; NaN where the axes cannot show it.
    [[nodiscard]] QPointF scenePosition(std::size_t i) const;
    [[nodiscard]] int active() const { return m_active; } ///< -1: none
    [[nodiscard]] bool isDragged() const { return m_dragging; }

    void updateGeometry() override { update(); }
    [[nodiscard]] bool canDrag(const QPointF& scenePosition) const override;
    void dragTo(const QPointF& scenePosition) override;
    void dragEnded() override;
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] int legendCount() const override { return 0; }

signals:
    void moved(int index, double x, double y); ///< user's units; what a handle does not move stays
    void settled();

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] int handleAt(const QPointF& scenePosition) const;
    void moveBy(double dx, double dy);

    std::vector<PlotHandle> m_handles;
    int m_series = 0;
    int m_active = -1;
    bool m_dragging = false;
    QPointF m_grabOffset;
    mutable int m_candidate = -1; ///< of the last canDrag, which decides what a press takes
    mutable QPointF m_candidateAt;
};

} // namespace alidade
