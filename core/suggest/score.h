#pragma once

#include "surrogate/gaussian_process.h"

#include <variant>

namespace alidade {

/// What a suggestion is chosen by, before the chances of success and of each limit are added. Scores are
/// plain structs with the same three members, visited once per call; larger is better. All work on feature
/// rows and in model units:
///   Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
///   double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;  (by feature column)
///   void believe(const Eigen::RowVectorXd& features);  takes a setting into account whose outcome is pending

/// Nothing to improve on yet: only the chances count.
struct NoScore {
    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd&) {}
};

/// Log expected improvement of one modelled outcome. A pending outcome is believed at the predicted mean.
struct ImprovementScore {
    GaussianProcess process;
    bool maximise = false;
    double best = 0.0; ///< model units

    [[nodiscard]] Eigen::VectorXd values(const Eigen::MatrixXd& features) const;
    [[nodiscard]] double value(const Eigen::RowVectorXd& features, Eigen::VectorXd& gradient) const;
    void believe(const Eigen::RowVectorXd& features);
};

using Score = std::variant<NoScore, ImprovementScore>;

/// The posterior with one pending observation at its predicted mean.
[[nodiscard]] GaussianProcess believed(const GaussianProcess& process, const Eigen::RowVectorXd& features);

} // namespace alidade
