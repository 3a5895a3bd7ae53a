#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QListWidget;
class QMenuBar;

namespace alidade {

/// Everything the menus can do, found by typing: words in any order, Up and Down choose, Enter does it,
/// Escape leaves. Entries that cannot be done now are left out.
class CommandPalette : public QDialog {
    Q_OBJECT
public:
    struct Command {
        QString text; ///< "View: History"
        QAction* action = nullptr;
    };
    CommandPalette(std::vector<Command> commands, QWidget* parent);

    /// Of all menus, submenus included.
    [[nodiscard]] static std::vector<Command> commandsOf(const QMenuBar& menus);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& words);
    void perform();

    std::vector<Command> m_commands;
    QLineEdit* m_field = nullptr;
    QListWidget* m_list = nullptr;
    QLabel* m_nothing = nullptr;
};

} // namespace alidade
