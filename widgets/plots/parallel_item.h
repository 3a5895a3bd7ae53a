#pragma once

#include "plots/axis_scale.h"
#include "plots/chart_item.h"

#include <QImage>
#include <QObject>
#include <QPolygonF>
#include <QTransform>

#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace alidade {

/// One axis of parallel coordinates. `spec.limits` (user's units) is its range; categories need none.
struct ParallelAxis {
    AxisSpec spec;
    bool isObjective = false;
    bool downIsBetter = false; ///< only said in the title
    bool operator==(const ParallelAxis&) const = default;
};

/// One trial: user's values per axis; NaN where it has none (a parameter that is not active).
struct ParallelLine {
    qint64 key = 0;
    std::vector<double> values;
    bool strong = false; ///< on the front
    bool operator==(const ParallelLine&) const = default;
};

/// Parallel coordinates inside a plot: a vertical axis per quantity and a line per trial. Dragging along an
/// axis marks a range (a brush); trials outside of any brush fade. Dragging the name of an axis moves the
/// axis. A click on an axis takes its brush away. Keys: Left and Right choose an axis, Ctrl moves it; Up and
/// Down move the upper end of its brush, with Ctrl the lower end; Delete takes the brush away, Escape all.
class ParallelItem : public QObject, public ChartItem {
    Q_OBJECT
public:
    /// Places on the plot's y axis: axes run from 0 to 1, values that are missing lie below, names above.
    static constexpr double kMissing = -0.1;
    static constexpr double kNames = 1.08;
    static constexpr double kTop = 1.16;

    explicit ParallelItem(PlotView& view);

    /// Keeps brushes and order where the axes are the same.
    void setAxes(std::vector<ParallelAxis> axes);
    void setLines(std::vector<ParallelLine> lines);
    [[nodiscard]] const std::vector<ParallelAxis>& axes() const { return m_axes; }
    [[nodiscard]] const std::vector<ParallelLine>& lines() const { return m_lines; }
    /// Axes from left to right, by index.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return m_order; }
    /// In shares of the axis, low to high; nothing without a brush.
    [[nodiscard]] std::optional<std::pair<double, double>> brush(std::size_t axis) const {
        return m_brushes[axis];
    }
    void setBrush(std::size_t axis, std::optional<std::pair<double, double>> shares);
    /// Lines take the colour of their value on this axis, which is drawn as the scale; nothing: by `strong`.
    void setColorAxis(std::optional<std::size_t> axis);
    [[nodiscard]] std::optional<std::size_t> colorAxis() const { return m_colorAxis; }
    /// What strong and other lines are, for the legend.
    void setLegendTexts(const QString& strong, const QString& weak);
    /// As drawn when it is neither selected nor faded; muted where the value is missing.
    [[nodiscard]] QColor lineColor(std::size_t line) const;
    [[nodiscard]] bool isBrushed() const;
    /// Trials within all brushes; all without a brush.
    [[nodiscard]] std::set<qint64> inside() const;
    [[nodiscard]] std::optional<std::size_t> current() const { return m_current; }
    [[nodiscard]] double axisX(std::size_t axis) const; ///< scene
    [[nodiscard]] QPointF nameCenter(std::size_t axis) const;
    /// Share of the axis, 0 ... 1; NaN for what it cannot show.
    [[nodiscard]] double share(std::size_t axis, double value) const;
    [[nodiscard]] double value(std::size_t axis, double share) const;

    void updateGeometry() override;
    void applyTheme(const PlotTheme& theme) override;
    void selectionChanged() override { touch(); }
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotHit> selectable() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] bool canDrag(const QPointF& scenePosition) const override;
    void dragTo(const QPointF& scenePosition) override;
    void dragEnded() override;
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers) override;
    [[nodiscard]] int legendCount() const override { return 2; }
    [[nodiscard]] QString legendText(int entry) const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;
    [[nodiscard]] bool isEntryShown(int entry) const override;
    void setEntryShown(int entry, bool shown) override;

signals:
    void brushing(); ///< a brush changes
    void brushed();  ///< a brush was set or taken away
    void orderChanged();

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    struct Grip {
        std::size_t axis = 0;
        bool name = false;
        double start = 0.0; ///< share at the press
    };
    void place();
    /// The brushes have changed, and nothing else.
    void filter();
    /// The picture of the lines is out of date.
    void touch();
    [[nodiscard]] QColor scaleColor(double share) const;
    void clampCurrent();
    void moveAxis(std::size_t axis, std::size_t slot);
    [[nodiscard]] std::size_t slotOf(std::size_t axis) const;
    [[nodiscard]] std::optional<Grip> gripAt(const QPointF& scenePosition) const;
    [[nodiscard]] double shareAt(double sceneY) const;
    [[nodiscard]] bool isInside(std::size_t line) const;
    [[nodiscard]] QString valueText(std::size_t axis, double value) const;
    [[nodiscard]] QString lineText(std::size_t line, std::size_t axis) const;
    [[nodiscard]] bool isShown(std::size_t line) const;
    /// How one line is drawn; larger ranks lie above.
    struct Stroke {
        std::size_t line = 0;
        int rank = 0;
        QColor color;
        double width = 1.0;
        bool dashed = false;
    };
    /// Of the lines from `first` on.
    [[nodiscard]] std::vector<Stroke> strokes(std::size_t first) const;
    void drawIntoPicture(const std::vector<Stroke>& strokes, const QTransform& toPicture);
    void drawStroke(QPainter* painter, const Stroke& stroke) const;
    void drawPicture(QPainter* painter, QWidget* widget);
    void drawAxis(QPainter* painter, std::size_t axis) const;
    void nudgeBrush(int key, Qt::KeyboardModifiers modifiers);

    std::vector<ParallelAxis> m_axes;
    std::vector<std::size_t> m_order;
    std::vector<std::optional<std::pair<double, double>>> m_brushes;
    std::vector<ParallelLine> m_lines;
    std::vector<QPolygonF> m_polylines; ///< scene
    std::vector<bool> m_inside;
    std::optional<std::size_t> m_current;
    std::optional<std::size_t> m_colorAxis;
    QImage m_picture;          ///< of many lines on the screen; null: to be drawn
    std::vector<bool> m_drawn; ///< per line that is in m_picture: whether it was strong
    QString m_strongText;
    QString m_weakText;
    bool m_strongShown = true;
    bool m_weakShown = true;

    mutable std::optional<Grip> m_under; ///< at the last look of the view, which is the press
    bool m_dragging = false;
    double m_nameX = 0.0; ///< scene, of a name that is dragged
};

} // namespace alidade
