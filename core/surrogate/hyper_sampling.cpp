#include "surrogate/hyper_sampling.h"

#include "base/parallel.h"
#include "math/slice_sampler.h"
#include "surrogate/hyper_posterior.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr double kCurvatureStep = 1e-2; ///< of a logarithm, for second derivatives
// Standard deviations of a logarithm: where the density is flatter or steeper than that at its top, the
// curvature says little about its width.
constexpr double kNarrowestSlice = 0.02;
constexpr double kWidestSlice = 2.0;
constexpr double kInterval = 2.5; ///< first interval of a slice, in standard deviations

/// Columns: axes of the curvature at u, as long as the first interval of a slice.
Eigen::MatrixXd axes(const HyperPosterior& posterior, const Eigen::VectorXd& u) {
    const Eigen::Index size = posterior.dimension();
    HyperPosterior::Workspace work;
    Eigen::MatrixXd curvature(size, size);
    Eigen::VectorXd above(size);
    Eigen::VectorXd below(size);
    const Eigen::ArrayXd room = posterior.upper() - posterior.lower();
    for (Eigen::Index i = 0; i < size; ++i) {
        Eigen::VectorXd high = u;
        Eigen::VectorXd low = u;
        high(i) = std::min(u(i) + kCurvatureStep, posterior.upper()(i));
        low(i) = std::max(u(i) - kCurvatureStep, posterior.lower()(i));
        const bool known =
            std::isfinite(posterior(high, above, work)) && std::isfinite(posterior(low, below, work));
        curvature.col(i) =
            known ? ((above - below) / (high(i) - low(i))).eval() : Eigen::VectorXd::Zero(size);
    }
    curvature = 0.5 * (curvature + curvature.transpose()).eval();
    // What is as good as fixed stays out of the directions of the others, which it would cut short.
    for (Eigen::Index i = 0; i < size; ++i)
        if (room(i) < 2.0 * kCurvatureStep) {
            curvature.row(i).setZero();
            curvature.col(i).setZero();
        }
    if (!curvature.allFinite())
        return kInterval * Eigen::MatrixXd::Identity(size, size);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(curvature);
    Eigen::MatrixXd result = solver.eigenvectors();
    for (Eigen::Index i = 0; i < size; ++i) {
        const double precision = std::max(solver.eigenvalues()(i), 1.0 / (kWidestSlice * kWidestSlice));
        result.col(i) *= kInterval * std::max(kNarrowestSlice, 1.0 / std::sqrt(precision));
    }
    return result;
}

} // namespace

Result<std::vector<Hyperparameters>> sampleHyperparameters(const GpData& data, const FitOptions& fit,
                                                           const Hyperparameters& start,
                                                           const HyperSamplingOptions& options,
                                                           const Monitor& monitor) {
    const auto invalid = [](const char* what) { return makeError(ErrorCode::InvalidArgument, what); };
    if (data.x.rows() == 0 || data.x.rows() != data.y.size() ||
        static_cast<Eigen::Index>(data.groups.size()) != data.x.cols() || data.x.cols() == 0)
        return invalid("draws of hyper-parameters need points, as many outcomes and one group per column");
    if (options.draws < 1 || options.chains < 1 || options.thinning < 1)
        return invalid("at least one draw, one chain and one sweep between draws are needed");
    const HyperPosterior posterior(data, fit);
    if (start.lengthScales.size() != posterior.groups())
        return invalid("the start needs one length scale for each group");
    const Eigen::VectorXd u = posterior.coordinates(start);
    HyperPosterior::Workspace first;
    const double density = posterior.logDensity(u, first);
    if (!std::isfinite(density))
        return makeError(ErrorCode::Numerical, "the start of the draws has no finite density");
    const Eigen::MatrixXd directions = axes(posterior, u);
    const Eigen::VectorXd lower = posterior.lower();
    const Eigen::VectorXd upper = posterior.upper();

    std::vector<Hyperparameters> draws(options.draws);
    const std::size_t chains = std::min(options.chains, options.draws);
    parallelFor(chains, options.threads, [&](std::size_t chain) {
        HyperPosterior::Workspace work;
        const LogDensity logDensity = [&](const Eigen::VectorXd& v) { return posterior.logDensity(v, work); };
        Rng rng(options.seed, "hyper-parameters", chain);
        Eigen::VectorXd point = u;
        double current = density;
        const auto sweep = [&](int count) {
            for (int i = 0; i < count && !monitor.stopRequested(); ++i)
                current = sliceSweep(logDensity, directions, lower, upper, point, current, rng).logDensity;
        };
        sweep(options.burnIn);
        for (std::size_t k = chain; k < draws.size(); k += chains) {
            sweep(options.thinning);
            draws[k] = posterior.hyperparameters(point);
            double ignored = 0.0;
            (void)posterior.completed(draws[k], ignored);
        }
    });
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "stopped while drawing hyper-parameters");
    return draws;
}

} // namespace alidade
