#pragma once

#include "belief/belief_model.h"
#include "belief/sampled_gain.h"

namespace alidade {

/// What the beliefs make of an acquisition that is a gain G(x) > 0 (knowledge gradient, information about the
/// optimal value): log of the gain estimated over sample functions with the beliefs' weights, less the log of
/// that without,
///   log (G_w(x) + mixed G_p(x) + floor) / ((1 + mixed) G_p(x) + floor),
/// to be added to the closed form. Equal weights leave that one exactly alone. `mixed` stands for
/// Chosen::support functions of no belief beside those that the estimate rests on.
template <typename Gain>
struct GainFactor {
    std::shared_ptr<const BeliefModel::Chosen> chosen;
    bool maximise = false;
    Gain with;
    Gain without;
    double mixed = 0.0;
    double floor = 1e-3;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
};
using KnowledgeFactor = GainFactor<SampledKnowledge>;
using MaxValueFactor = GainFactor<SampledMaxValue>;

/// The same functions as makeBeliefFactor() chooses. A measurement has the noise of the process and besides
/// 0.4 of the median spread of the functions, which smooths over their number (Silverman's rule).
[[nodiscard]] KnowledgeFactor makeKnowledgeFactor(const BeliefModel& model, const FeatureRows& rows,
                                                  double noiseVariance, std::uint64_t seed);
[[nodiscard]] MaxValueFactor makeMaxValueFactor(const BeliefModel& model, const FeatureRows& rows,
                                                double noiseVariance, std::uint64_t seed);

/// What they add to a confidence bound, larger better, model units: the difference of
///   mean + sqrt(beta) sd
/// over the sample functions with and without weights, times n / (n + support) for n functions that the
/// estimate rests on.
struct BoundFactor {
    std::shared_ptr<const BeliefModel::Chosen> chosen;
    bool maximise = false;
    double beta = 4.0;
    double trust = 1.0;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
};
[[nodiscard]] BoundFactor makeBoundFactor(const BeliefModel& model, double beta, std::uint64_t seed);

/// `count` functions drawn in proportion to their weights: for Thompson sampling.
[[nodiscard]] PathwiseSamples drawnByWeight(const BeliefModel& model, std::size_t count, std::uint64_t seed);

} // namespace alidade
