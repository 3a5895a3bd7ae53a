#include "suggest/transfer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace alidade {
namespace {

constexpr Eigen::Index kRowsTogether = 120; ///< more would cost a fit much more
constexpr Eigen::Index kFewestRows = 15;    ///< of each source
constexpr double kWeightOfRatio = 2.0;      ///< pairs that the assumed slope of the line counts as
constexpr double kEvidenceToLearn = 0.0;
constexpr double kNegligibleNoise = 1e-4; ///< of a source, as a share of the variance of its results

std::string shortFigure(double value) {
    char buffer[32];
    const auto [end, status] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 2);
    return status == std::errc{} ? std::string(buffer, end) : std::string();
}

/// A straight line from a source's units to today's.
struct Line {
    double slope = 1.0;
    double intercept = 0.0;
    double agreement = 0.0;
};

/// Least squares, with kWeightOfRatio pairs more whose slope is the ratio of the spreads.
Line lineThrough(const Eigen::VectorXd& predicted, const Eigen::VectorXd& measured) {
    const Eigen::ArrayXd x = predicted.array() - predicted.mean();
    const Eigen::ArrayXd y = measured.array() - measured.mean();
    const double spread = x.square().mean();
    Line line;
    if (!(spread > 0.0)) {
        line.slope = 0.0;
        line.intercept = measured.mean();
        return line;
    }
    const double covariance = (x * y).sum();
    const double ratio = std::sqrt(y.square().mean() / spread);
    if (ratio > 0.0)
        line.agreement = covariance / std::sqrt(x.square().sum() * y.square().sum());
    line.slope =
        (covariance + kWeightOfRatio * spread * ratio) / (x.square().sum() + kWeightOfRatio * spread);
    line.intercept = measured.mean() - line.slope * predicted.mean();
    return line;
}

/// Results of a source in today's units.
struct AlignedSource {
    std::size_t entry = 0; ///< of the list of relations
    GpData data;
    double agreement = 0.0;
};

/// Nothing when the source does not go with today's results; then `about` says so.
Result<std::optional<AlignedSource>> aligned(const GpData& today, const SourceResults& source,
                                             Eigen::Index rows, OutcomeModelOptions options,
                                             Relatedness& about, const Monitor& monitor) {
    options.goal.reset(); // predicts no extremes: a plain model will do
    options.draws = 0;
    const GpData all{source.features, source.outcomes, today.groups, source.noise};
    GpData some = evenSubset(all, std::max(rows, std::min(all.y.size(), kRowsTogether)));
    ALIDADE_ASSIGN(const OutcomeModel model, fitOutcomeModel(some, options, monitor));
    some = evenSubset(all, rows);
    const Eigen::VectorXd predicted = model.process.predict(today.x).mean.unaryExpr(
        [&](double modelled) { return model.toUser(modelled); });
    const Line line = lineThrough(predicted, today.y);
    about.agreement = line.agreement;
    // Two points lie on a line always.
    if (!(line.slope > 0.0) || (line.agreement <= 0.0 && today.y.size() > 2)) {
        about.relation = Relation::Disagrees;
        about.text = about.name +
                     " is not used: what it predicts for today's trials does not go with what "
                     "they gave (correlation " +
                     shortFigure(line.agreement) + ").";
        return std::optional<AlignedSource>();
    }
    // Noise of its own, which would else be taken for today's: also what parameters do that today lacks.
    const double noise = model.process.hyperparameters().noiseVariance;
    if (noise > kNegligibleNoise || some.extraNoise.size() > 0) {
        if (some.extraNoise.size() == 0)
            some.extraNoise = Eigen::VectorXd::Zero(some.y.size());
        some.extraNoise.array() += noise * model.transform.scale * model.transform.scale;
        some.extraNoise *= line.slope * line.slope;
    }
    some.y = (line.slope * some.y.array() + line.intercept).matrix();
    return std::optional(AlignedSource{0, std::move(some), line.agreement});
}

/// More columns, of zeros.
Eigen::MatrixXd widened(const Eigen::MatrixXd& points, Eigen::Index columns) {
    Eigen::MatrixXd result = Eigen::MatrixXd::Zero(points.rows(), columns);
    result.leftCols(points.cols()) = points;
    return result;
}

