#pragma once

#include "plots/plot_view.h"

#include <vector>

namespace alidade {

class LineItem;
class SeriesBandItem;

/// One line of a comparison, with a band where several runs stand behind it.
struct ComparisonCurve {
    QString name;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> low; ///< of the band; empty: none
    std::vector<double> high;
    bool operator==(const ComparisonCurve&) const = default;
};

/// Step lines in colours and dashes of their own: what several runs reached.
class ComparisonPlot : public PlotView {
    Q_OBJECT
public:
    explicit ComparisonPlot(QWidget* parent = nullptr);
    /// Keeps what the user switched off in the legend while the number of curves stays.
    void setCurves(const AxisSpec& x, const AxisSpec& y, const std::vector<ComparisonCurve>& curves);
    [[nodiscard]] const std::vector<LineItem*>& lines() const { return m_lines; }
    [[nodiscard]] const std::vector<SeriesBandItem*>& bands() const { return m_bands; }

private:
    std::vector<SeriesBandItem*> m_bands;
    std::vector<LineItem*> m_lines;
};

/// The area between two step lines, in the colour of a series.
class SeriesBandItem : public ChartItem {
public:
    SeriesBandItem(PlotView& view, int series);
    void setData(const std::vector<double>& x, const std::vector<double>& low,
                 const std::vector<double>& high);
    [[nodiscard]] const QPolygonF& polygon() const { return m_polygon; }

    void updateGeometry() override;
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    int m_series;
    std::vector<double> m_x;
    std::vector<double> m_low;
    std::vector<double> m_high;
    QPolygonF m_polygon;
};

} // namespace alidade
