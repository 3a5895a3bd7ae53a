#include "plots/desirability_shapes.h"

#include "base/constants.h"
#include "desirability/desirability.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <variant>

namespace alidade {

namespace {

using Kind = DesirabilityHandle::Kind;

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

double middle(double a, double b) {
    return 0.5 * (a + b);
}

double halfway(double exponent) {
    return std::pow(0.5, exponent);
}

/// std::clamp for bounds that may have crossed (limits that were typed in the wrong order): stays put then.
double between(double value, double low, double high, double present) {
    return low <= high ? std::clamp(value, low, high) : present;
}

std::vector<std::size_t> orderOf(const DesirabilityCustom& custom) {
    std::vector<std::size_t> order(std::min(custom.x.size(), custom.d.size()));
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return custom.x[a] < custom.x[b]; });
    return order;
}

double exponentThrough(double d, double present) {
    const double lowest = halfway(kHighestExponent);
    const double highest = halfway(kLowestExponent);
    return scaleThrough(0.5, std::clamp(d, lowest, highest)).value_or(present);
}

/// Moves one of the ascending positions between its neighbours.
void moveBetween(double& position, double before, double after, double x, double gap) {
    position = between(x, before + gap, after - gap, position);
}

} // namespace

ShapeKind shapeKind(const DesirabilityShape& shape) {
    return std::visit(Overloaded{[](const DesirabilityMax&) { return ShapeKind::Max; },
                                 [](const DesirabilityMin&) { return ShapeKind::Min; },
                                 [](const DesirabilityTarget&) { return ShapeKind::Target; },
                                 [](const DesirabilityBox&) { return ShapeKind::Box; },
                                 [](const DesirabilityCustom&) { return ShapeKind::Custom; },
                                 [](const DesirabilityCategories&) { return ShapeKind::Categories; }},
                      shape);
}

std::vector<DesirabilityHandle> desirabilityHandles(const DesirabilityShape& shape) {
    using Handles = std::vector<DesirabilityHandle>;
    return std::visit(
        Overloaded{
            [](const DesirabilityMax& s) {
                return Handles{{Kind::Low, 0, s.low, 0.0},
                               {Kind::Bend, 0, middle(s.low, s.high), halfway(s.scale)},
                               {Kind::High, 0, s.high, 1.0}};
            },
            [](const DesirabilityMin& s) {
                return Handles{{Kind::Low, 0, s.low, 1.0},
                               {Kind::Bend, 0, middle(s.low, s.high), halfway(s.scale)},
                               {Kind::High, 0, s.high, 0.0}};
            },
            [](const DesirabilityTarget& s) {
                return Handles{{Kind::Low, 0, s.low, 0.0},
                               {Kind::Bend, 0, middle(s.low, s.target), halfway(s.lowScale)},
                               {Kind::Target, 0, s.target, 1.0},
                               {Kind::HighBend, 0, middle(s.target, s.high), halfway(s.highScale)},
                               {Kind::High, 0, s.high, 0.0}};
            },
            [](const DesirabilityBox& s) {
                return Handles{{Kind::Low, 0, s.low, 1.0}, {Kind::High, 0, s.high, 1.0}};
            },
            [](const DesirabilityCustom& s) {
                Handles handles;
                for (const std::size_t i : orderOf(s))
                    handles.push_back({Kind::Knot, i, s.x[i], s.d[i]});
                return handles;
            },
            [](const DesirabilityCategories& s) {
                Handles handles;
                for (const auto& [level, d] : s.values)
                    handles.push_back({Kind::Level, handles.size(), static_cast<double>(handles.size()), d});
                return handles;
            }},
        shape);
}

DesirabilityShape movedHandle(const DesirabilityShape& shape, std::size_t handle, double x, double d,
                              double gap) {
    const std::vector<DesirabilityHandle> handles = desirabilityHandles(shape);
    if (handle >= handles.size() || !std::isfinite(x) || !std::isfinite(d))
        return shape;
    const DesirabilityHandle& moved = handles[handle];
    const double share = std::clamp(d, 0.0, 1.0);
    const auto limits = [&](auto& s) {
        if (moved.kind == Kind::Low)
            moveBetween(s.low, -kInfinity, s.high, x, gap);
        else if (moved.kind == Kind::High)
            moveBetween(s.high, s.low, kInfinity, x, gap);
    };
    const auto oneSided = [&](auto& s) {
        if (moved.kind == Kind::Bend)
            s.scale = exponentThrough(share, s.scale);
        else
            limits(s);
    };
    DesirabilityShape result = shape;
    std::visit(Overloaded{[&](DesirabilityMax& s) { oneSided(s); }, [&](DesirabilityMin& s) { oneSided(s); },
                          [&](DesirabilityBox& s) { limits(s); },
                          [&](DesirabilityTarget& s) {
                              switch (moved.kind) {
                              case Kind::Low: moveBetween(s.low, -kInfinity, s.target, x, gap); break;
                              case Kind::Target: moveBetween(s.target, s.low, s.high, x, gap); break;
                              case Kind::High: moveBetween(s.high, s.target, kInfinity, x, gap); break;
                              case Kind::Bend: s.lowScale = exponentThrough(share, s.lowScale); break;
                              default: s.highScale = exponentThrough(share, s.highScale); break;
                              }
                          },
                          [&](DesirabilityCustom& s) {
                              const double before = handle == 0 ? -kInfinity : handles[handle - 1].x;
                              const double after =
                                  handle + 1 == handles.size() ? kInfinity : handles[handle + 1].x;
                              moveBetween(s.x[moved.index], before, after, x, gap);
                              s.d[moved.index] = share;
                          },
                          [&](DesirabilityCategories& s) {
                              std::next(s.values.begin(), static_cast<std::ptrdiff_t>(moved.index))->second =
                                  share;
                          }},
               result);
    return result;
}

