#include "exchange/trials_csv.h"
#include "protocol/session.h"
#include "verbs/verbs.h"

#include <iostream>

namespace alidade {
int importVerb(const Arguments& arguments) {
    const auto source = arguments.option("from");
    if (!source)
        return usageError("import", "--from is missing");
    CsvOptions options;
    options.decimalComma = arguments.has("decimal-comma");
    if (const auto separator = arguments.option("separator")) {
        if (separator->size() != 1 && *separator != "\\t" && *separator != "tab")
            return usageError("import", "\"--separator\" needs one character, or tab");
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
