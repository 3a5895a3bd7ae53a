#pragma once

#include "base/result.h"
#include "study/study.h"

#include <optional>
#include <string>

namespace alidade {

/// What can be handed on as text: "config", "trials", "front", "best" (a setting).
/// The content of a file with this suffix (dot included): .json; trials and the front also .csv; a setting
/// .json, .yaml, .env, .txt (command line), .py. `trial`: whose setting; else that of the best trial of a
/// single objective; where conditions of use are averaged over, the best on the average by a model, which is
/// fitted here, or the best measured one while results are too few for it. Errors: Unsupported (suffix),
/// those of chosenTrial() and measuredFront().
[[nodiscard]] Result<std::string> exportedText(const Study& study, const std::string& what,
                                               const std::string& suffix, std::optional<TrialId> trial = {});

} // namespace alidade
