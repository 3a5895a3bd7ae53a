#pragma once

#include "base/result.h"
#include "study/study.h"

#include <optional>
#include <string>
#include <string_view>

namespace alidade {

/// How one setting is handed on to other programs.
enum class SettingFormat {
    JsonObject,  ///< {"lr": 0.001, "mix": {"web": 0.5}}
    Yaml,        ///< read alike by YAML 1.1 and 1.2
    Env,         ///< LR=0.001 lines for a shell or a container; a share is MIX_WEB
    CommandLine, ///< --lr=0.001 --mix.web=0.5, quoted for a POSIX shell
    Python       ///< a dict literal
};

/// By the suffix of a file name, dot included: .json, .yaml or .yml, .env (also a file called ".env"), .txt
/// or .args, .py.
[[nodiscard]] std::optional<SettingFormat> settingFormat(std::string_view suffix);

/// The setting in the order of the space, numbers with all their digits, inactive parameters left out.
/// `comment` becomes a comment line where the format has one; empty: none.
/// Errors: Unsupported (two names become the same variable in .env; a text with a line break there),
/// UnknownName (a parameter that the space does not have).
[[nodiscard]] Result<std::string> settingText(const SearchSpace& space, const Setting& setting,
                                              SettingFormat format, const std::string& comment = {});

/// The setting to hand on: of trial `id`, else of the best trial of a single objective.
/// Errors: NotFound (no such trial, nothing measured yet), InvalidArgument (several objectives and no id).
[[nodiscard]] Result<const Trial*> chosenTrial(const Study& study, std::optional<TrialId> id);

/// "study "oven", trial 12: loss = 0.31 nat", for comments.
[[nodiscard]] std::string trialComment(const Definition& definition, const Trial& trial);

} // namespace alidade
