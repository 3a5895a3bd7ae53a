#pragma once

#include "base/result.h"
#include "study/study.h"

#include <filesystem>
#include <string>
#include <vector>

namespace alidade {

/// What a command needs besides the values of the parameters.
struct CommandContext {
    TrialId trial;
    std::uint64_t seed = 0;          ///< {seed}: the study's seed plus the trial's number
    std::filesystem::path directory; ///< {directory}: the trial's working directory
    std::filesystem::path examples;  ///< {examples}: the folder of the bundled examples
    std::filesystem::path programs;  ///< {programs}: the folder of the programs that examples measure
};

/// The program and arguments of a command template for one setting. The template is split at white space;
/// quotes '...' and "..." keep text together, a backslash takes the next character as it is. Placeholders:
///   {name}        value of a parameter (shares of a mixture joined by ':'); an error while it is inactive
///   {name.part}   one share of a mixture
///   {name:text}   `text`, in which {} is the value, while the parameter is active; else nothing (an argument
///                 that consists of it alone vanishes)
///   {trial} {seed} {directory} {examples} {programs}   see CommandContext
///   {{ }}         braces
/// Values are inserted after splitting: they are always part of one argument. With `shell`, the template is
/// one command line for /bin/sh, values are quoted for it, and the result is {"/bin/sh", "-c", line}. Errors:
/// Syntax (quotes, braces), UnknownName (with the nearest name), InvalidArgument (inactive parameter).
[[nodiscard]] Result<std::vector<std::string>> expandCommand(const std::string& text, bool shell,
                                                             const SearchSpace& space, const Setting& setting,
                                                             const CommandContext& context);

/// The same rules for a single text that is not split (environment values, directory).
[[nodiscard]] Result<std::string> expandText(const std::string& text, const SearchSpace& space,
                                             const Setting& setting, const CommandContext& context);

/// Where the bundled examples are: the environment's ALIDADE_RESOURCES, else beside the executable
/// (../share/alidade/resources), else the source tree this program was built from.
[[nodiscard]] std::filesystem::path examplesDirectory();

/// Where alidade-example-classifier is: beside the executable, else where this build put it.
[[nodiscard]] std::filesystem::path programsDirectory();

} // namespace alidade
