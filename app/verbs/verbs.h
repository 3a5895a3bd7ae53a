#pragma once

#include "verbs/arguments.h"

#include <string>
#include <vector>

namespace alidade {

/// Exit codes of the command line.
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kCannotOpen = 3, kInterrupted = 130 };

/// A word of the command line that works without a display. Results go to standard output, messages to
/// standard error.
struct Verb {
    VerbSyntax syntax;
    int (*run)(const Arguments& arguments);
};

[[nodiscard]] const std::vector<Verb>& verbs();
[[nodiscard]] const Verb* findVerb(std::string_view name);

/// Runs `words` (the command line behind the program's name); the first one is a verb, help, --help or
/// --version.
[[nodiscard]] int runVerb(const std::vector<std::string>& words);

/// Prints "alidade: message" on standard error and gives the exit code that belongs to the error.
int reportError(const Error& error);
/// Prints "alidade VERB: message" and how the verb is used, and gives the exit code of a usage error.
int usageError(const std::string& verb, const std::string& message);

int newVerb(const Arguments& arguments);
int statusVerb(const Arguments& arguments);
int suggestVerb(const Arguments& arguments);
int reportVerb(const Arguments& arguments);
int measureVerb(const Arguments& arguments);
int exportVerb(const Arguments& arguments);
int importVerb(const Arguments& arguments);
int callVerb(const Arguments& arguments);
int serveVerb(const Arguments& arguments);
int scheduleVerb(const Arguments& arguments);

/// The whole file as text; NotFound or InputOutput.
[[nodiscard]] Result<std::string> readWholeFile(const std::string& path);

} // namespace alidade
