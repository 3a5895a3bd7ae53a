#include "suggest/features.h"

#include <cmath>
#include <numbers>

namespace alidade {

FeatureMap::FeatureMap(const Encoding& encoding, std::size_t sources) : m_encoding(&encoding) {
    const auto& coordinates = encoding.coordinates();
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        m_first.push_back(static_cast<Eigen::Index>(m_groups.size()));
        const std::size_t width = coordinates[i].kind == CoordinateKind::Category ? coordinates[i].levels : 1;
        m_groups.insert(m_groups.end(), width + (coordinates[i].conditional ? 1 : 0), static_cast<int>(i));
    }
    for (std::size_t k = 0; k < sources; ++k)
        m_groups.push_back(static_cast<int>(coordinates.size() + k));
}

Eigen::RowVectorXd FeatureMap::row(const Eigen::RowVectorXd& point,
                                   const Eigen::RowVectorXd& activity) const {
    Eigen::RowVectorXd features = Eigen::RowVectorXd::Zero(columns());
    const auto& coordinates = m_encoding->coordinates();
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        const auto coordinate = static_cast<Eigen::Index>(i);
        const Eigen::Index first = m_first[i];
        const bool active = activity(coordinate) > 0.5;
        Eigen::Index width = 1;
        if (coordinates[i].kind == CoordinateKind::Category) {
            width = static_cast<Eigen::Index>(coordinates[i].levels);
            if (active)
                features(first + static_cast<Eigen::Index>(std::lround(point(coordinate)))) =
                    1.0 / std::numbers::sqrt2;
        } else {
            const double position = active ? point(coordinate) : 0.5;
            features(first) = m_warps.empty() ? position : m_warps[i].value(position);
        }
        if (coordinates[i].conditional)
            features(first + width) = active ? 1.0 : 0.0;
    }
    return features;
}

Eigen::RowVectorXd FeatureMap::row(const Setting& setting) const {
    return row(m_encoding->encode(setting), m_encoding->activity(setting));
}

Eigen::MatrixXd FeatureMap::rows(std::span<const Setting> settings) const {
    Eigen::MatrixXd result(static_cast<Eigen::Index>(settings.size()), columns());
    for (std::size_t i = 0; i < settings.size(); ++i)
        result.row(static_cast<Eigen::Index>(i)) = row(settings[i]);
    return result;
}

} // namespace alidade
