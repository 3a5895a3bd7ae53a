#pragma once

#include "plots/axis_scale.h"
#include "plots/chart_item.h"
#include "plots/parallel_lines.h"

#include <QFutureWatcher>
#include <QImage>
#include <QObject>

#include <atomic>
#include <memory>
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

/// Parallel coordinates inside a plot: a vertical axis per quantity and a line per trial. Many lines are
/// drawn into a picture by another thread; until it is there the screen shows the last one. Dragging along an
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
    ~ParallelItem() override;

    /// Keeps brushes and order where the axes are the same.
    void setAxes(std::vector<ParallelAxis> axes);
    void setLines(std::vector<ParallelLine> lines);
    [[nodiscard]] const std::vector<ParallelAxis>& axes() const { return m_axes; }
    [[nodiscard]] const std::vector<ParallelLine>& lines() const { return m_lines; }
    /// Axes from left to right, by index.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return m_state.order; }
    /// In shares of the axis, low to high; nothing without a brush.
    [[nodiscard]] std::optional<std::pair<double, double>> brush(std::size_t axis) const {
        return m_state.brushes[axis];
    }
    void setBrush(std::size_t axis, std::optional<std::pair<double, double>> shares);
    /// Lines take the colour of their value on this axis, which is drawn as the scale; nothing: by `strong`.
    void setColorAxis(std::optional<std::size_t> axis);
    [[nodiscard]] std::optional<std::size_t> colorAxis() const { return m_state.colorAxis; }
    /// What strong and other lines are, for the legend.
    void setLegendTexts(const QString& strong, const QString& weak);
    /// As drawn when it is neither selected nor faded; muted where the value is missing.
    [[nodiscard]] QColor lineColor(std::size_t line) const { return m_state.color(line); }
    [[nodiscard]] bool isBrushed() const;
    /// Trials within all brushes; all without a brush.
    [[nodiscard]] std::set<qint64> inside() const;
    [[nodiscard]] std::size_t insideCount() const;
    /// What is on the screen is what there is: no picture is being drawn.
    [[nodiscard]] bool isPictureReady() const;
    [[nodiscard]] std::optional<std::size_t> current() const { return m_current; }
    [[nodiscard]] double axisX(std::size_t axis) const; ///< scene
    [[nodiscard]] QPointF nameCenter(std::size_t axis) const;
    /// Share of the axis, 0 ... 1; NaN for what it cannot show.
    [[nodiscard]] double share(std::size_t axis, double value) const;
    [[nodiscard]] double value(std::size_t axis, double share) const;

    void updateGeometry() override;
    void applyTheme(const PlotTheme& theme) override;
    void selectionChanged() override;
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
    /// Scene positions of axes and shares.
    void place();
    void placeLines();
    /// The picture of the lines is out of date.
    void touch();
    void moveAxis(std::size_t axis, std::size_t slot);
    [[nodiscard]] std::size_t slotOf(std::size_t axis) const;
    [[nodiscard]] std::optional<Grip> gripAt(const QPointF& scenePosition) const;
    [[nodiscard]] double shareAt(double sceneY) const;
    [[nodiscard]] QString valueText(std::size_t axis, double value) const;
    [[nodiscard]] QString lineText(std::size_t line, std::size_t axis) const;
    [[nodiscard]] bool isMany() const { return m_lines.size() > kMany; }
    void drawPicture(QPainter* painter, QWidget* widget);
    void startPicture(const QSize& size, double ratio);
    void pictureDone();
    void drawAxis(QPainter* painter, std::size_t axis) const;
    void nudgeBrush(int key, Qt::KeyboardModifiers modifiers);

    static constexpr std::size_t kMany = 8; ///< lines; more are drawn into a picture: smooth ones take long

    /// What the other thread has drawn.
    struct Picture {
        QImage image;
        QRectF area; ///< scene
        quint64 version = 0;
        std::size_t lines = 0;
        bool done = false;
    };
    std::vector<ParallelAxis> m_axes;
    std::vector<ParallelLine> m_lines;
    ParallelLines m_state;
    bool m_anyMissing = false;
    std::optional<std::size_t> m_current;
    Picture m_picture;
    quint64 m_version = 1; ///< of what is to be drawn
    bool m_sparseRuns = false;
    std::shared_ptr<std::atomic<bool>> m_stop; ///< of the picture that is being drawn
    QFutureWatcher<Picture> m_watcher;
    QString m_strongText;
    QString m_weakText;

    mutable std::optional<Grip> m_under; ///< at the last look of the view, which is the press
    bool m_dragging = false;
    double m_nameX = 0.0; ///< scene, of a name that is dragged
};

} // namespace alidade
