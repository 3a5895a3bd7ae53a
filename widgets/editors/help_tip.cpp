#include "editors/help_tip.h"

#include "editors/help_topics.h"
#include "editors/widget_style.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QCursor>
#include <QFrame>
#include <QHelpEvent>
#include <QLabel>
#include <QPointer>
#include <QScreen>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

const char* const kKeyProperty = "helpKey";
const char* const kTextProperty = "helpText";
constexpr int kTipWidth = 340;
constexpr int kLeaveMs = 350; // time to reach the tip with the pointer
const QString kHelpLink = QStringLiteral("help:");

/// A tool tip whose link can be reached: it goes when the pointer has left both it and its widget.
class HelpTip : public QFrame {
public:
    HelpTip(QWidget* owner, const QString& text) : QFrame(owner, Qt::ToolTip), m_owner(owner) {
        setObjectName(QStringLiteral("helpTip"));
        setAttribute(Qt::WA_DeleteOnClose);
        setFrameShape(QFrame::StyledPanel);
        QPalette colors = palette();
        colors.setColor(QPalette::Window, colors.color(QPalette::ToolTipBase));
        colors.setColor(QPalette::WindowText, colors.color(QPalette::ToolTipText));
        setPalette(colors);
        auto* const column = new QVBoxLayout(this);
        column->setContentsMargins(kGap, kGap - 2, kGap, kGap - 2);
        auto* const label = new QLabel(text);
        label->setWordWrap(true);
        label->setFixedWidth(kTipWidth);
        label->setTextInteractionFlags(Qt::LinksAccessibleByMouse);
        column->addWidget(label);
        connect(label, &QLabel::linkActivated, this, [this](const QString& link) {
            const QPointer<QWidget> window = m_owner ? m_owner->window() : nullptr;
            hide();
            if (window)
                QApplication::postEvent(window, new HelpRequest(link.mid(kHelpLink.size())));
            close();
        });
        m_watch.setInterval(kLeaveMs);
        connect(&m_watch, &QTimer::timeout, this, [this] {
            const bool over = geometry().contains(QCursor::pos());
            const bool ownerUnder = m_owner && m_owner->isVisible() &&
                                    m_owner->rect().contains(m_owner->mapFromGlobal(QCursor::pos()));
            if (!over && !ownerUnder)
                close();
        });
        m_watch.start();
    }

    void showAt(QPoint at) {
        adjustSize();
        const QRect room = m_owner->screen()->availableGeometry();
        constexpr int kAway = 14; // from the pointer
        QPoint corner = at + QPoint(kAway, kAway);
        if (corner.y() + height() > room.bottom())
            corner.setY(at.y() - kAway - height());
        corner.setX(std::clamp(corner.x(), room.left(), std::max(room.left(), room.right() - width())));
        move(corner);
        show();
    }

private:
    QPointer<QWidget> m_owner;
    QTimer m_watch;
};

/// Shows the tip of one widget.
class HelpTipper : public QObject {
public:
    explicit HelpTipper(QWidget* widget) : QObject(widget) {
        widget->installEventFilter(this);
        // The pointer is over the viewport of a scrolled widget, not over itself.
        if (auto* const scrolled = qobject_cast<QAbstractScrollArea*>(widget))
            scrolled->viewport()->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        auto* const widget = static_cast<QWidget*>(parent());
        switch (event->type()) {
        case QEvent::ToolTip:
            if (m_tip)
                m_tip->close();
            m_tip = new HelpTip(widget, widget->property(kTextProperty).toString());
            m_tip->showAt(static_cast<QHelpEvent*>(event)->globalPos());
            return true;
        case QEvent::MouseButtonPress:
        case QEvent::KeyPress:
        case QEvent::Wheel:
        case QEvent::Hide:
            if (m_tip)
                m_tip->close();
            break;
        default: break;
        }
        return QObject::eventFilter(watched, event);
    }

private:
    QPointer<HelpTip> m_tip;
};

} // namespace

QString helpTipText(const QString& key, const QString& more) {
    const HelpTopic* const topic = findHelpTopic(key);
    Q_ASSERT(topic != nullptr);
    const QString first = more.isEmpty() ? QString() : QStringLiteral("<p>%1</p>").arg(more.toHtmlEscaped());
    return QStringLiteral("%1<p><b>%2</b><br/>%3 <a href=\"%4%5\">%6</a></p>")
        .arg(first, topic->title.toHtmlEscaped(), topic->brief.toHtmlEscaped(), kHelpLink, key,
             QApplication::translate("Help", "More (F1)"));
}

void setHelpKey(QWidget* widget, const QString& key) {
    Q_ASSERT(findHelpTopic(key) != nullptr);
    widget->setProperty(kKeyProperty, key);
}

void setHelp(QWidget* widget, const QString& key, const QString& more) {
    const bool known = widget->property(kTextProperty).isValid();
    setHelpKey(widget, key);
    widget->setProperty(kTextProperty, helpTipText(key, more));
    // For screen readers, which do not point.
    widget->setAccessibleDescription(findHelpTopic(key)->brief);
    if (!known)
        new HelpTipper(widget);
}

QString helpKeyOf(const QWidget* widget) {
    for (; widget != nullptr; widget = widget->parentWidget())
        if (const QString key = widget->property(kKeyProperty).toString(); !key.isEmpty())
            return key;
    return {};
}

HelpRequest::HelpRequest(const QString& key) : QEvent(eventType()), m_key(key) {}

QEvent::Type HelpRequest::eventType() {
    static const auto type = static_cast<QEvent::Type>(QEvent::registerEventType());
    return type;
}

} // namespace alidade
