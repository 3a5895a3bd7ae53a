#pragma once

#include <vector>

namespace alidade {

/// Closed-form acquisitions of a Gaussian belief about one outcome. All are written for maximisation: for
/// minimisation negate mean and best (see `Improvement`). A standard deviation of 0 gives the limit.

/// The direction of improvement, so that signs are handled in one place.
struct Improvement {
    bool maximise = false;
    double best = 0.0; ///< incumbent value, user's direction

    /// Standardised improvement z = (mean - best) / sd, or (best - mean) / sd when minimising.
    [[nodiscard]] double standardised(double mean, double standardDeviation) const {
        return (maximise ? mean - best : best - mean) / standardDeviation;
    }
};

/// A value with its derivatives by mean and standard deviation of the outcome.
struct AcquisitionValue {
    double value = 0.0;
    double byMean = 0.0;
    double byStandardDeviation = 0.0;
};

/// log E[max(improvement, 0)] = log sd + log h(z) (2310.20708, equation 9). -inf when sd = 0 and there is no
/// improvement.
[[nodiscard]] AcquisitionValue logExpectedImprovement(const Improvement& improvement, double mean,
                                                      double standardDeviation);
/// E[max(improvement, 0)] (1807.02811, equation 8).
[[nodiscard]] AcquisitionValue expectedImprovement(const Improvement& improvement, double mean,
                                                   double standardDeviation);
/// log P(improvement > 0).
[[nodiscard]] AcquisitionValue logProbabilityOfImprovement(const Improvement& improvement, double mean,
                                                           double standardDeviation);
[[nodiscard]] AcquisitionValue probabilityOfImprovement(const Improvement& improvement, double mean,
                                                        double standardDeviation);
/// The optimistic confidence bound itself, in outcome units: mean + sqrt(beta) sd to maximise, mean -
/// sqrt(beta) sd to minimise. beta >= 0.
[[nodiscard]] AcquisitionValue confidenceBound(bool maximise, double beta, double mean,
                                               double standardDeviation);

/// log P(lower <= outcome <= upper) for a Gaussian outcome; either limit may be infinite.
[[nodiscard]] AcquisitionValue logProbabilityWithin(double lower, double upper, double mean,
                                                    double standardDeviation);

} // namespace alidade
