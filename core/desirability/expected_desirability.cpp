#include "desirability/expected_desirability.h"

#include "math/gauss_legendre.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {

namespace {

using Piece = Desirability::Piece;

constexpr double kGrading = 0.2;       // ratio of neighbouring panels next to a fractional power's zero
constexpr double kNearestShare = 4e-9; // where the graded panels end and the leading term takes over
constexpr double kFarthest = 39.0;     // beyond, the density underflows to 0
constexpr double kWindow = 92.0;       // exp(-92 / 2) = 1e-20: densities below that share are left out

double density(double z) {
    return std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi);
}

// P(low < Z < high) without cancellation in either tail.
double probability(double low, double high) {
    constexpr double kScale = std::numbers::sqrt2;
    if (low > 0.0)
        return 0.5 * (std::erfc(low / kScale) - std::erfc(high / kScale));
    if (high < 0.0)
        return 0.5 * (std::erfc(-high / kScale) - std::erfc(-low / kScale));
    return 0.5 * (std::erf(high / kScale) - std::erf(low / kScale));
}

// Accumulates E[g(y)], E[g'(y)] and E[g'(y) z], the latter two with the jumps of g.
class Accumulator {
public:
    Accumulator(double mean, double deviation, double exponent)
        : m_mean(mean), m_deviation(deviation), m_exponent(exponent) {}

    [[nodiscard]] double standardised(double y) const { return (y - m_mean) / m_deviation; }

    void addConstant(double from, double to, double d) {
        m_sum.value += std::pow(d, m_exponent) * probability(standardised(from), standardised(to));
    }
    void addJump(double y, double before, double after) {
        if (before == after)
            return;
        const double z = standardised(y);
        const double height = (std::pow(after, m_exponent) - std::pow(before, m_exponent)) * density(z);
        m_sum.meanDerivative += height / m_deviation;
        m_sum.standardDeviationDerivative += height * z / m_deviation;
    }
    void addRamp(const Piece& piece);

    [[nodiscard]] const ExpectedDesirability& sum() const { return m_sum; }

private:
    // The ramp in terms of r > 0, the distance from where its base u would be zero.
    struct Ray {
        double zero;
        double sign; // +1: u grows with y
        double slope;
        double exponent;
    };
    void addRamp(const Ray& ray, double nearest, double farthest);
    void addAt(const Ray& ray, double r, double t, double weight);

    double m_mean;
    double m_deviation;
    double m_exponent;
    ExpectedDesirability m_sum;
};

void Accumulator::addAt(const Ray& ray, double r, double t, double weight) {
    const double mass = weight * density(t) / m_deviation;
    const double base = std::min(1.0, ray.slope * r);
    const double power = std::pow(base, ray.exponent);
    const double derivative = ray.exponent * power / r;
    m_sum.value += mass * power;
    m_sum.meanDerivative += ray.sign * mass * derivative;
    m_sum.standardDeviationDerivative += mass * derivative * t;
}

// A point is kept both as the distance r from the zero and as the distance t from the mean in standard
// deviations: either may be tiny against the other's scale.
void Accumulator::addRamp(const Ray& ray, double nearest, double farthest) {
    const double centre = ray.sign * (m_mean - ray.zero);
    const double first = (nearest - centre) / m_deviation;
    const double last = (farthest - centre) / m_deviation;
    const double peak = std::clamp(0.0, first, last); // where the density is largest
    if (std::abs(peak) > kFarthest)
        return;
    const double reach = std::sqrt(peak * peak + kWindow);
    double t = std::max(first, -reach);
    double r = first >= -reach ? nearest : centre - reach * m_deviation;
    const double end = std::min(last, reach);
    const double step = std::min(2.0, 8.0 / std::abs(peak));
    const bool smooth = ray.exponent == 1.0 || ray.exponent == 2.0 || ray.exponent == 3.0;
    if (!smooth && r == 0.0) {
        // Leading term of the integral over [0, r]: the density is constant on that scale.
        const double share = kNearestShare * std::min(end - t, step);
        r = share * m_deviation;
        const double power = std::pow(ray.slope * r, ray.exponent);
        m_sum.value += density(t) * power * share / (ray.exponent + 1.0);
        m_sum.meanDerivative += ray.sign * density(t) * power / m_deviation;
        m_sum.standardDeviationDerivative += density(t) * power * t / m_deviation;
        t += share;
    }
    while (t < end) {
        double width = std::min(step, end - t);
        if (!smooth)
            width = std::min(width, r * (1.0 / kGrading - 1.0) / m_deviation);
        visitGaussLegendre20(0.0, width, [&](double offset, double weight) {
            addAt(ray, r + offset * m_deviation, t + offset, weight * m_deviation);
        });
        t = width < end - t ? t + width : end;
        r += width * m_deviation;
    }
}

