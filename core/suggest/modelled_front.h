#pragma once

#include "base/monitor.h"
#include "pareto/objectives.h"
#include "suggest/study_model.h"

#include <cstdint>
#include <vector>

namespace alidade {

struct ModelledFrontOptions {
    std::size_t paths = 64;        ///< sample functions of each objective, >= 2
    std::size_t candidates = 1024; ///< settings at which they are looked at, before refinement
    int refinements = 6;           ///< rounds of new settings near the front of the means
    /// Shares of the sampled fronts for the band (two objectives), each in (0, 1).
    std::vector<double> levels{0.1, 0.5, 0.9};
    std::uint64_t seed = 0;
};

/// What the models believe the whole front to be, not only where trials were made. User's units and
/// directions throughout; objectives in the study's order.
struct ModelledFront {
    /// Pareto set of the predicted means over all looked-at settings that succeed within all limits more
    /// likely than not, sorted by the first objective.
    std::vector<Setting> settings;
    ObjectiveMatrix means;      ///< k x m
    ObjectiveMatrix deviations; ///< k x m

    /// Two objectives: the best points that at least this share of the sampled fronts reaches, sorted by the
    /// first objective. Small shares are the optimistic edge of the band, large ones the cautious edge.
    struct Level {
        double share = 0.0;
        ObjectiveMatrix points;
    };
    std::vector<Level> band;

    /// Hypervolume of the sampled fronts up to `reference`; compare with that of the measured front.
    std::vector<double> reference;
    double hypervolumeMean = 0.0;
    double hypervolumeDeviation = 0.0;
};

/// Draws posterior sample functions of every objective (latent, without noise) and finds the Pareto set of
/// each over the same settings: a Sobol sample of the space, the measured settings, and settings near the
/// front of the means. `reference` has one value per objective in the user's units and direction.
/// Deterministic for its arguments. Errors: InvalidArgument (fewer than two objectives, options, reference),
/// Infeasible, Cancelled.
[[nodiscard]] Result<ModelledFront> modelledFront(const StudyModel& model,
                                                  const std::vector<double>& reference,
                                                  const ModelledFrontOptions& options = {},
                                                  const Monitor& monitor = {});

/// Settings of the pending and running trials that the model knows.
[[nodiscard]] std::vector<Setting> pendingSettings(const StudyModel& model);

/// What measuring some settings is expected to add to the dominated hypervolume.
struct HypervolumeGain {
    double value = 0.0;         ///< expected, product of the objectives' units
    double standardError = 0.0; ///< of the sampling, as if independent
    double probability = 0.0;   ///< that anything is gained
    std::vector<double> alone;  ///< expected for each setting by itself
};
/// Monte Carlo over joint posterior samples at the feasible measured settings and the new ones, so that
/// neither the noise of the front nor what the new settings share is forgotten. A new setting adds something
/// only with its probability to succeed within all limits. Errors: InvalidArgument (no setting, fewer than
/// two objectives, reference), Numerical, Cancelled.
[[nodiscard]] Result<HypervolumeGain> expectedHypervolumeGain(const StudyModel& model,
                                                              const std::vector<Setting>& settings,
                                                              const std::vector<double>& reference,
                                                              int samples = 256, const Monitor& monitor = {});

} // namespace alidade
