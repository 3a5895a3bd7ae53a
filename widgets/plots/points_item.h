#pragma once

#include "plots/chart_item.h"
#include "plots/layer_picture.h"

#include <QImage>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace alidade {

/// How one class of points looks; also its entry in the legend.
struct PointStyle {
    QString name;
    PlotRole role = PlotRole::Observed;
    MarkerShape shape = MarkerShape::Circle;
    double size = 7.0;
    bool filled = true;
    bool outlined = false; ///< light inside, dark outline: readable on any colour of a map
};

struct PlotPoint {
    double x = 0.0;
    double y = 0.0;
    qint64 key = 0; ///< what a click selects; 0: nothing
    int style = 0;
    float opacity = 1.0F;
    double error = 0.0;            ///< half length of an error bar in y; 0: none
    std::optional<double> above{}; ///< upper half of the error bar, where that differs
    std::optional<double> slope{}; ///< dy / dx there, drawn as a stroke through the marker
    bool operator==(const PlotPoint&) const = default;
};

/// Points with a style each; good for tens of thousands: from some hundred on the screen shows a picture that
/// is drawn anew only when something has changed. Selected points (by key) get a ring.
class PointsItem : public ChartItem {
public:
    PointsItem(PlotView& view, std::vector<PointStyle> styles);

    void setPoints(std::vector<PlotPoint> points);
    [[nodiscard]] const std::vector<PlotPoint>& points() const { return m_points; }
    /// Read-out of a point; by default the axes' values.
    void setReadoutText(std::function<QString(const PlotPoint&)> text) { m_text = std::move(text); }
    void setScalesY(bool scales) { m_scalesY = scales; }
    /// Scene position of point i; NaN where the axes cannot show it.
    [[nodiscard]] QPointF scenePosition(std::size_t i) const { return m_positions[i]; }

    void updateGeometry() override;
    void applyTheme(const PlotTheme& theme) override;
    void selectionChanged() override { touch(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotHit> selectable() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override;
    [[nodiscard]] QString legendText(int entry) const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;
    [[nodiscard]] bool isEntryShown(int entry) const override;
    void setEntryShown(int entry, bool shown) override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] std::vector<int> usedStyles() const;
    [[nodiscard]] bool isDrawn(std::size_t i) const;
    [[nodiscard]] PlotHit hitOf(std::size_t i) const;
    void drawMarker(QPainter* painter, const PointStyle& style) const;
    void drawRing(QPainter* painter, const QPointF& center, double size) const;
    void drawErrorBars(QPainter* painter) const;
    void drawSlopes(QPainter* painter) const;
    /// Of the markers, and the rings around selected ones.
    void drawOutlines(QPainter* painter) const;
    void drawSprites(QPainter* painter, double scale) const;
    void fillPicture(QImage& picture, double scale) const;
    /// Calls put(center, image) for every marker, then for every ring.
    template <typename Put>
    void eachSprite(double scale, Put put) const;
    const QImage& sprite(int style, int opacityLevel, double scale) const;
    const QImage& ring(int style, double scale) const;
    void touch();

    std::vector<PointStyle> m_styles;
    std::set<int> m_hidden;
    std::vector<PlotPoint> m_points;
    std::vector<QPointF> m_positions;
    std::vector<int> m_used;
    bool m_scalesY = true;
    std::function<QString(const PlotPoint&)> m_text;
    mutable std::map<int, QImage> m_sprites; ///< by style and opacity, for m_spriteScale; rings below 0
    mutable double m_spriteScale = 0.0;
    LayerPicture m_picture;
};

} // namespace alidade
