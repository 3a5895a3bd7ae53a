#pragma once

#include "suggest/study_model.h"
#include "suggest/transfer.h"

namespace alidade {

/// What `options.sources` tell about every measure of the study, measure after measure: from a fit of the
/// models, and as far as firstLook() goes for a measure that cannot be modelled yet. Empty without sources.
/// Errors: Cancelled.
[[nodiscard]] Result<std::vector<Relatedness>>
relatednessOf(const Study& study, const ModelOptions& options = {}, const Monitor& monitor = {});

} // namespace alidade