/// Today's results, then those of the sources, each with a column of its own.
GpData stackedTasks(const GpData& today, const std::vector<const AlignedSource*>& sources) {
    const Eigen::Index columns = today.x.cols();
    Eigen::Index rows = today.y.size();
    int groups = 0;
    for (const int group : today.groups)
        groups = std::max(groups, group + 1);
    bool noisy = today.extraNoise.size() > 0;
    GpData joint;
    joint.groups = today.groups;
    for (const AlignedSource* source : sources) {
        rows += source->data.y.size();
        noisy = noisy || source->data.extraNoise.size() > 0;
        joint.groups.push_back(groups++);
    }
    joint.x = Eigen::MatrixXd::Zero(rows, columns + static_cast<Eigen::Index>(sources.size()));
    joint.differences = today.differences;
    for (Eigen::MatrixXd* points : {&joint.differences.ahead, &joint.differences.behind})
        *points = widened(*points, joint.x.cols());
    joint.y.resize(rows);
    if (noisy)
        joint.extraNoise = Eigen::VectorXd::Zero(rows);
    Eigen::Index begin = 0;
    const auto append = [&](const GpData& part) {
        const Eigen::Index count = part.y.size();
        joint.x.block(begin, 0, count, columns) = part.x;
        joint.y.segment(begin, count) = part.y;
        if (part.extraNoise.size() > 0)
            joint.extraNoise.segment(begin, count) = part.extraNoise;
        begin += count;
        return count;
    };
    append(today);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        const Eigen::Index count = append(sources[k]->data);
        joint.x.block(begin - count, columns + static_cast<Eigen::Index>(k), count, 1).setOnes();
    }
    return joint;
}

/// Log density, in the user's units, of the first `today` outcomes of a model, and of all differences, given
/// the others.
Result<double> logDensityOfFirst(const OutcomeModel& model, Eigen::Index today) {
    const GpData& data = model.process.data();
    double result = model.process.logMarginalLikelihood();
    const auto byUser = [&](Eigen::Index i) {
        return std::log(model.transform.slope(model.toUser(data.y(i))));
    };
    for (Eigen::Index i = 0; i < today; ++i)
        result += byUser(i);
    for (const Eigen::Index owner : data.differences.owner)
        result += byUser(owner);
    const Eigen::Index others = data.y.size() - today;
    if (others == 0)
        return result;
    GpData rest{data.x.bottomRows(others), data.y.tail(others), data.groups, {}};
    if (data.extraNoise.size() != 0)
        rest.extraNoise = data.extraNoise.tail(others);
    ALIDADE_ASSIGN(
        const GaussianProcess sources,
        GaussianProcess::condition(std::move(rest), model.process.family(), model.process.hyperparameters()));
    return result - sources.logMarginalLikelihood();
}

void describeUse(const TaughtModel& taught, std::vector<Relatedness>& related) {
    const Hyperparameters& hyper = taught.model.process.hyperparameters();
    const auto tasks = static_cast<Eigen::Index>(taught.used.size());
    for (Eigen::Index k = 0; k < tasks; ++k) {
        Relatedness& about = related[taught.used[static_cast<std::size_t>(k)]];
        const double scale = hyper.lengthScales(hyper.lengthScales.size() - tasks + k);
        about.correlation = correlation(taught.model.process.family(), 1.0 / (scale * scale));
        about.text = about.name + " helps: its " + std::to_string(about.results) +
                     " results go with today's (correlation " + shortFigure(about.correlation) +
                     " at the same setting) and make them " +
                     (about.logEvidence < std::log(1e6) ? shortFigure(std::exp(about.logEvidence)) + " times"
                                                        : std::string("more than a million times")) +
                     " as probable.";
    }
}

} // namespace

