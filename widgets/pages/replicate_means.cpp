#include "pages/replicate_means.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <type_traits>

namespace alidade {

namespace {

constexpr double kNormal95 = 1.959964;

std::size_t mixed(std::size_t seed, std::size_t value) {
    return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
}

std::size_t hashOf(const Value& value) {
    return std::visit(
        [](const auto& v) -> std::size_t {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::vector<double>>) {
                std::size_t seed = v.size();
                for (const double part : v)
                    seed = mixed(seed, std::hash<double>()(part));
                return seed;
            } else {
                return std::hash<std::decay_t<decltype(v)>>()(v);
            }
        },
        value);
}

std::size_t hashOf(const Setting& setting) {
    std::size_t seed = setting.size();
    for (const auto& [id, value] : setting)
        seed = mixed(mixed(seed, static_cast<std::size_t>(id.value)), hashOf(value));
    return seed;
}

} // namespace

double studentQuantile95(int degrees) {
    constexpr std::array<double, 30> kTable{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                            2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                            2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                            2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    if (degrees <= static_cast<int>(kTable.size()))
        return kTable[static_cast<std::size_t>(std::max(degrees, 1) - 1)];
    const double z = kNormal95;
    const double d = degrees;
    return z + z * (z * z + 1.0) / (4.0 * d) +
           z * (5.0 * z * z * z * z + 16.0 * z * z + 3.0) / (96.0 * d * d);
}

std::size_t ReplicateMeans::groupOf(const Setting& setting) {
    if (!setting.empty()) { // where nothing is known of the setting, nothing is repeated
        const std::size_t hash = hashOf(setting);
        const auto [first, last] = m_byHash.equal_range(hash);
        for (auto it = first; it != last; ++it)
            if (*m_groups[it->second].setting == setting)
                return it->second;
        m_byHash.emplace(hash, m_groups.size());
    }
    Group group;
    group.setting = &setting;
    m_groups.push_back(group);
    return m_groups.size() - 1;
}

void ReplicateMeans::add(const Setting& setting, double value, double noiseSd, TrialId id) {
    const std::size_t index = groupOf(setting);
    Group& group = m_groups[index];
    const double sign = m_goal == Goal::Minimize ? 1.0 : -1.0;
    if (group.count > 0.0) {
        m_order.erase({sign * group.mean, index});
        ++m_degrees;
    }
    // Welford 1962: one pass, no cancellation.
    group.count += 1.0;
    const double before = value - group.mean;
    group.mean += before / group.count;
    m_squares += before * (value - group.mean);
    group.noiseVariance += noiseSd * noiseSd;
    group.noiseKnown = group.noiseKnown && noiseSd > 0.0;
    group.newest = id;
    m_order.emplace(sign * group.mean, index);
}

ReplicateMeans::Best ReplicateMeans::best() const {
    const std::size_t index = m_order.begin()->second;
    const Group& group = m_groups[index];
    double halfWidth = std::numeric_limits<double>::quiet_NaN();
    if (m_degrees > 0)
        halfWidth = studentQuantile95(m_degrees) * std::sqrt(m_squares / m_degrees / group.count);
    else if (group.noiseKnown)
        halfWidth = kNormal95 * std::sqrt(group.noiseVariance) / group.count;
    return {group.mean, halfWidth, index, group.newest};
}

} // namespace alidade
