#pragma once

#include "plots/chart_item.h"

#include <vector>

namespace alidade {

/// A marked place in the colour of a series: an optimum, the value in use.
struct SeriesMark {
    double x = 0.0;
    double y = 0.0;
    int series = 0;
    MarkerShape shape = MarkerShape::Circle;
    bool filled = true;
    QString text; ///< read-out, and the series in copied data
    bool operator==(const SeriesMark&) const = default;
};

class SeriesMarksItem : public ChartItem {
public:
    explicit SeriesMarksItem(PlotView& view);

    void setMarks(std::vector<SeriesMark> marks) { m_marks = std::move(marks); }
    [[nodiscard]] const std::vector<SeriesMark>& marks() const { return m_marks; }

    void updateGeometry() override { update(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    void drawMark(QPainter* painter, const SeriesMark& mark, const QColor& color, const QPointF& at) const;

    std::vector<SeriesMark> m_marks;
};

} // namespace alidade
