#include "surrogate/warp_fit.h"

#include "base/constants.h"
#include "optim/bounded_minimiser.h"
#include "surrogate/hyper_posterior.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kWarpSpread = 0.75; ///< of log a and log b before the data
constexpr double kMostWarped = 2.0;  ///< largest |log a|, |log b|
constexpr double kNegligible = 0.1;
constexpr int kWarpIterations = 24;
constexpr Eigen::Index kApproachedOn = 50; ///< outcomes that these see
constexpr double kWarpStep = 0.02;         ///< of log a and log b, for second derivatives
/// Less than this in the bound of the gain is not worth a search.
constexpr double kWorthwhile = 3.0;

class WarpedPosterior {
public:
    WarpedPosterior(const GpData& data, const FitOptions& options, const std::vector<Eigen::Index>& columns)
        : m_data(data), m_columns(columns), m_warped(data), m_posterior(m_warped, options) {}

    [[nodiscard]] Eigen::Index warpSize() const { return 2 * std::ssize(m_columns); }

    double operator()(const Eigen::VectorXd& v, Eigen::VectorXd& gradient) {
        ++evaluations;
        const Eigen::Index size = v.size() - warpSize();
        std::vector<InputWarp::Derivatives> moved;
        for (std::size_t k = 0; k < m_columns.size(); ++k) {
            moved.push_back(warpAt(v, k).derivatives(m_data.x.col(m_columns[k]).array()));
            m_warped.x.col(m_columns[k]) = moved.back().value.matrix();
        }
        m_posterior.movePoints();
        Eigen::VectorXd head(size);
        double value = m_posterior(v.head(size), head, m_work);
        if (!std::isfinite(value))
            return kInfinity;
        gradient.head(size) = head;
        // m_work.slopes holds, pair by pair of the lower half, d likelihood / d (r^2 s2).
        const Hyperparameters hyper = m_posterior.hyperparameters(v.head(size));
        for (std::size_t k = 0; k < m_columns.size(); ++k) {
            const Eigen::VectorXd byFeature = sensitivities(m_columns[k], hyper);
            const auto at = static_cast<Eigen::Index>(k);
            for (const auto& [place, direction] : {std::pair(size + 2 * at, &moved[k].byLogA),
                                                   std::pair(size + 2 * at + 1, &moved[k].byLogB)}) {
                value += 0.5 * std::pow(v(place) / kWarpSpread, 2);
                gradient(place) =
                    -byFeature.dot(direction->matrix()) + v(place) / (kWarpSpread * kWarpSpread);
            }
        }
        return value;
    }

    [[nodiscard]] InputWarp warpAt(const Eigen::VectorXd& v, std::size_t k) const {
        const Eigen::Index place = v.size() - warpSize() + 2 * static_cast<Eigen::Index>(k);
        return {std::exp(v(place)), std::exp(v(place + 1))};
    }

    int evaluations = 0;

private:
    /// d log likelihood / d x(i, column) for each i.
    [[nodiscard]] Eigen::VectorXd sensitivities(Eigen::Index column, const Hyperparameters& hyper) {
        const Eigen::Index n = m_data.x.rows();
        m_pull.resize(n);
        Eigen::VectorXd result = Eigen::VectorXd::Zero(n);
        const auto x = m_warped.x.col(column);
        Eigen::Index begin = 0;
        for (Eigen::Index j = 0; j < n; ++j) {
            const Eigen::Index below = n - 1 - j;
            auto pull = m_pull.head(below);
            pull = m_work.slopes.segment(begin, below) * (x.tail(below).array() - x(j));
            result.tail(below) += pull.matrix();
            result(j) -= pull.sum();
            begin += below;
        }
        const double scale = hyper.lengthScales(m_data.groups[static_cast<std::size_t>(column)]);
        return 2.0 * hyper.outputVariance / (scale * scale) * result;
    }

    const GpData& m_data;
    const std::vector<Eigen::Index>& m_columns;
    GpData m_warped;
    HyperPosterior m_posterior; ///< of m_warped
    HyperPosterior::Workspace m_work;
    Eigen::ArrayXd m_pull; ///< of one point on those after it
};

/// log(posterior / prior volume) of the last `size` entries at v, where the gradient is `here`, by the
/// curvature there.
double logOccamFactor(WarpedPosterior& posterior, const Eigen::VectorXd& v, const Eigen::VectorXd& here,
                      Eigen::Index size) {
    const Eigen::Index first = v.size() - size;
    Eigen::MatrixXd curvature(size, size);
    Eigen::VectorXd ahead(v.size());
    for (Eigen::Index i = 0; i < size; ++i) {
        Eigen::VectorXd moved = v;
        moved(first + i) += kWarpStep;
        if (!std::isfinite(posterior(moved, ahead)))
            return -kInfinity;
        curvature.col(i) = (ahead - here).tail(size) / kWarpStep;
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(0.5 * (curvature + curvature.transpose()));
    double result = 0.0;
    // What the data leave open is as wide as before, never wider.
    for (const double precision : solver.eigenvalues())
        result -= 0.5 * std::log(std::max(1.0, precision * kWarpSpread * kWarpSpread));
    return result;
}

} // namespace

