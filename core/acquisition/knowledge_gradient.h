#pragma once

#include "acquisition/anchored_posterior.h"

#include <functional>
#include <vector>

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

/// The columns of a feature row whose entries may be any number in [0, 1], the others held fixed.
using FreeColumns = std::function<std::vector<Eigen::Index>(const Eigen::RowVectorXd& row)>;

/// Log of the knowledge gradient of measuring at x: how much the best posterior mean is expected to rise,
/// over a set of candidates and x itself (1807.02811, equation 9; exact for that set), or over continuous
/// features, too. Units of the process.
class KnowledgeGradient {
public:
    /// `candidates`: b x p, b >= 1; `noiseVariance` of the measurement at x, units of the process squared.
    /// With `free` the maximiser of the posterior mean, found by ascent from the best candidates, becomes one
    /// candidate more, so that all gains are over the best mean anywhere.
    KnowledgeGradient(const GaussianProcess& process, const Eigen::MatrixXd& candidates, bool maximise,
                      double noiseVariance, FreeColumns free = {});

    /// Over the candidates and x: -inf where nothing can be learnt (no variance, no noise).
    [[nodiscard]] Eigen::VectorXd logValues(const Eigen::MatrixXd& points) const;
    /// With gradient by feature column (candidates held fixed; x itself moves).
    [[nodiscard]] double logValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;

    /// Over the free features, too: the set gains 6 points that start as the maximisers of posterior means
    /// after 6 outcomes at x (Pearce, Klaise & Groves 2020) and move to where the gain is largest (one-shot;
    /// Balandat et al. 2020, 1910.06403). A lower bound of the continuous knowledge gradient, never below
    /// logValue(). The gradient holds these points fixed (envelope theorem). Without free features the same
    /// as logValue().
    [[nodiscard]] double continuousLogValue(const Eigen::RowVectorXd& point, Eigen::VectorXd& gradient) const;
    [[nodiscard]] const FreeColumns& free() const { return m_free; }

    [[nodiscard]] const AnchoredPosterior& posterior() const { return m_posterior; }

private:
    AnchoredPosterior m_posterior;
    double m_sign = 1.0;
    double m_noiseVariance = 0.0;
    FreeColumns m_free;
};

} // namespace alidade
