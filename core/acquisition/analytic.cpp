#include "acquisition/analytic.h"

#include "base/constants.h"
#include "math/normal.h"

#include <cmath>
#include <limits>

namespace alidade {
namespace {

double sign(const Improvement& improvement) {
    return improvement.maximise ? 1.0 : -1.0;
}

} // namespace

AcquisitionValue logExpectedImprovement(const Improvement& improvement, double mean,
                                        double standardDeviation) {
    const double gain = sign(improvement) * (mean - improvement.best);
    if (!(standardDeviation > 0.0))
        return gain > 0.0 ? AcquisitionValue{std::log(gain), sign(improvement) / gain, 0.0}
                          : AcquisitionValue{-kInfinity, 0.0, 0.0};
    const double z = gain / standardDeviation;
    const double slope = logStandardImprovementSlope(z);
    return {std::log(standardDeviation) + logStandardImprovement(z),
            sign(improvement) * slope / standardDeviation,
            // d/ds [log s + log h(g/s)] = phi(z) / (h(z) s): no cancellation of 1 - z Phi / h in the tail.
            standardImprovementDensity(z) / standardDeviation};
}

AcquisitionValue expectedImprovement(const Improvement& improvement, double mean, double standardDeviation) {
    const double gain = sign(improvement) * (mean - improvement.best);
    if (!(standardDeviation > 0.0))
        return {std::max(gain, 0.0), gain > 0.0 ? sign(improvement) : 0.0, 0.0};
    const double z = gain / standardDeviation;
    return {standardDeviation * std::exp(logStandardImprovement(z)), sign(improvement) * normalCdf(z),
            normalPdf(z)};
}

AcquisitionValue logProbabilityOfImprovement(const Improvement& improvement, double mean,
                                             double standardDeviation) {
    const double gain = sign(improvement) * (mean - improvement.best);
    if (!(standardDeviation > 0.0))
        return {gain > 0.0 ? 0.0 : -kInfinity, 0.0, 0.0};
    const double z = gain / standardDeviation;
    const double hazard = normalHazard(z);
    return {logNormalCdf(z), sign(improvement) * hazard / standardDeviation, -z * hazard / standardDeviation};
}

AcquisitionValue probabilityOfImprovement(const Improvement& improvement, double mean,
                                          double standardDeviation) {
    const AcquisitionValue logarithm = logProbabilityOfImprovement(improvement, mean, standardDeviation);
    const double value = std::exp(logarithm.value);
    return {value, value * logarithm.byMean, value * logarithm.byStandardDeviation};
}

AcquisitionValue confidenceBound(bool maximise, double beta, double mean, double standardDeviation) {
    const double factor = (maximise ? 1.0 : -1.0) * std::sqrt(beta);
    return {mean + factor * standardDeviation, 1.0, factor};
}

AcquisitionValue logProbabilityWithin(double lower, double upper, double mean, double standardDeviation) {
    if (!(standardDeviation > 0.0))
        return {mean >= lower && mean <= upper ? 0.0 : -kInfinity, 0.0, 0.0};
    const double a = (lower - mean) / standardDeviation;
    const double b = (upper - mean) / standardDeviation;
    AcquisitionValue result;
    if (std::isinf(a) && std::isinf(b))
        return result;
    result.value = std::isinf(a)   ? logNormalCdf(b)
                   : std::isinf(b) ? logNormalCdf(-a)
                                   : logNormalInterval(a, b);
    const double densityAtLower = std::isinf(a) ? 0.0 : std::exp(logNormalPdf(a) - result.value);
    const double densityAtUpper = std::isinf(b) ? 0.0 : std::exp(logNormalPdf(b) - result.value);
    result.byMean = (densityAtLower - densityAtUpper) / standardDeviation;
    result.byStandardDeviation =
        ((std::isinf(a) ? 0.0 : a * densityAtLower) - (std::isinf(b) ? 0.0 : b * densityAtUpper)) /
        standardDeviation;
    return result;
}

} // namespace alidade
