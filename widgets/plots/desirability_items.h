#pragma once

#include "plots/chart_item.h"
#include "plots/desirability_shapes.h"

#include <QObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace alidade {

/// How many values lie where: bars at the foot of another plot, at most a third of its height. Counts have no
/// axis; the read-out tells them.
class HistogramItem : public ChartItem {
public:
    explicit HistogramItem(PlotView& view);
    void setValues(std::vector<double> values); ///< non-finite ones are left out
    [[nodiscard]] const std::vector<int>& counts() const { return m_counts; }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] QColor color() const;

    std::vector<double> m_edges; ///< one more than counts
    std::vector<int> m_counts;
    std::size_t m_total = 0;
    std::vector<QRectF> m_bars;
};

/// The handles of a desirability function, and its bars when it is one of categories. Taken with the mouse
/// or, while the plot has the focus: Page Down and Page Up choose a handle, arrows move it (Shift: a tenth of
/// the step), Insert and Delete add and remove a knot, Escape lets go and takes a drag back.
class DesirabilityHandlesItem : public QObject, public ChartItem {
    Q_OBJECT
public:
    explicit DesirabilityHandlesItem(PlotView& view);

    /// Does not emit. A drag that is under way goes on.
    void setShape(const DesirabilityShape& shape);
    [[nodiscard]] const DesirabilityShape& present() const { return m_shape; }
    void setEditable(bool editable);
    void setLevels(const QStringList& levels) { m_levels = levels; }
    [[nodiscard]] std::size_t count() const { return m_handles.size(); }
    [[nodiscard]] QPointF scenePosition(std::size_t handle) const { return m_positions[handle]; }
    [[nodiscard]] std::optional<std::size_t> current() const { return m_current; }
    /// The handle within reach of the pointer.
    [[nodiscard]] std::optional<std::size_t> handleAt(const QPointF& scenePosition) const;
    /// Closest distance of two positions.
    [[nodiscard]] double gap() const;
    [[nodiscard]] bool isDragging() const { return m_start.has_value(); }

    void addKnot(double x, double d);
    void removeKnot(std::size_t handle);

    void updateGeometry() override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] bool canDrag(const QPointF& scenePosition) const override;
    void dragTo(const QPointF& scenePosition) override;
    void dragEnded() override;
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int legendCount() const override { return 0; }

signals:
    void moved(const alidade::DesirabilityShape& shape); ///< while it is dragged, and when that is taken back
    /// What the user ended with; `byKey`: one of perhaps many key presses.
    void settled(const alidade::DesirabilityShape& shape, bool byKey);

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void change(const DesirabilityShape& shape);
    void moveByKey(int key, Qt::KeyboardModifiers modifiers);
    void drawBars(QPainter* painter) const;
    [[nodiscard]] QString handleText(const DesirabilityHandle& handle) const;

    DesirabilityShape m_shape;
    std::vector<DesirabilityHandle> m_handles;
    std::vector<QPointF> m_positions;
    QStringList m_levels;
    bool m_editable = true;
    std::optional<std::size_t> m_current;
    mutable std::optional<std::size_t> m_under; ///< at the last look of the view, which is the press
    std::optional<DesirabilityShape> m_start;   ///< before the drag that is under way
    bool m_cancelled = false;
};

} // namespace alidade
