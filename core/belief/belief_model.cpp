#include "belief/belief_model.h"

#include "base/rng.h"
#include "space/constraint.h"
#include "space/encoding.h"
#include "space/sampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace alidade {
namespace {

constexpr std::size_t kBeliefCloud = 192;
constexpr std::size_t kObservedCloud = 16; ///< settings whose surroundings are looked at
constexpr std::size_t kBestClouds = 4;     ///< of these, where it is best by the mean: more
constexpr std::size_t kCloudOfBest = 16;
constexpr std::size_t kCloudOfEach = 4;
constexpr std::array<double, 4> kCloudSpreads{0.02, 0.1, 0.05, 0.2}; ///< of the range
constexpr Eigen::Index kFewPlaces = 16; ///< not worth a conversion to single precision
/// Functions' worth of no belief that a factor is mixed with: where next to nothing improves, one function
/// may carry the ratio alone, and a search for the best place would find just these places. The more the data
/// speak against the beliefs, the more functions must agree.
constexpr double kSupport = 4.0;
constexpr double kMostAgainst = 1.0 / 16.0; ///< a smaller Bayes factor counts as this one

/// Sobol points, the observed settings, and clouds: see BeliefModel::make().
Result<std::vector<Setting>> makeCandidates(const BeliefClaims& claims, const SearchSpace& space,
                                            const std::vector<Setting>& observed,
                                            const BeliefModelOptions& options, const Monitor& monitor) {
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    SamplingOptions sampling;
    sampling.seed = options.seed;
    sampling.stream = "belief candidates";
    ALIDADE_ASSIGN(std::vector<Setting> settings,
                   sampleFeasible(space, options.candidates, sampling, monitor));
    const std::size_t spread = settings.size();
    Rng rng(options.seed, "belief clouds");
    const auto uniform = [&] { return rng.uniform(); };
    if (claims.hasPlace()) {
        for (std::size_t i = 0; i < kBeliefCloud; ++i) {
            Setting setting = claims.drawPlace(settings[i % spread], uniform);
            if (constraints.feasible(setting))
                settings.push_back(std::move(setting));
        }
        Setting mode = claims.placeMode(settings.front());
        if (constraints.feasible(mode))
            settings.push_back(std::move(mode));
    }
    const Encoding encoding(space);
    for (std::size_t i = 0; i < observed.size(); ++i) {
        settings.push_back(observed[i]);
        if (i >= kObservedCloud)
            continue;
        const Eigen::RowVectorXd center = encoding.encode(observed[i]);
        for (std::size_t k = 0; k < (i < kBestClouds ? kCloudOfBest : kCloudOfEach); ++k) {
            Eigen::RowVectorXd point = center;
            const double sd = kCloudSpreads[k % kCloudSpreads.size()];
            for (Eigen::Index c = 0; c < point.size(); ++c)
                if (encoding.coordinates()[static_cast<std::size_t>(c)].kind != CoordinateKind::Category)
                    point(c) = std::clamp(point(c) + sd * rng.normal(), 0.0, 1.0);
            Setting setting = encoding.decode(point);
            if (constraints.feasible(setting))
                settings.push_back(std::move(setting));
        }
    }
    return settings;
}

BeliefClaims::Optima optimaOf(PathwiseSamples::Best best) {
    return {std::move(best.place), std::move(best.value)};
}

double softplus(double x) {
    return x > 30.0 ? x : std::log1p(std::exp(x));
}

/// log softplus and its derivative, right in the far left tail.
std::pair<double, double> logSoftplus(double x) {
    if (x < -30.0)
        return {x, 1.0};
    const double value = softplus(x);
    return {std::log(value), 1.0 / ((1.0 + std::exp(-x)) * value)};
}

/// a_i' of each function where the claims about the place come to `logPlace`.
Eigen::ArrayXd movedWeights(const BeliefFactor& factor, double logPlace) {
    const Eigen::ArrayXd weights = factor.chosen->logWithoutPlace.unaryExpr(
        [&](double logWithoutPlace) { return factor.scale.weight(logWithoutPlace + logPlace); });
    return factor.chosen->plain.array() * weights;
}

template <typename Scalar>
Eigen::VectorXd logRatios(const BeliefFactor& factor, const Eigen::MatrixXd& features,
                          const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>& functions) {
    using Array = Eigen::Array<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
    const Array x = static_cast<Scalar>((factor.maximise ? 1.0 : -1.0) / factor.temperature) *
                    (functions.rowwise() - factor.best.cast<Scalar>().transpose()).array();
    const auto far = static_cast<Scalar>(30);
    Array above = (x > far).select(x, x.min(far).exp().log1p());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        // Relative to the best function, so that a place where none improves still has a ratio.
        if (const Scalar reach = x.row(i).maxCoeff(); reach < -far)
            above.row(i) = (x.row(i) - reach).exp();
    }
    const Vector plainWeights = factor.chosen->plain.cast<Scalar>();
    Vector weighted = above.matrix() * factor.weighted.cast<Scalar>();
    if (factor.placeFit) {
        const auto sign = static_cast<Scalar>((factor.maximise ? 1.0 : -1.0) / factor.temperature);
        const Array beyond = sign * (functions.rowwise() - factor.optimum.cast<Scalar>().transpose()).array();
        const Array moved = above * (1 + (-beyond).exp()).inverse();
        for (Eigen::Index i = 0; i < x.rows(); ++i) {
            const Eigen::ArrayXd weights = movedWeights(factor, factor.placeFit(features.row(i), nullptr));
            weighted(i) += moved.row(i).matrix().dot(
                (weights.matrix() - factor.weighted).transpose().template cast<Scalar>());
        }
    }
    const Vector plain = above.matrix() * plainWeights;
    const Vector squares = above.square().matrix() * plainWeights.cwiseAbs2();
    const Vector support = static_cast<Scalar>(factor.chosen->support) * squares.cwiseQuotient(plain);
    return ((weighted + support).array().log() - (plain + support).array().log())
        .matrix()
        .template cast<double>();
}

} // namespace

