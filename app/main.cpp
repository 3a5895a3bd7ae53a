#include "verbs/verbs.h"
#include "window_main.h"

#include <filesystem>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const std::string first = words.empty() ? std::string() : words.front();
    std::error_code ignored;
    const bool isVerb = alidade::findVerb(first) || first == "help" || first == "--help" || first == "-h" ||
                        first == "--version";
    const bool isFile = first.find('.') != std::string::npos || std::filesystem::exists(first, ignored);
    if (isVerb || !(words.empty() || isFile || first.starts_with("--")))
        return alidade::runVerb(words);
    return alidade::runWindow(argc, argv);
}
