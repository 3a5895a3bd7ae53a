#include "belief/belief_model.h"

#include "base/rng.h"
#include "space/constraint.h"
#include "space/encoding.h"
#include "space/sampling.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr std::size_t kBeliefCloud = 192;
constexpr std::size_t kObservedCloud = 16; ///< settings whose surroundings are looked at
constexpr std::size_t kCloudOfEach = 4;
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
        for (std::size_t k = 0; k < kCloudOfEach; ++k) {
            Eigen::RowVectorXd point = center;
            const double sd = k % 2 == 0 ? 0.02 : 0.1;
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

template <typename Scalar>
Eigen::VectorXd logRatios(const BeliefFactor& factor,
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
    const Vector weighted = above.matrix() * factor.chosen->weighted.cast<Scalar>();
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
    ALIDADE_ASSIGN(const std::vector<Setting> candidates,
                   makeCandidates(claims, claims.space(), observed, options, monitor));
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
    Chosen chosen{m_samples.chosen(indices), Eigen::VectorXd(static_cast<Eigen::Index>(indices.size())),
                  Eigen::VectorXd(static_cast<Eigen::Index>(indices.size())), kSupport};
    chosen.support =
        kSupport / std::clamp(std::exp(std::min(m_weights.logBayesFactor, 0.0)), kMostAgainst, 1.0);
    for (std::size_t k = 0; k < indices.size(); ++k) {
        const auto i = static_cast<Eigen::Index>(indices[k]);
        const double plain = times[k] / (shares(i) * static_cast<double>(all));
        chosen.plain(static_cast<Eigen::Index>(k)) = plain;
        chosen.weighted(static_cast<Eigen::Index>(k)) = plain * weights(i);
    }
    return chosen;
}

BeliefFactor makeBeliefFactor(const BeliefModel& model, const FeatureRows& rows, double best,
                              std::uint64_t seed) {
    BeliefFactor factor;
    factor.chosen = std::make_shared<const BeliefModel::Chosen>(model.choose(kFactorFunctions, seed));
    factor.maximise = model.maximise();
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
        return logRatios<double>(*this, chosen->samples.values(features));
    return logRatios<float>(*this, chosen->samples.roughValues(features));
}

void BeliefFactor::believe(const Eigen::RowVectorXd& features) {
    const Eigen::VectorXd there = chosen->samples.values(features).row(0).transpose();
    best = maximise ? best.cwiseMax(there).eval() : best.cwiseMin(there).eval();
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
    const Eigen::VectorXd weighted = chosen->weighted.cwiseProduct(s);
    const Eigen::VectorXd plain = chosen->plain.cwiseProduct(s);
    const double all = plain.sum();
    const double squares = plain.squaredNorm();
    const double support = chosen->support * squares / all;
    const double above = weighted.sum() + support;
    const double below = all + support;
    // By the logarithm of each s; the support depends on them as well.
    const Eigen::ArrayXd supportSlope =
        chosen->support * plain.array() * (2.0 * plain.array() / all - squares / (all * all));
    const Eigen::VectorXd share =
        weighted.array() / above - plain.array() / below + (1.0 / above - 1.0 / below) * supportSlope;
    gradient = sign * chosen->samples.gradient(at, share.cwiseProduct(logSlopes));
    return std::log(above) - std::log(below);
}

} // namespace alidade
