#pragma once

#include <string>

namespace alidade::test {

/// Path of a file in tests/data, of the source tree, and of the alidade executable of this build.
[[nodiscard]] std::string dataPath(const std::string& name);
[[nodiscard]] std::string sourcePath(const std::string& name);
[[nodiscard]] std::string executablePath();
/// The whole file as text; throws std::runtime_error naming the file when it cannot be read.
[[nodiscard]] std::string readFile(const std::string& path);

} // namespace alidade::test
