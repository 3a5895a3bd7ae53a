#pragma once

#include "base/result.h"
#include "study/study.h"

#include <filesystem>
#include <optional>
#include <string>

namespace alidade {

/// What can be handed on as text: "config", "trials", "front", "best" (a setting).
/// The content of a file with this suffix (dot included): .json; trials and the front also .csv; a setting
/// .json, .yaml, .env, .txt (command line), .py. `trial`: whose setting; else that of bestForUse() of a
/// single objective, by a model that is fitted here where one is needed. `project` is the study's file, if it
/// has one: earlier studies that the model learns from are sought beside it. Errors: Unsupported (suffix),
/// those of chosenTrial() and measuredFront().
[[nodiscard]] Result<std::string> exportedText(const Study& study, const std::string& what,
                                               const std::string& suffix, std::optional<TrialId> trial = {},
                                               const std::filesystem::path& project = {});

} // namespace alidade
