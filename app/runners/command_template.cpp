#include "runners/command_template.h"

#include "base/text.h"

#include <cstdlib>
#include <optional>

namespace alidade {
namespace {

std::string shellQuoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

/// Expands placeholders while the text is read, so that values are never split or read again.
class Expander {
public:
    enum class Mode { Arguments, Shell, Text };

    Expander(Mode mode, const SearchSpace& space, const Setting& setting, const CommandContext& context)
        : m_mode(mode), m_space(space), m_setting(setting), m_context(context) {}

    /// `own` is what {} stands for, inside {name:text}.
    Result<void> read(std::string_view text, const std::optional<std::string>& own) {
        char quote = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            const bool splitting = m_mode == Mode::Arguments;
            if (splitting && quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
                finishArgument();
            } else if (splitting && c == '\\' && quote != '\'') {
                if (++i == text.size())
                    return makeError(ErrorCode::Syntax, "the command ends in a backslash");
                add(std::string(1, text[i]));
            } else if (splitting && (c == '\'' || c == '"') && (quote == 0 || quote == c)) {
                quote = quote == 0 ? c : '\0';
                m_open = true;
            } else if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c &&
                       !(own && c == '}')) {
                add(std::string(1, c));
                ++i;
            } else if (c == '{') {
                const std::size_t end = closing(text, i);
                if (end == std::string_view::npos)
                    return makeError(ErrorCode::Syntax, "a \"{\" is not closed; write {{ for a brace itself");
                ALIDADE_CHECK(placeholder(text.substr(i + 1, end - i - 1), own));
                i = end;
            } else if (c == '}') {
                return makeError(ErrorCode::Syntax, "a \"}\" has no \"{\"; write }} for a brace itself");
            } else {
                add(std::string(1, c));
            }
        }
        if (quote != 0)
            return makeError(ErrorCode::Syntax, std::string("a quote ") + quote + " is not closed");
        return {};
    }

    std::vector<std::string> take() {
        finishArgument();
        return std::move(m_arguments);
    }

private:
    static std::size_t closing(std::string_view text, std::size_t open) {
        int depth = 0;
        for (std::size_t i = open; i < text.size(); ++i) {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth == 0)
                return i;
        }
        return std::string_view::npos;
    }

    void add(const std::string& text) {
        m_current += text;
        m_open = true;
    }
    void addValue(const std::string& value) { add(m_mode == Mode::Shell ? shellQuoted(value) : value); }
    void finishArgument() {
        if (m_open)
            m_arguments.push_back(std::move(m_current));
        m_current.clear();
        m_open = false;
    }

    [[nodiscard]] std::optional<std::string> builtin(std::string_view name) const {
        if (name == "trial")
            return std::to_string(m_context.trial.value);
        if (name == "seed")
            return std::to_string(m_context.seed);
        if (name == "directory")
            return m_context.directory.string();
        if (name == "examples")
            return m_context.examples.string();
        if (name == "programs")
            return m_context.programs.string();
        return std::nullopt;
    }

    Result<void> placeholder(std::string_view content, const std::optional<std::string>& own) {
        if (content.empty()) {
            if (!own)
                return makeError(ErrorCode::Syntax, "{} has a meaning only inside {name:text}");
            addValue(*own);
            return {};
        }
        const std::size_t colon = content.find(':');
        const std::string_view name = content.substr(0, colon);
        const std::size_t dot = name.find('.');
        const Parameter* parameter = m_space.find(name.substr(0, dot));
        if (!parameter) {
            if (const auto value = builtin(name)) {
                addValue(*value);
                return {};
            }
            std::vector<std::string> known = m_space.names();
            known.insert(known.end(), {"trial", "seed", "directory", "examples", "programs"});
            return makeError(ErrorCode::UnknownName, "the command mentions {" + std::string(name) +
                                                         "}, which nothing is called" +
                                                         didYouMean(std::string(name), known));
        }
        const auto found = m_setting.find(parameter->id);
        if (found == m_setting.end()) {
            if (colon != std::string_view::npos)
                return {};
            return makeError(ErrorCode::InvalidArgument,
                             "{" + std::string(name) + "} is inactive for this setting; write {" +
                                 std::string(name) + ":...{}...} for text that goes with it");
        }
        std::string value = formatValue(found->second);
        if (dot != std::string_view::npos) {
            const auto* mixture = std::get_if<MixtureParts>(&parameter->domain);
            const auto* shares = std::get_if<std::vector<double>>(&found->second);
            const std::string part(name.substr(dot + 1));
            std::optional<double> share;
            for (std::size_t i = 0; mixture && shares && i < mixture->parts.size(); ++i)
                if (mixture->parts[i] == part)
                    share = (*shares)[i];
            if (!share)
                return makeError(ErrorCode::UnknownName,
                                 "\"" + parameter->name + "\" has no part \"" + part + "\"");
            value = formatDouble(*share);
        }
        if (colon == std::string_view::npos) {
            addValue(value);
            return {};
        }
        return read(content.substr(colon + 1), value);
    }

    Mode m_mode;
    const SearchSpace& m_space;
    const Setting& m_setting;
    const CommandContext& m_context;
    std::vector<std::string> m_arguments;
    std::string m_current;
    bool m_open = false;
};

} // namespace

Result<std::vector<std::string>> expandCommand(const std::string& text, bool shell, const SearchSpace& space,
                                               const Setting& setting, const CommandContext& context) {
    Expander expander(shell ? Expander::Mode::Shell : Expander::Mode::Arguments, space, setting, context);
    ALIDADE_CHECK(expander.read(text, std::nullopt));
    std::vector<std::string> arguments = expander.take();
    if (arguments.empty())
        return makeError(ErrorCode::Syntax, "the command is empty");
    if (shell)
        return std::vector<std::string>{"/bin/sh", "-c", arguments.front()};
    return arguments;
}

Result<std::string> expandText(const std::string& text, const SearchSpace& space, const Setting& setting,
                               const CommandContext& context) {
    Expander expander(Expander::Mode::Text, space, setting, context);
    ALIDADE_CHECK(expander.read(text, std::nullopt));
    const std::vector<std::string> parts = expander.take();
    return parts.empty() ? std::string() : parts.front();
}

namespace {

std::filesystem::path executableDirectory() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
}

} // namespace

std::filesystem::path examplesDirectory() {
    namespace fs = std::filesystem;
    if (const char* resources = std::getenv("ALIDADE_RESOURCES"); resources && *resources)
        return fs::path(resources) / "examples";
    std::error_code ignored;
    const fs::path beside =
        executableDirectory().parent_path() / "share" / "alidade" / "resources" / "examples";
    if (fs::is_directory(beside, ignored))
        return beside;
    return fs::path(ALIDADE_SOURCE_DIR) / "resources" / "examples";
}

std::filesystem::path programsDirectory() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path beside = executableDirectory();
    if (fs::exists(beside / "alidade-example-classifier", ignored))
        return beside;
    return fs::path(ALIDADE_BINARY_DIR) / "bin";
}

} // namespace alidade
