#include "suggest/score.h"

#include <cmath>

namespace alidade {
namespace {

Eigen::VectorXd partValues(const AnyScore& part, const Eigen::MatrixXd& features) {
    return std::visit([&](const auto& score) { return score.values(features); }, part.score);
}

double partValue(const AnyScore& part, const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) {
    return std::visit([&](const auto& score) { return score.value(features, gradient); }, part.score);
}

} // namespace

double logMeanExp(const Eigen::VectorXd& values, Eigen::VectorXd& shares) {
    const double most = values.maxCoeff();
    if (!std::isfinite(most)) {
        shares = Eigen::VectorXd::Zero(values.size());
        return most;
    }
    shares = (values.array() - most).exp();
    const double sum = shares.sum();
    shares /= sum;
    return most + std::log(sum / static_cast<double>(values.size()));
}

Eigen::VectorXd MixtureScore::values(const Eigen::MatrixXd& features) const {
    if (averaging == Averaging::Alternate)
        return partValues(parts[current], features);
    Eigen::MatrixXd each(features.rows(), std::ssize(parts));
    for (std::size_t k = 0; k < parts.size(); ++k)
        each.col(static_cast<Eigen::Index>(k)) = partValues(parts[k], features);
    if (averaging == Averaging::Mean)
        return each.rowwise().mean();
    Eigen::VectorXd result(features.rows());
    Eigen::VectorXd shares;
    for (Eigen::Index i = 0; i < result.size(); ++i)
        result(i) = logMeanExp(each.row(i), shares);
    return result;
}

double MixtureScore::value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const {
    if (averaging == Averaging::Alternate)
        return partValue(parts[current], features, gradient);
    Eigen::VectorXd each(std::ssize(parts));
    Eigen::MatrixXd gradients(features.size(), std::ssize(parts));
    for (std::size_t k = 0; k < parts.size(); ++k) {
        Eigen::VectorXd slope;
        each(static_cast<Eigen::Index>(k)) = partValue(parts[k], features, slope);
        gradients.col(static_cast<Eigen::Index>(k)) = slope;
    }
    if (averaging == Averaging::Mean) {
        gradient = gradients.rowwise().mean();
        return each.mean();
    }
    Eigen::VectorXd shares;
    const double value = logMeanExp(each, shares);
    // Where a part is -inf its gradient means nothing, and its share is 0.
    gradient = Eigen::VectorXd::Zero(features.size());
    for (Eigen::Index k = 0; k < each.size(); ++k)
        if (shares(k) > 0.0)
            gradient += shares(k) * gradients.col(k);
    return value;
}

void MixtureScore::believe(const Eigen::RowVectorXd& features) {
    for (AnyScore& part : parts)
        std::visit([&](auto& score) { score.believe(features); }, part.score);
    current = (current + 1) % parts.size();
}

} // namespace alidade
