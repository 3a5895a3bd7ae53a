#include "verbs/verbs.h"

#include "base/text.h"
#include "version.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace alidade {
namespace {

std::vector<Verb> makeVerbs() {
    return {
        {{"new",
          "FILE --config study.json",
          "Creates a project from a configuration; never overwrites.",
          1,
          1,
          {{"config", "CONFIGURATION", "the study configuration (JSON)"}},
          "See docs/configuration.md for the configuration."},
         newVerb},
        {{"status",
          "FILE [--json]",
          "Tells the counts by state, the incumbent, the front and its hypervolume.",
          1,
          1,
          {{"json", "", "as one JSON object"}},
          ""},
         statusVerb},
        {{"suggest",
          "FILE [--count N] [--source PROJECT]",
          "Suggests settings and registers them as pending trials.",
          1,
          1,
          {{"count", "N", "how many (default: the study's batch)"},
           {"source", "PROJECT", "an earlier study to learn from, from now on; its file is only read"}},
          "Prints one JSON object a line."},
         suggestVerb},
        {{"report",
          "FILE ID name=value ... [--failed REASON] [--step K]",
          "Reports the measurements of a trial.",
          2,
          1000,
          {{"failed", "REASON", "the trial failed"}, {"step", "K", "an intermediate report at this step"}},
          "A derivative that is known as well is dNAME/dPARAMETER=value."},
         reportVerb},
        {{"run",
          "FILE [--budget N] [--jobs J] [--source PROJECT]",
          "Measures with the study's command until the budget is used.",
          1,
          1,
          {{"budget", "N", "finished trials in all, earlier ones counted (default: the study's)"},
           {"jobs", "J", "trials at once (default: the study's)"},
           {"source", "PROJECT", "an earlier study to learn from, from now on; its file is only read"}},
          "Ctrl-C stops safely: running trials become pending again, and the next run goes on with them."},
         measureVerb},
        {{"export",
          "FILE --what config|trials|front|best|report|plot:NAME --to OUT",
          "Writes a part of the project; kind by suffix.",
          1,
          1,
          {{"what", "PART",
            "config (json), trials (csv, json), front (csv, json), best: the chosen setting (json, yaml, "
            "env, "
            "txt: a command line, py), report (html, pdf), plot:NAME (svg, pdf, png; csv: its data), plots: "
            "lists the names"},
           {"to", "OUT", "the file to write; it is replaced whole"},
           {"trial", "ID", "which setting: of best, and the one that profiler and maps pass through"},
           {"size", "WIDTHxHEIGHT", "of a plot in millimetres (default: what suits it)"},
           {"dpi", "DPI", "of a PNG, 50 to 1200 (default: 300)"},
           {"font", "POINTS", "size of the text in a plot"},
           {"theme", "light|dark", "colours of a plot (default: light)"},
           {"transparent", "", "a plot without background"}},
          "Plots are drawn as in the window; no display is needed."},
         exportVerb},
        {{"import",
          "FILE --from DATA.csv",
          "Adds trials from a CSV file with a header.",
          1,
          1,
          {{"from", "DATA", "the CSV file"},
           {"decimal-comma", "", "numbers are written 0,5"},
           {"separator", "CHARACTER", "what stands between cells (default: found out)"}},
          "Columns are named like parameters and measures; empty cells are missing values."},
         importVerb},
        {{"schedule",
          "ACTION [--shape SHAPE] [--steps T] [...]",
          "Calculates with learning-rate schedules: bound, optimal, best-cooldown, refine, extend, transfer, "
          "step-law, fit, simulate, export.",
          1,
          1,
          {{"shape", "SHAPE", "a kind with its settings, such as wsd,cooldown=0.2,warmup_steps=100, or JSON"},
           {"steps", "T", "length of the run"},
           {"from", "SHAPE", "transfer: the schedule that was tuned"},
           {"to", "SHAPE", "transfer: the schedule that a rate is wanted for"},
           {"to-steps", "T", "transfer: its length (default: --steps)"},
           {"new-steps", "T", "extend: the length of the longer run"},
           {"base-lr", "RATE", "bound, fit, simulate, export: the base rate"},
           {"distance", "D", "distance of the start from the solution (default: 1)"},
           {"gradient-norm", "G", "norm of the gradients (default: 1)"},
           {"norms", "LOG", "a CSV file of gradient norms: bound, optimal, best-cooldown, refine"},
           {"losses", "LOG", "fit: a CSV file of losses"},
           {"column", "NAME", "the column of --norms or --losses (default: found by its name)"},
           {"at", "T,T,...", "bound: also at these steps"},
           {"power", "2|1", "refine: 2 for SGD, 1 for Adam and its kin (default: 2)"},
           {"smoothing", "SHARE", "refine: width of the median filter (default: 0.1)"},
           {"parameters", "N", "step-law: parameters without embeddings"},
           {"tokens", "N", "step-law: training tokens"},
           {"sequence-length", "N", "step-law: tokens per sequence (default: 2048)"},
           {"law", "NAME", "step-law: step_law, step_law_unrounded, deepseek"},
           {"problem", "NAME", "simulate: least_squares, logistic, distance, largest_term, digits"},
           {"optimizer", "NAME", "simulate: sgd, adam, adamw, ... (default: sgd)"},
           {"dimension", "N", "simulate: parameters (default: 20)"},
           {"samples", "N", "simulate: examples (default: 200)"},
           {"batch", "N", "simulate: examples per step (default: all)"},
           {"repeats", "N", "simulate: runs that are averaged"},
           {"seed", "N", "simulate: of the problem and its batches"},
           {"format", "csv|json|pytorch|optax", "export: what to write (default: csv)"},
           {"json", "", "the result as one JSON object"}},
          "Kinds of SHAPE: constant, linear, cosine, inverse_sqrt, wsd, polynomial, exponential, step, "
          "two_stage,\n"
          "drawn, table, one_cycle. Lists are written 0.3:0.6. See docs/protocol.md for the settings."},
         scheduleVerb},
        {{"call",
          "METHOD [FILE] < params.json",
          "Calls one method of the protocol and prints its result.",
          1,
          2,
          {},
          "See docs/protocol.md for the methods."},
         callVerb},
        {{"serve",
          "[FILE]",
          "Answers JSON-RPC 2.0 requests on standard input, one a line, until its end.",
          0,
          1,
          {},
          "See docs/protocol.md for the methods."},
         serveVerb},
    };
}

void printOverview(std::ostream& out) {
    out << "Alidade " << version() << ": a workbench for expensive experiments\n\n"
        << "  alidade [FILE]                opens the window\n";
    for (const Verb& verb : verbs())
        out << "  alidade " << verb.syntax.name << " " << verb.syntax.usage << "\n      "
            << verb.syntax.summary << "\n";
    out << "  alidade help VERB             tells more about a verb\n"
        << "  alidade --version\n\n"
        << "Exit codes: 0 done, 1 the work failed, 2 usage, 3 the file cannot be opened, 130 interrupted.\n";
}

void printHelp(const VerbSyntax& syntax, std::ostream& out) {
    out << "alidade " << syntax.name << " " << syntax.usage << "\n\n" << syntax.summary << "\n";
    if (!syntax.options.empty())
        out << "\n";
    for (const VerbSyntax::Option& option : syntax.options)
        out << "  --" << option.name << (option.argument.empty() ? "" : " " + option.argument) << "\n      "
            << option.help << "\n";
    if (!syntax.details.empty())
        out << "\n" << syntax.details << "\n";
}

} // namespace

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> all = makeVerbs();
    return all;
}

