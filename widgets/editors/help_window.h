#pragma once

#include <QDialog>

class QLineEdit;
class QListWidget;
class QTextBrowser;

namespace alidade {

/// The built-in help: topics on the left, found by words, the chosen one on the right. Blocks nothing: the
/// window beside it stays in use.
class HelpWindow : public QDialog {
    Q_OBJECT
public:
    /// `keyboard` is the page about shortcuts, as rich text.
    explicit HelpWindow(const QString& keyboard, QWidget* parent = nullptr);
    /// The first topic when there is none of that key.
    void showTopic(const QString& key);
    [[nodiscard]] QString shownTopic() const;

    static const QString kKeyboard; ///< key of the page about shortcuts

private:
    void filter(const QString& words);
    void showCurrent();

    QString m_keyboard;
    QLineEdit* m_field = nullptr;
    QListWidget* m_list = nullptr;
    QTextBrowser* m_text = nullptr;
};

} // namespace alidade
