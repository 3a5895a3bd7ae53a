#pragma once

#include "base/monitor.h"
#include "base/result.h"
#include "study/source_study.h"

#include <string>
#include <vector>

namespace alidade {

struct SuggestOptions {
    std::size_t threads = 0; ///< 0 = all cores; results do not depend on it
    /// Earlier studies to learn from, as readSources() gives them; null: none.
    std::shared_ptr<const SourceStudies> sources = nullptr;
};

struct Suggestion {
    Setting setting;
    Origin origin = Origin::Initial;
    std::string reason; ///< one English sentence with the figures that led to it
};

struct SuggestReport {
    std::vector<Suggestion> suggestions;
    std::vector<std::string> warnings; ///< "stopped early: best candidates so far", "space nearly exhausted"
    bool exhausted = false;            ///< the finite space had fewer untried settings than asked for
};

/// `count` new settings to measure next (>= 1). Uses the study's strategy: initial design (scrambled Sobol),
/// then model-based. Pending and running trials are taken into account; no setting repeats a trial already in
/// the study or batch when the space is finite (noisy continuous studies may repeat). Depends only on the
/// study's content (seed, definition, trials) and that of its sources, never on time or threads. With sources
/// the initial design starts with their best settings, and ends after three results when one of the sources
/// turns out to be related, unless the strategy states its size.
/// Errors: InvalidConfiguration, Infeasible, Exhausted (none left), Cancelled (nothing found yet).
[[nodiscard]] Result<SuggestReport> suggest(const Study& study, std::size_t count,
                                            const SuggestOptions& options = {}, const Monitor& monitor = {});

/// Trials of the initial design: the strategy's number, else 2 (parameters + 1), at least 5 and at most 20.
[[nodiscard]] std::size_t initialDesignSize(const Definition& definition);

} // namespace alidade
