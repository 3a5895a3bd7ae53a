#pragma once

#include "base/rng.h"
#include "surrogate/gaussian_process.h"

#include <Eigen/LU>

#include <cmath>
#include <numbers>

/// Values and differences, and what a posterior by the book makes of them.
namespace alidade::test {

/// Six values and five differences in three columns, of which two share a length scale.
inline GpData sample(bool knownNoise) {
    Rng rng(7, "differences");
    const auto draw = [&](Eigen::Index, Eigen::Index) { return rng.uniform(); };
    GpData data;
    data.x = Eigen::MatrixXd::NullaryExpr(6, 3, draw);
    data.y = Eigen::VectorXd::NullaryExpr(6, [&](Eigen::Index) { return rng.normal(); });
    data.groups = {0, 1, 1};
    data.differences.ahead = Eigen::MatrixXd::NullaryExpr(5, 3, draw);
    data.differences.behind = Eigen::MatrixXd::NullaryExpr(5, 3, draw);
    data.differences.value = Eigen::VectorXd::NullaryExpr(5, [&](Eigen::Index) { return rng.normal(); });
    data.differences.owner = {0, 0, 2, 5, 5};
    if (knownNoise) {
        data.differences.noise = Eigen::VectorXd::LinSpaced(5, 0.01, 0.05);
        data.extraNoise = Eigen::VectorXd::LinSpaced(6, 0.0, 0.1);
    }
    return data;
}

inline Hyperparameters hyperparameters() {
    return {Eigen::Vector2d(0.6, 1.1), 1.4, 0.02, 0.3};
}

/// The posterior by the textbook: covariances of every observation with every other, one by one.
struct Textbook {
    GpData data;
    KernelFamily family;
    Hyperparameters hyper;
    Eigen::MatrixXd inverse;
    Eigen::MatrixXd matrix;
    Eigen::VectorXd residual;

    Textbook(const GpData& given, KernelFamily kernel, const Hyperparameters& parameters)
        : data(given), family(kernel), hyper(parameters) {
        const Eigen::Index m = data.differences.size();
        const Eigen::Index n = m + data.y.size();
        matrix.resize(n, n);
        residual.resize(n);
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = 0; j < n; ++j)
                matrix(i, j) = with(i, [&](const Eigen::RowVectorXd& a) {
                    return with(j, [&](const Eigen::RowVectorXd& b) { return k(a, b); });
                });
            residual(i) = i < m ? data.differences.value(i) : data.y(i - m) - hyper.mean;
        }
        for (Eigen::Index i = 0; i < n; ++i) {
            if (i >= m)
                matrix(i, i) +=
                    hyper.noiseVariance + (data.extraNoise.size() > 0 ? data.extraNoise(i - m) : 0.0);
            else
                matrix(i, i) += matrix(i, i) * hyper.noiseVariance / hyper.outputVariance +
                                (data.differences.noise.size() > 0 ? data.differences.noise(i) : 0.0);
        }
        inverse = matrix.inverse();
    }

    [[nodiscard]] double k(const Eigen::RowVectorXd& a, const Eigen::RowVectorXd& b) const {
        double squared = 0.0;
        for (Eigen::Index c = 0; c < a.size(); ++c)
            squared +=
                std::pow((a(c) - b(c)) / hyper.lengthScales(data.groups[static_cast<std::size_t>(c)]), 2);
        return hyper.outputVariance * correlation(family, squared);
    }

    /// The functional that observation i is of, applied to f.
    template <typename Function>
    [[nodiscard]] double with(Eigen::Index i, const Function& f) const {
        const Eigen::Index m = data.differences.size();
        if (i >= m)
            return f(data.x.row(i - m));
        return f(data.differences.ahead.row(i)) - f(data.differences.behind.row(i));
    }

    [[nodiscard]] Eigen::VectorXd cross(const Eigen::RowVectorXd& point) const {
        Eigen::VectorXd result(residual.size());
        for (Eigen::Index i = 0; i < result.size(); ++i)
            result(i) = with(i, [&](const Eigen::RowVectorXd& a) { return k(a, point); });
        return result;
    }
    [[nodiscard]] double mean(const Eigen::RowVectorXd& point) const {
        return hyper.mean + cross(point).dot(inverse * residual);
    }
    [[nodiscard]] double covariance(const Eigen::RowVectorXd& a, const Eigen::RowVectorXd& b) const {
        return k(a, b) - cross(a).dot(inverse * cross(b));
    }
    [[nodiscard]] double logDensity() const {
        return -0.5 * residual.dot(inverse * residual) - 0.5 * std::log(matrix.determinant()) -
               0.5 * static_cast<double>(residual.size()) * std::log(2.0 * std::numbers::pi);
    }
};

/// Of f along one column, by central differences.
template <typename Function>
double slope(const Function& f, const Eigen::RowVectorXd& at, Eigen::Index column) {
    constexpr double kStep = 1e-5;
    Eigen::RowVectorXd ahead = at;
    Eigen::RowVectorXd behind = at;
    ahead(column) += kStep;
    behind(column) -= kStep;
    return (f(ahead) - f(behind)) / (2.0 * kStep);
}

inline Eigen::MatrixXd places() {
    Eigen::MatrixXd at(4, 3);
    at << 0.41, 0.33, 0.72, 0.1, 0.9, 0.5, 0.8, 0.2, 0.3, 0.55, 0.6, 0.05;
    return at;
}

/// A smooth function of the unit square with its gradient.
inline double hill(double x, double y) {
    return 3.0 * std::sin(3.0 * x) * std::cos(2.0 * y) + x * y;
}

/// `count` values of hill(), with both slopes each where wanted.
inline GpData surveyed(Eigen::Index count, bool slopes, double scale = 1.0) {
    Rng rng(3, "survey");
    GpData data;
    data.groups = {0, 1};
    data.x = Eigen::MatrixXd::NullaryExpr(count, 2, [&](auto, auto) { return rng.uniform(); });
    data.y.resize(count);
    for (Eigen::Index i = 0; i < count; ++i)
        data.y(i) = scale * hill(data.x(i, 0), data.x(i, 1));
    if (!slopes)
        return data;
    constexpr double kStep = 1e-3;
    Differences& differences = data.differences;
    differences.ahead.resize(2 * count, 2);
    differences.behind.resize(2 * count, 2);
    differences.value.resize(2 * count);
    for (Eigen::Index i = 0; i < 2 * count; ++i) {
        const Eigen::RowVectorXd here = data.x.row(i / 2);
        differences.ahead.row(i) = here;
        differences.behind.row(i) = here;
        differences.ahead(i, i % 2) += kStep;
        differences.behind(i, i % 2) -= kStep;
        const double a = here(0);
        const double b = here(1);
        const double slope = i % 2 == 0 ? 9.0 * std::cos(3.0 * a) * std::cos(2.0 * b) + b
                                        : -6.0 * std::sin(3.0 * a) * std::sin(2.0 * b) + a;
        differences.value(i) = 2.0 * kStep * scale * slope;
        differences.owner.push_back(i / 2);
    }
    return data;
}

} // namespace alidade::test
