#include "editors/message_bar.h"

#include "editors/icons.h"
#include "editors/widget_style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <utility>

namespace alidade {

MessageBar::MessageBar(QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("messageBar"));
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(kGap);
    m_icon = new QLabel(this);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("messageText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action = textButton({}, {}, QStringLiteral("messageAction"), this);
    m_close =
        iconButton(QStringLiteral("close"), tr("Close this message"), QStringLiteral("messageClose"), this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto run = m_run;
        dismiss();
        if (run)
            run();
    });
    hide();
}

void MessageBar::showMessage(Kind kind, const QString& text) {
    showMessage(kind, text, {}, {});
}

void MessageBar::showMessage(Kind kind, const QString& text, const QString& actionText,
                             std::function<void()> action) {
    m_kind = kind;
    m_text->setText(text);
    m_action->setText(actionText);
    m_action->setVisible(!actionText.isEmpty());
    m_run = std::move(action);
    restyle();
    show();
}

void MessageBar::dismiss() {
    m_run = nullptr;
    hide();
}

QString MessageBar::text() const {
    return m_text->text();
}

void MessageBar::setClosable(bool closable) {
    m_close->setVisible(closable);
}

void MessageBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_icon != nullptr)
        restyle();
}

void MessageBar::restyle() {
    const UiColors colors = uiColors(palette());
    const QColor back = m_kind == Kind::Error     ? colors.errorBack
                        : m_kind == Kind::Warning ? colors.warningBack
                                                  : colors.infoBack;
    const QColor edge = m_kind == Kind::Error     ? colors.error
                        : m_kind == Kind::Warning ? colors.warning
                                                  : colors.accent;
    const QString sheet = QStringLiteral("#%1 { background: %2; border: 1px solid %3; border-radius: 6px; }")
                              .arg(objectName(), back.name(), edge.name());
    if (sheet != styleSheet()) // a style sheet change is itself a palette change
        setStyleSheet(sheet);
    const QString name = m_kind == Kind::Error     ? QStringLiteral("error")
                         : m_kind == Kind::Warning ? QStringLiteral("warning")
                                                   : QStringLiteral("info");
    m_icon->setPixmap(themeIcon(name).pixmap(20, 20));
}

} // namespace alidade
