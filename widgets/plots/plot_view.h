#pragma once

#include "plots/axis_scale.h"
#include "plots/chart_item.h"
#include "plots/palette.h"
#include "plots/plot_menu.h"
#include "plots/plot_source.h"

#include <QChartView>
#include <QFont>

#include <optional>
#include <set>
#include <vector>

class QAbstractSeries;

namespace alidade {

class AxesItem;
class GridItem;
class LegendItem;
class PlotAxis;
class ReadoutItem;

/// The visible part of a plot in axis coordinates.
struct PlotRange {
    AxisRange x;
    AxisRange y;
    bool operator==(const PlotRange&) const = default;
};

/// A plot: two axes and layers (ChartItem) in the scene of a chart. Gives every plot a hover read-out, zoom
/// (rubber band; wheel with focus or Ctrl), pan (middle button or Shift), reset (double click, Home), a
/// history of views (Alt+Left, Alt+Right), a legend whose entries can be switched, and export. Layers get new
/// data in place, then refresh(): what the user zoomed to stays.
class PlotView : public QChartView, public PlotSource {
    Q_OBJECT
public:
    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    [[nodiscard]] PlotAxis& xAxis() const { return *m_xAxis; }
    [[nodiscard]] PlotAxis& yAxis() const { return *m_yAxis; }

    /// Makes a layer; the view owns it.
    template <typename Item, typename... Arguments>
    Item* addItem(Arguments&&... arguments) {
        auto* item = new Item(*this, std::forward<Arguments>(arguments)...);
        m_items.push_back(item);
        return item;
    }
    void removeItem(ChartItem* item);
    [[nodiscard]] const std::vector<ChartItem*>& items() const { return m_items; }
    /// Adds a series of Qt Charts; its points are axis coordinates (log10 on a log axis).
    void addSeries(QAbstractSeries* series);

    void setTitle(const QString& title);
    /// Shown instead of the data, for empty states; empty text shows the plot.
    void setMessage(const QString& message);
    [[nodiscard]] const QString& message() const { return m_message; }
    void setLegendShown(bool onScreen, bool inExports);
    /// Fixed margins line up plots in a grid; automatic where nothing.
    void setSideMargins(std::optional<double> left, std::optional<double> right);
    [[nodiscard]] double preferredLeftMargin() const;
    /// Automatic range of the y axis in user's units (to share it between plots); from the data where
    /// nothing.
    void setSharedY(std::optional<AxisRange> range);
    void setSharedX(std::optional<AxisRange> range);
    /// Name of exported files.
    void setPlotName(const QString& name) { m_plotName = name; }
    void setFontScale(double scale);
    void setExportHooks(ExportHooks hooks) { m_hooks = std::move(hooks); }
    /// Follows the widgets' palette unless set.
    void setTheme(std::optional<PlotTheme> theme);

    /// Call after items or axis specifications have changed.
    void refresh();

    [[nodiscard]] const PlotTheme& theme() const { return m_theme; }
    [[nodiscard]] QRectF plotRect() const { return m_plotRect; }
    [[nodiscard]] QFont plotFont() const;
    [[nodiscard]] bool isExporting() const { return m_exporting; }

    [[nodiscard]] PlotRange range() const;
    [[nodiscard]] PlotRange homeRange() const { return m_home; }
    [[nodiscard]] bool isZoomed() const { return m_zoomed; }
    void zoomTo(const PlotRange& range);
    /// Follows another view without a step in the history.
    void follow(const PlotRange& range, bool zoomed);
    void resetZoom();
    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    [[nodiscard]] bool canGoForward() const { return !m_forward.empty(); }
    void goBack();
    void goForward();

    void setSelectedKeys(const std::set<qint64>& keys);
    [[nodiscard]] const std::set<qint64>& selectedKeys() const { return m_selected; }
    /// What lies nearest to a position of the viewport, within reach of the pointer.
    [[nodiscard]] std::optional<PlotHit> hitAt(const QPointF& position) const;
    [[nodiscard]] QString readoutText() const; ///< as shown; empty when nothing is
    [[nodiscard]] LegendItem& legend() const { return *m_legend; }

    // PlotSource
    [[nodiscard]] QString plotName() const override;
    [[nodiscard]] QSizeF plotSize() const override;
    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& target, const PlotRendering& rendering) override;

signals:
    void keyClicked(qint64 key, Qt::KeyboardModifiers modifiers);
    void emptyClicked(const QPointF& value); ///< user's units, inside the plot
    void rangeChanged();                     ///< by the user, not by new data
    void noticed(const QString& text);       ///< outcome of an export, for the page to show

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    enum class Gesture { None, Press, RubberBand, Pan, DragItem };

    void layoutPlot(const QSizeF& size);
    void updateItems();
    [[nodiscard]] PlotRange computeHome() const;
    void showRange(const PlotRange& range);
    void remember();
    void zoomBy(double factor, const QPointF& center);
    void panBy(const QPointF& pixels);
    void showHit(const std::optional<PlotHit>& hit);
    void stepSelectable(int direction);
    [[nodiscard]] ChartItem* draggableAt(const QPointF& position) const;

    PlotAxis* m_xAxis = nullptr;
    PlotAxis* m_yAxis = nullptr;
    std::vector<ChartItem*> m_items;
    GridItem* m_grid = nullptr;
    AxesItem* m_axes = nullptr;
    LegendItem* m_legend = nullptr;
    ReadoutItem* m_readout = nullptr;
    QGraphicsRectItem* m_band = nullptr;

    PlotTheme m_theme;
    std::optional<PlotTheme> m_fixedTheme;
    QString m_title;
    QString m_message;
    QString m_plotName;
    ExportHooks m_hooks;
    QRectF m_plotRect;
    std::optional<double> m_leftMargin;
    std::optional<double> m_rightMargin;
    std::optional<AxisRange> m_sharedX;
    std::optional<AxisRange> m_sharedY;
    double m_fontScale = 1.0;
    double m_fontPixels = 0.0; ///< of an export; 0: the widget's
    bool m_exporting = false;

    PlotRange m_home;
    bool m_zoomed = false;
    std::vector<PlotRange> m_back;
    std::vector<PlotRange> m_forward;
    qint64 m_lastWheelMs = 0;

    std::set<qint64> m_selected;
    std::optional<PlotHit> m_hit;
    std::optional<QPointF> m_pointer; ///< scene position while it hovers
    Gesture m_gesture = Gesture::None;
    QPointF m_pressPosition;
    QPointF m_lastPosition;
    ChartItem* m_dragged = nullptr;
};

} // namespace alidade
