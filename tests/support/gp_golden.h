#pragma once

#include "surrogate/gaussian_process.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

namespace alidade::test {

using Golden = nlohmann::json;

[[nodiscard]] inline Golden gpGolden() {
    return Golden::parse(readFile(dataPath("gaussian_process.json")));
}

[[nodiscard]] inline Eigen::VectorXd vectorOf(const Golden& json) {
    const auto values = json.get<std::vector<double>>();
    return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

[[nodiscard]] inline Eigen::MatrixXd matrixOf(const Golden& json) {
    Eigen::MatrixXd result(static_cast<Eigen::Index>(json.size()),
                           static_cast<Eigen::Index>(json.at(0).size()));
    for (Eigen::Index i = 0; i < result.rows(); ++i)
        result.row(i) = vectorOf(json.at(static_cast<std::size_t>(i))).transpose();
    return result;
}

struct GpCase {
    GpData data;
    Eigen::MatrixXd at;
    KernelFamily family = KernelFamily::Matern52;
    Hyperparameters hyper;
};

[[nodiscard]] inline GpCase gpCase(const Golden& all, const Golden& entry) {
    const Golden& dataset = all["datasets"][entry["dataset"].get<std::string>()];
    GpCase result;
    result.data.x = matrixOf(dataset["X"]);
    result.data.y = vectorOf(dataset["y"]);
    result.data.groups = oneGroupPerColumn(result.data.x.cols());
    result.at = matrixOf(dataset["X_test"]);
    result.family = parseKernel(entry["kernel"].get<std::string>()).value();
    result.hyper = {vectorOf(entry["lengthscales"]), entry["outputscale"].get<double>(),
                    entry["noise_var"].get<double>(), entry["mean_const"].get<double>()};
    return result;
}

} // namespace alidade::test
