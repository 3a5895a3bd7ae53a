#pragma once

#include "plots/contour.h"
#include "plots/plot_view.h"

#include <vector>

namespace alidade {

class BarItem;
class HeatMapItem;

/// One value with an interval; NaN limits: none.
struct IntervalValue {
    double value = 0.0;
    double low = 0.0;
    double high = 0.0;
    bool operator==(const IntervalValue&) const = default;
};

/// Shares of the variance by parameter: alone, and with interactions, the most important on top.
class SharesPlot : public PlotView {
    Q_OBJECT
public:
    explicit SharesPlot(QWidget* parent = nullptr);
    /// From top to bottom.
    void setData(const QStringList& names, const std::vector<IntervalValue>& alone,
                 const std::vector<IntervalValue>& total);
    [[nodiscard]] const BarItem& alone() const { return *m_alone; }
    [[nodiscard]] const BarItem& total() const { return *m_total; }

private:
    BarItem* m_alone = nullptr;
    BarItem* m_total = nullptr;
};

/// How much worse the leave-one-out predictions become when a parameter's values are shuffled.
class PermutationPlot : public PlotView {
    Q_OBJECT
public:
    explicit PermutationPlot(QWidget* parent = nullptr);
    void setData(const QStringList& names, const std::vector<IntervalValue>& increases);
    [[nodiscard]] const BarItem& increases() const { return *m_increases; }

private:
    BarItem* m_increases = nullptr;
};

/// Shares of the variance that pairs of parameters explain together, as a matrix.
class InteractionPlot : public PlotView {
    Q_OBJECT
public:
    explicit InteractionPlot(QWidget* parent = nullptr);
    /// `shares[i * names.size() + j]`, symmetric; the diagonal is left empty.
    void setData(const QStringList& names, const std::vector<double>& shares);
    [[nodiscard]] const HeatMapItem& map() const { return *m_map; }

private:
    HeatMapItem* m_map = nullptr;
};

} // namespace alidade