Result<BeliefModel> BeliefModel::make(BeliefClaims claims, const OutcomeModel& outcome, bool maximise,
                                      const std::vector<Setting>& observed, const FeatureRows& rows,
                                      const BeliefModelOptions& options, const Monitor& monitor) {
    std::vector<Setting> known = observed;
    if (!known.empty()) {
        const Eigen::VectorXd means = (maximise ? -1.0 : 1.0) * outcome.process.predict(rows(observed)).mean;
        std::vector<std::size_t> order(known.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return means(static_cast<Eigen::Index>(a)) < means(static_cast<Eigen::Index>(b));
        });
        for (std::size_t i = 0; i < order.size(); ++i)
            known[i] = observed[order[i]];
    }
    ALIDADE_ASSIGN(const std::vector<Setting> candidates,
                   makeCandidates(claims, claims.space(), known, options, monitor));
    const Eigen::MatrixXd candidateRows = rows(candidates);
    PathwiseOptions draws;
    draws.features = options.features;
    draws.seed = options.seed;
    draws.stream = "belief paths";
    for (draws.paths = options.paths;; draws.paths *= 2) {
        ALIDADE_ASSIGN(PathwiseSamples samples, PathwiseSamples::draw(outcome.process, draws));
        BeliefModel model(claims, std::move(samples), outcome.transform);
        model.m_maximise = maximise;
        model.m_leastEffective = options.leastEffective;
        model.m_candidates = candidates;
        PathwiseSamples::BestBoth best = model.m_samples.bestOf(candidateRows, maximise);
        model.m_priorOptima = optimaOf(std::move(best.prior));
        model.m_posteriorOptima = optimaOf(std::move(best.posterior));
        model.weigh(rows);
        // More functions help only where the most of them would reach what is wanted.
        const double reachable = model.m_weights.exactSampleSize * static_cast<double>(options.mostPaths) /
                                 static_cast<double>(draws.paths);
        if (model.m_weights.weighting == BeliefWeighting::PosteriorPath ||
            draws.paths * 2 > options.mostPaths || reachable < options.leastEffective ||
            monitor.stopRequested())
            return model;
    }
}

BeliefModel BeliefModel::reweighted(BeliefClaims claims, const FeatureRows& rows) const {
    BeliefModel result = *this;
    result.m_claims = std::move(claims);
    result.weigh(rows);
    return result;
}

