#include "surrogate/outcome_model.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr Eigen::Index kEnoughForChoices = 8;
constexpr double kEvidenceForWarping = 3.0;
constexpr Eigen::Index kChosenOn = 120; ///< outcomes that decide between models; the winner sees all
constexpr int kPolishIterations = 12;

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

struct Candidate {
    OutcomeTransform transform;
    FitOptions options;
    FitReport report;
    double score = 0.0; ///< log density of the outcomes in the user's units

    /// `raw` has outcomes and noise variances in the user's units.
    [[nodiscard]] GpData data(const GpData& raw) const {
        GpData result = raw;
        result.y = raw.y.unaryExpr([&](double outcome) { return transform.toModel(outcome); });
        if (raw.extraNoise.size() != 0) {
            const Eigen::VectorXd slopes =
                raw.y.unaryExpr([&](double outcome) { return transform.slope(outcome); });
            result.extraNoise = raw.extraNoise.cwiseProduct(slopes.cwiseAbs2());
        }
        return result;
    }
};

} // namespace

Result<OutcomeModel> fitOutcomeModel(const Eigen::MatrixXd& features, const ColumnGroups& groups,
                                     const Eigen::VectorXd& outcomes, const Eigen::VectorXd& noise,
                                     const OutcomeModelOptions& options, const Monitor& monitor) {
    if (outcomes.size() == 0 || features.rows() != outcomes.size() ||
        (noise.size() != 0 && noise.size() != outcomes.size()))
        return makeError(ErrorCode::InvalidArgument,
                         "a model needs at least one outcome and as many points and noise variances");
    const GpData all{features, outcomes, groups, noise};
    const GpData some = evenSubset(all, kChosenOn);
    const auto attempt = [&](Candidate candidate) -> Result<Candidate> {
        ALIDADE_ASSIGN(candidate.report,
                       fitHyperparameters(candidate.data(some), candidate.options, monitor));
        candidate.score = candidate.report.logPosterior;
        for (const double outcome : some.y)
            candidate.score += std::log(candidate.transform.slope(outcome));
        return candidate;
    };
    Candidate plain;
    plain.transform = standardised({}, outcomes);
    plain.options.seed = options.seed;
    plain.options.threads = options.threads;
    ALIDADE_ASSIGN(Candidate best, attempt(plain));

    const bool choices = outcomes.size() >= kEnoughForChoices && outcomes.maxCoeff() > outcomes.minCoeff();
    const auto consider = [&](Candidate candidate, double margin) {
        if (monitor.stopRequested())
            return false;
        candidate.options.start = best.report.hyper;
        candidate.options.restarts = 1;
        candidate.options.standardStarts = false;
        auto tried = attempt(std::move(candidate));
        if (!tried || !(tried->score > best.score + margin))
            return false;
        best = std::move(tried).value();
        return true;
    };
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
            warped.transform = standardised(warped.transform, outcomes);
            if (!consider(std::move(warped), best.transform.warped() ? 0.0 : kEvidenceForWarping))
                break;
        }
    }
    GpData data = best.data(all);
    if (some.y.size() < all.y.size()) {
        FitOptions polish = best.options;
        polish.start = best.report.hyper;
        polish.restarts = 0;
        polish.standardStarts = false;
        polish.maximumIterations = kPolishIterations;
        auto polished = fitHyperparameters(data, polish, monitor);
        if (polished)
            best.report = std::move(polished).value();
        else if (polished.error().code != ErrorCode::Cancelled)
            return std::move(polished).error();
        best.report.stopped = monitor.stopRequested();
    }
    ALIDADE_ASSIGN(GaussianProcess process,
                   GaussianProcess::condition(std::move(data), best.options.family, best.report.hyper));
    return OutcomeModel{std::move(process), best.transform, best.report};
}

} // namespace alidade
