#include "belief/informative_pairs.h"

#include "math/normal.h"
#include "space/sampling.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace alidade {
namespace {

constexpr std::size_t kSettings = 96;

double binaryEntropy(double p) {
    return p <= 0.0 || p >= 1.0 ? 0.0 : -p * std::log(p) - (1.0 - p) * std::log1p(-p);
}

} // namespace

Result<std::vector<SettingPair>> informativePairs(const SearchSpace& space, const GaussianProcess* process,
                                                  const FeatureRows& rows, std::uint64_t seed,
                                                  std::size_t count, const Monitor& monitor) {
    SamplingOptions sampling;
    sampling.seed = seed;
    sampling.stream = "pairs";
    ALIDADE_ASSIGN(const std::vector<Setting> settings, sampleFeasible(space, kSettings, sampling, monitor));
    const Eigen::MatrixXd features = rows(settings);
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(features.rows());
    Eigen::MatrixXd covariances = Eigen::MatrixXd::Zero(features.rows(), features.rows());
    double noise = 0.0;
    if (process) {
        mean = process->predict(features).mean;
        covariances = process->jointCovariance(features);
        noise = 0.2 * std::sqrt(process->hyperparameters().outputVariance);
    }
    struct Scored {
        Eigen::Index a;
        Eigen::Index b;
        double score;
    };
    std::vector<Scored> pairs;
    const double c2 = 0.5 * std::numbers::pi * std::numbers::ln2 * noise * noise;
    for (Eigen::Index a = 0; a < features.rows(); ++a) {
        for (Eigen::Index b = a + 1; b < features.rows(); ++b) {
            double score = (features.row(a) - features.row(b)).norm();
            if (process) {
                const double m = mean(a) - mean(b);
                const double v =
                    std::max(covariances(a, a) + covariances(b, b) - 2.0 * covariances(a, b), 0.0);
                score = binaryEntropy(normalCdf(m / std::sqrt(v + noise * noise))) -
                        std::numbers::ln2 * std::sqrt(c2 / (v + c2)) * std::exp(-0.5 * m * m / (v + c2));
            }
            pairs.push_back({a, b, score});
        }
    }
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const Scored& x, const Scored& y) { return x.score > y.score; });
    std::vector<bool> used(settings.size(), false);
    std::vector<SettingPair> result;
    for (const Scored& pair : pairs) {
        const auto a = static_cast<std::size_t>(pair.a);
        const auto b = static_cast<std::size_t>(pair.b);
        if (result.size() >= count)
            break;
        if (used[a] || used[b] || settings[a] == settings[b])
            continue;
        used[a] = used[b] = true;
        result.push_back({settings[a], settings[b], process ? std::max(pair.score, 0.0) : 0.0});
    }
    return result;
}

} // namespace alidade
