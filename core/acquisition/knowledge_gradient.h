#pragma once

#include "acquisition/anchored_posterior.h"

namespace alidade {

/// E[max_i(a_i + b_i Z)] - max_i a_i for a standard normal Z, exactly, in log space.
struct ExpectedMaximum {
    double logGain = 0.0;        ///< -inf when all slopes are equal
    Eigen::VectorXd byIntercept; ///< derivatives of logGain; 0 where logGain is -inf
    Eigen::VectorXd bySlope;
};
/// Frazier, Powell & Dayanik 2009, algorithm 1; 1807.02811, section 4.2: sort by slope, drop dominated lines,
/// sum over the breakpoints c of (b_{k+1} - b_k) h(-|c|). `a` and `b` finite, of equal length >= 1.
/// O(n log n).
[[nodiscard]] ExpectedMaximum expectedMaximumGain(const Eigen::VectorXd& a, const Eigen::VectorXd& b);

/// Log of the knowledge gradient of measuring at x: how much the best posterior mean is expected to rise,
/// over a set of candidates and x itself (1807.02811, equation 9; exact for that set). Units of the process.
class KnowledgeGradient {
public:
    /// `candidates`: b x p, b >= 1; `noiseVariance` of the measurement at x, units of the process squared.
    KnowledgeGradient(const GaussianProcess& process, const Eigen::MatrixXd& candidates, bool maximise,
                      double noiseVariance);

    /// -inf where nothing can be learnt (no variance, no noise).
    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    /// With gradient by feature column (candidates held fixed; x itself moves).
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;

    [[nodiscard]] const AnchoredPosterior& posterior() const { return m_posterior; }

private:
    AnchoredPosterior m_posterior;
    double m_sign = 1.0;
    double m_noiseVariance = 0.0;
};

} // namespace alidade
