#include "theme.h"

#include "editors/widget_style.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>

namespace alidade {
namespace {

QPalette lightPalette() {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0xf5, 0xf7, 0xf9));
    palette.setColor(QPalette::WindowText, QColor(0x1c, 0x21, 0x27));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(0xf6, 0xf8, 0xfa));
    palette.setColor(QPalette::Text, QColor(0x1c, 0x21, 0x27));
    palette.setColor(QPalette::Button, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::ButtonText, QColor(0x1c, 0x21, 0x27));
    palette.setColor(QPalette::Highlight, QColor(0x00, 0x72, 0xb2));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x00, 0x62, 0xa3));
    palette.setColor(QPalette::ToolTipBase, QColor(0xff, 0xff, 0xff));
    palette.setColor(QPalette::ToolTipText, QColor(0x1c, 0x21, 0x27));
    palette.setColor(QPalette::PlaceholderText, QColor(0x80, 0x88, 0x92));
    palette.setColor(QPalette::Mid, QColor(0xd3, 0xd9, 0xe0));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0xa0, 0xa8, 0xb0));
    return palette;
}

QPalette darkPalette() {
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0x1c, 0x20, 0x25));
    palette.setColor(QPalette::WindowText, QColor(0xe6, 0xea, 0xee));
    palette.setColor(QPalette::Base, QColor(0x16, 0x19, 0x1d));
    palette.setColor(QPalette::AlternateBase, QColor(0x1d, 0x21, 0x26));
    palette.setColor(QPalette::Text, QColor(0xe6, 0xea, 0xee));
    palette.setColor(QPalette::Button, QColor(0x2a, 0x2f, 0x36));
    palette.setColor(QPalette::ButtonText, QColor(0xe6, 0xea, 0xee));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x7f, 0xc1));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb2, 0xf0));
    palette.setColor(QPalette::ToolTipBase, QColor(0x2a, 0x2f, 0x36));
    palette.setColor(QPalette::ToolTipText, QColor(0xe6, 0xea, 0xee));
    palette.setColor(QPalette::PlaceholderText, QColor(0x7d, 0x86, 0x90));
    palette.setColor(QPalette::Light, QColor(0x3a, 0x41, 0x4a));
    palette.setColor(QPalette::Midlight, QColor(0x30, 0x36, 0x3d));
    palette.setColor(QPalette::Mid, QColor(0x3a, 0x41, 0x4a));
    palette.setColor(QPalette::Dark, QColor(0x12, 0x14, 0x17));
    palette.setColor(QPalette::Shadow, Qt::black);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x6b, 0x74, 0x7e));
    return palette;
}

QString styleSheet(const QPalette& palette) {
    const UiColors colors = uiColors(palette);
    return QString(R"(
QLabel[role="title"] { font-size: 17pt; font-weight: 600; }
QLabel[role="heading"] { font-size: 11pt; font-weight: 600; }
QLabel[role="hint"] { color: %1; }
QFrame[role="card"] { background: %2; border: 1px solid %3; border-radius: 8px; }
QPushButton[primary="true"] { background: %4; color: %5; border: 1px solid %4; border-radius: 4px; padding: 5px 12px; }
QPushButton[primary="true"]:hover { background: %6; }
QPushButton[primary="true"]:disabled { background: %3; color: %1; border-color: %3; }
QPushButton[role="link"] { color: %6; text-align: left; padding: 2px 0; border: none; }
QPushButton[role="link"]:focus { text-decoration: underline; }
QToolButton[role="rail"] { border: none; border-left: 3px solid transparent; padding: 8px 4px; font-size: 9pt; }
QToolButton[role="rail"]:hover { background: %2; }
QToolButton[role="rail"]:checked { border-left-color: %6; background: %2; font-weight: 600; }
QToolButton[role="rail"]:focus { outline: none; text-decoration: underline; }
QCheckBox::indicator:unchecked, QGroupBox::indicator:unchecked { width: 12px; height: 12px; border: 1px solid %1; border-radius: 2px; background: palette(base); }
QWidget#rail { border-right: 1px solid %3; }
)")
        .arg(colors.secondaryText.name(), colors.card.name(), colors.border.name(),
             palette.color(QPalette::Highlight).name(), palette.color(QPalette::HighlightedText).name(),
             colors.accent.name());
}

bool systemIsDark() {
    const QString wanted = qEnvironmentVariable("GTK_THEME").toLower();
    return wanted.contains("dark") || isDark(QPalette());
}

} // namespace

void applyTheme(QApplication& application, Theme theme) {
    static const bool systemDark = systemIsDark(); // before our own palette replaces the platform's
    const bool dark = theme == Theme::Dark || (theme == Theme::System && systemDark);
    application.setStyle(QStyleFactory::create("Fusion"));
    const QPalette palette = dark ? darkPalette() : lightPalette();
    application.setPalette(palette);
    application.setStyleSheet(styleSheet(palette));
}

QString themeKey(Theme theme) {
    return theme == Theme::Light ? "light" : theme == Theme::Dark ? "dark" : "system";
}

Theme themeFromKey(const QString& key) {
    return key == "light" ? Theme::Light : key == "dark" ? Theme::Dark : Theme::System;
}

} // namespace alidade
