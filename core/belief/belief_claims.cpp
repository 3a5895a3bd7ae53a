#include "belief/belief_claims.h"

#include "math/normal.h"
#include "space/encoding.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr int kTrendSteps = 8;
constexpr int kTrendLines = 4; ///< lines through the space on which a trend is looked at
/// A trend holds well when less than this share of all change goes the wrong way.
constexpr double kTrendTolerance = 0.1;
constexpr double kOtherChoice = 0.1; ///< odds of another choice than that of a good point

/// Whether the belief says anything about this outcome.
struct Relevant {
    std::optional<MeasureId> objective;
    bool first = false; ///< the outcome is the first objective, or a scalarisation

    bool operator()(const OptimumBelief&) const { return true; }
    bool operator()(const GoodPointsBelief&) const { return true; }
    bool operator()(const BestValueBelief& b) const { return objective && b.objective == *objective; }
    bool operator()(const TrendBelief& b) const { return objective && b.objective == *objective; }
    bool operator()(const PreferenceBelief& b) const {
        return b.objective.valid() ? objective && b.objective == *objective : first;
    }
};

double logBestValue(const Density& density, double value) {
    if (const auto* normal = std::get_if<NormalDensity>(&density)) {
        if ((normal->low && value < *normal->low) || (normal->high && value > *normal->high))
            return kLogRatioFloor;
        return std::max(logNormalPdf((value - normal->center) / normal->spread), kLogRatioFloor);
    }
    if (const auto* uniform = std::get_if<UniformDensity>(&density))
        return value < uniform->low || value > uniform->high ? kLogRatioFloor : 0.0;
    if (const auto* bounds = std::get_if<ValueBounds>(&density))
        return (bounds->low && value < *bounds->low) || (bounds->high && value > *bounds->high)
                   ? kLogRatioFloor
                   : 0.0;
    if (const auto* drawn = std::get_if<DrawnDensity>(&density)) {
        if (value < drawn->x.front() || value > drawn->x.back())
            return kLogRatioFloor;
        const auto above = std::upper_bound(drawn->x.begin(), drawn->x.end(), value);
        const auto k = std::clamp<std::size_t>(static_cast<std::size_t>(above - drawn->x.begin()), 1,
                                               drawn->x.size() - 1);
        const double width = drawn->x[k] - drawn->x[k - 1];
        const double share = width > 0.0 ? (value - drawn->x[k - 1]) / width : 1.0;
        const double height = drawn->height[k - 1] + share * (drawn->height[k] - drawn->height[k - 1]);
        const double peak = *std::max_element(drawn->height.begin(), drawn->height.end());
        return height > 0.0 ? std::max(std::log(height / peak), kLogRatioFloor) : kLogRatioFloor;
    }
    return 0.0;
}

/// Share of the change along lines of kTrendSteps + 1 values each that goes the wrong way.
double wrongWay(const Eigen::Ref<const Eigen::VectorXd>& values, bool rises) {
    double wrong = 0.0;
    double all = 0.0;
    for (int line = 0; line < kTrendLines; ++line) {
        for (int step = 0; step < kTrendSteps; ++step) {
            const Eigen::Index at = line * (kTrendSteps + 1) + step;
            const double change = values(at + 1) - values(at);
            all += std::abs(change);
            if ((change > 0.0) != rises)
                wrong += std::abs(change);
        }
    }
    return all > 0.0 ? wrong / all : 0.0;
}

} // namespace

BeliefClaims::BeliefClaims(const Definition& definition, std::optional<MeasureId> objective)
    : m_space(definition.space) {
    Relevant relevant{objective, true};
    if (objective && !definition.objectives.empty())
        relevant.first = *objective == definition.objectives.front().id;
    for (const Belief& belief : definition.beliefs) {
        if (!(belief.confidence > 0.0) || !std::visit(relevant, belief.claim))
            continue;
        Claim claim{belief, std::nullopt, m_probes.size()};
        if (const auto* optimum = std::get_if<OptimumBelief>(&belief.claim)) {
            const Parameter* parameter = m_space.find(optimum->parameter);
            if (!parameter)
                continue;
            claim.axis = Axis{optimum->parameter, AxisDensity(*parameter, optimum->density)};
            if (claim.axis->density.flat())
                continue;
        }
        addProbes(claim);
        m_claims.push_back(std::move(claim));
    }
}

