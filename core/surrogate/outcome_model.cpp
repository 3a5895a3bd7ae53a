#include "surrogate/outcome_model.h"

#include "surrogate/hyper_sampling.h"
#include "surrogate/outlier_pursuit.h"
#include "surrogate/sized_posterior.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

constexpr Eigen::Index kEnoughForChoices = 8;
constexpr double kEvidenceForWarping = 3.0;
constexpr Eigen::Index kChosenOn = 120; ///< outcomes that decide between models; the winner sees all
constexpr int kPolishIterations = 15;
// Hyper-parameters of thousands of outcomes are as well known from some hundreds.
constexpr Eigen::Index kPolishedOn = 300;
constexpr Eigen::Index kMostAveraged = 500;
constexpr Eigen::Index kDrawnFrom = 200;   ///< outcomes that draws of hyper-parameters are made from
constexpr int kAlternativeIterations = 25; ///< from the hyper-parameters of the best model so far
constexpr double kHopeless = 6.0;  ///< behind the best model by more after some steps: it will not catch up
constexpr double kBalanced = 0.05; ///< a power nearer to 1 than this is not worth a comparison

/// Centre and scale that give the transformed outcomes mean 0 and variance 1.
OutcomeTransform standardised(OutcomeTransform transform, const Eigen::VectorXd& outcomes) {
    transform.center = 0.0;
    transform.scale = 1.0;
    const Eigen::VectorXd mapped =
        outcomes.unaryExpr([&](double outcome) { return transform.toModel(outcome); });
    // Divided by the largest magnitude first, so that squares neither overflow nor underflow.
    const double largest = mapped.cwiseAbs().maxCoeff();
    if (!(largest > 0.0))
        return transform;
    const Eigen::VectorXd relative = mapped / largest;
    const double variance = (relative.array() - relative.mean()).square().mean();
    transform.center = largest * relative.mean();
    if (variance > 0.0 && largest * std::sqrt(variance) > 0.0)
        transform.scale = largest * std::sqrt(variance);
    return transform;
}

std::optional<Eigen::Index> bestOutcome(const Eigen::VectorXd& outcomes, std::optional<Goal> goal) {
    if (!goal)
        return std::nullopt;
    Eigen::Index best = 0;
    if (*goal == Goal::Maximize)
        outcomes.maxCoeff(&best);
    else
        outcomes.minCoeff(&best);
    return best;
}

/// Log density of one outcome by itself.
double logMarginal(const GpData& data, const Hyperparameters& hyper, Eigen::Index i) {
    const double variance =
        hyper.outputVariance + hyper.noiseVariance + (data.extraNoise.size() == 0 ? 0.0 : data.extraNoise(i));
    const double difference = data.y(i) - hyper.mean;
    return -0.5 * (difference * difference / variance + std::log(2.0 * std::numbers::pi * variance));
}

struct Candidate {
    OutcomeTransform transform;
    FitOptions options;
    FitReport report;
    double score = 0.0; ///< log density of the outcomes in the user's units, see fitOutcomeModel()

    /// `raw` has outcomes and noise variances in the user's units.
    [[nodiscard]] GpData data(const GpData& raw) const {
        GpData result = raw;
        result.y = raw.y.unaryExpr([&](double outcome) { return transform.toModel(outcome); });
        if (raw.extraNoise.size() != 0) {
            const Eigen::VectorXd slopes =
                raw.y.unaryExpr([&](double outcome) { return transform.slope(outcome); });
            result.extraNoise = raw.extraNoise.cwiseProduct(slopes.cwiseAbs2());
        }
        Differences& differences = result.differences;
        for (Eigen::Index i = 0; i < differences.size(); ++i) {
            const double slope = transform.slope(raw.y(differences.owner[static_cast<std::size_t>(i)]));
            differences.value(i) *= slope;
            if (differences.noise.size() != 0)
                differences.noise(i) *= slope * slope;
        }
        return result;
    }
};

} // namespace

