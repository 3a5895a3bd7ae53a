#pragma once

#include "study/study.h"

#include <memory>
#include <string>
#include <vector>

namespace alidade {

/// An earlier study that this one may learn from, as it was when its file was read.
struct SourceStudy {
    std::string path;                   ///< as Strategy::sources names it
    std::string name;                   ///< for texts: the file's name without folder and suffix
    std::shared_ptr<const Study> study; ///< never changes; null when the file could not be read
    std::string problem = {};           ///< why not

    /// By content: a file that was read again without having changed is the same.
    bool operator==(const SourceStudy& other) const {
        return path == other.path && name == other.name && problem == other.problem &&
               (study == other.study || (study && other.study && *study == *other.study));
    }
};

/// In the order of Strategy::sources.
using SourceStudies = std::vector<SourceStudy>;

} // namespace alidade
