#pragma once

#include "base/rng.h"
#include "surrogate/gaussian_process.h"

#include <cmath>

namespace alidade::test {

/// A process with `n` noisy outcomes of a wavy bowl in `d` dimensions.
inline GaussianProcess sampleProcess(std::uint64_t seed, Eigen::Index n, Eigen::Index d, double noise) {
    Rng rng(seed, "test");
    GpData data{Eigen::MatrixXd(n, d), Eigen::VectorXd(n), oneGroupPerColumn(d), {}};
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index c = 0; c < d; ++c)
            data.x(i, c) = rng.uniform();
        data.y(i) = std::sin(6.0 * data.x(i, 0)) + data.x.row(i).squaredNorm() + 0.1 * rng.normal();
    }
    Hyperparameters hyper{Eigen::VectorXd::LinSpaced(d, 0.3, 0.5), 1.2, noise, 0.1};
    return GaussianProcess::condition(std::move(data), KernelFamily::Matern52, hyper).value();
}

} // namespace alidade::test
