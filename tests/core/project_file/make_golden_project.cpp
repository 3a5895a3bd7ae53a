// make_golden_project FILE: writes the project that golden_project.h describes.
#include "golden_project.h"

#include <cstdio>

int main(int argc, char** argv) {
    using namespace alidade;
    if (argc != 2) {
        std::fprintf(stderr, "usage: make_golden_project FILE\n");
        return 2;
    }
    const auto written = [&]() -> Result<void> {
        ALIDADE_ASSIGN(auto file, ProjectFile::create(argv[1], test::sampleDefinition()));
        return test::fillGoldenProject(file, true);
    }();
    if (written.ok())
        return 0;
    std::fprintf(stderr, "%s\n", written.error().text().c_str());
    return 1;
}
