#include "verbs/arguments.h"

#include "base/text.h"

#include <algorithm>

namespace alidade {

Result<Arguments> Arguments::parse(const VerbSyntax& syntax, const std::vector<std::string>& words) {
    Arguments arguments;
    bool ended = false;
    std::vector<std::string> known;
    for (const VerbSyntax::Option& option : syntax.options)
        known.push_back("--" + option.name);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!ended && word == "--") {
            ended = true;
            continue;
        }
        if (ended || !word.starts_with("--")) {
            arguments.m_positional.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const auto option =
            std::find_if(syntax.options.begin(), syntax.options.end(),
                         [&](const VerbSyntax::Option& candidate) { return candidate.name == name; });
        if (option == syntax.options.end())
            return makeError(ErrorCode::InvalidArgument,
                             "unknown option \"--" + name + "\"" + didYouMean("--" + name, known));
        if (arguments.has(name))
            return makeError(ErrorCode::InvalidArgument, "\"--" + name + "\" is given twice");
        if (option->argument.empty()) {
            if (equals != std::string::npos)
                return makeError(ErrorCode::InvalidArgument, "\"--" + name + "\" takes no value");
            arguments.m_options[name];
        } else if (equals != std::string::npos) {
            arguments.m_options[name] = word.substr(equals + 1);
        } else if (i + 1 < words.size()) {
            arguments.m_options[name] = words[++i];
        } else {
            return makeError(ErrorCode::InvalidArgument,
                             "\"--" + name + "\" needs a value: " + option->argument);
        }
    }
    if (arguments.m_positional.size() < syntax.fewest)
        return makeError(ErrorCode::InvalidArgument, "too few arguments");
    if (arguments.m_positional.size() > syntax.most)
        return makeError(ErrorCode::InvalidArgument,
                         "unexpected argument \"" + arguments.m_positional[syntax.most] + "\"");
    return arguments;
}

std::optional<std::string> Arguments::option(const std::string& name) const {
    const auto found = m_options.find(name);
    return found == m_options.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<int>> Arguments::count(const std::string& name, int lowest) const {
    const auto text = option(name);
    if (!text)
        return std::optional<int>();
    const auto number = parseInteger(*text);
    if (!number || *number < lowest || *number > 1000000000)
        return makeError(ErrorCode::InvalidArgument, "\"--" + name + "\" needs a whole number of at least " +
                                                         std::to_string(lowest) + ", not \"" + *text + "\"");
    return std::optional<int>(static_cast<int>(*number));
}

} // namespace alidade
