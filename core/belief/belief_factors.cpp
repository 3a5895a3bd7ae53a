#include "belief/belief_factors.h"

#include "base/rng.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr Eigen::Index kGainOptima = 16;
constexpr Eigen::Index kGainCandidates = 40; ///< likeliest optima
constexpr std::size_t kSpreadCandidates = 8; ///< besides, evenly spread
constexpr double kGainSmoothing = 0.4;

double gainSign(bool maximise) {
    return maximise ? 1.0 : -1.0;
}

/// How many functions the plain weights are worth.
double functionsOf(const BeliefModel::Chosen& chosen) {
    return effectiveSampleSize(chosen.plain);
}

/// Median standard deviation of the functions over evenly spread candidates.
double medianSpread(const BeliefModel& model, const PathwiseSamples& samples, const FeatureRows& rows) {
    const std::vector<Setting>& candidates = model.candidates();
    const std::vector<Setting> some(
        candidates.begin(), candidates.begin() + std::min<std::ptrdiff_t>(128, std::ssize(candidates)));
    const Eigen::MatrixXd values = samples.roughValues(rows(some)).cast<double>();
    const Eigen::VectorXd means = values.rowwise().mean();
    Eigen::VectorXd spreads = ((values.colwise() - means).array().square().rowwise().mean()).sqrt();
    std::nth_element(spreads.begin(), spreads.begin() + spreads.size() / 2, spreads.end());
    return std::max(spreads(spreads.size() / 2), 1e-6);
}

template <typename Gain>
GainFactor<Gain> startedFactor(const BeliefModel& model, const FeatureRows& rows, double noiseVariance,
                               std::uint64_t seed) {
    GainFactor<Gain> factor;
    auto chosen = std::make_shared<const BeliefModel::Chosen>(model.choose(kFactorFunctions, seed));
    const double spread = medianSpread(model, chosen->samples, rows);
    factor.maximise = model.maximise();
    factor.mixed = chosen->support / functionsOf(*chosen);
    factor.with.weights = chosen->weighted / chosen->weighted.sum();
    factor.without.weights = chosen->plain / chosen->plain.sum();
    factor.with.sd = factor.without.sd =
        std::sqrt(std::max(noiseVariance, 0.0) + std::pow(kGainSmoothing * spread, 2));
    factor.floor = 1e-3;
    factor.chosen = std::move(chosen);
    return factor;
}

/// Weighted mean and standard deviation, with the derivatives of mean + factor * sd by the values.
double sampledBound(const Eigen::VectorXd& values, const Eigen::VectorXd& weights, double factor,
                    Eigen::VectorXd* slopes) {
    const double mean = weights.dot(values);
    const Eigen::ArrayXd away = values.array() - mean;
    const double sd = std::sqrt((weights.array() * away.square()).sum() + 1e-12);
    if (slopes)
        *slopes = weights.array() * (1.0 + factor * away / sd);
    return mean + factor * sd;
}

} // namespace

template <typename Gain>
Eigen::VectorXd GainFactor<Gain>::values(const Eigen::MatrixXd& features) const {
    const Eigen::MatrixXd functions =
        gainSign(maximise) * chosen->samples.roughValues(features).cast<double>();
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        const Eigen::VectorXd here = functions.row(i).transpose();
        const double plain = std::max(without.at(here), 0.0);
        result(i) = std::log(std::max(with.at(here), 0.0) + mixed * plain + floor) -
                    std::log((1.0 + mixed) * plain + floor);
    }
    return result;
}

template <typename Gain>
double GainFactor<Gain>::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const PathwiseSamples::At at = chosen->samples.at(features);
    const Eigen::VectorXd here = gainSign(maximise) * at.values;
    Eigen::VectorXd byWeighted;
    Eigen::VectorXd byPlain;
    double weighted = with.at(here, &byWeighted);
    double plain = without.at(here, &byPlain);
    if (!(weighted > 0.0)) {
        weighted = 0.0;
        byWeighted.setZero();
    }
    if (!(plain > 0.0)) {
        plain = 0.0;
        byPlain.setZero();
    }
    const double above = weighted + mixed * plain + floor;
    const double below = (1.0 + mixed) * plain + floor;
    const Eigen::VectorXd slopes = byWeighted / above + byPlain * (mixed / above - (1.0 + mixed) / below);
    gradient = gainSign(maximise) * chosen->samples.gradient(at, slopes);
    return std::log(above) - std::log(below);
}

template struct GainFactor<SampledKnowledge>;
template struct GainFactor<SampledMaxValue>;

