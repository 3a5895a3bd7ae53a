#pragma once

#include "base/result.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// What a verb takes, for parsing and for its help.
struct VerbSyntax {
    struct Option {
        std::string name;     ///< without dashes
        std::string argument; ///< shown in the help; empty = a flag
        std::string help;
    };
    std::string name;
    std::string usage;   ///< behind "alidade name"
    std::string summary; ///< one sentence
    std::size_t fewest = 0;
    std::size_t most = 0; ///< positional arguments
    std::vector<Option> options;
    std::string details; ///< more for the help
};

/// A verb's arguments: positional ones in order, options by name.
class Arguments {
public:
    /// `--name value`, `--name=value`, flags; "--" ends the options. Errors name the argument and the nearest
    /// option.
    [[nodiscard]] static Result<Arguments> parse(const VerbSyntax& syntax,
                                                 const std::vector<std::string>& words);

    [[nodiscard]] const std::vector<std::string>& positional() const { return m_positional; }
    [[nodiscard]] bool has(const std::string& name) const { return m_options.contains(name); }
    [[nodiscard]] std::optional<std::string> option(const std::string& name) const;
    /// A whole number of at least `lowest`; nothing when the option is absent.
    [[nodiscard]] Result<std::optional<int>> count(const std::string& name, int lowest) const;

private:
    std::vector<std::string> m_positional;
    std::map<std::string, std::string> m_options;
};

} // namespace alidade
