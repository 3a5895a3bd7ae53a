#pragma once

#include "plots/axis_scale.h"
#include "plots/chart_item.h"
#include "plots/contour.h"

#include <QImage>

#include <memory>
#include <vector>

namespace alidade {

/// A quantity over two axes as colours, with a colour bar at the right and isolines. The grid is in axis
/// coordinates; along a category axis every category is a stripe, elsewhere values are interpolated.
class HeatMapItem : public ChartItem {
public:
    explicit HeatMapItem(PlotView& view);
    ~HeatMapItem() override;

    /// `quantity` labels the colour bar.
    void setField(GridField field, const AxisSpec& quantity);
    [[nodiscard]] const GridField& field() const { return m_field; }
    /// Range of the colours; from the data where nothing was set.
    void setColorRange(std::optional<std::pair<double, double>> range) { m_fixedRange = range; }
    [[nodiscard]] std::pair<double, double> colorRange() const;
    [[nodiscard]] QRgb colorOf(double value) const;
    void setIsolinesShown(bool shown);
    /// Like the field's values: where false, the map is hatched, with `text` in the legend. Empty: everywhere
    /// allowed.
    void setAllowed(std::vector<bool> allowed, const QString& text);

    struct Isoline {
        double level = 0.0;
        std::vector<QPolygonF> lines; ///< axis coordinates
    };
    [[nodiscard]] const std::vector<Isoline>& isolines() const { return m_isolines; }
    [[nodiscard]] const QImage& image() const { return m_image; }
    [[nodiscard]] QRectF barRect() const;

    void updateGeometry() override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] double rightMargin() const override;
    [[nodiscard]] int legendCount() const override;
    [[nodiscard]] QString legendText(int) const override { return m_forbiddenText; }
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;
    [[nodiscard]] bool isEntryShown(int) const override { return m_hatched; }
    void setEntryShown(int entry, bool shown) override;
    [[nodiscard]] QRectF boundingRect() const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    struct Label {
        QPointF center;
        double degrees = 0.0;
        QString text;
        double level = 0.0;
        QSizeF size;
    };

    [[nodiscard]] double valueAt(double x, double y) const;
    [[nodiscard]] bool isStriped() const;
    void renderImage();
    void traceIsolines();
    void placeIsolines();
    void paintIsolines(QPainter* painter) const;

    GridField m_field;
    std::optional<std::pair<double, double>> m_fixedRange;
    std::pair<double, double> m_dataRange{0.0, 1.0};
    std::unique_ptr<PlotAxis> m_bar;
    QImage m_image;
    QRectF m_imageRect;
    bool m_isolinesShown = true;
    std::vector<bool> m_allowed;
    QString m_forbiddenText;
    bool m_hatched = true;
    std::vector<Isoline> m_isolines;
    std::vector<std::pair<double, QPolygonF>> m_pieces; ///< scene positions
    std::vector<Label> m_labels;
};

} // namespace alidade
