#include "base/text.h"
#include "exchange/study_json.h"
#include "exchange/trials_csv.h"
#include "protocol/session.h"
#include "suggest/summary.h"
#include "verbs/verbs.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>

namespace alidade {
namespace {

int usage(const std::string& verb, const std::string& message) {
    std::cerr << "alidade " << verb << ": " << message << "\nUsage: alidade " << verb << " "
              << findVerb(verb)->syntax.usage << std::endl;
    return kUsage;
}

/// Writes beside the target and renames, so that a reader sees the old file or the new one.
Result<void> writeWhole(const std::filesystem::path& path, const std::string& content) {
    std::error_code failure;
    std::string temporary = path.string() + ".XXXXXX";
    const int fd = ::mkstemp(temporary.data());
    if (fd < 0)
        return makeError(ErrorCode::InputOutput, std::strerror(errno), path.string());
    const auto failed = [&](int error) {
        ::close(fd);
        ::unlink(temporary.c_str());
        return makeError(ErrorCode::InputOutput, std::strerror(error), path.string());
    };
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t count = ::write(fd, content.data() + done, content.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return failed(errno);
        done += static_cast<std::size_t>(count);
    }
    if (::fchmod(fd, 0644) != 0 || ::fsync(fd) != 0)
        return failed(errno);
    ::close(fd);
    std::filesystem::rename(temporary, path, failure);
    if (failure) {
        ::unlink(temporary.c_str());
        return makeError(ErrorCode::InputOutput, failure.message(), path.string());
    }
    return {};
}

Study onlyFront(const Study& study, const MeasuredFront& front) {
    Study part;
    part.definition = study.definition;
    for (const Trial& trial : study.trials)
        if (std::find(front.ids.begin(), front.ids.end(), trial.id) != front.ids.end())
            part.trials.push_back(trial);
    return part;
}

std::string trialsAsJson(const Study& study) {
    Json list = Json::array();
    for (const Trial& trial : study.trials)
        list.push_back(trialToJson(study.definition, trial));
    return list.dump(2) + "\n";
}

Result<std::string> contentOf(const Study& study, const std::string& what, const std::string& kind) {
    const auto unavailable = [&](const char* possible) {
        return makeError(ErrorCode::Unsupported,
                         what + " cannot be written as \"" + kind + "\"; possible: " + possible);
    };
    if (what == "config") {
        if (kind != ".json")
            return unavailable(".json");
        return configurationFromDefinition(study.definition).dump(2) + "\n";
    }
    if (kind != ".json" && kind != ".csv")
        return unavailable(".csv, .json");
    if (what == "trials")
        return kind == ".csv" ? trialsToCsv(study) : trialsAsJson(study);
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(study));
    const Study part = onlyFront(study, front);
    return kind == ".csv" ? trialsToCsv(part) : trialsAsJson(part);
}

} // namespace

int exportVerb(const Arguments& arguments) {
    const auto what = arguments.option("what");
    const auto target = arguments.option("to");
    if (!what || !target)
        return usage("export", what ? "--to is missing" : "--what is missing");
    const std::vector<std::string> parts{"config", "trials", "front"};
    if (std::find(parts.begin(), parts.end(), *what) == parts.end())
        return usage("export", "\"" + *what + "\" cannot be exported" + didYouMean(*what, parts));
    auto session = Session::open(arguments.positional()[0]);
    if (!session) {
        reportError(session.error());
        return kCannotOpen;
    }
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    const std::filesystem::path path(*target);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return reportError(
            makeError(ErrorCode::InputOutput, "this is a directory; name a file in it", *target));
    const auto content = contentOf(**study, *what, lowerCase(path.extension().string()));
    if (!content)
        return reportError(content.error());
    const auto written = writeWhole(path, *content);
    return written ? static_cast<int>(kDone) : reportError(written.error());
}

int importVerb(const Arguments& arguments) {
    const auto source = arguments.option("from");
    if (!source)
        return usage("import", "--from is missing");
    CsvOptions options;
    options.decimalComma = arguments.has("decimal-comma");
    if (const auto separator = arguments.option("separator")) {
        if (separator->size() != 1 && *separator != "\\t" && *separator != "tab")
            return usage("import", "\"--separator\" needs one character, or tab");
        options.separator = separator->size() == 1 ? separator->front() : '\t';
    }
    const auto text = readWholeFile(*source);
    if (!text)
        return reportError(text.error());
    auto session = Session::open(arguments.positional()[0]);
    if (!session) {
        reportError(session.error());
        return kCannotOpen;
    }
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    const auto imported = trialsFromCsv((*study)->definition, *text, options);
    if (!imported)
        return reportError(makeError(imported.error().code, imported.error().text(), *source));
    for (const std::string& column : imported->ignored)
        std::cerr << "alidade: note: the column \"" << column
                  << "\" names nothing of the study and is left out\n";
    for (const CsvProblem& problem : imported->problems)
        std::cerr << "alidade: " << *source << ", line " << problem.line << ": " << problem.message << "\n";
    if (imported->trials.empty()) {
        std::cerr << "alidade: no row could be used" << std::endl;
        return kFailed;
    }
    const auto ids = session->file().addTrials(imported->trials);
    if (!ids)
        return reportError(ids.error());
    std::cerr << ids->size() << " trials added, " << imported->problems.size() << " rows left out"
              << std::endl;
    return imported->problems.empty() ? kDone : kFailed;
}

} // namespace alidade
