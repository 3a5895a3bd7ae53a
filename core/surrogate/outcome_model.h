#pragma once

#include "base/goal.h"
#include "surrogate/fit.h"
#include "surrogate/outcome_transform.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// A model that was compared with the one of the outcome as measured.
struct ConsideredModel {
    std::string name;         ///< an English phrase, such as "a logarithmic scale"
    double logEvidence = 0.0; ///< log density of the outcomes minus that of the plain model
};

/// A fitted process of one outcome together with the transform of its outcomes.
struct OutcomeModel {
    GaussianProcess process;
    OutcomeTransform transform;
    FitReport fit;
    double evidenceForTransform = 0.0; ///< as ConsideredModel::logEvidence; 0 without warping
    std::vector<ConsideredModel> considered = {};
    /// Observations that have a noise of their own because they contradict the others; only when asked for.
    std::vector<Eigen::Index> downWeighted = {};
    /// How many of the first observations are the study's own; the rest came from other studies. Nothing:
    /// all.
    std::optional<Eigen::Index> ownObservations = {};
    /// The same data seen with hyper-parameters drawn from their posterior, each as likely as the others;
    /// empty unless asked for.
    std::vector<GaussianProcess> draws = {};

    /// Of the latent function, model units, at the rows of `points`: of `process`, or of the mixture of the
    /// draws (its mean, and its variance by the law of total variance).
    [[nodiscard]] GpPrediction predict(const Eigen::MatrixXd& points) const;

    [[nodiscard]] Eigen::Index own() const { return ownObservations.value_or(process.data().y.size()); }
    [[nodiscard]] double toModel(double outcome) const { return transform.toModel(outcome); }
    [[nodiscard]] double toUser(double modelled) const { return transform.toUser(modelled); }
};

struct OutcomeModelOptions {
    std::uint64_t seed = 0;
    std::size_t threads = 1;
    /// Which end of the outcomes matters most; nothing: outcomes are never warped.
    std::optional<Goal> goal;
    /// Let the data decide between kernels; false: Matern 5/2.
    bool chooseKernel = false;
    /// Consider logarithms and Yeo & Johnson's power transform besides asinh.
    bool allTransforms = false;
    /// Give observations that contradict all others a noise of their own (pursueOutliers()).
    bool robust = false;
    /// Predict locally above 1,000 outcomes. Not for acquisitions that solve with all observations at once.
    bool local = false;
    /// Hyper-parameters that suit these outcomes already: the search goes on from them instead of from
    /// several starts. As many length scales as there are groups.
    std::optional<Hyperparameters> start = std::nullopt;
    /// Draws of hyper-parameters, 0 for none. From above 200 outcomes an evenly spread subset decides on
    /// them; there are none above 500.
    std::size_t draws = 0;
};

/// Standardises the outcomes (n, finite, user's units), fits a Gaussian process, and keeps the kernel and the
/// warping that explain the outcomes best: the largest posterior density of hyper-parameters including the
/// Jacobian of the transform; with a goal, of the other outcomes given the best one, which is where asinh is
/// anchored: its own density would grow without bound as the width shrinks. Warping and other kernels are
/// only considered with 8 or more outcomes, and a warped model must be better by a factor of e^3. Above 120
/// outcomes the choice and the search from several starts use an evenly spread subset, and the winner is
/// polished on all of them, at most an evenly spread 300. Above 1,000 outcomes the posterior is local (64
/// neighbours) when `options.local` allows it. `raw` has features, outcomes and, in the user's units squared,
/// known noise variances, if any. Measured differences count at the slope of the transform at their outcome.
/// Errors as fitHyperparameters().
[[nodiscard]] Result<OutcomeModel> fitOutcomeModel(const GpData& raw, const OutcomeModelOptions& options,
                                                   const Monitor& monitor = {});

} // namespace alidade
