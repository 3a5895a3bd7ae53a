#include "pages/fronts_data.h"

#include "pages/fronts_targets.h"
#include "pages/history_data.h"
#include "pareto/dominance.h"
#include "pareto/front_analysis.h"
#include "pareto/hypervolume.h"
#include "study/best_end.h"
#include "suggest/summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace alidade {

namespace {

std::optional<FrontPoint> pointOf(const Definition& definition, const Trial& trial) {
    FrontPoint point;
    point.id = trial.id;
    for (const Objective& objective : definition.objectives) {
        const auto measured = trial.values.find(objective.id);
        if (measured == trial.values.end() || !std::isfinite(measured->second.value))
            return std::nullopt;
        point.values.push_back(measured->second.value);
        point.noiseSd.push_back(measured->second.noiseSd.value_or(0.0));
    }
    point.feasible = isFeasible(definition, trial);
    return point;
}

/// Minimised; rows of infeasible points are missing.
ObjectiveMatrix matrixOf(const FrontsData& data) {
    const auto count = static_cast<Eigen::Index>(data.objectives.size());
    ObjectiveMatrix points(static_cast<Eigen::Index>(data.points.size()), count);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const FrontPoint& point = data.points[static_cast<std::size_t>(i)];
        for (Eigen::Index j = 0; j < count; ++j) {
            const auto k = static_cast<std::size_t>(j);
            const double sign = data.objectives[k].goal == Goal::Minimize ? 1.0 : -1.0;
            points(i, j) = point.feasible ? sign * point.values[k] : std::numeric_limits<double>::quiet_NaN();
        }
    }
    return points;
}

Result<void> addHistory(const Study& study, FrontsData& data) {
    const auto count = static_cast<Eigen::Index>(data.objectives.size());
    const std::vector<const Trial*> finished = finishedTrials(study);
    ObjectiveMatrix points(static_cast<Eigen::Index>(finished.size()), count);
    points.setConstant(std::numeric_limits<double>::quiet_NaN());
    const ObjectiveMatrix known = matrixOf(data);
    std::map<TrialId, Eigen::Index> rows;
    for (std::size_t i = 0; i < data.points.size(); ++i)
        rows[data.points[i].id] = static_cast<Eigen::Index>(i);
    for (std::size_t i = 0; i < finished.size(); ++i)
        if (const auto row = rows.find(finished[i]->id); row != rows.end())
            points.row(static_cast<Eigen::Index>(i)) = known.row(row->second);
    Eigen::VectorXd reference(count);
    for (Eigen::Index j = 0; j < count; ++j) {
        const auto k = static_cast<std::size_t>(j);
        reference(j) = (data.objectives[k].goal == Goal::Minimize ? 1.0 : -1.0) * data.reference[k];
    }
    ALIDADE_ASSIGN(data.historyVolume, hypervolumeHistory(points, reference));
    for (std::size_t i = 0; i < data.historyVolume.size(); ++i)
        data.historyOrder.push_back(static_cast<double>(i) + 1.0);
    return {};
}

double worse(Goal goal, double a, double b) {
    return isBetter(goal, a, b) ? b : a;
}

} // namespace

const FrontPoint* FrontsData::find(TrialId id) const {
    const auto found =
        std::find_if(points.begin(), points.end(), [id](const FrontPoint& point) { return point.id == id; });
    return found == points.end() ? nullptr : &*found;
}

const RankedTrial* FrontsData::desirabilityOf(TrialId id) const {
    const auto found = std::find_if(ranking.rows.begin(), ranking.rows.end(),
                                    [id](const RankedTrial& row) { return row.id == id; });
    return found == ranking.rows.end() ? nullptr : &*found;
}

bool FrontsData::hasDistances() const {
    return std::find(distances.begin(), distances.end(), true) != distances.end();
}

