#include "editors/empty_state.h"

#include "editors/icons.h"
#include "editors/widget_style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace alidade {

EmptyState::EmptyState(const QString& icon, const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent), m_iconName(icon) {
    auto* const outer = new QVBoxLayout(this);
    outer->setSpacing(kGap);
    outer->addStretch(2);
    m_icon = new QLabel(this);
    m_icon->setAlignment(Qt::AlignCenter);
    m_title = headingLabel(title, this);
    m_title->setAlignment(Qt::AlignCenter);
    m_text = hintLabel(text, this);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setMaximumWidth(460);
    m_text->setMinimumWidth(240);
    auto* const textRow = new QHBoxLayout; // an aligned item would lose the height that wrapped text needs
    textRow->addStretch(1);
    textRow->addWidget(m_text, 100);
    textRow->addStretch(1);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(kGap);
    m_buttons->addStretch();
    m_buttons->addStretch();
    outer->addWidget(m_icon);
    outer->addWidget(m_title);
    outer->addLayout(textRow);
    outer->addSpacing(kGap);
    outer->addLayout(m_buttons);
    outer->addStretch(3);
    redrawIcon();
}

void EmptyState::setTexts(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setText(text);
}

QPushButton* EmptyState::addAction(const QString& icon, const QString& text, const QString& name,
                                   bool primary) {
    QPushButton* const button = textButton(icon, text, name, this);
    if (primary)
        makePrimary(button);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

void EmptyState::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_icon != nullptr)
        redrawIcon();
}

void EmptyState::redrawIcon() {
    m_icon->setPixmap(themeIcon(m_iconName).pixmap(48, 48, QIcon::Disabled));
}

} // namespace alidade
