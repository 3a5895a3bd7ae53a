#include "learning_rate/bound.h"

#include "base/text.h"

#include <cmath>
#include <limits>
#include <string>

namespace alidade {

double BoundTerms::at(double baseRate) const {
    return distanceTerm / baseRate + baseRate * noiseTerm;
}

double BoundTerms::optimalBaseRate() const {
    return std::sqrt(distanceTerm / noiseTerm);
}

double BoundTerms::optimalBound() const {
    if (std::isinf(distanceTerm) || std::isinf(noiseTerm))
        return std::numeric_limits<double>::infinity();
    // Two roots: the product of a tiny and a huge term could leave the range of double.
    return 2.0 * std::sqrt(distanceTerm) * std::sqrt(noiseTerm);
}

double BoundTerms::excess(double baseRate) const {
    const double ratio = baseRate / optimalBaseRate();
    return 0.5 * (ratio + 1.0 / ratio);
}

std::pair<double, double> BoundTerms::baseRatesWithin(double factor) const {
    // The smaller root as a quotient: the difference would cancel for large factors.
    const double wide = factor + std::sqrt((factor - 1.0) * (factor + 1.0));
    return {optimalBaseRate() / wide, optimalBaseRate() * wide};
}

namespace {

Error invalid(std::string field, double value, std::string_view rule) {
    std::string message = field + " is " + formatDouble(value) + " but must be " + std::string(rule);
    return makeError(ErrorCode::InvalidArgument, std::move(message), std::move(field));
}

Result<void> checkNorms(const BoundProblem& problem, std::size_t steps, bool positive) {
    if (!(problem.distance > 0.0) || !std::isfinite(problem.distance))
        return invalid("distance", problem.distance, "finite and above 0");
    if (problem.gradientNorms.size() != 1 && problem.gradientNorms.size() < steps)
        return makeError(ErrorCode::InvalidArgument,
                         "there are " + std::to_string(problem.gradientNorms.size()) +
                             " gradient norms for " + std::to_string(steps) +
                             " steps; give one for all or one per step",
                         "gradient_norms");
    bool any = false;
    for (std::size_t i = 0; i < problem.gradientNorms.size(); ++i) {
        const double norm = problem.gradientNorms[i];
        if (!std::isfinite(norm) || norm < 0.0 || (positive && norm == 0.0))
            return invalid(problem.gradientNorms.size() == 1 ? "gradient_norms"
                                                             : "gradient_norms[" + std::to_string(i) + "]",
                           norm, positive ? "finite and above 0" : "finite and at least 0");
        any = any || norm > 0.0;
    }
    if (!any)
        return makeError(ErrorCode::InvalidArgument, "all gradient norms are 0", "gradient_norms");
    return {};
}

} // namespace

Result<void> validate(const BoundProblem& problem, std::span<const double> rates) {
    if (rates.empty())
        return makeError(ErrorCode::InvalidArgument, "the schedule has no steps", "steps");
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (!(rates[i] >= 0.0) || !std::isfinite(rates[i]))
            return invalid("schedule[" + std::to_string(i) + "]", rates[i], "finite and at least 0");
    return checkNorms(problem, rates.size(), false);
}

Result<BoundTerms> boundAt(std::span<const double> rates, const BoundProblem& problem, std::size_t t) {
    ALIDADE_CHECK(validate(problem, rates));
    if (t < 1 || t > rates.size())
        return invalid("at", static_cast<double>(t), "between 1 and the number of steps");
    double behind = rates[t - 1]; // eta_{k+1} + ... + eta_t
    double sum = behind * problem.norm(t - 1) * problem.norm(t - 1);
    for (std::size_t k = t - 1; k-- > 0;) {
        const double product = rates[k] * problem.norm(k);
        if (product > 0.0)
            sum += product * product / behind;
        behind += rates[k];
    }
    return BoundTerms{problem.distance * problem.distance / (2.0 * behind), 0.5 * sum};
}

Result<std::vector<BoundTerms>> boundCurveExact(std::span<const double> rates, const BoundProblem& problem) {
    ALIDADE_CHECK(validate(problem, rates));
    std::vector<BoundTerms> curve(rates.size());
    for (std::size_t t = 1; t <= rates.size(); ++t) {
        ALIDADE_ASSIGN(curve[t - 1], boundAt(rates, problem, t));
    }
    return curve;
}

Result<BoundTerms> averageIterateBoundAt(std::span<const double> rates, const BoundProblem& problem,
                                         std::size_t t) {
    ALIDADE_CHECK(validate(problem, rates));
    if (t < 1 || t > rates.size())
        return invalid("at", static_cast<double>(t), "between 1 and the number of steps");
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t k = 0; k < t; ++k) {
        sum += rates[k];
        squares += rates[k] * rates[k] * problem.norm(k) * problem.norm(k);
    }
    return BoundTerms{problem.distance * problem.distance / (2.0 * sum), squares / (2.0 * sum)};
}

Result<std::vector<double>> boundGradient(std::span<const double> rates, const BoundProblem& problem,
                                          double baseRate) {
    ALIDADE_CHECK(validate(problem, rates));
    if (!(baseRate > 0.0) || !std::isfinite(baseRate))
        return invalid("base_lr", baseRate, "finite and above 0");
    const std::size_t steps = rates.size();
    if (rates[steps - 1] == 0.0)
        return invalid("schedule[" + std::to_string(steps - 1) + "]", 0.0,
                       "above 0: the bound is infinite otherwise");
    std::vector<double> behind(steps); // A_k
    double sum = 0.0;
    for (std::size_t k = steps; k-- > 0;) {
        behind[k] = sum;
        sum += rates[k];
    }
    const double shared = -problem.distance * problem.distance / (2.0 * baseRate * sum * sum);
    std::vector<double> gradient(steps);
    double earlier = 0.0;
    for (std::size_t j = 0; j < steps; ++j) {
        const double squared = problem.norm(j) * problem.norm(j);
        const bool last = j + 1 == steps;
        const double own = last ? 0.5 * squared : rates[j] * squared / behind[j];
        gradient[j] = shared + baseRate * (own - 0.5 * earlier);
        if (!last)
            earlier += rates[j] * rates[j] * squared / (behind[j] * behind[j]);
    }
    return gradient;
}

Result<OptimalSchedule> optimalSchedule(std::size_t steps, const BoundProblem& problem) {
    if (steps < 1)
        return invalid("steps", 0.0, "at least 1");
    ALIDADE_CHECK(checkNorms(problem, steps, true));
    // rho_j = cost of the tail from step j per unit of its summed rate, minimised over the tail's shape.
    std::vector<double> rho(steps);
    rho[steps - 1] = problem.norm(steps - 1) * problem.norm(steps - 1) / 2.0;
    for (std::size_t j = steps - 1; j-- > 0;) {
        const double squared = problem.norm(j) * problem.norm(j);
        const double x = 2.0 * rho[j + 1] / squared;
        rho[j] = squared * x / (1.0 + std::sqrt(1.0 + x));
    }
    OptimalSchedule result;
    result.bound = problem.distance * std::sqrt(2.0 * rho[0]);
    result.rates.resize(steps);
    double remaining = problem.distance / std::sqrt(2.0 * rho[0]);
    for (std::size_t k = 0; k + 1 < steps; ++k) {
        const double ratio = rho[k] / (problem.norm(k) * problem.norm(k));
        result.rates[k] = remaining * ratio / (1.0 + ratio);
        remaining /= 1.0 + ratio;
    }
    result.rates[steps - 1] = remaining;
    return result;
}

} // namespace alidade
