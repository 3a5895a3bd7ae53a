#include "learning_rate/refinement.h"

#include "base/text.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace alidade {
namespace {

/// Two balanced halves; the median of an odd number of samples is the largest of the lower half.
class RunningMedian {
public:
    void insert(double x) {
        if (m_lower.empty() || x <= *m_lower.rbegin())
            m_lower.insert(x);
        else
            m_upper.insert(x);
        balance();
    }
    void remove(double x) {
        if (const auto found = m_lower.find(x); found != m_lower.end())
            m_lower.erase(found);
        else
            m_upper.erase(m_upper.find(x));
        balance();
    }
    [[nodiscard]] double median() const { return *m_lower.rbegin(); }

private:
    void balance() {
        while (m_lower.size() > m_upper.size() + 1) {
            m_upper.insert(*m_lower.rbegin());
            m_lower.erase(std::prev(m_lower.end()));
        }
        while (m_upper.size() > m_lower.size()) {
            m_lower.insert(*m_upper.begin());
            m_upper.erase(m_upper.begin());
        }
    }
    std::multiset<double> m_lower;
    std::multiset<double> m_upper;
};

/// Sample `index` of the padded series.
double padded(const std::vector<double>& values, std::ptrdiff_t index) {
    const auto count = static_cast<std::ptrdiff_t>(values.size());
    if (index < 0 || count == 1)
        return values.front();
    if (index < count)
        return values[static_cast<std::size_t>(index)];
    const std::ptrdiff_t period = 2 * (count - 1);
    const std::ptrdiff_t phase = index % period;
    return values[static_cast<std::size_t>(phase < count ? phase : period - phase)];
}

} // namespace

std::size_t medianFilterWidth(std::size_t count, double smoothing) {
    return 2 * (static_cast<std::size_t>(smoothing * static_cast<double>(count)) / 2) + 1;
}

std::vector<double> medianFilter(const std::vector<double>& values, std::size_t width) {
    if (width <= 1 || values.empty())
        return values;
    const auto half = static_cast<std::ptrdiff_t>(width / 2);
    RunningMedian window;
    for (std::ptrdiff_t i = -half; i <= half; ++i)
        window.insert(padded(values, i));
    std::vector<double> filtered(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto center = static_cast<std::ptrdiff_t>(i);
        filtered[i] = window.median();
        window.insert(padded(values, center + half + 1));
        window.remove(padded(values, center - half));
    }
    return filtered;
}

Result<RefinedSchedule> refineSchedule(const std::vector<double>& gradientNorms,
                                       const RefinementOptions& options) {
    if (options.power != 1 && options.power != 2)
        return makeError(ErrorCode::InvalidArgument,
                         "power is " + std::to_string(options.power) +
                             " but must be 2 (SGD-type) or 1 (Adam-type)",
                         "power");
    if (!(options.smoothing >= 0.0 && options.smoothing <= 1.0))
        return makeError(ErrorCode::InvalidArgument,
                         "smoothing is " + formatDouble(options.smoothing) + " but must be between 0 and 1",
                         "smoothing");
    RefinedSchedule result;
    std::vector<double> norms;
    norms.reserve(gradientNorms.size());
    for (std::size_t i = 0; i < gradientNorms.size(); ++i) {
        if (gradientNorms[i] < 0.0)
            return makeError(ErrorCode::InvalidArgument,
                             "a gradient norm is " + formatDouble(gradientNorms[i]) +
                                 "; norms are not negative",
                             "gradient_norms[" + std::to_string(i) + "]");
        if (std::isfinite(gradientNorms[i]))
            norms.push_back(gradientNorms[i]);
    }
    result.cleaning.dropped = gradientNorms.size() - norms.size();
    if (norms.size() < 2)
        return makeError(ErrorCode::InvalidArgument, "at least 2 finite gradient norms are needed",
                         "gradient_norms");
    result.cleaning.filterWidth = medianFilterWidth(norms.size(), options.smoothing);
    norms = medianFilter(norms, result.cleaning.filterWidth);
    const double largest = *std::max_element(norms.begin(), norms.end());
    if (largest == 0.0)
        return makeError(ErrorCode::InvalidArgument, "all gradient norms are 0", "gradient_norms");
    std::vector<double> weights(norms.size());
    for (std::size_t i = 0; i < norms.size(); ++i) {
        if (norms[i] < 1e-12 * largest) {
            norms[i] = 1e-12 * largest;
            ++result.cleaning.floored;
        }
        // Relative to the largest norm: the schedule does not depend on the unit, the powers stay in range.
        weights[i] = std::pow(largest / norms[i], options.power);
    }
    result.rates.assign(norms.size(), 0.0);
    double behind = 0.0;
    double squares = 0.0;
    double highest = 0.0;
    for (std::size_t i = norms.size(); i-- > 0;) {
        result.rates[i] = weights[i] * behind;
        highest = std::max(highest, result.rates[i]);
        behind += weights[i];
        squares += (largest / norms[i]) * (largest / norms[i]);
    }
    for (double& rate : result.rates)
        rate /= highest;
    result.sgdBound = largest / std::sqrt(squares);
    result.smoothedNorms = std::move(norms);
    return result;
}

} // namespace alidade