std::optional<DesirabilityShape> withKnot(const DesirabilityShape& shape, double x, double d, double gap) {
    const auto* custom = std::get_if<DesirabilityCustom>(&shape);
    if (custom == nullptr || !std::isfinite(x) || !std::isfinite(d))
        return std::nullopt;
    DesirabilityCustom result;
    bool placed = false;
    const auto place = [&] {
        result.x.push_back(x);
        result.d.push_back(std::clamp(d, 0.0, 1.0));
        placed = true;
    };
    for (const std::size_t i : orderOf(*custom)) {
        if (std::abs(custom->x[i] - x) < gap)
            return std::nullopt;
        if (!placed && custom->x[i] > x)
            place();
        result.x.push_back(custom->x[i]);
        result.d.push_back(custom->d[i]);
    }
    if (!placed)
        place();
    return result;
}

std::optional<DesirabilityShape> withoutKnot(const DesirabilityShape& shape, std::size_t handle) {
    const auto* custom = std::get_if<DesirabilityCustom>(&shape);
    const std::vector<DesirabilityHandle> handles = desirabilityHandles(shape);
    if (custom == nullptr || handle >= handles.size() || handles.size() <= 2)
        return std::nullopt;
    DesirabilityCustom result;
    for (std::size_t i = 0; i < handles.size(); ++i) {
        if (i == handle)
            continue;
        result.x.push_back(handles[i].x);
        result.d.push_back(handles[i].d);
    }
    return result;
}

std::optional<std::pair<double, double>> limitsOf(const DesirabilityShape& shape) {
    const std::vector<DesirabilityHandle> handles = desirabilityHandles(shape);
    if (handles.empty() || shapeKind(shape) == ShapeKind::Categories)
        return std::nullopt;
    return std::pair(handles.front().x, handles.back().x);
}

DesirabilityShape shapeAs(ShapeKind kind, const DesirabilityShape& shape, std::pair<double, double> range) {
    if (shapeKind(shape) == kind)
        return shape;
    auto [low, high] = limitsOf(shape).value_or(range);
    if (!(low < high))
        high = low + std::max(1.0, std::abs(low));
    const double scale = std::visit(Overloaded{[](const DesirabilityMax& s) { return s.scale; },
                                               [](const DesirabilityMin& s) { return s.scale; },
                                               [](const DesirabilityTarget& s) { return s.lowScale; },
                                               [](const auto&) { return 1.0; }},
                                    shape);
    switch (kind) {
    case ShapeKind::Max: return DesirabilityMax{low, high, scale};
    case ShapeKind::Min: return DesirabilityMin{low, high, scale};
    case ShapeKind::Target: return DesirabilityTarget{low, middle(low, high), high, scale, scale};
    case ShapeKind::Box: return DesirabilityBox{low, high};
    case ShapeKind::Categories: return DesirabilityCategories{{{"bad", 0.0}, {"good", 1.0}}};
    case ShapeKind::Custom: break;
    }
    constexpr int kKnots = 5;
    const auto curve = Desirability::make({shape, std::nullopt, std::nullopt, 1.0});
    DesirabilityCustom custom;
    for (int i = 0; i < kKnots; ++i) {
        const double share = static_cast<double>(i) / (kKnots - 1);
        custom.x.push_back(i + 1 == kKnots ? high : low + share * (high - low));
        const double d = curve.ok() && !curve->isCategorical() ? curve->value(custom.x.back()) : share;
        custom.d.push_back(d);
    }
    return custom;
}

DesirabilityFunction firstDesirability(Goal goal, std::optional<std::pair<double, double>> measured) {
    auto [low, high] = measured.value_or(std::pair(0.0, 1.0));
    if (!(low < high)) {
        const double half = low == 0.0 ? 0.5 : 0.1 * std::abs(low);
        low -= half;
        high += half;
    }
    DesirabilityFunction function;
    if (goal == Goal::Minimize)
        function.shape = DesirabilityMin{low, high, 1.0};
    else
        function.shape = DesirabilityMax{low, high, 1.0};
    return function;
}

} // namespace alidade
