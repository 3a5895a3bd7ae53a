#pragma once

#include "plots/axis_scale.h"
#include "plots/chart_item.h"

#include <QObject>

#include <vector>

namespace alidade {

/// A vertical line at the present value of the x axis. Follows the mouse and, while the plot has the focus,
/// the keys: arrows one step (Shift: ten), Ctrl+Home and Ctrl+End the ends.
class CursorItem : public QObject, public ChartItem {
    Q_OBJECT
public:
    explicit CursorItem(PlotView& view);

    /// User's units; does not emit.
    void setValue(double value);
    [[nodiscard]] double value() const { return m_value; }
    /// Where it may stand, user's units ascending; empty: anywhere in the range.
    void setStops(std::vector<double> stops);
    void setRange(AxisRange range) { m_range = range; }
    /// A locked cursor cannot be taken, by mouse or keys.
    void setLocked(bool locked);
    [[nodiscard]] bool isLocked() const { return m_locked; }
    [[nodiscard]] double scenePosition() const { return m_pixel; }

    void updateGeometry() override;
    [[nodiscard]] bool canDrag(const QPointF& scenePosition) const override;
    void dragTo(const QPointF& scenePosition) override;
    void dragEnded() override;
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int legendCount() const override { return 0; }

signals:
    void moved(double value); ///< by the user, while it moves
    void settled(double value);

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] double allowed(double value) const;
    void moveTo(double value);

    double m_value = 0.0;
    double m_pixel = 0.0;
    bool m_locked = false;
    AxisRange m_range;
    std::vector<double> m_stops;
};

} // namespace alidade