void BeliefClaims::addProbes(Claim& claim) {
    if (const auto* preference = std::get_if<PreferenceBelief>(&claim.belief.claim)) {
        m_probes.push_back(completed(m_space, preference->better));
        m_probes.push_back(completed(m_space, preference->worse));
        return;
    }
    const auto* trend = std::get_if<TrendBelief>(&claim.belief.claim);
    if (!trend)
        return;
    const Parameter& parameter = *m_space.find(trend->parameter);
    const double from = trend->from ? std::clamp(scalePosition(parameter, *trend->from), 0.0, 1.0) : 0.0;
    const double to = trend->to ? std::clamp(scalePosition(parameter, *trend->to), 0.0, 1.0) : 1.0;
    for (int line = 0; line < kTrendLines; ++line) {
        Setting setting;
        if (line > 0) {
            // The other parameters at a quarter, the middle and three quarters of their scales, each in
            // another order.
            for (std::size_t i = 0; i < m_space.parameters.size(); ++i) {
                const Parameter& other = m_space.parameters[i];
                const int place = static_cast<int>((i * 2 + static_cast<std::size_t>(line)) % 3) + 1;
                if (!std::holds_alternative<MixtureParts>(other.domain))
                    setting[other.id] = Encoding::valueAt(other, 0.25 * place);
            }
        }
        for (int step = 0; step <= kTrendSteps; ++step) {
            setting[trend->parameter] =
                Encoding::valueAt(parameter, from + (to - from) * static_cast<double>(step) / kTrendSteps);
            m_probes.push_back(completed(m_space, setting));
        }
    }
}

double BeliefClaims::logGoodPoints(const GoodPointsBelief& belief, const Setting& setting) const {
    double largest = kLogRatioFloor;
    std::vector<double> logs;
    for (const Setting& point : belief.points) {
        double sum = 0.0;
        for (const auto& [id, value] : point) {
            const Parameter* parameter = m_space.find(id);
            const auto found = setting.find(id);
            if (!parameter || found == setting.end()) {
                sum += std::log(kOtherChoice);
                continue;
            }
            if (std::holds_alternative<CategoricalChoices>(parameter->domain)) {
                const double choices = static_cast<double>(valueCount(parameter->domain).value_or(2));
                const double same = 1.0 / (1.0 + kOtherChoice);
                sum += std::log(choices * (found->second == value ? same : (1.0 - same) / (choices - 1.0)));
            } else if (const auto* shares = std::get_if<std::vector<double>>(&value)) {
                const auto* own = std::get_if<std::vector<double>>(&found->second);
                const double total = std::get<MixtureParts>(parameter->domain).total;
                for (std::size_t i = 0; own && i < std::min(shares->size(), own->size()); ++i) {
                    const double z = ((*own)[i] - (*shares)[i]) / (total * belief.spread);
                    sum -= 0.5 * z * z;
                }
            } else {
                const double center = Encoding::position(*parameter, value);
                const double position = Encoding::position(*parameter, found->second);
                sum += logNormalPdf((position - center) / belief.spread) - std::log(belief.spread) -
                       logNormalInterval(-center / belief.spread, (1.0 - center) / belief.spread);
            }
        }
        logs.push_back(sum);
        largest = std::max(largest, sum);
    }
    double total = 0.0;
    for (const double value : logs)
        total += std::exp(value - largest);
    return std::max(largest + std::log(std::max(total, 1e-300) / static_cast<double>(logs.size())),
                    kLogRatioFloor);
}

Eigen::VectorXd BeliefClaims::logPlaceRatios(const Setting& setting) const {
    Eigen::VectorXd result = Eigen::VectorXd::Zero(count());
    for (Eigen::Index i = 0; i < count(); ++i) {
        const Claim& claim = m_claims[static_cast<std::size_t>(i)];
        if (claim.axis) {
            if (const auto found = setting.find(claim.axis->parameter); found != setting.end())
                result(i) = claim.axis->density.logRatio(found->second);
        } else if (const auto* good = std::get_if<GoodPointsBelief>(&claim.belief.claim)) {
            result(i) = logGoodPoints(*good, setting);
        }
    }
    return result;
}

double BeliefClaims::logPlaceDensity(const Setting& setting) const {
    const Eigen::VectorXd ratios = logPlaceRatios(setting);
    double sum = 0.0;
    for (Eigen::Index i = 0; i < count(); ++i) {
        const double confidence = belief(i).confidence;
        sum += std::log(confidence * std::exp(ratios(i)) + 1.0 - confidence);
    }
    return sum;
}

