#pragma once

#include "plots/axis_scale.h"
#include "study/belief.h"

#include <QWidget>

#include <vector>

namespace alidade {

inline constexpr int kDensityKnots = 41;     ///< of a free curve
inline constexpr double kDensityPeak = 0.86; ///< height of the peak, as a share of the plot's

/// A density over one axis that the user shapes by hand: the centre and the spread of a normal or beta
/// density, the ends of a uniform one or of bounds, a free curve, bars of choices. Below it stand measured
/// values: good ones as a histogram, all as ticks. Only the shape is shown, its area is always 1.
/// Keys: Left and Right move the centre (bounds and bars: choose one), Up and Down the spread (a bound, a
/// bar, a point of a free curve); with Shift five times as far.
class DensityEditor : public QWidget {
    Q_OBJECT
public:
    explicit DensityEditor(QWidget* parent = nullptr);

    /// `spec.limits` must be set, or categories.
    void setAxis(const AxisSpec& spec);
    void setDensity(const Density& density);
    [[nodiscard]] const Density& density() const { return m_density; }
    /// Measured values (user's units, or index of the choice).
    void setMeasured(std::vector<double> good, std::vector<double> all);
    void setEditable(bool editable) { m_editable = editable; }

    /// Height of the shape, 0 ... 1 of its peak, at a value in user's units.
    [[nodiscard]] double heightAt(double value) const;
    /// Widget position of a value, and back.
    [[nodiscard]] double pixelOf(double value) const;
    [[nodiscard]] double valueAt(double pixel) const;
    /// "0.001, mostly 0.0006 ... 0.0016 1/step".
    [[nodiscard]] QString summary() const;

    [[nodiscard]] QSize sizeHint() const override { return {420, 200}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 140}; }

signals:
    /// `settled` when the mouse is let go, or by keys.
    void densityEdited(const alidade::Density& density, bool settled);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Handle { None, Center, Left, Right, Curve, Bar };

    [[nodiscard]] QRectF plotRect() const;
    [[nodiscard]] AxisRange range() const; ///< axis coordinates
    [[nodiscard]] double coordinateOf(double pixel) const;
    [[nodiscard]] double pixelOfCoordinate(double coordinate) const;
    /// Axis units that one unit of a spread is long.
    [[nodiscard]] double spreadUnit() const;
    [[nodiscard]] double heightAtCoordinate(double coordinate) const;
    /// Centre, left and right handle in axis coordinates, where the density has them.
    struct Handles {
        bool any = false;
        double center = 0.0;
        double left = 0.0;
        double right = 0.0;
        bool movable = true; ///< the centre is a handle too
    };
    [[nodiscard]] Handles handles() const;
    void setHandles(double center, double spread);
    [[nodiscard]] Handle handleAt(const QPointF& position) const;
    void dragTo(const QPointF& position);
    void draw(const QPointF& from, const QPointF& to);
    void setBar(int bar, double height);
    void edited(bool settled);
    void paintMeasured(QPainter& painter) const;
    void paintShape(QPainter& painter) const;
    void paintHandles(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;

    AxisSpec m_spec;
    Density m_density;
    std::vector<double> m_good;
    std::vector<double> m_all;
    bool m_editable = true;
    Handle m_handle = Handle::None;
    QPointF m_last;
    int m_focus = 0; ///< bar or point that keys change
};

} // namespace alidade
