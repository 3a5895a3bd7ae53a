#pragma once

#include "plots/plot_view.h"

#include <vector>

namespace alidade {

class LineItem;
class BandItem;

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
    [[nodiscard]] const std::vector<BandItem*>& bands() const { return m_bands; }

private:
    std::vector<BandItem*> m_bands;
    std::vector<LineItem*> m_lines;
};

} // namespace alidade