const Verb* findVerb(std::string_view name) {
    const auto found = std::find_if(verbs().begin(), verbs().end(),
                                    [&](const Verb& verb) { return verb.syntax.name == name; });
    return found == verbs().end() ? nullptr : &*found;
}

int usageError(const std::string& verb, const std::string& message) {
    std::cerr << "alidade " << verb << ": " << message << "\nUsage: alidade " << verb << " "
              << findVerb(verb)->syntax.usage << std::endl;
    return kUsage;
}

int reportError(const Error& error) {
    std::cerr << "alidade: " << error.text() << std::endl;
    switch (error.code) {
    case ErrorCode::ForeignFile:
    case ErrorCode::NewerFile:
    case ErrorCode::DamagedFile: return kCannotOpen;
    default: return kFailed;
    }
}

Result<std::string> readWholeFile(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return makeError(ErrorCode::InputOutput, "this is a directory, not a file", path);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::InputOutput, std::strerror(errno),
                         path);
    std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (file.bad())
        return makeError(ErrorCode::InputOutput, "the file cannot be read to its end", path);
    return content;
}

int runVerb(const std::vector<std::string>& words) {
    const std::string& first = words.front();
    if (first == "--version") {
        std::cout << "alidade " << version() << std::endl;
        return kDone;
    }
    if (first == "--help" || first == "-h" || first == "help") {
        if (words.size() == 1) {
            printOverview(std::cout);
            return kDone;
        }
        if (const Verb* verb = findVerb(words[1])) {
            printHelp(verb->syntax, std::cout);
            return kDone;
        }
    }
    const std::string& name = first == "help" && words.size() > 1 ? words[1] : first;
    const Verb* verb = findVerb(name);
    if (!verb) {
        std::vector<std::string> names;
        for (const Verb& known : verbs())
            names.push_back(known.syntax.name);
        std::cerr << "alidade: there is no verb or file \"" << name << "\"" << didYouMean(name, names)
                  << "\nTry: alidade --help" << std::endl;
        return kUsage;
    }
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (std::find(rest.begin(), rest.end(), "--help") != rest.end()) {
        printHelp(verb->syntax, std::cout);
        return kDone;
    }
    const auto arguments = Arguments::parse(verb->syntax, rest);
    if (!arguments) {
        std::cerr << "alidade " << name << ": " << arguments.error().message << "\nUsage: alidade " << name
                  << " " << verb->syntax.usage << std::endl;
        return kUsage;
    }
    return verb->run(*arguments);
}

} // namespace alidade
