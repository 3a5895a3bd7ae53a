#pragma once

#include <QEvent>
#include <QString>

class QWidget;

namespace alidade {

/// Gives a widget the short definition of a topic as its tool tip, with a link into the help, which stays
/// under the pointer so that the link can be clicked. `more` is said first: what is special here. F1 over the
/// widget, or while it has the focus, opens the same topic. The key has to be one of helpTopics().
void setHelp(QWidget* widget, const QString& key, const QString& more = {});
/// F1 only, for widgets in which a tip would be in the way.
void setHelpKey(QWidget* widget, const QString& key);
/// Topic of the widget or of the nearest widget around it; empty where there is none.
[[nodiscard]] QString helpKeyOf(const QWidget* widget);
/// The tool tip as rich text.
[[nodiscard]] QString helpTipText(const QString& key, const QString& more);

/// Sent to the window of a widget when its help is wanted.
class HelpRequest : public QEvent {
public:
    explicit HelpRequest(const QString& key);
    [[nodiscard]] static QEvent::Type eventType();
    [[nodiscard]] const QString& key() const { return m_key; }

private:
    QString m_key;
};

} // namespace alidade
