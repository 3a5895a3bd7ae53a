#include "suggest/maximiser.h"

#include "base/parallel.h"
#include "base/rng.h"
#include "math/sobol.h"
#include "optim/bounded_minimiser.h"
#include "optim/feasible_ascent.h"
#include "space/sampling.h"
#include "suggest/observed_trials.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace alidade {
namespace {

constexpr std::uint64_t kEnumerable = 4096;
constexpr std::size_t kBlock = 512; ///< candidates predicted at once: bounds memory

using Found = MaximiserReport::Found;

/// Larger first; equal values in the order of their keys, so that the result does not depend on the sort.
void sortFound(std::vector<Found>& found) {
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.value > b.value; });
}

double usable(double value) {
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

class Search {
public:
    Search(const AcquisitionTarget& target, const MaximiserOptions& options, const Monitor& monitor)
        : m_target(target), m_state(target.state()), m_encoding(m_state.encoding), m_options(options),
          m_monitor(monitor) {}

    [[nodiscard]] std::vector<Found> evaluated(std::vector<Setting> settings) const {
        std::vector<Found> found;
        found.reserve(settings.size());
        for (std::size_t begin = 0; begin < settings.size(); begin += kBlock) {
            const std::span<Setting> block =
                std::span(settings).subspan(begin, std::min<std::size_t>(kBlock, settings.size() - begin));
            const Eigen::VectorXd values = m_target.values(m_state.features.rows(block));
            for (std::size_t i = 0; i < block.size(); ++i)
                found.push_back({std::move(block[i]), usable(values(static_cast<Eigen::Index>(i)))});
            if (m_monitor.stopRequested())
                break;
        }
        return found;
    }

    [[nodiscard]] Result<std::vector<Setting>> candidates() const {
        const auto dimension = static_cast<std::size_t>(m_encoding.dimension());
        std::size_t count = m_options.rawCandidates;
        if (count == 0)
            count = std::min<std::size_t>(512 + 128 * dimension, 2048);
        SamplingOptions sampling;
        sampling.seed = m_state.definition.seed;
        sampling.stream = "candidates";
        sampling.skip = 4096 + m_options.index * 2048; // past the initial design
        std::vector<Setting> settings;
        if (m_options.box) {
            addBoxPoints(settings, count);
        } else {
            ALIDADE_ASSIGN(settings, sampleFeasible(m_encoding.space(), count, sampling, m_monitor));
        }
        addClouds(settings);
        pin(settings);
        return settings;
    }

    /// Gives every setting the fixed values; those that break a constraint by that are left out.
    void pin(std::vector<Setting>& settings) const {
        if (m_options.fixed.empty())
            return;
        for (Setting& setting : settings) {
            for (const auto& [parameter, value] : m_options.fixed)
                setting[parameter] = value;
            setting = completed(m_encoding.space(), setting);
        }
        std::erase_if(settings,
                      [this](const Setting& setting) { return !m_state.constraints.feasible(setting); });
    }

    /// No fixed value differs.
    [[nodiscard]] bool agrees(const Setting& setting) const {
        return std::all_of(m_options.fixed.begin(), m_options.fixed.end(), [&](const auto& fixed) {
            const auto value = setting.find(fixed.first);
            return value == setting.end() || value->second == fixed.second;
        });
    }

    /// Local search from one setting.
    [[nodiscard]] Found climbed(Found current) const {
        for (int round = 0; round < 4 && !m_monitor.stopRequested(); ++round) {
            const double before = current.value;
            climbContinuous(current);
            climbDiscrete(current);
            if (hasShares())
                climbShares(current, round);
            if (!hasDiscrete() && !hasShares())
                break;
            if (!(current.value > before + 1e-9))
                break;
        }
        return current;
    }

private:
    [[nodiscard]] bool isFixed(const Coordinate& coordinate) const {
        return m_options.fixed.contains(coordinate.parameter);
    }
    [[nodiscard]] bool hasDiscrete() const {
        return std::any_of(m_encoding.coordinates().begin(), m_encoding.coordinates().end(),
                           [](const Coordinate& c) { return c.levels > 0; });
    }
    [[nodiscard]] bool hasShares() const {
        return std::any_of(m_encoding.coordinates().begin(), m_encoding.coordinates().end(),
                           [](const Coordinate& c) { return c.kind == CoordinateKind::Share; });
    }

    [[nodiscard]] Eigen::RowVectorXd confined(const Eigen::RowVectorXd& point) const {
        return m_options.box ? point.cwiseMax(m_options.box->lower).cwiseMin(m_options.box->upper).eval()
                             : point;
    }

    /// Inside the box, changing about 20 coordinates of its centre at a time (1910.01739, section 3).
    void addBoxPoints(std::vector<Setting>& settings, std::size_t count) const {
        const SearchBox& box = *m_options.box;
        const auto dimension = static_cast<std::size_t>(box.center.size());
        SobolSequence sequence(dimension, Rng(m_options.seed, "box", m_options.index).bits());
        Rng rng(m_options.seed, "box coordinates", m_options.index);
        const double share = std::min(1.0, 20.0 / static_cast<double>(dimension));
        for (std::size_t i = 0; i < count; ++i) {
            const std::vector<double> u = sequence.next();
            Eigen::RowVectorXd point = box.center;
            const std::uint64_t always = rng.below(dimension);
            for (std::size_t c = 0; c < dimension; ++c) {
                const auto at = static_cast<Eigen::Index>(c);
                if (rng.uniform() < share || c == always)
                    point(at) = box.lower(at) + (box.upper(at) - box.lower(at)) * u[c];
            }
            Setting setting = m_encoding.decode(point);
            if (m_state.constraints.feasible(setting))
                settings.push_back(std::move(setting));
        }
    }

    /// Points near the best observed settings, at several distances: the incumbent's basin is where
    /// improvement is narrow.
    void addClouds(std::vector<Setting>& settings) const {
        std::vector<Found> observed = observedScores();
        sortFound(observed);
        Rng rng(m_options.seed, "clouds", m_options.index);
        const std::size_t centers = std::min<std::size_t>(observed.size(), 6);
        for (std::size_t c = 0; c < centers; ++c) {
            const Eigen::RowVectorXd center = m_encoding.encode(observed[c].setting);
            for (const double spread : {0.2, 0.08, 0.03, 0.01, 0.003, 0.0005}) {
                for (int i = 0; i < 12; ++i) {
                    Setting setting = m_encoding.decode(confined(perturbed(center, spread, rng)));
                    if (m_state.constraints.feasible(setting))
                        settings.push_back(std::move(setting));
                }
            }
        }
    }

    /// How good the observed settings are: by the mean, or, before there is an incumbent, by the target.
    [[nodiscard]] std::vector<Found> observedScores() const {
        std::vector<const ObservedTrial*> trials;
        if (m_target.incumbent())
            trials = promisingTrials(m_state);
        else
            for (const ObservedTrial& trial : m_state.observed)
                trials.push_back(&trial);
        Eigen::MatrixXd rows(std::ssize(trials), m_state.features.columns());
        for (std::size_t i = 0; i < trials.size(); ++i)
            rows.row(static_cast<Eigen::Index>(i)) = trials[i]->features;
        const bool byMean = m_target.incumbent() && m_target.hasProcess();
        Eigen::VectorXd scores =
            byMean ? m_target.process().process.predict(rows).mean : m_target.values(rows);
        if (byMean && !m_target.maximise())
            scores = -scores;
        std::vector<Found> found;
        for (std::size_t i = 0; i < trials.size(); ++i)
            found.push_back({trials[i]->setting, scores(static_cast<Eigen::Index>(i))});
        return found;
    }

    [[nodiscard]] Eigen::RowVectorXd perturbed(const Eigen::RowVectorXd& center, double spread,
                                               Rng& rng) const {
        Eigen::RowVectorXd point = center;
        const auto& coordinates = m_encoding.coordinates();
        // Half of the coordinates on average: full-dimensional noise rarely improves in many dimensions.
        const double share = std::max(0.5, 2.0 / static_cast<double>(coordinates.size()));
        for (Eigen::Index i = 0; i < point.size(); ++i) {
            const Coordinate& coordinate = coordinates[static_cast<std::size_t>(i)];
            if (rng.uniform() > share)
                continue;
            if (coordinate.kind == CoordinateKind::Category) {
                if (rng.uniform() < 0.3)
                    point(i) = static_cast<double>(rng.below(coordinate.levels));
            } else {
                double step = spread * rng.normal();
                if (coordinate.levels > 1) // at least sometimes one level
                    step = std::copysign(
                        std::max(std::abs(step), rng.uniform() / static_cast<double>(coordinate.levels - 1)),
                        step);
                point(i) = std::clamp(point(i) + step, 0.0, 1.0);
            }
        }
        return point;
    }

    void climbContinuous(Found& current) const {
        const Eigen::RowVectorXd start = m_encoding.encode(current.setting);
        const Eigen::RowVectorXd activity = m_encoding.activity(current.setting);
        std::vector<Eigen::Index> free;
        for (Eigen::Index i = 0; i < start.size(); ++i)
            if (const Coordinate& coordinate = m_encoding.coordinates()[static_cast<std::size_t>(i)];
                coordinate.kind == CoordinateKind::Continuous && activity(i) > 0.5 && !isFixed(coordinate))
                free.push_back(i);
        if (free.empty())
            return;
        const auto size = static_cast<Eigen::Index>(free.size());
        const auto pointAt = [&](const Eigen::VectorXd& u) {
            Eigen::RowVectorXd point = start;
            for (Eigen::Index k = 0; k < size; ++k)
                point(free[static_cast<std::size_t>(k)]) = u(k);
            return point;
        };
        const auto objective = [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) {
            Eigen::VectorXd full;
            const double value = m_target.value(m_state.features.row(pointAt(u), activity), full);
            for (Eigen::Index k = 0; k < size; ++k)
                gradient(k) = -full(m_state.features.columnOf(free[static_cast<std::size_t>(k)])) *
                              m_state.features.slope(free[static_cast<std::size_t>(k)], u(k));
            return -value;
        };
        Eigen::VectorXd u0(size);
        Eigen::VectorXd lower = Eigen::VectorXd::Zero(size);
        Eigen::VectorXd upper = Eigen::VectorXd::Ones(size);
        for (Eigen::Index k = 0; k < size; ++k) {
            const Eigen::Index coordinate = free[static_cast<std::size_t>(k)];
            u0(k) = start(coordinate);
            if (m_options.box) {
                lower(k) = std::min(u0(k), m_options.box->lower(coordinate));
                upper(k) = std::max(u0(k), m_options.box->upper(coordinate));
            }
        }
        BoundedOptions search;
        search.maximumIterations = 60;
        search.maximumEvaluations = 120;
        search.functionTolerance = 1e5;
        const BoundedReport report = minimiseBounded(objective, u0, lower, upper, search, m_monitor);
        if (!report.usable())
            return;
        // Draw back along the segment while a constraint is violated.
        Eigen::VectorXd best = report.point;
        for (int i = 0; i < 30; ++i) {
            Setting setting = m_encoding.decode(pointAt(best));
            if (m_state.constraints.feasible(setting)) {
                accept(current, std::move(setting));
                break;
            }
            best = u0 + 0.5 * (best - u0);
        }
        if (m_state.constraints.empty())
            return;
        FeasibleProblem problem;
        problem.lower = lower;
        problem.upper = upper;
        problem.value = [&](const Eigen::VectorXd& u, Eigen::VectorXd& gradient) {
            const double value = objective(u, gradient);
            gradient = -gradient;
            return -value;
        };
        problem.slacks = [&](const Eigen::VectorXd& u) -> Eigen::VectorXd {
            const std::vector<double> slacks = m_state.constraints.slacks(m_encoding.decode(pointAt(u)));
            return Eigen::Map<const Eigen::VectorXd>(slacks.data(), std::ssize(slacks));
        };
        const Eigen::RowVectorXd reached = m_encoding.encode(current.setting);
        for (Eigen::Index k = 0; k < size; ++k)
            u0(k) = reached(free[static_cast<std::size_t>(k)]);
        const FeasibleReport along = ascendFeasibly(problem, u0, 40, m_monitor);
        Setting setting = m_encoding.decode(pointAt(along.point));
        if (m_state.constraints.feasible(setting))
            accept(current, std::move(setting));
        climbAlongConstraints(current, free);
    }

    /// Random directions with shrinking steps, feasible points only: follows the border of constraints.
    void climbAlongConstraints(Found& current, const std::vector<Eigen::Index>& free) const {
        Rng rng(m_options.seed, "constraints", m_options.index);
        double step = 0.2;
        for (int i = 0; i < 120 && step > 1e-5; ++i) {
            Eigen::RowVectorXd point = m_encoding.encode(current.setting);
            for (const Eigen::Index coordinate : free)
                point(coordinate) = std::clamp(point(coordinate) + step * rng.normal(), 0.0, 1.0);
            Setting setting = m_encoding.decode(point);
            if (!m_state.constraints.feasible(setting) || !accept(current, std::move(setting)))
                step *= 0.9;
            else
                step *= 1.5;
        }
    }

    /// Along the gradient within the simplex of each mixture; decoding projects onto its bounds.
    void climbSharesByGradient(Found& current) const {
        const auto& coordinates = m_encoding.coordinates();
        double step = 0.1;
        for (int i = 0; i < 40 && step > 1e-7 && !m_monitor.stopRequested(); ++i) {
            const Eigen::RowVectorXd point = m_encoding.encode(current.setting);
            Eigen::VectorXd gradient;
            (void)m_target.value(m_state.features.row(point, m_encoding.activity(current.setting)), gradient);
            Eigen::RowVectorXd direction = Eigen::RowVectorXd::Zero(point.size());
            for (std::size_t c = 0; c < coordinates.size();) {
                std::size_t end = c;
                double mean = 0.0;
                for (; end < coordinates.size() && coordinates[end].kind == CoordinateKind::Share &&
                       coordinates[end].parameter == coordinates[c].parameter;
                     ++end)
                    mean += gradient(m_state.features.columnOf(static_cast<Eigen::Index>(end)));
                mean /= static_cast<double>(std::max<std::size_t>(1, end - c));
                for (std::size_t k = c; k < end && !isFixed(coordinates[c]); ++k)
                    direction(static_cast<Eigen::Index>(k)) =
                        gradient(m_state.features.columnOf(static_cast<Eigen::Index>(k))) - mean;
                c = std::max(end, c + 1);
            }
            const double length = direction.norm();
            if (!(length > 0.0) || !std::isfinite(length))
                return;
            Setting setting = m_encoding.decode(confined(point + step / length * direction));
            if (m_state.constraints.feasible(setting) && accept(current, std::move(setting)))
                step = std::min(0.5, 2.0 * step);
            else
                step *= 0.4;
        }
    }

    /// Random steps within the simplex, of shrinking length: past kinks and borders that stop the gradient.
    void climbShares(Found& current, int round) const {
        climbSharesByGradient(current);
        Rng rng(m_options.seed, "shares", m_options.index * 8 + static_cast<std::uint64_t>(round));
        const auto& coordinates = m_encoding.coordinates();
        double step = 0.3;
        for (int i = 0; i < 200 && step > 1e-6; ++i) {
            Eigen::RowVectorXd point = m_encoding.encode(current.setting);
            for (Eigen::Index c = 0; c < point.size(); ++c)
                if (const Coordinate& coordinate = coordinates[static_cast<std::size_t>(c)];
                    coordinate.kind == CoordinateKind::Share && !isFixed(coordinate))
                    point(c) += step * rng.normal();
            Setting setting = m_encoding.decode(point);
            if (!m_state.constraints.feasible(setting) || !accept(current, std::move(setting)))
                step *= 0.92;
        }
    }

    void climbDiscrete(Found& current) const {
        for (int sweep = 0; sweep < 3 && !m_monitor.stopRequested(); ++sweep) {
            std::vector<Setting> moves;
            const Eigen::RowVectorXd point = m_encoding.encode(current.setting);
            for (Eigen::Index i = 0; i < point.size(); ++i) {
                const Coordinate& coordinate = m_encoding.coordinates()[static_cast<std::size_t>(i)];
                if (coordinate.levels == 0 || isFixed(coordinate) ||
                    !current.setting.contains(coordinate.parameter))
                    continue;
                for (const double value : neighbours(coordinate, point(i))) {
                    Eigen::RowVectorXd moved = point;
                    moved(i) = value;
                    Setting setting = m_encoding.decode(moved);
                    if (setting != current.setting && m_state.constraints.feasible(setting))
                        moves.push_back(std::move(setting));
                }
            }
            std::vector<Found> found = evaluated(std::move(moves));
            sortFound(found);
            if (found.empty() || !(found.front().value > current.value))
                return;
            current = std::move(found.front());
        }
    }

    [[nodiscard]] static std::vector<double> neighbours(const Coordinate& coordinate, double position) {
        std::vector<double> result;
        if (coordinate.kind == CoordinateKind::Category) {
            for (std::size_t level = 0; level < coordinate.levels; ++level)
                result.push_back(static_cast<double>(level));
        } else if (coordinate.levels <= 33 && !coordinate.positions.empty()) {
            result = coordinate.positions;
        } else {
            const double unit = 1.0 / static_cast<double>(coordinate.levels - 1);
            for (const double step : {unit, 2.0 * unit, 5.0 * unit, 0.02, 0.1, 0.3})
                for (const double sign : {-1.0, 1.0})
                    result.push_back(std::clamp(position + sign * step, 0.0, 1.0));
        }
        return result;
    }

    /// Takes the setting if it is better.
    bool accept(Found& current, Setting setting) const {
        const double value = usable(m_target.values(m_state.features.row(setting))(0));
        if (!(value > current.value))
            return false;
        current = {std::move(setting), value};
        return true;
    }

    const AcquisitionTarget& m_target;
    const StudyModel::State& m_state;
    const Encoding& m_encoding;
    const MaximiserOptions& m_options;
    const Monitor& m_monitor;
};

/// The best ones, and a few drawn in proportion to exp(standardised value) so that starts lie in several
/// basins.
std::vector<Found> chooseStarts(const std::vector<Found>& sorted, const MaximiserOptions& options) {
    const auto wanted = std::min<std::size_t>(static_cast<std::size_t>(options.starts), sorted.size());
    const std::size_t best = (wanted + 1) / 2;
    std::vector<Found> starts(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(best));
    const std::size_t pool = std::min<std::size_t>(sorted.size(), 1024);
    double mean = 0.0;
    std::size_t finite = 0;
    for (std::size_t i = 0; i < pool; ++i)
        if (std::isfinite(sorted[i].value)) {
            mean += sorted[i].value;
            ++finite;
        }
    mean /= static_cast<double>(std::max<std::size_t>(1, finite));
    double squares = 0.0;
    for (std::size_t i = 0; i < pool; ++i)
        if (std::isfinite(sorted[i].value))
            squares += (sorted[i].value - mean) * (sorted[i].value - mean);
    const double sd = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, finite))) + 1e-300;
    std::vector<double> cumulative(pool, 0.0);
    double total = 0.0;
    for (std::size_t i = 0; i < pool; ++i) {
        total += i < best || !std::isfinite(sorted[i].value) ? 0.0 : std::exp((sorted[i].value - mean) / sd);
        cumulative[i] = total;
    }
    Rng rng(options.seed, "starts", options.index);
    while (starts.size() < wanted && total > 0.0) {
        const double draw = rng.uniform() * total;
        const auto at = std::upper_bound(cumulative.begin(), cumulative.end(), draw) - cumulative.begin();
        starts.push_back(
            sorted[static_cast<std::size_t>(std::min<std::ptrdiff_t>(at, std::ssize(cumulative) - 1))]);
    }
    return starts;
}

} // namespace