GpPrediction OutcomeModel::predict(const Eigen::MatrixXd& points) const {
    if (draws.empty())
        return process.predict(points);
    // Running mean and sum of squared deviations over the means (Welford), so that nothing cancels.
    GpPrediction mixture{Eigen::VectorXd::Zero(points.rows()), Eigen::VectorXd::Zero(points.rows())};
    Eigen::VectorXd deviations = Eigen::VectorXd::Zero(points.rows());
    double count = 0.0;
    for (const GaussianProcess& draw : draws) {
        const GpPrediction part = draw.predict(points);
        count += 1.0;
        const Eigen::VectorXd difference = part.mean - mixture.mean;
        mixture.mean += difference / count;
        deviations += difference.cwiseProduct(part.mean - mixture.mean);
        mixture.variance += part.variance;
    }
    mixture.variance = (mixture.variance + deviations) / count;
    return mixture;
}

Result<OutcomeModel> fitOutcomeModel(const GpData& raw, const OutcomeModelOptions& options,
                                     const Monitor& monitor) {
    const Eigen::VectorXd& outcomes = raw.y;
    if (outcomes.size() == 0 || raw.x.rows() != outcomes.size() ||
        (raw.extraNoise.size() != 0 && raw.extraNoise.size() != outcomes.size()))
        return makeError(ErrorCode::InvalidArgument,
                         "a model needs at least one outcome and as many points and noise variances");
    const GpData some = evenSubset(raw, kChosenOn);
    // The best outcome, which a scale may begin at, says nothing for that scale.
    const std::optional<Eigen::Index> given = bestOutcome(some.y, options.goal);
    const auto logJacobian = [&](const OutcomeTransform& transform) {
        double sum = 0.0;
        for (Eigen::Index i = 0; i < some.y.size(); ++i)
            sum += i == given ? 0.0 : std::log(transform.slope(some.y(i)));
        for (const Eigen::Index owner : some.differences.owner)
            sum += std::log(transform.slope(some.y(owner)));
        return sum;
    };
    const auto attempt = [&](Candidate candidate) -> Result<Candidate> {
        const GpData data = candidate.data(some);
        ALIDADE_ASSIGN(candidate.report, fitHyperparameters(data, candidate.options, monitor));
        candidate.score = candidate.report.logPosterior + logJacobian(candidate.transform);
        if (given)
            candidate.score -= logMarginal(data, candidate.report.hyper, *given);
        return candidate;
    };
    Candidate plain;
    plain.transform = standardised({}, outcomes);
    plain.options.seed = options.seed;
    plain.options.threads = options.threads;
    if (options.start) {
        plain.options.start = options.start;
        plain.options.restarts = 0;
        plain.options.standardStarts = false;
        plain.options.maximumIterations = kPolishIterations;
    }
    ALIDADE_ASSIGN(Candidate best, attempt(plain));

    const double plainScore = best.score;
    std::vector<ConsideredModel> considered;

    const bool choices = outcomes.size() >= kEnoughForChoices && outcomes.maxCoeff() > outcomes.minCoeff();
    const auto consider = [&](Candidate candidate, double margin) {
        if (monitor.stopRequested())
            return false;
        candidate.options.start = best.report.hyper;
        candidate.options.restarts = 0;
        candidate.options.standardStarts = false;
        candidate.options.maximumIterations = kAlternativeIterations;
        candidate.options.hopeful = best.score - kHopeless - logJacobian(candidate.transform);
        if (given) // as unlikely by itself as among standardised outcomes
            candidate.options.hopeful +=
                logMarginal(candidate.data(some), Hyperparameters{{}, 1.0, 0.0, 0.0}, *given);
        auto tried = attempt(std::move(candidate));
        if (!tried)
            return false;
        const std::string name = tried->transform.warped()
                                     ? transformName(tried->transform)
                                     : std::string(kernelName(tried->options.family)) + " kernel";
        considered.push_back({name, tried->score - plainScore});
        if (!(tried->score > best.score + margin))
            return false;
        best = std::move(tried).value();
        best.options.hopeful = FitOptions{}.hopeful; // was for these data only
        return true;
    };
    const auto margin = [&] { return best.transform.warped() ? 0.0 : kEvidenceForWarping; };
    if (choices && options.chooseKernel) {
        Candidate smooth = best;
        smooth.options.family = KernelFamily::Rbf;
        consider(std::move(smooth), 0.0);
    }
    if (choices && options.goal) {
        const double low = outcomes.minCoeff();
        const double high = outcomes.maxCoeff();
        for (const double share : {0.1, 0.01, 1e-3, 1e-4}) {
            Candidate warped = best;
            warped.transform = OutcomeTransform{};
            warped.transform.anchor = *options.goal == Goal::Maximize ? high : low;
            warped.transform.width = share * high - share * low;
            // With the best outcome alone on the straight part, the scale would only set it apart.
            if (((outcomes.array() - warped.transform.anchor).abs() <= warped.transform.width).count() < 2)
                break;
            warped.transform = standardised(warped.transform, outcomes);
            if (!consider(std::move(warped), margin()))
                break;
        }
        if (options.allTransforms && low > 0.0) {
            Candidate warped = best;
            warped.transform = OutcomeTransform{};
            warped.transform.width = 1.0;
            warped.transform.shape = OutcomeTransform::Shape::Log;
            warped.transform = standardised(warped.transform, outcomes);
            consider(std::move(warped), margin());
        }
        const double spread = plain.transform.scale;
        const double lambda =
            options.allTransforms ? yeoJohnsonLambda(outcomes, plain.transform.center, spread) : 1.0;
        if (std::abs(lambda - 1.0) > kBalanced) {
            Candidate warped = best;
            warped.transform = OutcomeTransform{};
            warped.transform.anchor = plain.transform.center;
            warped.transform.width = spread;
            warped.transform.shape = OutcomeTransform::Shape::YeoJohnson;
            warped.transform.lambda = lambda;
            warped.transform = standardised(warped.transform, outcomes);
            consider(std::move(warped), margin());
        }
    }
    GpData data = best.data(raw);
    if (some.y.size() < raw.y.size()) {
        const GpData polishing = evenSubset(data, kPolishedOn);
        FitOptions polish = best.options;
        polish.start = best.report.hyper;
        polish.restarts = 0;
        polish.standardStarts = false;
        polish.maximumIterations = kPolishIterations;
        auto polished = fitHyperparameters(polishing, polish, monitor);
        if (polished)
            best.report = std::move(polished).value();
        else if (polished.error().code != ErrorCode::Cancelled)
            return std::move(polished).error();
        best.report.stopped = monitor.stopRequested();
    }
    std::vector<Eigen::Index> downWeighted;
    if (choices && options.robust && data.y.size() <= kPolishedOn && !monitor.stopRequested()) {
        ALIDADE_ASSIGN(OutlierReport outliers, pursueOutliers(data, best.report, best.options, monitor));
        if (!outliers.rows.empty()) {
            if (data.extraNoise.size() == 0)
                data.extraNoise = Eigen::VectorXd::Zero(data.y.size());
            data.extraNoise += outliers.variance;
            best.report = std::move(outliers.fit);
            downWeighted = std::move(outliers.rows);
        }
    }
    std::vector<GaussianProcess> draws;
    if (options.draws > 0 && data.y.size() <= kMostAveraged) {
        HyperSamplingOptions sampling;
        sampling.draws = options.draws;
        sampling.seed = options.seed;
        sampling.threads = options.threads;
        ALIDADE_ASSIGN(const std::vector<Hyperparameters> hypers,
                       sampleHyperparameters(evenSubset(data, kDrawnFrom), best.options, best.report.hyper,
                                             sampling, monitor));
        for (const Hyperparameters& hyper : hypers) {
            ALIDADE_ASSIGN(GaussianProcess draw,
                           GaussianProcess::condition(data, best.options.family, hyper));
            draws.push_back(std::move(draw));
        }
    }
    const auto condition = options.local ? conditionedBySize : GaussianProcess::condition;
    ALIDADE_ASSIGN(GaussianProcess process,
                   condition(std::move(data), best.options.family, best.report.hyper));
    const double evidence = best.transform.warped() ? best.score - plainScore : 0.0;
    return OutcomeModel{std::move(process),    best.transform,          best.report, evidence,
                        std::move(considered), std::move(downWeighted), {},          std::move(draws)};
}

} // namespace alidade
