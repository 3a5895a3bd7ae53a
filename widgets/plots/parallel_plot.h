#pragma once

#include "plots/parallel_item.h"
#include "plots/plot_view.h"

#include <vector>

namespace alidade {

/// Parallel coordinates of trials over objectives and parameters.
class ParallelPlot : public PlotView {
    Q_OBJECT
public:
    explicit ParallelPlot(QWidget* parent = nullptr);
    /// Every line has one value per axis.
    void setData(std::vector<ParallelAxis> axes, std::vector<ParallelLine> lines);
    [[nodiscard]] ParallelItem& parallel() const { return *m_item; }
    [[nodiscard]] PlotTable table() const override;

private:
    ParallelItem* m_item = nullptr;
};

} // namespace alidade