Result<MaximiserReport> maximise(const AcquisitionTarget& target,
                                 const std::unordered_set<std::string>& taken,
                                 const MaximiserOptions& options, const Monitor& monitor) {
    const StudyModel::State& state = target.state();
    const Search search(target, options, monitor);
    MaximiserReport report;
    if (auto all = enumerateSettings(state.definition.space, state.constraints, kEnumerable)) {
        std::erase_if(*all, [&](const Setting& setting) {
            return taken.contains(settingKey(setting)) || !search.agrees(setting);
        });
        report.found = search.evaluated(std::move(*all));
        report.enumerated = true;
    } else {
        ALIDADE_ASSIGN(std::vector<Setting> candidates, search.candidates());
        report.found = search.evaluated(std::move(candidates));
        sortFound(report.found);
        std::vector<Found> climbed = chooseStarts(report.found, options);
        std::vector<Setting> warm = options.warm;
        search.pin(warm);
        std::vector<Found> starts = search.evaluated(std::move(warm));
        climbed.insert(climbed.end(), std::make_move_iterator(starts.begin()),
                       std::make_move_iterator(starts.end()));
        parallelFor(climbed.size(), options.threads,
                    [&](std::size_t i) { climbed[i] = search.climbed(std::move(climbed[i])); });
        report.found.insert(report.found.begin(), std::make_move_iterator(climbed.begin()),
                            std::make_move_iterator(climbed.end()));
        std::erase_if(report.found,
                      [&](const Found& found) { return taken.contains(settingKey(found.setting)); });
    }
    sortFound(report.found);
    report.stopped = monitor.stopRequested();
    return report;
}

} // namespace alidade
