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
    /// For spaces of other than real parameters, instead of low, high and value.
    std::string configuration = {};
    std::function<double(const SearchSpace&, const Setting&)> mixedValue = {};
};

[[nodiscard]] Problem branin();
[[nodiscard]] Problem hartmann6();
[[nodiscard]] Problem ackley5();
[[nodiscard]] Problem levy8();
[[nodiscard]] Problem rosenbrock4();
/// Real, logarithmic, whole and conditional parameters and a choice; minimum 1 at x = 0.3, y = 20, n = 7,
/// kind = b, z = 0.8.
[[nodiscard]] Problem mixedTraining();
/// Branin with its first variable in 61 steps and a choice of three shifts of the second, of which one
/// reaches the optimum of the stepped function.
[[nodiscard]] Problem mixedBranin();

/// A study with the problem's parameters (one real per dimension: x1, x2, ...) and one objective "y" to
/// minimise.
[[nodiscard]] Study studyOf(const Problem& problem, std::uint64_t seed);

/// Values of the real parameters in order.
[[nodiscard]] std::vector<double> coordinatesOf(const Study& study, const Setting& setting);

[[nodiscard]] double valueOf(const Problem& problem, const Study& study, const Setting& setting);

/// A study with `count` results of value(x) at random settings; real parameters only.
[[nodiscard]] Study randomStudy(const Problem& problem, int count, std::uint64_t seed,
                                const std::function<double(const std::vector<double>&)>& value);

/// The method of this name, of those that can be chosen; ends the program where there is none.
[[nodiscard]] Method methodCalled(const std::string& name);

/// Appends a complete trial with this outcome.
void addResult(Study& study, const Setting& setting, Origin origin, double value);

} // namespace alidade::test
