#include "editors/widget_style.h"

#include "editors/icons.h"

#include <QEvent>
#include <QIcon>
#include <QLabel>
#include <QPalette>
#include <QPushButton>
#include <QToolButton>
#include <QVariant>

namespace alidade {

namespace {

class WheelGuard : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
            event->ignore(); // goes on to the parent, which scrolls
            return true;
        }
        return QObject::eventFilter(watched, event);
    }
};

QLabel* roleLabel(const QString& text, const char* role, QWidget* parent) {
    auto* const label = new QLabel(text, parent);
    label->setProperty("role", QString::fromLatin1(role));
    return label;
}

} // namespace

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128;
}

UiColors uiColors(const QPalette& palette) {
    if (isDark(palette))
        return {.secondaryText = QColor(0xa3, 0xad, 0xb8),
                .border = QColor(0x3a, 0x41, 0x4a),
                .card = QColor(0x24, 0x28, 0x2e),
                .accent = QColor(0x6c, 0xb2, 0xf0),
                .error = QColor(0xff, 0x8f, 0x73),
                .warning = QColor(0xf0, 0xb4, 0x4c),
                .success = QColor(0x4f, 0xc9, 0xa1),
                .errorBack = QColor(0x43, 0x29, 0x25),
                .warningBack = QColor(0x3e, 0x33, 0x1f),
                .infoBack = QColor(0x21, 0x33, 0x45)};
    return {.secondaryText = QColor(0x57, 0x60, 0x6a),
            .border = QColor(0xd3, 0xd9, 0xe0),
            .card = QColor(0xff, 0xff, 0xff),
            .accent = QColor(0x00, 0x62, 0xa3),
            .error = QColor(0xb8, 0x3c, 0x00),
            .warning = QColor(0x8a, 0x5a, 0x00),
            .success = QColor(0x00, 0x79, 0x58),
            .errorBack = QColor(0xfd, 0xee, 0xe6),
            .warningBack = QColor(0xfd, 0xf4, 0xde),
            .infoBack = QColor(0xe6, 0xf1, 0xfa)};
}

QLabel* titleLabel(const QString& text, QWidget* parent) {
    return roleLabel(text, "title", parent);
}

QLabel* headingLabel(const QString& text, QWidget* parent) {
    return roleLabel(text, "heading", parent);
}

QLabel* hintLabel(const QString& text, QWidget* parent) {
    QLabel* const label = roleLabel(text, "hint", parent);
    label->setWordWrap(true);
    return label;
}

QToolButton* iconButton(const QString& icon, const QString& toolTip, const QString& name, QWidget* parent) {
    auto* const button = new QToolButton(parent);
    button->setIcon(themeIcon(icon));
    button->setIconSize({18, 18});
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setObjectName(name);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QPushButton* textButton(const QString& icon, const QString& text, const QString& name, QWidget* parent) {
    auto* const button = new QPushButton(text, parent);
    if (!icon.isEmpty()) {
        button->setIcon(themeIcon(icon));
        button->setIconSize({16, 16});
    }
    button->setObjectName(name);
    return button;
}

void makePrimary(QPushButton* button) {
    button->setProperty("primary", true);
    // Its background is the highlight colour, so its icon is drawn in the colour of highlighted text.
    if (!button->icon().isNull())
        button->setIcon(QIcon(button->icon().pixmap(button->iconSize(), QIcon::Selected)));
}

void guardWheel(QWidget* field) {
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(new WheelGuard(field));
}

} // namespace alidade
