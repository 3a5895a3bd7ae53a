#pragma once

#include <array>

namespace alidade {

/// Positive nodes of the 20-point Gauss-Legendre rule on [-1, 1] and their weights.
inline constexpr std::array<std::array<double, 2>, 10> kGaussLegendre20{
    {{0.07652652113349733375, 0.15275338713072585070},
     {0.22778585114164507808, 0.14917298647260374679},
     {0.37370608871541956067, 0.14209610931838205133},
     {0.51086700195082709800, 0.13168863844917662690},
     {0.63605368072651502545, 0.11819453196151841731},
     {0.74633190646015079261, 0.10193011981724043504},
     {0.83911697182221882339, 0.08327674157670474872},
     {0.91223442825132590587, 0.06267204833410906357},
     {0.96397192727791379127, 0.04060142980038694133},
     {0.99312859918509492479, 0.01761400713915211831}}};

/// Calls visit(x, weight) for the 20 nodes on [from, to]: the sum of weight * f(x) is the integral of f,
/// exact for polynomials up to degree 39.
template <typename Visit>
void visitGaussLegendre20(double from, double to, const Visit& visit) {
    const double half = 0.5 * (to - from);
    const double middle = 0.5 * (from + to);
    for (const auto& [node, weight] : kGaussLegendre20) {
        visit(middle - half * node, half * weight);
        visit(middle + half * node, half * weight);
    }
}

} // namespace alidade
