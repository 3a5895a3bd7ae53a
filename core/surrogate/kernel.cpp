#include "surrogate/kernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace alidade {
namespace {

constexpr Eigen::Index kChunk = 512;

constexpr std::array<std::pair<KernelFamily, std::string_view>, 4> kNames{
    {{KernelFamily::Rbf, "rbf"},
     {KernelFamily::Matern12, "matern12"},
     {KernelFamily::Matern32, "matern32"},
     {KernelFamily::Matern52, "matern52"}}};

/// The columns of x divided by their length scales.
Eigen::MatrixXd scaledColumns(const Eigen::MatrixXd& x, const ColumnGroups& groups,
                              const Eigen::VectorXd& lengthScales) {
    Eigen::MatrixXd scaled(x.rows(), x.cols());
    for (Eigen::Index c = 0; c < x.cols(); ++c)
        scaled.col(c) = x.col(c) / lengthScales(groups[static_cast<std::size_t>(c)]);
    return scaled;
}

} // namespace

std::string_view kernelName(KernelFamily family) {
    for (const auto& [value, name] : kNames)
        if (value == family)
            return name;
    return {};
}

std::optional<KernelFamily> parseKernel(std::string_view wanted) {
    for (const auto& [value, name] : kNames)
        if (name == wanted)
            return value;
    return std::nullopt;
}

Correlation correlationWithSlope(KernelFamily family, double squaredDistance) {
    switch (family) {
    case KernelFamily::Rbf: {
        const double decay = std::exp(-0.5 * squaredDistance);
        return {decay, -0.5 * decay};
    }
    case KernelFamily::Matern12: {
        const double r = std::sqrt(squaredDistance);
        const double decay = std::exp(-r);
        return {decay, r > 0.0 ? -0.5 * decay / r : 0.0};
    }
    case KernelFamily::Matern32: {
        const double a = std::sqrt(3.0 * squaredDistance);
        const double decay = std::exp(-a);
        return {(1.0 + a) * decay, -1.5 * decay};
    }
    case KernelFamily::Matern52: {
        const double a = std::sqrt(5.0 * squaredDistance);
        const double decay = std::exp(-a);
        return {(1.0 + a + a * a / 3.0) * decay, -5.0 / 6.0 * (1.0 + a) * decay};
    }
    }
    return {};
}

void correlations(KernelFamily family, Eigen::Ref<Eigen::ArrayXd> squared, Eigen::ArrayXd* slope) {
    // Intermediate results stay in the cache and off the heap.
    Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, kChunk, 1> decay;
    for (Eigen::Index first = 0; first < squared.size(); first += kChunk) {
        const Eigen::Index count = std::min(kChunk, squared.size() - first);
        auto values = squared.segment(first, count);
        const auto setSlope = [&](const auto& expression) {
            if (slope)
                slope->segment(first, count) = expression;
        };
        switch (family) {
        case KernelFamily::Rbf:
            values = (-0.5 * values).exp();
            setSlope(-0.5 * values);
            break;
        case KernelFamily::Matern12:
            values = values.sqrt();
            decay = (-values).exp();
            setSlope((values > 0.0).select(-0.5 * decay / values, 0.0));
            values = decay;
            break;
        case KernelFamily::Matern32:
            values = (3.0 * values).sqrt();
            decay = (-values).exp();
            setSlope(-1.5 * decay);
            values = (1.0 + values) * decay;
            break;
        case KernelFamily::Matern52:
            values = (5.0 * values).sqrt();
            decay = (-values).exp();
            setSlope((-5.0 / 6.0) * (1.0 + values) * decay);
            values = (1.0 + values + values.square() * (1.0 / 3.0)) * decay;
            break;
        }
    }
}

double correlation(KernelFamily family, double squaredDistance) {
    return correlationWithSlope(family, squaredDistance).value;
}

double correlationSlope(KernelFamily family, double squaredDistance) {
    return correlationWithSlope(family, squaredDistance).slope;
}

ColumnGroups oneGroupPerColumn(Eigen::Index columns) {
    ColumnGroups groups(static_cast<std::size_t>(columns));
    std::iota(groups.begin(), groups.end(), 0);
    return groups;
}

Eigen::MatrixXd squaredDistances(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b,
                                 const ColumnGroups& groups, const Eigen::VectorXd& lengthScales) {
    // Differences column by column: |a|^2 + |b|^2 - 2 a.b would cancel for close points.
    const Eigen::MatrixXd x = scaledColumns(a, groups, lengthScales);
    const Eigen::MatrixXd y = scaledColumns(b, groups, lengthScales);
    Eigen::MatrixXd result = Eigen::MatrixXd::Zero(a.rows(), b.rows());
    for (Eigen::Index j = 0; j < b.rows(); ++j)
        for (Eigen::Index c = 0; c < a.cols(); ++c)
            result.col(j).array() += (x.col(c).array() - y(j, c)).square();
    return result;
}

Eigen::MatrixXd covariance(KernelFamily family, const Hyperparameters& hyper, const ColumnGroups& groups,
                           const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    Eigen::MatrixXd result = squaredDistances(a, b, groups, hyper.lengthScales);
    for (Eigen::Index j = 0; j < result.cols(); ++j) // a column fits into the cache
        correlations(family, result.col(j).array(), nullptr);
    result *= hyper.outputVariance;
    return result;
}

} // namespace alidade
