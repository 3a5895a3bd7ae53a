#pragma once

#include "study/study.h"

#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace alidade {

/// Means of what was measured at each setting, as results come in, and the best of them.
class ReplicateMeans {
public:
    explicit ReplicateMeans(Goal goal) : m_goal(goal) {}

    /// A finite value; `noiseSd` is its known standard error, 0 where not given. O(log n).
    void add(const Setting& setting, double value, double noiseSd, TrialId id);

    struct Best {
        double value = 0.0;     ///< mean over the replicates
        double halfWidth = 0.0; ///< of its 95 % interval; NaN: unknown
        std::size_t setting = 0;
        TrialId newest; ///< last trial at the setting
    };
    /// The setting with the best mean; of equals the one that was measured first. Needs one value.
    [[nodiscard]] Best best() const;
    [[nodiscard]] bool replicated() const { return m_degrees > 0; }

private:
    struct Group {
        const Setting* setting = nullptr; ///< of the study, which outlives this
        double count = 0.0;
        double mean = 0.0;
        double noiseVariance = 0.0; ///< sum of the known ones
        bool noiseKnown = true;
        TrialId newest;
    };
    [[nodiscard]] std::size_t groupOf(const Setting& setting);

    Goal m_goal;
    std::vector<Group> m_groups;
    std::unordered_multimap<std::size_t, std::size_t> m_byHash;
    std::set<std::pair<double, std::size_t>> m_order; ///< (mean, group), smaller is better
    double m_squares = 0.0;                           ///< squared deviations from the means, pooled
    int m_degrees = 0;
};

/// Student's t: the two-sided 95 % quantile for `degrees` >= 1 of freedom; to three decimals up to 30, above
/// within 0.001 (expansion in 1 / degrees: Abramowitz & Stegun 26.7.5).
[[nodiscard]] double studentQuantile95(int degrees);

} // namespace alidade
