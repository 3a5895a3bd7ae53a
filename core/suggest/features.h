#pragma once

#include "space/encoding.h"
#include "surrogate/input_warp.h"
#include "surrogate/kernel.h"

#include <Eigen/Core>

#include <span>
#include <vector>

namespace alidade {

/// How settings look to a kernel: every coordinate of the encoding becomes one or more feature columns that
/// share one length scale, so that covariances stay positive definite whatever the mix of kinds:
/// - real: the encoded position, bent by the coordinate's warp where there is one;
/// - integer, ordinal, share: the encoded position;
/// - categorical: one column per choice, 1 / sqrt(2) for the chosen one, so that two choices are at distance
/// 1;
/// - conditional: one column more, 1 when active. An inactive parameter sits at its neutral position, so two
/// settings
///   without it do not differ in it, and a setting with it is at least one unit away from a setting without
///   it.
/// - earlier studies that the models learn from: one column each with a length scale of its own, 0 in every
/// setting of
///   today's (and 1 in the study's own results, see fitWithSources()).
class FeatureMap {
public:
    explicit FeatureMap(const Encoding& encoding, std::size_t sources = 0);

    [[nodiscard]] Eigen::Index columns() const { return static_cast<Eigen::Index>(m_groups.size()); }
    /// One group per coordinate of the encoding, then one per source.
    [[nodiscard]] const ColumnGroups& groups() const { return m_groups; }

    [[nodiscard]] Eigen::RowVectorXd row(const Setting& setting) const;
    [[nodiscard]] Eigen::MatrixXd rows(std::span<const Setting> settings) const;
    /// From an encoded point and its activity mask; positions are taken as they are, not rounded.
    [[nodiscard]] Eigen::RowVectorXd row(const Eigen::RowVectorXd& point,
                                         const Eigen::RowVectorXd& activity) const;
    /// Feature column of a coordinate that is not categorical.
    [[nodiscard]] Eigen::Index columnOf(Eigen::Index coordinate) const {
        return m_first[static_cast<std::size_t>(coordinate)];
    }

    /// Warps of all coordinates, or none: identities. Those of coordinates that are not continuous have to be
    /// identities.
    void setWarps(std::vector<InputWarp> warps) { m_warps = std::move(warps); }
    [[nodiscard]] const std::vector<InputWarp>& warps() const { return m_warps; }
    /// d feature / d position of a coordinate that is not categorical, at an encoded position.
    [[nodiscard]] double slope(Eigen::Index coordinate, double position) const {
        return m_warps.empty() ? 1.0 : m_warps[static_cast<std::size_t>(coordinate)].slope(position);
    }
    /// Encoded position of a coordinate that is not categorical, from its feature.
    [[nodiscard]] double position(Eigen::Index coordinate, double feature) const {
        return m_warps.empty() ? feature : m_warps[static_cast<std::size_t>(coordinate)].inverse(feature);
    }

private:
    const Encoding* m_encoding;
    ColumnGroups m_groups;
    std::vector<Eigen::Index> m_first; ///< first column of each coordinate
    std::vector<InputWarp> m_warps;
};

} // namespace alidade
