#pragma once

#include <QColor>
#include <QString>

class QLabel;
class QPalette;
class QPushButton;
class QToolButton;
class QWidget;

namespace alidade {

/// The grid of the window, in pixels.
inline constexpr int kGap = 8;
inline constexpr int kMargin = 16;

/// Colours beside the palette's, for light or dark, whichever the palette is.
struct UiColors {
    QColor secondaryText;
    QColor border;
    QColor card;
    QColor accent;
    QColor error;
    QColor warning;
    QColor success;
    QColor errorBack;
    QColor warningBack;
    QColor infoBack;
};
[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] UiColors uiColors(const QPalette& palette);

/// Labels by role; the style sheet of the application knows them.
[[nodiscard]] QLabel* titleLabel(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QLabel* headingLabel(const QString& text, QWidget* parent = nullptr);
/// Smaller, muted, wrapped.
[[nodiscard]] QLabel* hintLabel(const QString& text, QWidget* parent = nullptr);

/// A flat button with an icon and a tool tip; `name` is the object name.
[[nodiscard]] QToolButton* iconButton(const QString& icon, const QString& toolTip, const QString& name,
                                      QWidget* parent = nullptr);
[[nodiscard]] QPushButton* textButton(const QString& icon, const QString& text, const QString& name,
                                      QWidget* parent = nullptr);
/// The one that the user most likely wants.
void makePrimary(QPushButton* button);

/// The wheel scrolls the page instead of changing a field that does not have the focus.
void guardWheel(QWidget* field);

} // namespace alidade