Result<FrontsData> collectFronts(Study study, const std::map<MeasureId, double>& reference, bool distances) {
    for (Objective& objective : study.definition.objectives)
        if (const auto tried = reference.find(objective.id); tried != reference.end())
            objective.reference = tried->second;
    FrontsData data;
    if (auto ranking = rankByDesirability(study); ranking.ok())
        data.ranking = std::move(ranking).value();
    data.distances.assign(study.definition.objectives.size(), false);
    if (distances) {
        data.distances = targetedObjectives(study.definition);
        study = distancesFromTargets(std::move(study));
    }
    // Where directions are asked for, the front must not count distances.
    for (Objective& objective : study.definition.objectives)
        if (!oneEndIsBest(objective))
            objective.desirability.reset();
    data.objectives = study.definition.objectives;
    for (const Trial& trial : study.trials) {
        if (trial.state == TrialState::Failed || trial.state == TrialState::Stopped)
            data.failed.push_back(trial.id);
        else if (trial.state == TrialState::Pending || trial.state == TrialState::Running)
            data.pending.push_back(trial.id);
        else if (trial.state == TrialState::Complete && !trial.excluded)
            if (auto point = pointOf(study.definition, trial))
                data.points.push_back(std::move(*point));
    }
    const std::vector<std::optional<int>> ranks = paretoRanks(matrixOf(data));
    for (std::size_t i = 0; i < ranks.size(); ++i)
        data.points[i].rank = ranks[i];
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(study));
    if (front.reference.empty())
        return data;
    data.reference = front.reference;
    data.hypervolume = front.hypervolume;
    data.referenceInferred = std::any_of(data.objectives.begin(), data.objectives.end(),
                                         [](const Objective& o) { return !o.reference.has_value(); });
    ALIDADE_CHECK(addHistory(study, data));

    ObjectiveMatrix members(static_cast<Eigen::Index>(front.ids.size()),
                            static_cast<Eigen::Index>(data.objectives.size()));
    for (Eigen::Index i = 0; i < members.rows(); ++i)
        for (Eigen::Index j = 0; j < members.cols(); ++j) {
            const auto k = static_cast<std::size_t>(j);
            members(i, j) = (data.objectives[k].goal == Goal::Minimize ? 1.0 : -1.0) *
                            front.values[static_cast<std::size_t>(i)][k];
        }
    if (const auto knee = kneePoint(members))
        data.knee = front.ids[static_cast<std::size_t>(*knee)];
    if (const auto ideal = closestToIdeal(members))
        data.closestToIdeal = front.ids[static_cast<std::size_t>(*ideal)];
    return data;
}

FrontLine frontLine(const std::vector<QPointF>& points, Goal x, Goal y) {
    ObjectiveMatrix matrix(static_cast<Eigen::Index>(points.size()), 2);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        matrix(row, 0) = (x == Goal::Minimize ? 1.0 : -1.0) * points[i].x();
        matrix(row, 1) = (y == Goal::Minimize ? 1.0 : -1.0) * points[i].y();
    }
    std::vector<QPointF> best;
    for (const int index : paretoFront(matrix, Duplicates::FirstOnly))
        best.push_back(points[static_cast<std::size_t>(index)]);
    std::sort(best.begin(), best.end(), [](const QPointF& a, const QPointF& b) {
        return std::pair(a.x(), a.y()) < std::pair(b.x(), b.y());
    });
    FrontLine line;
    for (std::size_t i = 0; i < best.size(); ++i) {
        if (i > 0) { // two neighbours dominate together all that is worse than both in each objective
            line.x.push_back(worse(x, best[i - 1].x(), best[i].x()));
            line.y.push_back(worse(y, best[i - 1].y(), best[i].y()));
        }
        line.x.push_back(best[i].x());
        line.y.push_back(best[i].y());
    }
    return line;
}

std::vector<FrontLine> layersOf(const FrontsData& data, std::size_t x, std::size_t y, std::size_t most) {
    std::vector<FrontLine> lines;
    for (std::size_t layer = 0; layer < most; ++layer) {
        std::vector<QPointF> points;
        for (const FrontPoint& point : data.points)
            if (point.rank == static_cast<int>(layer))
                points.emplace_back(point.values[x], point.values[y]);
        if (points.empty())
            break;
        lines.push_back(frontLine(points, data.objectives[x].goal, data.objectives[y].goal));
    }
    return lines;
}

FrontNeighbours neighboursOf(const FrontsData& data, TrialId id, std::size_t x) {
    const FrontPoint* here = data.find(id);
    FrontNeighbours neighbours;
    if (here == nullptr)
        return neighbours;
    const auto place = [x](const FrontPoint& point) { return std::pair(point.values[x], point.id); };
    std::optional<std::pair<double, TrialId>> before;
    std::optional<std::pair<double, TrialId>> after;
    for (const FrontPoint& point : data.points) {
        if (point.rank != 0 || point.id == id)
            continue;
        const auto at = place(point);
        if (at < place(*here) && (!before || at > *before))
            before = at;
        if (at > place(*here) && (!after || at < *after))
            after = at;
    }
    if (before)
        neighbours.before = before->second;
    if (after)
        neighbours.after = after->second;
    return neighbours;
}

} // namespace alidade
