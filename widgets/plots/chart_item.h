#pragma once

#include "plots/palette.h"

#include <QGraphicsItem>
#include <QString>

#include <limits>
#include <optional>
#include <vector>

namespace alidade {

class PlotAxis;
class PlotView;

/// Extent of data in user's units; empty until something was added.
struct DataBounds {
    double lowX = 0.0;
    double highX = 0.0;
    double lowY = 0.0;
    double highY = 0.0;
    bool hasX = false;
    bool hasY = false;

    void addX(double x);
    void addY(double y);
    void add(double x, double y);
    void unite(const DataBounds& other);
};

/// What lies under the pointer.
struct PlotHit {
    double distance = 0.0; ///< pixels from the pointer
    QPointF anchor;        ///< scene position of the thing itself
    QString text;          ///< read-out, one or more lines
    qint64 key = 0;        ///< what a click selects; 0: nothing
    double x = 0.0;        ///< user's units
    double y = 0.0;
};

/// One row of the data behind a plot; NaN: not given.
struct PlotRow {
    QString series;
    double x = 0.0;
    double y = 0.0;
    double low = 0.0;
    double high = 0.0;
    qint64 key = 0;
    double value = std::numeric_limits<double>::quiet_NaN(); ///< third quantity, of a map
};

/// A layer of a plot: data in the user's units, drawn in the scene of a chart through the axes of its view.
/// The view owns it and calls updateGeometry() when the plot area or an axis has moved.
class ChartItem : public QGraphicsItem {
public:
    explicit ChartItem(PlotView& view);
    ~ChartItem() override;

    [[nodiscard]] PlotView& view() const { return m_view; }
    [[nodiscard]] const QString& name() const { return m_name; }
    /// Shown in the legend (unless empty) and as the series in copied data.
    void setName(const QString& name);
    void setInLegend(bool inLegend) { m_inLegend = inLegend; }

    /// Recomputes scene positions from data.
    virtual void updateGeometry() = 0;
    virtual void applyTheme(const PlotTheme& theme);
    /// What automatic axes should show.
    [[nodiscard]] virtual DataBounds bounds() const { return {}; }
    [[nodiscard]] virtual std::optional<PlotHit> hitTest(const QPointF& scenePosition) const;
    [[nodiscard]] virtual std::vector<PlotRow> rows() const { return {}; }

    /// Entries in the legend; most items have one.
    [[nodiscard]] virtual int legendCount() const { return m_inLegend && !m_name.isEmpty() ? 1 : 0; }
    [[nodiscard]] virtual QString legendText(int) const { return m_name; }
    virtual void paintLegendKey(QPainter*, const QRectF&, int) const {}
    [[nodiscard]] virtual bool isEntryShown(int) const { return isVisible(); }
    virtual void setEntryShown(int entry, bool shown);

    /// Points that a click or the keyboard can select, for stepping through them.
    [[nodiscard]] virtual std::vector<PlotHit> selectable() const { return {}; }
    /// Keys of selected things were changed; items that show them repaint.
    virtual void selectionChanged() {}

    /// Items that can be dragged take the press; dragTo follows until the button is released.
    [[nodiscard]] virtual bool canDrag(const QPointF&) const { return false; }
    virtual void dragTo(const QPointF&) {}
    virtual void dragEnded() {}
    /// A key while the view has the focus; true when it was used.
    virtual bool keyPressed(int, Qt::KeyboardModifiers) { return false; }

    /// Room that the item needs at the right of the plot (a colour bar).
    [[nodiscard]] virtual double rightMargin() const { return 0.0; }

    [[nodiscard]] QRectF boundingRect() const override;
    /// Nothing while the view shows a message instead of data.
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) final;

protected:
    /// `widget` is null when an export is drawn.
    virtual void draw(QPainter* painter, QWidget* widget) = 0;

    [[nodiscard]] const PlotTheme& theme() const;
    [[nodiscard]] PlotAxis& xAxis() const;
    [[nodiscard]] PlotAxis& yAxis() const;
    [[nodiscard]] QPointF toScene(double x, double y) const;
    [[nodiscard]] QRectF plotRect() const;
    [[nodiscard]] bool inLegend() const { return m_inLegend; }
    /// "title: value unit" lines for a read-out.
    [[nodiscard]] QString readout(double x, double y) const;

private:
    PlotView& m_view;
    QString m_name;
    bool m_inLegend = true;
};

/// Stacking inside a chart: heat maps below bands below lines (series of Qt Charts lie at about 5) below
/// points.
namespace PlotLayer {
inline constexpr double kGrid = -0.4;
inline constexpr double kImage = -0.3;
inline constexpr double kShade = 1.0;
inline constexpr double kBand = 2.0;
inline constexpr double kIsoline = 3.0;
inline constexpr double kLine = 6.0;
inline constexpr double kPoints = 50.0;
inline constexpr double kCursor = 60.0;
inline constexpr double kAxes = 70.0;
inline constexpr double kReadout = 90.0;
} // namespace PlotLayer

} // namespace alidade
