#pragma once

#include "base/monitor.h"
#include "suggest/model_state.h"
#include "suggest/score.h"

#include <string>

namespace alidade {

/// The method that a study uses for the next suggestions, and why, as the end of a sentence ("because ...");
/// empty where the user chose it.
struct MethodChoice {
    Method method = Method::LogEi;
    std::string why;
    bool local = false; ///< chosen because other methods need all results at once, and there are too many
};

/// What `auto` picks by the study's properties: the number of objectives and of dimensions, whether the space
/// is finite, a named cost, the fitted or given noise, and how many outcomes are pending or asked for at once
/// (`batch`). Any other method is returned as it is.
[[nodiscard]] MethodChoice chosenMethod(const StudyModel::State& state, std::size_t batch);

/// Whether `auto` averages over hyper-parameters for `batch` suggestions although the strategy does not say
/// so: when several outcomes are unknown at once. Their settings are chosen without seeing each other's
/// results, so an error of one fit would cost all of them.
[[nodiscard]] bool averagesBatch(const Study& study, std::size_t batch);

/// The cost that expected improvement per second divides by: the measure that the strategy names, else one
/// whose unit is seconds, else the time that trials took. `process` predicts the natural logarithm.
struct CostModel {
    GaussianProcess process;
    std::string name; ///< "seconds", "time taken"
    std::string unit;
};
/// Errors: InvalidArgument (no such measure, or fewer than 2 trials with a positive cost), as
/// fitHyperparameters().
[[nodiscard]] Result<CostModel> fitCost(const StudyModel::State& state, const Monitor& monitor);

/// Share of the division by cost that is left: 1 at the first model-based suggestion, 0 at the last trial of
/// the budget (2003.10870); 1 without a budget.
[[nodiscard]] double costCooling(const StudyModel::State& state);

/// One modelled outcome to be improved on.
struct ScoreRequest {
    std::shared_ptr<const StudyModel::State> state;
    const OutcomeModel* model = nullptr;
    bool maximise = false;
    double best = 0.0; ///< incumbent's posterior mean, model units
    std::uint64_t index = 0;
    std::size_t threads = 0;
    std::size_t draw = 0; ///< of the hyper-parameters, that `model` has: samples differ from draw to draw
    std::size_t optima = 16;
    std::size_t incumbents = 128; ///< samples of what the incumbent may be worth
};
/// What `method` rates settings by (exploiting and exploring methods: the exploiting part); averaged over the
/// model's draws of hyper-parameters where it has any. Deterministic.
/// Errors: those of the models; Cancelled.
[[nodiscard]] Result<Score> makeScore(Method method, const ScoreRequest& request, const Monitor& monitor);

} // namespace alidade
