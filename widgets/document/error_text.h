#pragma once

#include "base/error.h"

#include <QString>

namespace alidade {

/// The one place that turns error codes into text for users: a translated lead, then the core's place and
/// message.
[[nodiscard]] QString errorTitle(ErrorCode code);
[[nodiscard]] QString errorText(const Error& error);

} // namespace alidade