KnowledgeFactor makeKnowledgeFactor(const BeliefModel& model, const FeatureRows& rows, double noiseVariance,
                                    std::uint64_t seed) {
    auto factor = startedFactor<SampledKnowledge>(model, rows, noiseVariance, seed);
    const Eigen::VectorXd shares = model.optimumShares() + model.beliefOptimumShares();
    std::vector<Eigen::Index> order(static_cast<std::size_t>(shares.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    const auto most = std::min(kGainCandidates, shares.size());
    std::partial_sort(order.begin(), order.begin() + most, order.end(), [&](Eigen::Index a, Eigen::Index b) {
        return shares(a) != shares(b) ? shares(a) > shares(b) : a < b;
    });
    std::vector<Setting> settings;
    for (Eigen::Index i = 0; i < most; ++i)
        settings.push_back(model.candidates()[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]);
    for (std::size_t i = 0; i < std::min(kSpreadCandidates, model.candidates().size()); ++i)
        settings.push_back(model.candidates()[i]);
    factor.with.candidates =
        gainSign(factor.maximise) * factor.chosen->samples.values(rows(settings)).transpose();
    factor.without.candidates = factor.with.candidates;
    factor.floor *= factor.with.sd;
    return factor;
}

MaxValueFactor makeMaxValueFactor(const BeliefModel& model, const FeatureRows& rows, double noiseVariance,
                                  std::uint64_t seed) {
    auto factor = startedFactor<SampledMaxValue>(model, rows, noiseVariance, seed);
    const PathwiseSamples::Best best =
        factor.chosen->samples.bestOf(rows(model.candidates()), factor.maximise).posterior;
    const Eigen::VectorXd optima = gainSign(factor.maximise) * best.value;
    factor.with.optima = weightedQuantiles(optima, factor.with.weights, kGainOptima);
    factor.without.optima = weightedQuantiles(optima, factor.without.weights, kGainOptima);
    return factor;
}

Eigen::VectorXd BoundFactor::values(const Eigen::MatrixXd& features) const {
    const Eigen::MatrixXd functions =
        gainSign(maximise) * chosen->samples.roughValues(features).cast<double>();
    const Eigen::VectorXd weighted = chosen->weighted / chosen->weighted.sum();
    const Eigen::VectorXd plain = chosen->plain / chosen->plain.sum();
    Eigen::VectorXd result(features.rows());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
        const Eigen::VectorXd here = functions.row(i).transpose();
        result(i) = trust * (sampledBound(here, weighted, std::sqrt(beta), nullptr) -
                             sampledBound(here, plain, std::sqrt(beta), nullptr));
    }
    return result;
}

double BoundFactor::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const PathwiseSamples::At at = chosen->samples.at(features);
    const Eigen::VectorXd here = gainSign(maximise) * at.values;
    Eigen::VectorXd byWeighted;
    Eigen::VectorXd byPlain;
    const double weighted =
        sampledBound(here, chosen->weighted / chosen->weighted.sum(), std::sqrt(beta), &byWeighted);
    const double plain = sampledBound(here, chosen->plain / chosen->plain.sum(), std::sqrt(beta), &byPlain);
    gradient = trust * gainSign(maximise) * chosen->samples.gradient(at, byWeighted - byPlain);
    return trust * (weighted - plain);
}

BoundFactor makeBoundFactor(const BeliefModel& model, double beta, std::uint64_t seed) {
    BoundFactor factor;
    factor.chosen = std::make_shared<const BeliefModel::Chosen>(model.choose(kFactorFunctions, seed));
    factor.maximise = model.maximise();
    factor.beta = beta;
    const double functions = functionsOf(*factor.chosen);
    factor.trust = functions / (functions + factor.chosen->support);
    return factor;
}

PathwiseSamples drawnByWeight(const BeliefModel& model, std::size_t count, std::uint64_t seed) {
    const Eigen::VectorXd& weights = model.weights().weights;
    std::vector<double> cumulative(static_cast<std::size_t>(weights.size()));
    std::partial_sum(weights.begin(), weights.end(), cumulative.begin());
    Rng rng(seed, "paths by weight");
    std::vector<std::size_t> indices;
    for (std::size_t k = 0; k < count; ++k) {
        const auto found =
            std::upper_bound(cumulative.begin(), cumulative.end(), rng.uniform() * cumulative.back());
        indices.push_back(
            std::min(static_cast<std::size_t>(found - cumulative.begin()), cumulative.size() - 1));
    }
    return model.samples().chosen(indices);
}

} // namespace alidade
