#pragma once

#include <QString>

class QApplication;

namespace alidade {

enum class Theme { System, Light, Dark };

/// Applies palette and style sheet. System asks the desktop: a dark palette of the platform, or a desktop
/// setting that says so, gives dark, anything else light.
void applyTheme(QApplication& application, Theme theme);

[[nodiscard]] QString themeKey(Theme theme);
[[nodiscard]] Theme themeFromKey(const QString& key);

} // namespace alidade
