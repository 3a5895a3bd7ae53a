#include "plots/parallel_plot.h"

#include "plots/plot_axis.h"

#include <cmath>
#include <utility>

namespace alidade {

ParallelPlot::ParallelPlot(QWidget* parent) : PlotView(parent) {
    m_item = addItem<ParallelItem>();
    AxisSpec y;
    y.limits = AxisRange{ParallelItem::kMissing - 0.05, ParallelItem::kTop};
    y.tight = true;
    yAxis().setSpec(y);
    for (PlotAxis* axis : {&xAxis(), &yAxis()}) {
        axis->setLabelsShown(false);
        axis->setTitleShown(false);
    }
    setSideMargins(20.0, 20.0);
    setPlotName(QStringLiteral("parallel-coordinates"));
    setAccessibleName(tr("Parallel coordinates"));
    setToolTip(
        tr("Drag along an axis to keep a range, click on it to take the range away, drag a name to move "
           "the axis.\nKeys: Left and Right choose an axis, Ctrl moves it; Up and Down move the upper "
           "end of its range, with Ctrl the lower end; Delete takes it away, Escape all."));
}

void ParallelPlot::setData(std::vector<ParallelAxis> axes, std::vector<ParallelLine> lines) {
    AxisSpec x;
    x.kind = AxisKind::Category;
    for (const ParallelAxis& axis : axes)
        x.categories << axis.spec.title;
    xAxis().setSpec(x);
    m_item->setAxes(std::move(axes));
    m_item->setLines(std::move(lines));
    refresh();
}

PlotTable ParallelPlot::table() const {
    PlotTable table;
    table.header << QStringLiteral("trial");
    for (const std::size_t axis : m_item->order())
        table.header << axisTitle(m_item->axes()[axis].spec);
    for (const ParallelLine& line : m_item->lines()) {
        QStringList row{QString::number(line.key)};
        for (const std::size_t axis : m_item->order()) {
            const AxisSpec& spec = m_item->axes()[axis].spec;
            const double value = line.values[axis];
            row << (spec.kind == AxisKind::Category && std::isfinite(value)
                        ? spec.categories.value(static_cast<int>(std::lround(value)))
                        : csvNumber(value));
        }
        table.rows.push_back(row);
    }
    return table;
}

} // namespace alidade

#include "moc_parallel_plot.cpp"
