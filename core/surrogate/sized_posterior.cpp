#include "surrogate/sized_posterior.h"

#include <utility>

namespace alidade {
namespace {

// A suggestion from 1,000 outcomes costs as much by the exact posterior as by local ones of so many
// neighbours, whose cost hardly grows.
constexpr Eigen::Index kNearest = 64;

} // namespace

Result<GaussianProcess> conditionedBySize(GpData data, KernelFamily family, Hyperparameters hyper) {
    if (data.y.size() <= kMostExact)
        return GaussianProcess::condition(std::move(data), family, std::move(hyper));
    return GaussianProcess::conditionLocally(std::move(data), family, std::move(hyper), kNearest);
}

} // namespace alidade
