#pragma once

#include "study/definition.h"

namespace alidade {

/// What `auto` stands for, else the study's method:
/// - one objective: log expected improvement, unless its desirability tells another best (not
///   oneEndIsBest()): desirability;
/// - several objectives that all have a desirability of a number: desirability, since the user has said how
///   to weigh them;
/// - two to four objectives: noisy expected hypervolume improvement;
/// - more: ParEGO, because the boxes of a hypervolume grow quickly with their number.
/// A method that does not fit the objectives (hypervolume with one, desirability without a function,
/// effectiveness against time unless there are two) counts as `auto`; validate() warns of it.
[[nodiscard]] Method methodFor(const Definition& definition);

} // namespace alidade
