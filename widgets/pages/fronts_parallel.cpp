#include "pages/fronts_parallel.h"

#include "pages/explore_axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

ParallelData parallelData(const Study& study, const FrontsData& data) {
    ParallelData result;
    for (std::size_t i = 0; i < data.objectives.size(); ++i) {
        ParallelAxis axis;
        axis.spec.title = QString::fromStdString(data.objectives[i].name);
        axis.spec.unit = QString::fromStdString(data.objectives[i].unit);
        axis.isObjective = true;
        axis.downIsBetter = data.objectives[i].goal == Goal::Minimize;
        std::vector<double> values;
        for (const FrontPoint& point : data.points)
            values.push_back(point.values[i]);
        axis.spec.limits = values.empty() ? AxisRange{0.0, 1.0} : bulkRange(std::move(values));
        if (!(axis.spec.limits->span() > 0.0))
            axis.spec.limits = AxisRange{axis.spec.limits->low - 0.5, axis.spec.limits->high + 0.5};
        result.axes.push_back(std::move(axis));
    }
    const SearchSpace& space = study.definition.space;
    const std::vector<ExploreAxis> parameters = exploreAxes(space);
    for (const ExploreAxis& parameter : parameters)
        result.axes.push_back({axisSpec(*space.find(parameter.parameter), parameter), false, false});
    for (const FrontPoint& point : data.points) {
        const Trial* trial = study.find(point.id);
        if (trial == nullptr)
            continue;
        ParallelLine line;
        line.key = point.id.value;
        line.values = point.values;
        line.strong = point.rank == 0;
        for (const ExploreAxis& parameter : parameters) {
            const auto value = trial->setting.find(parameter.parameter);
            line.values.push_back(
                value == trial->setting.end()
                    ? std::numeric_limits<double>::quiet_NaN()
                    : axisPosition(*space.find(parameter.parameter), parameter, value->second));
        }
        result.lines.push_back(std::move(line));
    }
    return result;
}

} // namespace alidade
