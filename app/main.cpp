#include "verbs/verbs.h"

#if __has_include("window_main.h")
#include "window_main.h"
#define ALIDADE_HAS_WINDOW
#endif

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    const std::string first = words.empty() ? std::string() : words.front();
    std::error_code ignored;
    const bool isVerb = alidade::findVerb(first) || first == "help" || first == "--help" || first == "-h" ||
                        first == "--version";
    const bool isFile =
        !isVerb && (first.find('.') != std::string::npos || std::filesystem::exists(first, ignored));
    if (isVerb || !(words.empty() || isFile || first.starts_with("--")))
        return alidade::runVerb(words);
#ifdef ALIDADE_HAS_WINDOW
    return alidade::runWindow(argc, argv);
#else
    std::cerr << "alidade: this build has no window; try alidade --help" << std::endl;
    return alidade::kUsage;
#endif
}
