#pragma once

#include "plots/axis_scale.h"
#include "plots/ticks.h"

#include <QFont>
#include <QObject>
#include <QRectF>

class QPainter;
class QValueAxis;

namespace alidade {

struct PlotTheme;

/// One axis of a plot. Keeps the visible range in axis coordinates (in Qt's value axis, so that series of Qt
/// Charts can share the plot) and draws ticks, labels and title itself: Qt Charts has neither logit nor
/// category-on-value axes, nor powers of ten or ticks within one decade on logarithmic ones.
class PlotAxis : public QObject {
    Q_OBJECT
public:
    explicit PlotAxis(Qt::Orientation orientation, QObject* parent = nullptr);

    [[nodiscard]] const AxisSpec& spec() const { return m_spec; }
    void setSpec(const AxisSpec& spec);
    [[nodiscard]] AxisKind kind() const { return m_spec.kind; }
    [[nodiscard]] bool isHorizontal() const { return m_orientation == Qt::Horizontal; }
    [[nodiscard]] QValueAxis* qtAxis() const { return m_axis; }

    /// Visible range in axis coordinates.
    [[nodiscard]] AxisRange range() const;
    void setRange(AxisRange range);
    /// Visible range in user's units.
    [[nodiscard]] AxisRange valueRange() const;

    void setPlotRect(const QRectF& rect) { m_rect = rect; }
    [[nodiscard]] double toPixel(double value) const; ///< user's value -> scene; NaN where it cannot be shown
    [[nodiscard]] double toValue(double pixel) const; ///< scene -> user's value
    [[nodiscard]] double pixelOfCoordinate(double coordinate) const;
    [[nodiscard]] double coordinateOfPixel(double pixel) const;

    /// "learning rate: 0.001 1/step"; categories by name.
    [[nodiscard]] QString valueText(double value) const;
    /// Number or category without title and unit; more digits where the axis is zoomed in.
    [[nodiscard]] QString plainText(double value) const;
    /// Locale-free, for data files.
    [[nodiscard]] QString csvText(double value) const;

    void setLabelsShown(bool shown) { m_labelsShown = shown; }
    void setTitleShown(bool shown) { m_titleShown = shown; }
    [[nodiscard]] bool labelsShown() const { return m_labelsShown; }

    /// Chooses ticks whose labels do not touch, for the present rect.
    void layoutTicks(const QFont& font);
    [[nodiscard]] const TickSet& ticks() const { return m_ticks; }
    /// Room that labels and title need beside the plot, after layoutTicks.
    [[nodiscard]] double thickness(const QFont& font) const;

    void paintGrid(QPainter* painter, const PlotTheme& theme) const;
    /// Ticks, labels and title at the left or bottom of the rect; at the right for `mirrored`.
    void paint(QPainter* painter, const PlotTheme& theme, const QFont& font, double thickness,
               bool mirrored = false) const;
    /// Scene rectangles of the labels as painted, for tests and hit tests.
    [[nodiscard]] std::vector<QRectF> labelRects(const QFont& font, bool mirrored = false) const;

signals:
    void changed();

private:
    [[nodiscard]] bool labelsFit(const QFont& font) const;
    [[nodiscard]] QString shownLabel(const Tick& tick, const QFont& font) const;

    Qt::Orientation m_orientation;
    AxisSpec m_spec;
    QValueAxis* m_axis = nullptr;
    QRectF m_rect;
    TickSet m_ticks;
    double m_labelLimit = 0.0; ///< category labels are elided to this many pixels; 0: not at all
    bool m_slanted = false;
    bool m_labelsShown = true;
    bool m_titleShown = true;
};

} // namespace alidade
