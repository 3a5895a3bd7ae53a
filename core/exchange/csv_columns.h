#pragma once

#include "base/result.h"
#include "study/definition.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// What the cells of one column mean.
struct CsvColumn {
    enum class Role {
        Ignored,
        Unused,
        Parameter,
        Share,
        Measure,
        NoiseSd,
        Slope,
        SlopeSd,
        State,
        Failure,
        Excluded,
        Note
    };
    Role role = Role::Ignored;
    std::int64_t id = 0;    ///< of the parameter or measure
    std::size_t part = 0;   ///< of the mixture
    std::int64_t along = 0; ///< of the parameter of a slope

    bool operator==(const CsvColumn&) const = default;
};

/// "state" is the column of that name, or "trial_state" when a parameter or measure is called so.
[[nodiscard]] std::string reservedColumnName(const Definition& definition, const std::string& name);

/// Meaning of each header cell, see trialsFromCsv(). The error's context is "column 3 (name)".
[[nodiscard]] Result<std::vector<CsvColumn>> readCsvHeader(const Definition& definition,
                                                           const std::vector<std::string>& header);

} // namespace alidade
