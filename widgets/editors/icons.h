#pragma once

#include <QIcon>
#include <QString>

namespace alidade {

/// A line icon from resources/icons ("play"), drawn in the text colour of the palette at hand, so that it
/// follows light and dark.
[[nodiscard]] QIcon themeIcon(const QString& name);

} // namespace alidade
