#include "space/sampling.h"

#include "base/text.h"
#include "math/sobol.h"
#include "space/constraint.h"
#include "space/encoding.h"
#include "space/simplex.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace alidade {
namespace {

/// Turns points of the unit cube into encoded points: choices by equal shares of the interval, discrete
/// values by equal cells, mixtures uniformly on the simplex between their bounds.
Eigen::RowVectorXd encodedFromUniform(const Encoding& encoding, const std::vector<double>& uniform) {
    Eigen::RowVectorXd point(encoding.dimension());
    const auto& coordinates = encoding.coordinates();
    for (std::size_t i = 0; i < coordinates.size();) {
        const auto column = static_cast<Eigen::Index>(i);
        const double u = uniform[i];
        if (coordinates[i].kind == CoordinateKind::Share) {
            const auto& mixture =
                std::get<MixtureParts>(encoding.space().find(coordinates[i].parameter)->domain);
            const std::vector<double> shares =
                uniformMixture(mixture, std::span(uniform).subspan(i, mixture.parts.size()));
            for (const double share : shares)
                point(static_cast<Eigen::Index>(i++)) = share;
            continue;
        }
        if (coordinates[i].kind == CoordinateKind::Category)
            point(column) = std::min(std::floor(u * static_cast<double>(coordinates[i].levels)),
                                     static_cast<double>(coordinates[i].levels - 1));
        else if (!coordinates[i].positions.empty())
            point(column) = coordinates[i].positions[std::min(
                static_cast<std::size_t>(u * static_cast<double>(coordinates[i].levels)),
                coordinates[i].levels - 1)];
        else
            point(column) = u;
        ++i;
    }
    return point;
}

/// Counts which constraint rejects, to name the tightest.
class Rejections {
public:
    explicit Rejections(std::size_t count) : m_counts(count, 0) {}
    void add(std::size_t index) { ++m_counts[index]; }
    [[nodiscard]] std::size_t worst() const {
        return static_cast<std::size_t>(std::max_element(m_counts.begin(), m_counts.end()) -
                                        m_counts.begin());
    }

private:
    std::vector<std::uint64_t> m_counts;
};

/// Solves equalities between reals: moves one continuous coordinate until the most violated constraint holds
/// exactly.
std::optional<Setting> repaired(const Encoding& encoding, const ConstraintSet& constraints, Setting setting,
                                Rng& rng) {
    const auto& space = encoding.space();
    for (int round = 0; round < 20; ++round) {
        const auto violated = constraints.firstViolated(setting);
        if (!violated)
            return setting;
        std::vector<const Parameter*> movable;
        for (const Parameter& parameter : space.parameters)
            if (const auto* range = std::get_if<RealRange>(&parameter.domain);
                range && !range->step && setting.contains(parameter.id))
                movable.push_back(&parameter);
        bool moved = false;
        while (!movable.empty() && !moved) {
            const auto pick = static_cast<std::ptrdiff_t>(rng.below(movable.size()));
            const Parameter& parameter = *movable[static_cast<std::size_t>(pick)];
            movable.erase(movable.begin() + pick);
            const auto& range = std::get<RealRange>(parameter.domain);
            const auto slackAt = [&](double value) {
                Setting trial = setting;
                trial[parameter.id] = value;
                return constraints.slacks(trial)[*violated];
            };
            // The slack of an equality is concave in a linear expression: ternary search finds its top.
            double low = range.low;
            double high = range.high;
            for (int i = 0; i < 120; ++i) {
                const double a = low + (high - low) / 3.0;
                const double b = high - (high - low) / 3.0;
                (slackAt(a) < slackAt(b) ? low : high) = slackAt(a) < slackAt(b) ? a : b;
            }
            const double top = 0.5 * (low + high);
            if (slackAt(top) > slackAt(std::get<double>(setting.at(parameter.id)))) {
                setting[parameter.id] = top;
                moved = true;
            }
        }
        if (!moved)
            return std::nullopt;
    }
    return constraints.feasible(setting) ? std::optional<Setting>(setting) : std::nullopt;
}

} // namespace

Result<std::vector<Setting>> sampleFeasible(const SearchSpace& space, std::size_t count,
                                            const SamplingOptions& options, const Monitor& monitor) {
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    const Encoding encoding(space);
    SobolSequence sequence(static_cast<std::size_t>(encoding.dimension()), options.seed);
    sequence.skip(options.skip);
    std::vector<Setting> result;
    Rejections rejections(constraints.size());
    Rng rng(options.seed, options.stream, options.skip);
    std::uint64_t tries = 0;
    for (; tries < options.maximumTries && result.size() < count; ++tries) {
        if (tries % 256 == 0 && monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "sampling was stopped");
        Setting setting = encoding.decode(encodedFromUniform(encoding, sequence.next()));
        const auto violated = constraints.firstViolated(setting);
        if (!violated) {
            result.push_back(std::move(setting));
            continue;
        }
        rejections.add(*violated);
        // Where plain rejection finds almost nothing, candidates are moved into the feasible set.
        const bool rare = tries >= 500 && result.size() * 100 < tries;
        if (rare && tries % 10 == 0)
            if (auto moved = repaired(encoding, constraints, std::move(setting), rng))
                result.push_back(std::move(*moved));
        if (tries > 20000 && result.empty())
            break;
    }
    if (result.size() == count)
        return result;
    const std::string tightest =
        constraints.empty() ? std::string() : space.constraints[rejections.worst()].expression;
    return makeError(ErrorCode::Infeasible,
                     "only " + std::to_string(result.size()) + " of " + std::to_string(tries) +
                         " sampled settings satisfy the constraints; the tightest is \"" + tightest +
                         "\": loosen it or widen the ranges");
}

Result<double> feasibleShare(const SearchSpace& space, std::size_t samples, const Monitor& monitor) {
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    const Encoding encoding(space);
    SobolSequence sequence(static_cast<std::size_t>(encoding.dimension()), 0);
    std::size_t feasible = 0;
    for (std::size_t i = 0; i < samples; ++i) {
        if (i % 256 == 0 && monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "sampling was stopped");
        if (constraints.feasible(encoding.decode(encodedFromUniform(encoding, sequence.next()))))
            ++feasible;
    }
    return static_cast<double>(feasible) / static_cast<double>(std::max<std::size_t>(1, samples));
}

} // namespace alidade
