#pragma once

#include "acquisition/entropy_search.h"
#include "acquisition/knowledge_gradient.h"
#include "acquisition/predictive_entropy.h"
#include "acquisition/sampled_improvement.h"
#include "suggest/desirability_score.h"
#include "suggest/ehvi_score.h"
#include "surrogate/integrated_posterior.h"
#include "surrogate/pathwise.h"

#include <memory>
#include <variant>
#include <vector>

namespace alidade {

/// What a suggestion is chosen by, before the chances of success and of each limit are added. Scores are
/// plain structs with the same three members, visited once per call; larger is better. All work on feature
/// rows and in model units:
///   Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
///   double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;  (by feature column)
///   void believe(const Eigen::RowVectorXd& features);  takes a setting into account whose outcome is pending

/// Nothing to improve on yet: only the chances count.
struct NoScore {
    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd&) {}
};

/// Log expected improvement of one modelled outcome. A pending outcome is believed at the predicted mean.
struct ImprovementScore {
    GaussianProcess process;
    bool maximise = false;
    double best = 0.0; ///< model units

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

/// Log probability of improving on `best` by `margin` at least. Pending outcomes as above.
struct ProbabilityScore {
    GaussianProcess process;
    bool maximise = false;
    double best = 0.0;
    double margin = 0.0; ///< model units, >= 0

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

/// Mean plus sqrt(beta) standard deviations, towards better; beta = 0 is the mean alone.
struct BoundScore {
    GaussianProcess process;
    bool maximise = false;
    double beta = 4.0;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

/// Log expected improvement over sampled incumbents and pending outcomes: noisy and batch log EI. A pending
/// point becomes one anchor more, so that what it may turn out to be is integrated over.
struct SampledImprovementScore {
    SampledImprovement improvement;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const {
        return improvement.logValues(features);
    }
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
        return improvement.logValue(features, gradient);
    }
    void believe(const Eigen::RowVectorXd& features);
};

/// Log knowledge gradient: over continuous parameters where the gain knows them, but over its candidates
/// alone, a lower bound, where many settings are rated at once to find the promising ones.
struct KnowledgeScore {
    KnowledgeGradient gain;
    bool maximise = false;
    double noiseVariance = 0.0;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
        return gain.continuousLogValue(features, gradient);
    }
    void believe(const Eigen::RowVectorXd& features);
};

/// Log information about the optimal value.
struct MaxValueScore {
    MaxValueEntropy entropy;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const {
        return entropy.logValues(features);
    }
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
        return entropy.logValue(features, gradient);
    }
    void believe(const Eigen::RowVectorXd& features);
};

/// Log information about the optimum and its value.
struct JointEntropyScore {
    JointEntropy entropy;
    bool maximise = false;
    double noiseVariance = 0.0;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const {
        return entropy.logValues(features);
    }
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
        return entropy.logValue(features, gradient);
    }
    void believe(const Eigen::RowVectorXd& features);
};

/// Log information about the place of the optimum.
struct PredictiveEntropyScore {
    PredictiveEntropy entropy;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const {
        return entropy.logValues(features);
    }
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
        return entropy.logValue(features, gradient);
    }
    void believe(const Eigen::RowVectorXd& features);
};

/// One sample function of the posterior (Thompson sampling): its own optimum is the next setting. After each
/// chosen setting another sample function takes its place.
struct PathScore {
    std::shared_ptr<const PathwiseSamples> paths;
    std::size_t path = 0;
    bool maximise = false;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd&) { path = (path + 1) % paths->count(); }
};

/// Log expected improvement less `cooling` times the predicted log cost: expected improvement per unit of
/// cost at cooling 1, plain expected improvement at 0.
struct CostAwareScore {
    ImprovementScore improvement;
    GaussianProcess logCost; ///< natural logarithm of the cost, its own units
    double cooling = 1.0;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features) { improvement.believe(features); }
};

/// The predicted mean itself, or its negative to minimise: what to choose rather than what to learn from.
struct MeanScore {
    GaussianProcess process;
    bool maximise = false;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd&) {}
};

/// Log expected improvement of the average over the conditions: the conditions of a setting do not count.
struct AverageImprovementScore {
    IntegratedPosterior average;
    bool maximise = false;
    double best = 0.0; ///< best average at a measured setting, model units

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

/// The mean of that average itself, as MeanScore.
struct AverageMeanScore {
    IntegratedPosterior average;
    bool maximise = false;

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd&) {}
};

struct AnyScore;

/// Scores of one kind, each from other hyper-parameters of the models, averaged: the logarithm of the mean of
/// exponentials where scores are logarithms, the mean where they are in the outcome's units, or one after the
/// other, a next one after each chosen setting, where each is a random choice already.
struct MixtureScore {
    enum class Averaging { LogMean, Mean, Alternate };

    std::vector<AnyScore> parts; ///< at least one
    Averaging averaging = Averaging::LogMean;
    std::size_t current = 0; ///< of Alternate

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

using Score = std::variant<NoScore, ImprovementScore, ProbabilityScore, BoundScore, SampledImprovementScore,
                           KnowledgeScore, MaxValueScore, JointEntropyScore, PredictiveEntropyScore,
                           PathScore, CostAwareScore, EhviScore, DesirabilityScore, MeanScore,
                           AverageImprovementScore, AverageMeanScore, MixtureScore>;

struct AnyScore {
    Score score;
};

/// The posterior with one pending observation at its predicted mean.
[[nodiscard]] GaussianProcess believed(const GaussianProcess& process, const Eigen::RowVectorXd& features);

/// log(mean(exp(values))) of at least one value, and its derivatives in `shares`: without overflow; -inf,
/// with shares 0, where all are.
[[nodiscard]] double logMeanExp(const Eigen::VectorXd& values, Eigen::VectorXd& shares);

} // namespace alidade