double warpedObjective(const GpData& data, const FitOptions& options,
                       const std::vector<Eigen::Index>& columns, const Eigen::VectorXd& v,
                       Eigen::VectorXd& gradient) {
    WarpedPosterior posterior(data, options, columns);
    return posterior(v, gradient);
}

Result<WarpFit> fitInputWarps(const GpData& data, const FitOptions& options, const Hyperparameters& start,
                              const std::vector<Eigen::Index>& columns, const Monitor& monitor) {
    const auto invalid = [](const char* what) { return makeError(ErrorCode::InvalidArgument, what); };
    if (data.x.rows() == 0 || data.x.rows() != data.y.size() ||
        static_cast<Eigen::Index>(data.groups.size()) != data.x.cols())
        return invalid("warps need points, as many outcomes and one group per column");
    if (data.differences.size() > 0)
        return invalid("the points of differences cannot be warped");
    for (const Eigen::Index column : columns)
        if (column < 0 || column >= data.x.cols() || data.x.col(column).minCoeff() < 0.0 ||
            data.x.col(column).maxCoeff() > 1.0)
            return invalid("only columns within [0, 1] can be warped");
    const HyperPosterior plain(data, options);
    if (start.lengthScales.size() != plain.groups())
        return invalid("the start needs one length scale for each group");
    WarpFit result;
    result.warps.assign(static_cast<std::size_t>(data.x.cols()), InputWarp{});
    result.hyper = start;
    if (columns.empty())
        return result;

    WarpedPosterior posterior(data, options, columns);
    const Eigen::Index size = plain.dimension();
    const Eigen::Index extra = posterior.warpSize();
    Eigen::VectorXd v = Eigen::VectorXd::Zero(size + extra);
    v.head(size) = plain.coordinates(start);
    Eigen::VectorXd gradient(v.size());
    const double before = posterior(v, gradient);
    if (!std::isfinite(before))
        return makeError(ErrorCode::Numerical, "the start of the warps has no finite density");
    result.evaluations = posterior.evaluations;
    // Where the likelihood bends no more than the prior, the gain is half of this at most.
    if (gradient.tail(extra).squaredNorm() * kWarpSpread * kWarpSpread < kWorthwhile)
        return result;

    Eigen::VectorXd lower = Eigen::VectorXd::Constant(v.size(), -kMostWarped);
    Eigen::VectorXd upper = Eigen::VectorXd::Constant(v.size(), kMostWarped);
    lower.head(size) = plain.lower();
    upper.head(size) = plain.upper();
    BoundedOptions search;
    search.functionTolerance = 1e7;
    search.gradientTolerance = 1e-3;
    const auto searched = [&](WarpedPosterior& among, int iterations) {
        search.maximumIterations = iterations;
        return minimiseBounded(
            [&](const Eigen::VectorXd& at, Eigen::VectorXd& slope) { return among(at, slope); }, v, lower,
            upper, search, monitor);
    };
    // What is hardly bent goes back to the identity and stays there; what is stretched at both ends keeps the
    // stronger one. The others stay on their side of the identity, too.
    bool any = false;
    bool changed = false;
    const auto take = [&](const BoundedReport& report) {
        v = report.point;
        any = false;
        for (Eigen::Index place = size; place < v.size(); place += 2) {
            auto pair = v.segment(place, 2);
            if (pair.cwiseAbs().maxCoeff() < kNegligible) {
                changed = changed || lower(place) < upper(place);
                lower.segment(place, 2).setZero();
                upper.segment(place, 2).setZero();
                pair.setZero();
                continue;
            }
            any = true;
            if (pair.maxCoeff() < 0.0) {
                pair(pair(0) < pair(1) ? 1 : 0) = 0.0;
                changed = true;
            }
            for (Eigen::Index i = place; i < place + 2; ++i)
                (v(i) < 0.0 ? upper : lower)(i) = 0.0;
        }
    };
    // Most steps see a part of the outcomes.
    const GpData part = evenSubset(data, kApproachedOn);
    const bool parted = part.y.size() < data.y.size();
    WarpedPosterior partly(part, options, columns);
    BoundedReport report = searched(parted ? partly : posterior, kWarpIterations);
    if (report.usable()) {
        take(report);
        if (any && (parted || changed)) {
            report = searched(posterior, kWarpIterations / 2);
            if (report.usable())
                take(report);
        }
    }
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "stopped while bending the axes");
    if (!report.usable())
        return makeError(ErrorCode::Numerical, "no warp gives a finite likelihood for these data");
    if (any) {
        const double after = posterior(v, gradient);
        for (std::size_t k = 0; k < columns.size(); ++k)
            result.warps[static_cast<std::size_t>(columns[k])] = posterior.warpAt(v, k);
        result.hyper = plain.hyperparameters(v.head(size));
        result.logEvidence = std::isfinite(after)
                                 ? before - after + logOccamFactor(posterior, v, gradient, extra)
                                 : -kInfinity;
    }
    result.evaluations = posterior.evaluations + partly.evaluations;
    return result;
}

} // namespace alidade
