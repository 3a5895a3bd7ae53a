#include "test_paths.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace alidade::test {

std::string dataPath(const std::string& name) {
    return std::string(ALIDADE_SOURCE_DIR) + "/tests/data/" + name;
}

std::string sourcePath(const std::string& name) {
    return std::string(ALIDADE_SOURCE_DIR) + "/" + name;
}

std::string executablePath() {
    return std::string(ALIDADE_BINARY_DIR) + "/bin/alidade";
}

std::string readFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

} // namespace alidade::test