void BeliefModel::weigh(const FeatureRows& rows) {
    const Eigen::MatrixXd places = m_claims.logPlaceRatios(m_candidates);
    PathwiseSamples::Both probes;
    if (!m_claims.probes().empty())
        probes = m_samples.both(rows(m_claims.probes()));
    const auto toUser = [&](double value) { return m_transform.toUser(value); };
    m_weights =
        beliefWeights(m_claims.logFit(places, m_priorOptima, probes.prior, m_maximise, toUser),
                      m_claims.logFit(places, m_posteriorOptima, probes.posterior, m_maximise, toUser),
                      m_claims.confidences(), m_leastEffective);
    const auto count = static_cast<Eigen::Index>(m_samples.count());
    m_plainShares = Eigen::VectorXd::Zero(std::ssize(m_candidates));
    m_beliefShares = Eigen::VectorXd::Zero(std::ssize(m_candidates));
    for (Eigen::Index f = 0; f < count; ++f) {
        const Eigen::Index place = m_posteriorOptima.place[static_cast<std::size_t>(f)];
        m_plainShares(place) += 1.0 / static_cast<double>(count);
        m_beliefShares(place) += m_weights.weights(f) / static_cast<double>(count);
    }
}

GpPrediction BeliefModel::predict(const Eigen::MatrixXd& rows) const {
    const Eigen::MatrixXd values = m_samples.values(rows);
    const Eigen::VectorXd shares = m_weights.weights / m_weights.weights.sum();
    GpPrediction result;
    result.mean = values * shares;
    result.variance = (values.colwise() - result.mean).array().square().matrix() * shares;
    return result;
}

double BeliefModel::logPlaceFit(const Setting& setting) const {
    const Eigen::VectorXd ratios = m_claims.logPlaceRatios(setting);
    double sum = 0.0;
    for (Eigen::Index claim = 0; claim < ratios.size(); ++claim) {
        const auto at = static_cast<std::size_t>(claim);
        if (m_claims.isPlace(claim) && m_weights.usable[at])
            sum += logWithDoubt(ratios(claim) - m_weights.logMeans[at], m_claims.belief(claim).confidence);
    }
    return sum;
}

BeliefModel::Chosen BeliefModel::choose(std::size_t count, std::uint64_t seed) const {
    const Eigen::VectorXd& weights = m_weights.weights;
    const Eigen::Index all = weights.size();
    // Systematic resampling from half the weights, half the even distribution: one uniform number, and each
    // function at most one time more or less than its share says.
    const Eigen::VectorXd shares = 0.5 * (weights.array() + 1.0) / static_cast<double>(all);
    Rng rng(seed, "belief choice");
    const double start = rng.uniform();
    std::vector<std::size_t> indices;
    std::vector<double> times;
    double cumulative = 0.0;
    double drawn = 0.0;
    for (Eigen::Index i = 0; i < all; ++i) {
        cumulative += shares(i) * static_cast<double>(count);
        double here = 0.0;
        while (drawn + start < cumulative && drawn < static_cast<double>(count)) {
            here += 1.0;
            drawn += 1.0;
        }
        if (here > 0.0) {
            indices.push_back(static_cast<std::size_t>(i));
            times.push_back(here);
        }
    }
    const auto size = std::ssize(indices);
    Chosen chosen{m_samples.chosen(indices), Eigen::VectorXd(size), Eigen::VectorXd(size), kSupport,
                  Eigen::VectorXd(size),     Eigen::VectorXd(size)};
    chosen.support =
        kSupport / std::clamp(std::exp(std::min(m_weights.logBayesFactor, 0.0)), kMostAgainst, 1.0);
    for (Eigen::Index k = 0; k < size; ++k) {
        const auto function = indices[static_cast<std::size_t>(k)];
        const auto i = static_cast<Eigen::Index>(function);
        const auto place = static_cast<std::size_t>(m_posteriorOptima.place[function]);
        chosen.plain(k) = times[static_cast<std::size_t>(k)] / (shares(i) * static_cast<double>(all));
        chosen.weighted(k) = chosen.plain(k) * weights(i);
        chosen.optimum(k) = m_posteriorOptima.value(i);
        chosen.logWithoutPlace(k) = m_weights.logRelative(i) - logPlaceFit(m_candidates[place]);
    }
    return chosen;
}

