#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "study/source_study.h"

#include <Eigen/Core>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

class AcquisitionTarget;

struct ModelOptions {
    std::size_t threads = 0; ///< 0 = all cores; results do not depend on it
    /// Earlier studies to learn from, as readSources() gives them; null: none.
    std::shared_ptr<const SourceStudies> sources = nullptr;
    bool averaged = false; ///< over draws of the hyper-parameters, even where the strategy does not say so
};

struct GpPrediction;
struct Relatedness;

/// Latent (noise-free) prediction in the user's units; one entry per point. Where the outcomes are modelled
/// on a scale of their own, `mean` is the median, and the standard deviation half the way between its image
/// one up and one down.
struct Prediction {
    Eigen::VectorXd mean;
    Eigen::VectorXd standardDeviation;
    Eigen::VectorXd
        low{}; ///< central 95 % interval, not symmetric where the outcomes are modelled on a scale
    Eigen::VectorXd high{};
};

/// What was fitted for one measure, for display.
struct MeasureModelInfo {
    MeasureId measure;
    std::size_t observations = 0;
    std::size_t slopes = 0;        ///< measured ones that the model learns from
    std::size_t slopesLeftOut = 0; ///< and others, which would make it too slow
    double noiseSd = 0.0;          ///< user's units
    double signalSd = 0.0;         ///< user's units
    double logMarginalLikelihood = 0.0;
    std::size_t draws =
        0; ///< of hyper-parameters that predictions are averaged over; 0: the most probable ones
    std::vector<std::pair<std::string, double>> lengthScales; ///< per coordinate label, on the unit cube
    std::vector<std::string> warnings;
};

enum class AcquisitionKind {
    LogEi,
    Ei,
    Pi,
    LogPi,
    Ucb,
    Feasibility,
    LogNei,
    Kg,
    Mes,
    Jes,
    Pes,
    Thompson,
    EiPerSecond
};
[[nodiscard]] std::string_view acquisitionName(AcquisitionKind kind);
[[nodiscard]] std::optional<AcquisitionKind> parseAcquisition(std::string_view name);
[[nodiscard]] std::vector<std::string> acquisitionNames();
/// Its values are natural logarithms: little is worth seeing far below the largest.
[[nodiscard]] bool isLogarithm(AcquisitionKind kind);

/// Models of all measures of a study, fitted at one moment. Immutable; cheap to copy; safe to share between
/// threads. Deterministic for (study, version).
class StudyModel {
public:
    struct State;

    /// Fits a Gaussian process per measure (needs >= 2 finite measurements of each objective, else
    /// InvalidArgument saying how many are missing) and the chance of failure when trials failed.
    [[nodiscard]] static Result<StudyModel> fit(const Study& study, const ModelOptions& options = {},
                                                const Monitor& monitor = {});

    /// This model for a study that differs from the fitted one in nothing that a fit depends on: only in its
    /// beliefs and how they are used, its name and notes, or its runner. O(n^2), no search: an edit of a
    /// belief costs no fit. Nothing when trials, space, measures, seed, the rest of the strategy or the
    /// content of the sources differ.
    [[nodiscard]] std::optional<StudyModel>
    reusedFor(const Study& study, const std::shared_ptr<const SourceStudies>& sources = nullptr) const;

    [[nodiscard]] Result<Prediction> predict(MeasureId measure, const std::vector<Setting>& settings) const;
    /// Whether the objective is averaged over conditions of use.
    [[nodiscard]] bool averages() const;
    /// The same of the average over the study's conditions, whatever those of the settings are; predict()
    /// where nothing is averaged.
    [[nodiscard]] Result<Prediction> predictAverage(MeasureId measure,
                                                    const std::vector<Setting>& settings) const;
    /// Probability that a trial there neither fails nor violates a limit, in [0, 1].
    [[nodiscard]] Eigen::VectorXd feasibility(const std::vector<Setting>& settings) const;
    /// Acquisition over settings, in the direction "larger is better", except Ucb and Thompson (in the user's
    /// units: the bound itself, lower for minimize, and one sample function). Logarithms of Ei in the user's
    /// units (LogEi), of the standardised improvement integrated over the incumbent (LogNei), of the
    /// standardised knowledge gradient (Kg), of information in nat (Mes, Jes, Pes), of Ei per unit of cost
    /// (EiPerSecond). Chances of success and limits are left out. The last six cost some searches at the
    /// first call, remembered then. With several objectives: of the scalarisation the next
    /// suggestion would use, but Ei and LogEi of what it is chosen by where that is the hypervolume (model
    /// units) or the overall desirability; Pi, LogPi and Ucb are then errors (InvalidArgument). `beta` is the
    /// squared factor of the standard deviation, for Ucb. Where the study averages over conditions, Ei and
    /// LogEi are of the average, Pi, LogPi and Ucb of the settings under their own conditions, and the last
    /// six are errors.
    [[nodiscard]] Result<Eigen::VectorXd>
    acquisition(AcquisitionKind kind, const std::vector<Setting>& settings, double beta = 4.0) const;
    [[nodiscard]] const std::vector<MeasureModelInfo>& info() const;
    /// What the earlier studies tell, one entry per measure that has a model and source, in this order.
    [[nodiscard]] const std::vector<Relatedness>& related() const;
    /// The feasible measured setting with the best posterior mean (single objective), on the average over the
    /// study's conditions, or with the most desirable one where a value or a range is wanted; empty if none.
    /// O(n^3) at the first call, remembered then.
    [[nodiscard]] std::optional<TrialId> bestTrial() const;

    [[nodiscard]] const std::shared_ptr<const State>& state() const { return m_state; }

private:
    [[nodiscard]] std::optional<TrialId> findBest() const;
    [[nodiscard]] Result<std::shared_ptr<const AcquisitionTarget>> targetFor(Method method) const;

    std::shared_ptr<const State> m_state;
};

} // namespace alidade
