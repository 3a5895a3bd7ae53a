#include "pages/learning_rate_curve.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr std::size_t kCoarseSteps = 90;
constexpr std::size_t kFineSteps = 1500;

} // namespace

BoundTerms scaledTerms(const BoundTerms& terms, double distance, double gradientNorm) {
    return {terms.distanceTerm * distance * distance, terms.noiseTerm * gradientNorm * gradientNorm};
}

std::vector<std::size_t> drawnSteps(std::size_t steps, std::size_t count) {
    std::vector<std::size_t> result;
    if (steps <= count) {
        for (std::size_t t = 1; t <= steps; ++t)
            result.push_back(t);
        return result;
    }
    const std::size_t even = count * 2 / 3;
    const std::size_t ratios = count - even;
    for (std::size_t i = 0; i < even; ++i)
        result.push_back(1 + (steps - 1) * i / (even - 1));
    for (std::size_t i = 0; i < ratios; ++i)
        result.push_back(static_cast<std::size_t>(std::lround(
            std::pow(static_cast<double>(steps), static_cast<double>(i) / static_cast<double>(ratios - 1)))));
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

Result<LearningRateCurve> computeCurve(const CurveKey& key, bool coarse, const Monitor& monitor) {
    LearningRateCurve curve;
    curve.key = key;
    curve.coarse = coarse;
    const auto failed = [&](const Error& error) -> Result<LearningRateCurve> {
        if (error.code == ErrorCode::Cancelled)
            return error;
        curve.error = error;
        return curve;
    };
    const auto eta = rates(key.schedule, key.steps);
    if (!eta)
        return failed(eta.error());
    BoundProblem problem;
    problem.gradientNorms = normsPerStep(key.norms, key.steps);
    if (const auto valid = validate(problem, *eta); !valid)
        return failed(valid.error());
    curve.endStep = key.steps;
    while (curve.endStep > 1 && (*eta)[curve.endStep - 1] == 0.0)
        --curve.endStep;
    const std::vector<std::size_t> chosen = drawnSteps(key.steps, coarse ? kCoarseSteps : kFineSteps);
    std::vector<std::size_t> asked = chosen;
    asked.push_back(curve.endStep);
    auto terms = boundCurveAt(*eta, problem, asked, monitor);
    if (!terms)
        return failed(terms.error());
    curve.end = terms->back();
    terms->pop_back();
    curve.terms = std::move(terms).value();
    for (const std::size_t t : chosen) {
        curve.step.push_back(static_cast<double>(t));
        curve.rate.push_back((*eta)[t - 1]);
    }
    return curve;
}

double baseRateOf(const LearningRateEntry& entry, const LearningRateState& state,
                  const LearningRateCurve& curve) {
    if (!entry.atOptimum)
        return entry.baseRate;
    const double rate =
        curve.error ? 0.0 : scaledTerms(curve.end, state.distance, state.gradientNorm).optimalBaseRate();
    return std::isfinite(rate) ? rate : 0.0;
}

} // namespace alidade
