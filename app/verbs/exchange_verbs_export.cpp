#include "base/text.h"
#include "plots/plot_export.h"
#include "protocol/session.h"
#include "report/headless.h"
#include "report/plot_catalog.h"
#include "report/report.h"
#include "report/study_export.h"
#include "verbs/verbs.h"

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

const std::string kPlotPrefix = "plot:";

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

/// ".csv"; a file called ".env" is all suffix.
std::string suffixOf(const std::filesystem::path& path) {
    const std::string suffix = lowerCase(path.extension().string());
    return suffix.empty() && path.filename().string().starts_with(".") ? lowerCase(path.filename().string())
                                                                       : suffix;
}

Error wrongKind(const std::string& what, const std::string& kind, const char* possible) {
    return makeError(ErrorCode::Unsupported,
                     what + " cannot be written as \"" + kind + "\"; possible: " + possible);
}

/// "160x100", millimetres.
std::optional<QSizeF> sizeFromText(const std::string& text) {
    const std::size_t x = text.find('x');
    if (x == std::string::npos)
        return std::nullopt;
    const auto width = parseDouble(text.substr(0, x));
    const auto height = parseDouble(text.substr(x + 1));
    if (!width || !height || !(*width > 0.0) || !(*height > 0.0))
        return std::nullopt;
    return QSizeF(*width, *height);
}

/// How the picture looks; the error is one of usage.
Result<PlotExportOptions> plotOptions(const Arguments& arguments) {
    PlotExportOptions options;
    const auto wrong = [](const char* message) { return makeError(ErrorCode::InvalidArgument, message); };
    if (const auto size = arguments.option("size")) {
        const auto parsed = sizeFromText(*size);
        if (!parsed)
            return wrong("\"--size\" needs WIDTHxHEIGHT in millimetres, such as 160x100");
        options.sizeMm = *parsed;
    }
    ALIDADE_ASSIGN(const std::optional<int> dpi, arguments.count("dpi", 1));
    if (dpi && (*dpi < 50 || *dpi > 1200))
        return wrong("\"--dpi\" needs a number between 50 and 1200");
    if (dpi)
        options.dpi = *dpi;
    if (const auto points = arguments.option("font")) {
        const auto parsed = parseDouble(*points);
        if (!parsed || !(*parsed >= 4.0 && *parsed <= 72.0))
            return wrong("\"--font\" needs a size between 4 and 72 points");
        options.fontPoints = *parsed;
    }
    if (const auto theme = arguments.option("theme")) {
        if (*theme != "light" && *theme != "dark")
            return wrong("\"--theme\" is light or dark");
        options.dark = *theme == "dark";
    }
    options.transparent = arguments.has("transparent");
    return options;
}

int exportPicture(const Study& study, const std::string& project, const PlotEntry& entry,
                  std::optional<TrialId> id, PlotExportOptions options, const std::string& target) {
    const std::string suffix = suffixOf(target);
    const std::vector<std::string> kinds{".svg", ".pdf", ".png", ".csv"};
    if (std::find(kinds.begin(), kinds.end(), suffix) == kinds.end())
        return reportError(wrongKind("a plot", suffix, ".svg, .pdf, .png, .csv (its data)"));
    const auto context =
        plotContext(std::make_shared<const Study>(study), id, QString::fromStdString(project));
    if (!context)
        return reportError(context.error());
    const auto maker = entry.compute(*context, {});
    if (!maker)
        return reportError(makeError(maker.error().code, maker.error().text(), entry.name.toStdString()));
    const auto application = headlessApplication();
    const MadePlot plot = (*maker)();
    if (options.sizeMm.isEmpty())
        options.sizeMm = plot.sizeMm;
    options.description = entry.title;
    const auto written = exportPlot(*plot.source, QString::fromStdString(target), options);
    return written ? static_cast<int>(kDone) : reportError(written.error());
}

int exportReport(const Study& study, const std::string& project, const std::string& target) {
    const std::string suffix = suffixOf(target);
    if (suffix != ".html" && suffix != ".htm" && suffix != ".pdf")
        return reportError(wrongKind("a report", suffix, ".html, .pdf"));
    auto report = makeReport(std::make_shared<const Study>(study), QString::fromStdString(project));
    if (!report)
        return reportError(report.error());
    const auto application = headlessApplication();
    const auto written = writeReport(*report, QString::fromStdString(target));
    report.value().blocks.clear(); // widgets go before their application
    return written ? static_cast<int>(kDone) : reportError(written.error());
}

void listPlots(const Study& study) {
    for (const PlotEntry& entry : plotCatalog(study))
        std::cout << kPlotPrefix << entry.name.toStdString() << "\t" << entry.title.toStdString() << "\n";
    std::cout << std::flush;
}

} // namespace

int exportVerb(const Arguments& arguments) {
    const auto what = arguments.option("what");
    const auto target = arguments.option("to");
    if (!what)
        return usageError("export", "--what is missing");
    const bool isPlot = what->starts_with(kPlotPrefix);
    const std::vector<std::string> parts{"config", "trials", "front", "best", "report", "plots", "plot:NAME"};
    if (!isPlot && (*what == "plot:NAME" || std::find(parts.begin(), parts.end(), *what) == parts.end()))
        return usageError("export", "\"" + *what + "\" cannot be exported" + didYouMean(*what, parts));
    if (!target && *what != "plots")
        return usageError("export", "--to is missing");
    if (target && *what == "plots")
        return usageError("export", "plots are printed, not written: leave --to out, or redirect the output");
    const auto number = arguments.count("trial", 1);
    if (!number)
        return usageError("export", number.error().message);
    if (*number && !isPlot && *what != "best")
        return usageError("export", "\"--trial\" goes with best and plot:NAME only");
    const std::optional<TrialId> id = *number ? std::optional(TrialId{**number}) : std::nullopt;
    const auto options = plotOptions(arguments);
    if (!options)
        return usageError("export", options.error().message);
    auto session = Session::open(arguments.positional()[0]);
    if (!session) {
        reportError(session.error());
        return kCannotOpen;
    }
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    if (*what == "plots") {
        listPlots(**study);
        return kDone;
    }
    const std::filesystem::path path(*target);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return reportError(
            makeError(ErrorCode::InputOutput, "this is a directory; name a file in it", *target));
    if (isPlot) {
        const auto entry = findPlot(**study, QString::fromStdString(what->substr(kPlotPrefix.size())));
        if (!entry)
            return usageError("export", entry.error().message);
        return exportPicture(**study, arguments.positional()[0], *entry, id, *options, *target);
    }
    if (*what == "report")
        return exportReport(**study, arguments.positional()[0], *target);
    const auto content = exportedText(**study, *what, suffixOf(path), id, arguments.positional()[0]);
    if (!content)
        return reportError(content.error());
    const auto written = writeWhole(path, *content);
    return written ? static_cast<int>(kDone) : reportError(written.error());
}

} // namespace alidade
