#include "pareto/attainment.h"

#include "base/constants.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace alidade {

namespace {

Result<void> checkColumns(const std::vector<ObjectiveMatrix>& runs, Eigen::Index columns) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (runs[i].rows() > 0 && runs[i].cols() != columns)
            return makeError(ErrorCode::InvalidArgument,
                             "the run has " + std::to_string(runs[i].cols()) + " objectives instead of " +
                                 std::to_string(columns),
                             "runs[" + std::to_string(i) + "]");
    }
    return {};
}

struct Arrival {
    double first;
    double second;
    std::size_t run;
};

} // namespace

Result<int> attainmentCount(const std::vector<ObjectiveMatrix>& runs, const Eigen::VectorXd& target) {
    ALIDADE_CHECK(checkColumns(runs, target.size()));
    return static_cast<int>(std::count_if(runs.begin(), runs.end(), [&](const ObjectiveMatrix& run) {
        for (Eigen::Index i = 0; i < run.rows(); ++i) {
            if ((run.row(i).transpose().array() <= target.array()).all())
                return true;
        }
        return false;
    }));
}

Result<ObjectiveMatrix> attainmentFront(const std::vector<ObjectiveMatrix>& runs, int level) {
    if (level < 1 || level > static_cast<int>(runs.size()))
        return makeError(ErrorCode::InvalidArgument,
                         "the level must be between 1 and the number of runs, " + std::to_string(runs.size()),
                         "level");
    ALIDADE_CHECK(checkColumns(runs, 2));
    std::vector<Arrival> arrivals;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        for (Eigen::Index i = 0; i < runs[run].rows(); ++i) {
            if (isComplete(pointRow(runs[run], i)))
                arrivals.push_back({runs[run](i, 0), runs[run](i, 1), run});
        }
    }
    std::sort(arrivals.begin(), arrivals.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<double> best(runs.size(), kInfinity);
    std::vector<std::array<double, 2>> front;
    double reached = kInfinity;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
        best[arrivals[i].run] = std::min(best[arrivals[i].run], arrivals[i].second);
        if (i + 1 < arrivals.size() && arrivals[i + 1].first == arrivals[i].first)
            continue;
        auto sorted = best;
        const auto place = sorted.begin() + (level - 1);
        std::nth_element(sorted.begin(), place, sorted.end());
        if (*place < reached) {
            reached = *place;
            front.push_back({arrivals[i].first, reached});
        }
    }
    ObjectiveMatrix points(static_cast<Eigen::Index>(front.size()), 2);
    for (std::size_t i = 0; i < front.size(); ++i)
        points.row(static_cast<Eigen::Index>(i)) << front[i][0], front[i][1];
    return points;
}

} // namespace alidade
