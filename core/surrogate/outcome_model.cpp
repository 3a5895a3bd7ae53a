#include "surrogate/outcome_model.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr Eigen::Index kEnoughForChoices = 8;
constexpr double kEvidenceForWarping = 3.0;

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

    [[nodiscard]] GpData data(const Eigen::MatrixXd& features, const ColumnGroups& groups,
                              const Eigen::VectorXd& outcomes, const Eigen::VectorXd& noise) const {
        GpData result;
        result.x = features;
        result.y = outcomes.unaryExpr([&](double outcome) { return transform.toModel(outcome); });
        result.groups = groups;
        if (noise.size() != 0) {
            const Eigen::VectorXd slopes =
                outcomes.unaryExpr([&](double outcome) { return transform.slope(outcome); });
            result.extraNoise = noise.cwiseProduct(slopes.cwiseAbs2());
        }
        return result;
    }
};

} // namespace

Result<OutcomeModel> fitOutcomeModel(const Eigen::MatrixXd& features, const ColumnGroups& groups,
                                     const Eigen::VectorXd& outcomes, const Eigen::VectorXd& noise,
                                     const OutcomeModelOptions& options, const Monitor& monitor) {
    const auto attempt = [&](Candidate candidate) -> Result<Candidate> {
        const GpData data = candidate.data(features, groups, outcomes, noise);
        ALIDADE_ASSIGN(candidate.report, fitHyperparameters(data, candidate.options, monitor));
        candidate.score = candidate.report.logPosterior;
        for (const double outcome : outcomes)
            candidate.score += std::log(candidate.transform.slope(outcome));
        return candidate;
    };
    Candidate plain;
    plain.transform = standardised({}, outcomes);
    plain.options.seed = options.seed;
    plain.options.threads = options.threads;
    plain.options.restarts = outcomes.size() <= 120 ? 4 : 2;
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
    ALIDADE_ASSIGN(GaussianProcess process,
                   GaussianProcess::condition(best.data(features, groups, outcomes, noise),
                                              best.options.family, best.report.hyper));
    return OutcomeModel{std::move(process), best.transform, best.report};
}

} // namespace alidade