bool BeliefClaims::hasPlace() const {
    for (Eigen::Index i = 0; i < count(); ++i)
        if (isPlace(i))
            return true;
    return false;
}

bool BeliefClaims::isPlace(Eigen::Index claim) const {
    const Claim& asked = m_claims[static_cast<std::size_t>(claim)];
    return asked.axis || std::holds_alternative<GoodPointsBelief>(asked.belief.claim);
}

Setting BeliefClaims::placeMode(const Setting& base) const {
    Setting setting = base;
    for (const Claim& claim : m_claims) {
        if (const auto* good = std::get_if<GoodPointsBelief>(&claim.belief.claim))
            for (const auto& [id, value] : good->points.front())
                setting[id] = value;
        else if (claim.axis)
            setting[claim.axis->parameter] = claim.axis->density.mode();
    }
    return completed(m_space, setting);
}

Setting BeliefClaims::drawPlace(const Setting& base, const std::function<double()>& uniform) const {
    Setting setting = base;
    for (const Claim& claim : m_claims) {
        const auto* good = std::get_if<GoodPointsBelief>(&claim.belief.claim);
        if ((!good && !claim.axis) || uniform() >= claim.belief.confidence)
            continue;
        if (good)
            drawNear(*good, setting, uniform);
        else
            setting[claim.axis->parameter] = claim.axis->density.quantile(uniform());
    }
    return completed(m_space, setting);
}

void BeliefClaims::drawNear(const GoodPointsBelief& good, Setting& setting,
                            const std::function<double()>& uniform) const {
    const auto count = good.points.size();
    const auto pick = std::min(static_cast<std::size_t>(uniform() * static_cast<double>(count)), count - 1);
    for (const auto& [id, value] : good.points[pick]) {
        const Parameter* parameter = m_space.find(id);
        if (!parameter)
            continue;
        if (std::holds_alternative<CategoricalChoices>(parameter->domain) ||
            std::holds_alternative<MixtureParts>(parameter->domain)) {
            setting[id] = value;
            continue;
        }
        // A normal deviate as the sum of twelve uniforms is close enough for a cloud of candidates.
        double z = -6.0;
        for (int k = 0; k < 12; ++k)
            z += uniform();
        const double position = Encoding::position(*parameter, value) + good.spread * z;
        setting[id] = Encoding::valueAt(*parameter, std::clamp(position, 0.0, 1.0));
    }
}

Eigen::MatrixXd BeliefClaims::logPlaceRatios(const std::vector<Setting>& candidates) const {
    Eigen::MatrixXd result(static_cast<Eigen::Index>(candidates.size()), count());
    for (Eigen::Index i = 0; i < result.rows(); ++i)
        result.row(i) = logPlaceRatios(candidates[static_cast<std::size_t>(i)]);
    return result;
}

Eigen::VectorXd BeliefClaims::confidences() const {
    Eigen::VectorXd result(count());
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = belief(i).confidence;
    return result;
}

Eigen::MatrixXd BeliefClaims::logFit(const Eigen::MatrixXd& places, const Optima& optima,
                                     const Eigen::MatrixXd& probes, bool maximise,
                                     const std::function<double(double)>& toUser) const {
    const Eigen::Index functions = optima.value.size();
    Eigen::MatrixXd result(count(), functions);
    for (Eigen::Index f = 0; f < functions; ++f) {
        for (Eigen::Index i = 0; i < count(); ++i) {
            const Claim& claim = m_claims[static_cast<std::size_t>(i)];
            const auto first = static_cast<Eigen::Index>(claim.firstProbe);
            double fit = places(optima.place[static_cast<std::size_t>(f)], i);
            if (const auto* bestValue = std::get_if<BestValueBelief>(&claim.belief.claim)) {
                fit = logBestValue(bestValue->density, toUser(optima.value(f)));
            } else if (std::holds_alternative<PreferenceBelief>(claim.belief.claim)) {
                const bool holds = maximise ? probes(first, f) > probes(first + 1, f)
                                            : probes(first, f) < probes(first + 1, f);
                fit = holds ? 0.0 : kLogRatioFloor;
            } else if (const auto* trend = std::get_if<TrendBelief>(&claim.belief.claim)) {
                const double share =
                    wrongWay(probes.col(f).segment(first, kTrendLines * (kTrendSteps + 1)), trend->rises) /
                    kTrendTolerance;
                fit = -0.5 * share * share;
            }
            result(i, f) = fit;
        }
    }
    return result;
}

} // namespace alidade
