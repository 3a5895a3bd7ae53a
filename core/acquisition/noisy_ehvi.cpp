#include "acquisition/noisy_ehvi.h"

#include "base/constants.h"
#include "base/inverse_normal.h"
#include "math/log_mean_exp.h"
#include "math/sobol.h"
#include "pareto/dominance.h"
#include "pareto/hypervolume.h"
#include "pareto/reference_point.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace alidade {
namespace {

Eigen::MatrixXd stacked(const Eigen::MatrixXd& above, const Eigen::MatrixXd& below) {
    if (above.rows() == 0)
        return below;
    if (below.rows() == 0)
        return above;
    Eigen::MatrixXd result(above.rows() + below.rows(), above.cols());
    result << above, below;
    return result;
}

/// Rows without repetitions, the first of each kept, and for every row where its copy went.
struct Distinct {
    Eigen::MatrixXd rows;
    std::vector<Eigen::Index> place;
};

Distinct distinctRows(const Eigen::MatrixXd& rows) {
    Distinct result;
    std::vector<Eigen::Index> kept;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const auto same = std::find_if(kept.begin(), kept.end(),
                                       [&](Eigen::Index k) { return rows.row(k) == rows.row(i); });
        result.place.push_back(same - kept.begin());
        if (same == kept.end())
            kept.push_back(i);
    }
    result.rows.resize(static_cast<Eigen::Index>(kept.size()), rows.cols());
    for (std::size_t k = 0; k < kept.size(); ++k)
        result.rows.row(static_cast<Eigen::Index>(k)) = rows.row(kept[k]);
    return result;
}

Eigen::MatrixXd sobolNormals(Eigen::Index dimension, int samples, std::uint64_t seed) {
    Eigen::MatrixXd normals(dimension, samples);
    SobolSequence sequence(static_cast<std::size_t>(dimension), seed);
    for (Eigen::Index s = 0; s < samples; ++s) {
        const std::vector<double> point = sequence.next();
        for (Eigen::Index i = 0; i < dimension; ++i)
            normals(i, s) =
                inverseNormalCdf(std::clamp(point[static_cast<std::size_t>(i)], 0x1p-33, 1.0 - 0x1p-33));
    }
    return normals;
}

} // namespace

double NoisyHypervolumeImprovement::sign(Eigen::Index k) const {
    const auto objective = static_cast<std::size_t>(k);
    return m_problem.wanted[objective] || m_problem.goals[objective] == Goal::Minimize ? 1.0 : -1.0;
}

Eigen::VectorXd NoisyHypervolumeImprovement::minimised(Eigen::Index k,
                                                       const Eigen::VectorXd& outcomes) const {
    const auto& wanted = m_problem.wanted[static_cast<std::size_t>(k)];
    if (!wanted)
        return sign(k) * outcomes;
    return (wanted->low - outcomes.array()).max(outcomes.array() - wanted->high).max(0.0);
}

Result<NoisyHypervolumeImprovement> NoisyHypervolumeImprovement::make(Problem problem,
                                                                      NoisyFrontOptions options) {
    const auto objectives = static_cast<Eigen::Index>(problem.processes.size());
    if (problem.wanted.empty())
        problem.wanted.resize(problem.processes.size());
    if (objectives == 0 || problem.goals.size() != problem.processes.size() ||
        problem.wanted.size() != problem.processes.size() || problem.reference.size() != objectives ||
        options.samples < 1)
        return makeError(ErrorCode::InvalidArgument,
                         "a goal and a reference value are needed for each objective");
    const Eigen::Index columns = problem.processes.front().data().x.cols();
    if ((problem.measured.rows() > 0 && problem.measured.cols() != columns) ||
        (problem.others.rows() > 0 && problem.others.cols() != columns))
        return makeError(ErrorCode::InvalidArgument, "the places must have " + std::to_string(columns) +
                                                         " feature columns, as the models have");
    NoisyHypervolumeImprovement made;
    made.m_pending.resize(0, columns);
    made.m_problem = std::move(problem);
    made.m_options = options;
    ALIDADE_CHECK(made.build());
    return made;
}

Result<NoisyHypervolumeImprovement>
NoisyHypervolumeImprovement::withPending(const Eigen::MatrixXd& pending) const {
    if (pending.cols() != m_pending.cols())
        return makeError(ErrorCode::InvalidArgument, "a pending row has the wrong number of columns");
    NoisyHypervolumeImprovement result = *this;
    result.m_pending = stacked(m_pending, pending);
    ALIDADE_CHECK(result.build());
    return result;
}

