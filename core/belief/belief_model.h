#pragma once

#include "base/monitor.h"
#include "belief/belief_claims.h"
#include "belief/belief_weights.h"
#include "surrogate/outcome_model.h"
#include "surrogate/pathwise.h"

#include <functional>
#include <memory>

namespace alidade {

struct BeliefModelOptions {
    std::uint64_t seed = 0;
    std::size_t paths = 1024;     ///< to begin with
    std::size_t mostPaths = 4096; ///< doubled up to here while few functions carry the weight
    std::size_t features = 512;   ///< of the sample functions
    std::size_t candidates = 768; ///< where the optimum of a function is looked for, besides clouds
    double leastEffective = 50.0;
};

/// Sample functions that stand for all in an acquisition.
inline constexpr std::size_t kFactorFunctions = 128;

/// How settings look to the process: one row each.
using FeatureRows = std::function<Eigen::MatrixXd(const std::vector<Setting>&)>;

/// Sample functions of one outcome weighted by the beliefs about it (ColaBO, 2311.14645). Immutable.
class BeliefModel {
public:
    /// `claims` must not be empty. The optimum of a function is its best value over a Sobol set, the
    /// `observed` settings with clouds round those that are best by the mean, and a cloud drawn from the
    /// claims themselves: without the last, a narrow claim in many dimensions meets no candidate.
    /// O(candidates paths features). Errors: those of sampleFeasible() and PathwiseSamples::draw().
    [[nodiscard]] static Result<BeliefModel> make(BeliefClaims claims, const OutcomeModel& outcome,
                                                  bool maximise, const std::vector<Setting>& observed,
                                                  const FeatureRows& rows, const BeliefModelOptions& options,
                                                  const Monitor& monitor = {});

    /// The same functions and candidates under other claims about the same outcome: quick enough to follow a
    /// hand that drags a density (no function is drawn anew, only probes of other claims are evaluated).
    [[nodiscard]] BeliefModel reweighted(BeliefClaims claims, const FeatureRows& rows) const;

    [[nodiscard]] const BeliefClaims& claims() const { return m_claims; }
    [[nodiscard]] const BeliefWeights& weights() const { return m_weights; }
    [[nodiscard]] const PathwiseSamples& samples() const { return m_samples; }
    [[nodiscard]] bool maximise() const { return m_maximise; }

    /// Candidates and the share of the weight whose optimum is there, without and with the beliefs.
    [[nodiscard]] const std::vector<Setting>& candidates() const { return m_candidates; }
    [[nodiscard]] const Eigen::VectorXd& optimumShares() const { return m_plainShares; }
    [[nodiscard]] const Eigen::VectorXd& beliefOptimumShares() const { return m_beliefShares; }

    /// What the claims about the optimum's place make of a function that has it at this setting: their part
    /// of BeliefWeights::logRelative.
    [[nodiscard]] double logPlaceFit(const Setting& setting) const;

    /// Weighted mean and standard deviation of the latent function, model units (m each).
    [[nodiscard]] GpPrediction predict(const Eigen::MatrixXd& rows) const;

    /// `count` functions that stand for all: drawn half by weight, half evenly, with the factors by which
    /// sums over them become sums under the weights (`weighted`) and without them (`plain`); both equal where
    /// weights are.
    struct Chosen {
        PathwiseSamples samples;
        Eigen::VectorXd weighted;
        Eigen::VectorXd plain;
        /// Functions' worth of no belief to mix a ratio of sums with: 4 over the Bayes factor, at most 64,
        /// and 4 when data agree.
        double support = 0.0;
        Eigen::VectorXd optimum; ///< value of each function at its best candidate, model units
        /// BeliefWeights::logRelative of each without logPlaceFit() of that candidate.
        Eigen::VectorXd logWithoutPlace;
    };
    [[nodiscard]] Chosen choose(std::size_t count, std::uint64_t seed) const;

private:
    BeliefModel(BeliefClaims claims, PathwiseSamples samples, const OutcomeTransform& transform)
        : m_claims(std::move(claims)), m_samples(std::move(samples)), m_transform(transform) {}
    void weigh(const FeatureRows& rows);

    BeliefClaims m_claims;
    PathwiseSamples m_samples;
    OutcomeTransform m_transform;
    BeliefWeights m_weights;
    bool m_maximise = false;
    double m_leastEffective = 50.0;
    BeliefClaims::Optima m_priorOptima;
    BeliefClaims::Optima m_posteriorOptima;
    std::vector<Setting> m_candidates;
    Eigen::VectorXd m_plainShares;
    Eigen::VectorXd m_beliefShares;
};

/// BeliefModel::logPlaceFit() of the setting that a feature row stands for, and its gradient if asked for.
using PlaceFit = std::function<double(const Eigen::RowVectorXd& features, Eigen::VectorXd* gradient)>;

/// What the beliefs make of an acquisition: log E[w(f) | f improves at x], the ratio of the expected
/// improvement with beliefs to that without (up to a constant), estimated over sample functions as
///   log (sum_i a_i(x) s_i(x) + t) / (sum_i b_i s_i(x) + t),
///   s_i(x) = softplus(improvement of f_i at x / temperature),  t = k sum_i (b_i s_i)^2 / sum_i b_i s_i.
/// t draws the ratio towards 1 with the weight of k functions (Chosen::support): sum b s squared over
/// sum (b s)^2 is the number of functions that an estimate rests on, and a ratio that rests on one or two is
/// chance. Where a function is better at x than at every candidate, its optimum is at x and not where it was
/// found among them: a_i(x) = (1 - h) a_i + h a_i', h = sigmoid((f_i(x) - optimum_i) / temperature), a_i' the
/// weight with the claims about the place asked at x. Without that, candidates, which are few in many
/// dimensions, would hide from a claim what it says about x. Adding it to the closed-form log EI keeps that
/// one's tails, and equal weights leave it exactly alone.
struct BeliefFactor {
    std::shared_ptr<const BeliefModel::Chosen> chosen;
    WeightScale scale;
    /// None: no claim is about the place, or weights are those of the functions before the data.
    PlaceFit placeFit;
    bool maximise = false;
    Eigen::VectorXd best;     ///< to improve on, of each function, model units
    Eigen::VectorXd optimum;  ///< of each function, open settings included
    Eigen::VectorXd weighted; ///< a_i, open settings included
    double temperature = 0.1; ///< model units, > 0

    /// A setting whose outcome is open: each function is to be improved on from its own value there on, where
    /// that is the better one (as in the expected improvement of a batch), and its optimum may be there.
    void believe(const Eigen::RowVectorXd& features);

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
};

/// `best`: to improve on, model units. The temperature is a fifth of the median spread of the functions over
/// the candidates.
[[nodiscard]] BeliefFactor makeBeliefFactor(const BeliefModel& model, const FeatureRows& rows, double best,
                                            std::uint64_t seed, PlaceFit placeFit = {});

} // namespace alidade
