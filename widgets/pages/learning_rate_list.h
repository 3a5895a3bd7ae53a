#pragma once

#include <QWidget>

class QListWidget;
class QMenu;
class QToolButton;

namespace alidade {

class LearningRateModel;

/// The schedules to compare: add, duplicate, remove, reorder, rename, show and hide, colour and dash.
class LearningRateList : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateList(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] QListWidget& list() const { return *m_list; }

signals:
    void tableRequested(); ///< a schedule from a file

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void refresh();
    void fillAddMenu(QMenu& menu);
    void fillStyleMenu(QMenu& menu);
    void duplicate();
    void remove();
    void move(int direction);
    void rowChanged(int row);
    [[nodiscard]] QIcon keyIcon(int color, int dash) const;

    LearningRateModel& m_model;
    QListWidget* m_list = nullptr;
    QToolButton* m_duplicate = nullptr;
    QToolButton* m_remove = nullptr;
    QToolButton* m_up = nullptr;
    QToolButton* m_down = nullptr;
    QToolButton* m_style = nullptr;
    bool m_refreshing = false;
};

} // namespace alidade