Result<void> NoisyHypervolumeImprovement::build() {
    const auto objectives = static_cast<Eigen::Index>(m_problem.processes.size());
    const Eigen::MatrixXd& measured = m_problem.measured;
    ObjectiveMatrix means(measured.rows(), objectives);
    Eigen::MatrixXd deviations(measured.rows(), objectives);
    for (Eigen::Index k = 0; k < objectives && measured.rows() > 0; ++k) {
        const GpPrediction prediction = m_problem.processes[static_cast<std::size_t>(k)].predict(measured);
        means.col(k) = minimised(k, prediction.mean);
        deviations.col(k) = prediction.variance.cwiseSqrt();
    }
    const std::vector<int> members = paretoFront(means);
    const ObjectiveMatrix front = selectPoints(means, members);
    // The reference stays what it was without the pending settings.
    if (m_reference.size() == 0) {
        m_reference = m_problem.reference;
        for (Eigen::Index k = 0; k < objectives; ++k)
            m_reference(k) *= sign(k);
        if (!m_reference.allFinite()) {
            ReferencePointOptions options;
            if (!m_reference.array().isNaN().all())
                options.worstAcceptable = m_reference;
            ALIDADE_ASSIGN(m_reference, inferReferencePoint(front, options));
        }
    }
    ALIDADE_ASSIGN(m_volume, hypervolume(front, m_reference));
    bool known = m_pending.rows() == 0;
    for (Eigen::Index k = 0; k < objectives && known && front.rows() > 0; ++k) {
        const double range = front.col(k).maxCoeff() - front.col(k).minCoeff();
        for (const int member : members)
            known = known && deviations(member, k) <= m_options.knownWithin * std::max(range, 0.1);
    }
    m_processes = m_problem.processes;
    m_resolved.clear();
    m_fronts.clear();
    const Eigen::MatrixXd candidates = stacked(measured, m_pending);
    if (!known && candidates.rows() + m_problem.others.rows() <= m_options.mostPlaces)
        return sampleFronts(candidates);
    // Known, or too many places to sample: pending settings are believed at their predicted mean.
    ObjectiveMatrix points(candidates.rows(), objectives);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        GaussianProcess& process = m_processes[static_cast<std::size_t>(k)];
        if (candidates.rows() > 0)
            points.col(k) = minimised(k, process.predict(candidates).mean);
        for (Eigen::Index i = 0; i < m_pending.rows(); ++i)
            process = process.withObservation(m_pending.row(i), process.predict(m_pending.row(i)).mean(0));
    }
    ALIDADE_ASSIGN(auto improvement,
                   ExpectedHypervolumeImprovement::make(points, m_reference, m_problem.wanted));
    m_fronts.push_back(std::move(improvement));
    return {};
}

Result<void> NoisyHypervolumeImprovement::sampleFronts(const Eigen::MatrixXd& candidates) {
    const auto objectives = static_cast<Eigen::Index>(m_problem.processes.size());
    const Distinct places = distinctRows(stacked(candidates, m_problem.others));
    const Eigen::Index u = places.rows.rows();
    const Eigen::MatrixXd normals = sobolNormals(u * objectives, m_options.samples, m_options.seed);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        ALIDADE_ASSIGN(auto resolved,
                       ResolvedPosterior::make(m_problem.processes[static_cast<std::size_t>(k)], places.rows,
                                               normals.middleRows(k * u, u)));
        m_resolved.push_back(std::move(resolved));
    }
    ObjectiveMatrix points(candidates.rows(), objectives);
    for (Eigen::Index s = 0; s < m_options.samples; ++s) {
        for (Eigen::Index k = 0; k < objectives; ++k) {
            const Eigen::VectorXd values =
                minimised(k, m_resolved[static_cast<std::size_t>(k)].resolved().col(s));
            for (Eigen::Index i = 0; i < candidates.rows(); ++i)
                points(i, k) = values(places.place[static_cast<std::size_t>(i)]);
        }
        ALIDADE_ASSIGN(auto improvement,
                       ExpectedHypervolumeImprovement::make(points, m_reference, m_problem.wanted));
        m_fronts.push_back(std::move(improvement));
    }
    return {};
}

