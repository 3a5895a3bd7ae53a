#pragma once

#include "study/study.h"

#include <functional>
#include <string>
#include <vector>

namespace alidade::test {

/// A function to minimise that knows its domain and its optimum.
struct Problem {
    std::string name;
    std::vector<double> low;
    std::vector<double> high;
    double optimum = 0.0;
    std::function<double(const std::vector<double>&)> value;
};

[[nodiscard]] Problem branin();
[[nodiscard]] Problem hartmann6();
[[nodiscard]] Problem ackley5();
[[nodiscard]] Problem levy8();
[[nodiscard]] Problem rosenbrock4();

/// A study with one real parameter per dimension (x1, x2, ...) and one objective "y" to minimise.
[[nodiscard]] Study studyOf(const Problem& problem, std::uint64_t seed);

/// Values of the real parameters in order.
[[nodiscard]] std::vector<double> coordinatesOf(const Study& study, const Setting& setting);

/// Appends a complete trial with this outcome.
void addResult(Study& study, const Setting& setting, Origin origin, double value);

} // namespace alidade::test
