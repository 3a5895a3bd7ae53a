#include "math/normal.h"
#include "surrogate/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <utility>

// The members of GaussianProcess for a local posterior, see gaussian_process.h.

namespace alidade {
namespace {

/// Every row that belongs to one of the points, once; ascending.
template <typename RowsOf>
std::vector<Eigen::Index> unionOver(const Eigen::MatrixXd& points, const RowsOf& rowsOf) {
    std::vector<Eigen::Index> rows;
    for (const auto& point : points.rowwise()) {
        const std::vector<Eigen::Index> some = rowsOf(point);
        rows.insert(rows.end(), some.begin(), some.end());
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

} // namespace

Result<GaussianProcess> GaussianProcess::onRows(const std::vector<Eigen::Index>& rows) const {
    GpData data;
    data.groups = m_data.groups;
    data.x = m_data.x(rows, Eigen::all);
    data.y = m_data.y(rows);
    if (m_data.extraNoise.size() != 0)
        data.extraNoise = m_data.extraNoise(rows);
    return condition(std::move(data), m_family, m_hyper);
}

std::vector<Eigen::Index> GaussianProcess::nearestRows(const Eigen::RowVectorXd& point, Eigen::Index count,
                                                       Eigen::Index end, Eigen::Index omitted,
                                                       const std::vector<Eigen::Index>* others) const {
    Eigen::ArrayXd squared = Eigen::ArrayXd::Zero(end);
    for (Eigen::Index c = 0; c < m_data.x.cols(); ++c) {
        const double scale = m_hyper.lengthScales(m_data.groups[static_cast<std::size_t>(c)]);
        squared += (m_data.x.col(c).head(end).array() - point(c)).square() * (1.0 / (scale * scale));
    }
    std::vector<std::pair<double, Eigen::Index>> order; // equal distances in the order of the rows
    order.reserve(static_cast<std::size_t>(end));
    if (others)
        for (const Eigen::Index row : *others)
            if (row < end)
                squared(row) = -1.0; // is known already
    for (Eigen::Index i = 0; i < end; ++i)
        if (i != omitted && squared(i) >= 0.0)
            order.emplace_back(squared(i), i);
    const std::size_t kept = std::min(order.size(), static_cast<std::size_t>(count));
    if (kept < order.size())
        std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end());
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < kept; ++i)
        rows.push_back(order[i].second);
    std::sort(rows.begin(), rows.end());
    return rows;
}

Result<GaussianProcess> GaussianProcess::near(const Eigen::MatrixXd& points, Eigen::Index count) const {
    return onRows(unionOver(points, [&](const Eigen::RowVectorXd& point) {
        return nearestRows(point, count, m_data.y.size(), -1);
    }));
}

std::vector<Eigen::Index> GaussianProcess::supportingRows(const Eigen::RowVectorXd& point, Eigen::Index count,
                                                          Eigen::Index end, Eigen::Index omitted) const {
    std::vector<Eigen::Index> rows;
    for (const Eigen::Index row : m_spread)
        if (row < end && row != omitted)
            rows.push_back(row);
    const std::vector<Eigen::Index> nearest =
        nearestRows(point, std::max<Eigen::Index>(1, count - std::ssize(rows)), end, omitted, &m_spread);
    rows.insert(rows.end(), nearest.begin(), nearest.end());
    std::sort(rows.begin(), rows.end());
    return rows;
}

Result<GaussianProcess> GaussianProcess::around(const Eigen::MatrixXd& points, Eigen::Index count) const {
    return onRows(unionOver(points, [&](const Eigen::RowVectorXd& point) {
        return supportingRows(point, count, m_data.y.size(), -1);
    }));
}

GpPrediction GaussianProcess::predictLocally(const Eigen::MatrixXd& points) const {
    GpPrediction prediction{Eigen::VectorXd::Constant(points.rows(), m_hyper.mean),
                            Eigen::VectorXd::Constant(points.rows(), m_hyper.outputVariance)};
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        if (const auto known = around(points.row(i), m_neighbours)) {
            const GpPrediction one = known->predict(points.row(i));
            prediction.mean(i) = one.mean(0);
            prediction.variance(i) = one.variance(0);
        }
    return prediction;
}

GpPrediction GaussianProcess::leaveOneOutLocally() const {
    const Eigen::Index n = m_data.y.size();
    GpPrediction prediction{Eigen::VectorXd::Constant(n, m_hyper.mean),
                            Eigen::VectorXd::Constant(n, m_hyper.outputVariance)};
    for (Eigen::Index i = 0; i < n; ++i) {
        const std::vector<Eigen::Index> rows = supportingRows(m_data.x.row(i), m_neighbours, n, i);
        if (const auto known = rows.empty() ? Result<GaussianProcess>(Error{}) : onRows(rows)) {
            const GpPrediction one = known->predict(m_data.x.row(i));
            prediction.mean(i) = one.mean(0);
            prediction.variance(i) = one.variance(0);
        }
        prediction.variance(i) +=
            m_hyper.noiseVariance + (m_data.extraNoise.size() != 0 ? m_data.extraNoise(i) : 0.0);
    }
    return prediction;
}

double GaussianProcess::localLogMarginalLikelihood() const {
    double sum = 0.0;
    for (Eigen::Index i = 0; i < m_data.y.size(); ++i) {
        double mean = m_hyper.mean;
        double variance = m_hyper.outputVariance;
        const std::vector<Eigen::Index> rows = supportingRows(m_data.x.row(i), m_neighbours, i, -1);
        if (const auto earlier = rows.empty() ? Result<GaussianProcess>(Error{}) : onRows(rows)) {
            const GpPrediction one = earlier->predict(m_data.x.row(i));
            mean = one.mean(0);
            variance = one.variance(0);
        }
        variance += m_hyper.noiseVariance + (m_data.extraNoise.size() != 0 ? m_data.extraNoise(i) : 0.0);
        const double sd = std::sqrt(std::max(variance, 1e-300));
        sum += logNormalPdf((m_data.y(i) - mean) / sd) - std::log(sd);
    }
    return sum;
}

} // namespace alidade