Eigen::VectorXd NoisyHypervolumeImprovement::logValues(const Eigen::MatrixXd& points) const {
    const auto objectives = static_cast<Eigen::Index>(m_problem.processes.size());
    const auto fronts = static_cast<Eigen::Index>(m_fronts.size());
    std::vector<Eigen::MatrixXd> means; // per objective: m x fronts, as m_fronts takes them
    Eigen::MatrixXd deviations(points.rows(), objectives);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        if (m_resolved.empty()) {
            const GpPrediction prediction = m_processes[static_cast<std::size_t>(k)].predict(points);
            means.emplace_back(sign(k) * prediction.mean);
            deviations.col(k) = prediction.variance.cwiseSqrt();
        } else {
            const auto prediction = m_resolved[static_cast<std::size_t>(k)].predict(points);
            means.emplace_back(sign(k) * prediction.means);
            deviations.col(k) = prediction.variance.cwiseSqrt();
        }
    }
    Eigen::VectorXd result(points.rows());
    Eigen::VectorXd terms(fronts);
    Eigen::VectorXd mean(objectives);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const Eigen::VectorXd deviation = deviations.row(i);
        for (Eigen::Index s = 0; s < fronts; ++s) {
            for (Eigen::Index k = 0; k < objectives; ++k)
                mean(k) = means[static_cast<std::size_t>(k)](i, s);
            const auto value = m_fronts[static_cast<std::size_t>(s)].logValue(mean, deviation);
            terms(s) = value ? value->logValue : -kInfinity;
        }
        result(i) = logMeanExp(terms);
    }
    return result;
}

double NoisyHypervolumeImprovement::logValue(const Eigen::RowVectorXd& point,
                                             Eigen::VectorXd& gradient) const {
    const auto objectives = static_cast<Eigen::Index>(m_problem.processes.size());
    const auto fronts = static_cast<Eigen::Index>(m_fronts.size());
    std::vector<ResolvedPosterior::PointPrediction> predictions;
    Eigen::VectorXd deviation(objectives);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        if (m_resolved.empty()) {
            GpPointPrediction plain = m_processes[static_cast<std::size_t>(k)].predictPoint(point);
            predictions.push_back({Eigen::VectorXd::Constant(1, sign(k) * plain.mean), plain.variance,
                                   sign(k) * plain.meanGradient, std::move(plain.varianceGradient)});
        } else {
            auto resolved = m_resolved[static_cast<std::size_t>(k)].predictPoint(point);
            resolved.means *= sign(k);
            resolved.meanGradients *= sign(k);
            predictions.push_back(std::move(resolved));
        }
        deviation(k) = std::sqrt(predictions.back().variance);
    }
    std::vector<ExpectedHypervolumeImprovement::Value> values;
    Eigen::VectorXd terms(fronts);
    Eigen::VectorXd mean(objectives);
    for (Eigen::Index s = 0; s < fronts; ++s) {
        for (Eigen::Index k = 0; k < objectives; ++k)
            mean(k) = predictions[static_cast<std::size_t>(k)].means(s);
        auto value = m_fronts[static_cast<std::size_t>(s)].logValue(mean, deviation);
        if (!value)
            value = ExpectedHypervolumeImprovement::Value{-kInfinity, Eigen::VectorXd::Zero(objectives),
                                                          Eigen::VectorXd::Zero(objectives)};
        terms(s) = value->logValue;
        values.push_back(std::move(value).value());
    }
    const double total = logMeanExp(terms);
    gradient = Eigen::VectorXd::Zero(point.size());
    if (std::isinf(total))
        return total;
    for (Eigen::Index s = 0; s < fronts; ++s) {
        const double share = std::exp(terms(s) - total) / static_cast<double>(fronts);
        if (!(share > 0.0))
            continue;
        const auto& value = values[static_cast<std::size_t>(s)];
        for (Eigen::Index k = 0; k < objectives; ++k) {
            const auto& prediction = predictions[static_cast<std::size_t>(k)];
            gradient += share * value.byMean(k) * prediction.meanGradients.col(s);
            if (deviation(k) > 0.0)
                gradient +=
                    share * value.byStandardDeviation(k) / (2.0 * deviation(k)) * prediction.varianceGradient;
        }
    }
    return total;
}

} // namespace alidade
