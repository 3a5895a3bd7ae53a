#pragma once

#include "space/search_space.h"

#include <Eigen/Core>

#include <string>
#include <vector>

namespace alidade {

/// What one coordinate of the unit cube stands for.
enum class CoordinateKind {
    Continuous, ///< real; every value in [0, 1] is meaningful
    Discrete,   ///< integer, stepped real or ordinal: `levels` equally or unequally spaced positions
    Category,   ///< categorical: the index of the choice, 0 ... levels - 1, as a double; never interpolated
    Share       ///< one share of a mixture, already on the simplex (shares of a mixture sum to 1 - sum low)
};

struct Coordinate {
    ParameterId parameter;
    CoordinateKind kind = CoordinateKind::Continuous;
    std::size_t part = 0;          ///< which share of a mixture
    std::vector<double> positions; ///< Discrete with at most 1,024 levels: encoded positions, ascending
    std::size_t levels = 0;        ///< number of values for Discrete and Category (0: continuum)
    bool conditional = false;      ///< may be inactive
    std::string label;             ///< parameter name, or name.part
};

/// Encoded points are rows of doubles, one column per coordinate:
/// - real: scale(value) mapped linearly to [0, 1] (log, logit first); stepped and integer likewise, after
///   rounding to the nearest allowed value;
/// - ordinal: rank / (count - 1); categorical: the choice's index;
/// - mixture: (share - low) / (total - sum low) for every part: a point of the simplex;
/// - inactive: the neutral fill value 0.5 (or the first choice) in the coordinate, and 0 in the activity
/// mask. decode(encode(setting)) == setting exactly, for each kind (a real is nudged to the double that
/// encodes back).
class Encoding {
public:
    /// The space must be valid.
    explicit Encoding(SearchSpace space);

    [[nodiscard]] const SearchSpace& space() const { return m_space; }
    [[nodiscard]] const std::vector<Coordinate>& coordinates() const { return m_coordinates; }
    [[nodiscard]] Eigen::Index dimension() const { return static_cast<Eigen::Index>(m_coordinates.size()); }

    [[nodiscard]] Eigen::RowVectorXd encode(const Setting& setting) const;
    /// 1 where the coordinate's parameter is active.
    [[nodiscard]] Eigen::RowVectorXd activity(const Setting& setting) const;
    /// Rounds every coordinate to the nearest allowed value, evaluates conditions in topological order and
    /// drops inactive parameters. Any row of finite numbers decodes to a valid setting (constraints not
    /// considered).
    [[nodiscard]] Setting decode(const Eigen::RowVectorXd& point) const;
    /// encode(decode(point)).
    [[nodiscard]] Eigen::RowVectorXd rounded(const Eigen::RowVectorXd& point) const;

    /// Position of one value in [0, 1] along its scale (for axes and slices); categorical: index / (count -
    /// 1).
    [[nodiscard]] static double position(const Parameter& parameter, const Value& value);
    /// d value / d position of a real parameter at a value inside its range, in the value's unit.
    [[nodiscard]] static double slopeAt(const RealRange& range, double value);
    /// Reals have 12 significant digits (on a linear scale as many decimals as that makes of the range's
    /// width; on a logit scale above 0.5 15 decimals), so that what is shown and written is what is used.
    [[nodiscard]] static Value valueAt(const Parameter& parameter, double position);

private:
    SearchSpace m_space;
    std::vector<Coordinate> m_coordinates;
    std::vector<ParameterId> m_order;
};

/// Bytes that are equal exactly when two settings of one space are equal, for finding duplicates. Not for
/// people or files.
[[nodiscard]] std::string settingKey(const Setting& setting);

} // namespace alidade
