#pragma once

#include "study/trial.h"

#include <cstdint>
#include <string_view>

namespace alidade {

/// Checksums over content, independent of how SQLite lays it out: a disk that flips a bit in a number yields
/// an error and not another number. Defined in docs/file-format.md; part of the format.

/// Of the text of a definition.
[[nodiscard]] std::int64_t definitionChecksum(std::string_view text);

/// Sum (modulo 2^64) of the checksums of the trial's rows.
[[nodiscard]] std::int64_t trialChecksum(const Trial& trial);
/// What the `number`-th step (from 1) contributes to it.
[[nodiscard]] std::int64_t stepChecksum(const StepReport& report, std::int64_t number);
[[nodiscard]] std::int64_t addedChecksums(std::int64_t a, std::int64_t b);

} // namespace alidade