Result<TaughtModel> fitWithSources(const GpData& today, const std::vector<SourceResults>& sources,
                                   const OutcomeModelOptions& options, std::vector<Relatedness>& related,
                                   const Monitor& monitor) {
    const Eigen::Index count = today.y.size();
    TaughtModel best;
    const auto alone = [&]() -> Result<TaughtModel> {
        ALIDADE_ASSIGN(best.model, fitOutcomeModel(today, options, monitor));
        return std::move(best);
    };
    const auto candidates = std::count_if(related.begin(), related.end(), [](const Relatedness& about) {
        return about.relation == Relation::Unknown;
    });
    if (candidates == 0)
        return alone();
    // Compared on the scale that results are measured on: a warp that suits few results of today's, among
    // them the one that it is centred at, would make them more probable than any other results could.
    OutcomeModelOptions comparing = options;
    comparing.goal.reset();
    comparing.draws = 0;
    ALIDADE_ASSIGN(const OutcomeModel plain, fitOutcomeModel(today, comparing, monitor));
    auto evidence = logDensityOfFirst(plain, count);
    if (!evidence)
        return alone();
    const Eigen::Index rows = std::max(kFewestRows, (kRowsTogether - count) / candidates);
    std::vector<AlignedSource> parts;
    for (std::size_t k = 0; k < sources.size(); ++k) {
        if (related[k].relation != Relation::Unknown || monitor.stopRequested())
            continue;
        auto part = aligned(today, sources[k], rows, options, related[k], monitor);
        if (!part || !part->has_value())
            continue; // a source that cannot be modelled says nothing
        parts.push_back(**std::move(part));
        parts.back().entry = k;
    }
    std::stable_sort(parts.begin(), parts.end(), [](const AlignedSource& a, const AlignedSource& b) {
        return a.agreement > b.agreement;
    });
    std::vector<const AlignedSource*> taken;
    for (const AlignedSource& part : parts) {
        Relatedness& about = related[part.entry];
        taken.push_back(&part);
        auto model = fitOutcomeModel(stackedTasks(today, taken), comparing, monitor);
        const auto with = model ? logDensityOfFirst(*model, count) : Result<double>(model.error());
        if (with)
            about.logEvidence = *with - *evidence;
        if (with && about.logEvidence > kEvidenceToLearn) {
            about.relation = Relation::Used;
            best.used.push_back(part.entry);
            evidence = *with;
            continue;
        }
        taken.pop_back();
        about.relation = Relation::NoHelp;
        about.text = about.name + " is not used: today's results are as probable without it" +
                     (with ? " (log evidence " + shortFigure(about.logEvidence) + ")." : ".");
    }
    if (taken.empty())
        return alone();
    ALIDADE_ASSIGN(best.model, fitOutcomeModel(stackedTasks(today, taken), options, monitor));
    best.model.ownObservations = count;
    describeUse(best, related);
    return best;
}

namespace {

/// A process over the columns of other sources, see overSources().
Result<GaussianProcess> onColumns(const GaussianProcess& process, const std::vector<std::size_t>& used,
                                  const std::vector<std::size_t>& sources) {
    const auto tasks = static_cast<Eigen::Index>(used.size());
    const auto wanted = static_cast<Eigen::Index>(sources.size());
    const Eigen::Index columns = process.data().x.cols() - tasks;
    const Eigen::Index groups = process.hyperparameters().lengthScales.size() - tasks;
    GpData data = process.data();
    Hyperparameters hyper = process.hyperparameters();
    data.groups.resize(static_cast<std::size_t>(columns));
    data.x.conservativeResize(Eigen::NoChange, columns + wanted);
    for (Eigen::MatrixXd* points : {&data.differences.ahead, &data.differences.behind})
        *points = widened(points->leftCols(points->cols() > 0 ? columns : 0), columns + wanted);
    hyper.lengthScales.conservativeResize(groups + wanted);
    for (Eigen::Index k = 0; k < wanted; ++k) {
        data.groups.push_back(static_cast<int>(groups + k));
        const auto place = std::find(used.begin(), used.end(), sources[static_cast<std::size_t>(k)]);
        const auto from = static_cast<Eigen::Index>(place - used.begin());
        if (from < tasks) {
            data.x.col(columns + k) = process.data().x.col(columns + from);
            hyper.lengthScales(groups + k) = process.hyperparameters().lengthScales(groups + from);
        } else {
            data.x.col(columns + k).setZero();
            hyper.lengthScales(groups + k) = 1.0;
        }
    }
    return GaussianProcess::condition(std::move(data), process.family(), std::move(hyper));
}

} // namespace

Result<OutcomeModel> overSources(const TaughtModel& taught, const std::vector<std::size_t>& sources) {
    if (taught.used == sources)
        return taught.model;
    OutcomeModel model = taught.model;
    ALIDADE_ASSIGN(model.process, onColumns(model.process, taught.used, sources));
    model.fit.hyper = model.process.hyperparameters();
    for (GaussianProcess& draw : model.draws) {
        ALIDADE_ASSIGN(draw, onColumns(draw, taught.used, sources));
    }
    return model;
}

} // namespace alidade