BeliefFactor makeBeliefFactor(const BeliefModel& model, const FeatureRows& rows, double best,
                              std::uint64_t seed, PlaceFit placeFit) {
    BeliefFactor factor;
    factor.chosen = std::make_shared<const BeliefModel::Chosen>(model.choose(kFactorFunctions, seed));
    factor.scale = model.weights().scale;
    if (model.claims().hasPlace() && model.weights().weighting != BeliefWeighting::PriorPath)
        factor.placeFit = std::move(placeFit);
    factor.maximise = model.maximise();
    factor.optimum = factor.chosen->optimum;
    factor.weighted = factor.chosen->weighted;
    factor.best = Eigen::VectorXd::Constant(factor.chosen->plain.size(), best);
    const std::vector<Setting>& candidates = model.candidates();
    const std::vector<Setting> some(
        candidates.begin(), candidates.begin() + std::min<std::ptrdiff_t>(128, std::ssize(candidates)));
    const Eigen::MatrixXd values = factor.chosen->samples.roughValues(rows(some)).cast<double>();
    const Eigen::VectorXd means = values.rowwise().mean();
    Eigen::VectorXd spreads = ((values.colwise() - means).array().square().rowwise().mean()).sqrt();
    std::nth_element(spreads.begin(), spreads.begin() + spreads.size() / 2, spreads.end());
    factor.temperature = std::max(0.2 * spreads(spreads.size() / 2), 1e-6);
    return factor;
}

Eigen::VectorXd BeliefFactor::values(const Eigen::MatrixXd& features) const {
    // Many places in single precision: most of the time of a suggestion goes here.
    if (features.rows() < kFewPlaces)
        return logRatios<double>(*this, features, chosen->samples.values(features));
    return logRatios<float>(*this, features, chosen->samples.roughValues(features));
}

void BeliefFactor::believe(const Eigen::RowVectorXd& features) {
    const Eigen::VectorXd there = chosen->samples.values(features).row(0).transpose();
    best = maximise ? best.cwiseMax(there).eval() : best.cwiseMin(there).eval();
    if (!placeFit)
        return;
    const Eigen::ArrayXd moved = movedWeights(*this, placeFit(features, nullptr));
    const Eigen::Array<bool, Eigen::Dynamic, 1> here =
        maximise ? (there.array() > optimum.array()).eval() : (there.array() < optimum.array()).eval();
    weighted = here.select(moved.matrix(), weighted).eval();
    optimum = here.select(there, optimum).eval();
}

double BeliefFactor::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    const PathwiseSamples::At at = chosen->samples.at(features);
    const double sign = (maximise ? 1.0 : -1.0) / temperature;
    const Eigen::VectorXd x = sign * (at.values - best);
    Eigen::VectorXd logs(x.size());
    Eigen::VectorXd logSlopes(x.size());
    for (Eigen::Index f = 0; f < x.size(); ++f)
        std::tie(logs(f), logSlopes(f)) = logSoftplus(x(f));
    const Eigen::VectorXd s = (logs.array() - logs.maxCoeff()).exp();
    Eigen::VectorXd weights = weighted;
    Eigen::VectorXd weightSlopes = Eigen::VectorXd::Zero(x.size()); // by the value of the function
    Eigen::VectorXd placeGradient;
    double byPlace = 0.0;
    if (placeFit) {
        const double place = placeFit(features, &placeGradient);
        const Eigen::ArrayXd here = (1.0 + (-sign * (at.values - optimum)).array().exp()).inverse();
        const Eigen::ArrayXd moved = movedWeights(*this, place);
        const Eigen::ArrayXd difference = moved - weighted.array();
        const Eigen::ArrayXd slopes = chosen->logWithoutPlace.unaryExpr(
            [&](double logWithoutPlace) { return scale.logSlope(logWithoutPlace + place); });
        weights.array() += here * difference;
        weightSlopes = sign * here * (1.0 - here) * difference;
        byPlace = (s.array() * here * moved * slopes).sum();
    }
    const Eigen::VectorXd believed = weights.cwiseProduct(s);
    const Eigen::VectorXd plain = chosen->plain.cwiseProduct(s);
    const double all = plain.sum();
    const double squares = plain.squaredNorm();
    const double support = chosen->support * squares / all;
    const double above = believed.sum() + support;
    const double below = all + support;
    // By the logarithm of each s; the support depends on them as well.
    const Eigen::ArrayXd supportSlope =
        chosen->support * plain.array() * (2.0 * plain.array() / all - squares / (all * all));
    const Eigen::VectorXd share =
        believed.array() / above - plain.array() / below + (1.0 / above - 1.0 / below) * supportSlope;
    gradient = chosen->samples.gradient(at, sign * share.cwiseProduct(logSlopes) +
                                                weightSlopes.cwiseProduct(s) / above);
    if (placeFit)
        gradient += byPlace / above * placeGradient;
    return std::log(above) - std::log(below);
}

} // namespace alidade