void Accumulator::addRamp(const Piece& piece) {
    const bool rising = piece.end > piece.start;
    Ray ray;
    ray.sign = rising ? 1.0 : -1.0;
    ray.slope = std::abs(piece.end - piece.start) / (piece.to - piece.from);
    ray.exponent = piece.exponent * m_exponent;
    const double nearest = std::min(piece.start, piece.end) / ray.slope;
    ray.zero = rising ? piece.from - nearest : piece.to + nearest;
    addRamp(ray, nearest, nearest + (piece.to - piece.from));
}

// Divides a piece where it crosses the tolerance; parts below it become flat.
std::vector<Piece> raisedPieces(const Desirability& function) {
    const double tolerance = function.tolerance();
    std::vector<Piece> parts;
    for (const Piece& piece : function.pieces()) {
        const double threshold = tolerance > 0.0 ? std::pow(tolerance, 1.0 / piece.exponent) : 0.0;
        const double low = std::min(piece.start, piece.end);
        const double high = std::max(piece.start, piece.end);
        const Piece flat{piece.from, piece.to, tolerance, tolerance, 1.0};
        if (high <= threshold) {
            parts.push_back(flat);
        } else if (low >= threshold) {
            parts.push_back(piece);
        } else {
            const double share = (threshold - piece.start) / (piece.end - piece.start);
            const double cut = std::clamp(piece.from + share * (piece.to - piece.from), piece.from, piece.to);
            Piece before = piece.start < piece.end ? flat : piece;
            Piece after = piece.start < piece.end ? piece : flat;
            before.to = cut;
            after.from = cut;
            (piece.start < piece.end ? after.start : before.end) = threshold;
            if (before.from < before.to)
                parts.push_back(before);
            if (after.from < after.to)
                parts.push_back(after);
        }
    }
    return parts;
}

Result<void> checkGaussian(const Desirability& function, double mean, double deviation) {
    if (function.isCategorical())
        return makeError(ErrorCode::InvalidArgument,
                         "a goal over categories has no expectation under a normal distribution");
    if (!std::isfinite(mean))
        return makeError(ErrorCode::InvalidArgument, "the mean must be finite");
    if (!std::isfinite(deviation) || deviation < 0.0)
        return makeError(ErrorCode::InvalidArgument, "the standard deviation must be finite and >= 0");
    return {};
}

double probabilityAboveLevel(const Desirability& function, double mean, double deviation, double level) {
    if (deviation == 0.0)
        return function.value(mean) > level ? 1.0 : 0.0;
    if (function.tolerance() > level)
        return 1.0;
    const auto z = [&](double y) { return (y - mean) / deviation; };
    double sum = 0.0;
    if (function.leftValue() > level)
        sum += probability(-HUGE_VAL, z(function.pieces().front().from));
    if (function.rightValue() > level)
        sum += probability(z(function.pieces().back().to), HUGE_VAL);
    for (const Piece& piece : function.pieces()) {
        const double threshold = std::pow(level, 1.0 / piece.exponent);
        if (std::max(piece.start, piece.end) <= threshold)
            continue;
        double from = piece.from;
        double to = piece.to;
        if (std::min(piece.start, piece.end) < threshold) {
            const double share = (threshold - piece.start) / (piece.end - piece.start);
            (piece.start < piece.end ? from : to) = piece.from + share * (piece.to - piece.from);
        }
        sum += probability(z(from), z(to));
    }
    return std::min(1.0, sum);
}

} // namespace

Result<ExpectedDesirability> expectedDesirability(const Desirability& function, double mean,
                                                  double standardDeviation, double exponent) {
    ALIDADE_CHECK(checkGaussian(function, mean, standardDeviation));
    if (!std::isfinite(exponent) || exponent <= 0.0)
        return makeError(ErrorCode::InvalidArgument, "the exponent must be finite and above 0");
    if (standardDeviation == 0.0) {
        const double d = function.value(mean);
        const double slope =
            d > 0.0 ? exponent * std::pow(d, exponent - 1.0) * function.derivative(mean) : 0.0;
        return ExpectedDesirability{std::pow(d, exponent), slope, 0.0};
    }
    Accumulator sum(mean, standardDeviation, exponent);
    const double left = std::max(function.leftValue(), function.tolerance());
    const double right = std::max(function.rightValue(), function.tolerance());
    const auto parts = raisedPieces(function);
    sum.addConstant(-HUGE_VAL, parts.front().from, left);
    double before = left;
    for (const Piece& part : parts) {
        const double start = std::pow(part.start, part.exponent);
        sum.addJump(part.from, before, start);
        if (part.start == part.end)
            sum.addConstant(part.from, part.to, start);
        else
            sum.addRamp(part);
        before = std::pow(part.end, part.exponent);
    }
    sum.addJump(parts.back().to, before, right);
    sum.addConstant(parts.back().to, HUGE_VAL, right);
    return sum.sum();
}

Result<double> probabilityAbove(const Desirability& function, double mean, double standardDeviation,
                                double level) {
    ALIDADE_CHECK(checkGaussian(function, mean, standardDeviation));
    if (!(level >= 0.0 && level < 1.0))
        return makeError(ErrorCode::InvalidArgument, "the level must lie in [0, 1)");
    return probabilityAboveLevel(function, mean, standardDeviation, level);
}

} // namespace alidade
