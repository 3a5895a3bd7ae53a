#pragma once

#include "study/trial.h"

#include <QStyledItemDelegate>

namespace alidade {

/// Paints the state of a trial as a mark with its own shape and colour, followed by the word. Hollow circle:
/// pending; triangle: running; tick: complete; cross: failed; square: stopped; dash: withdrawn.
class StateDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The fields of a table's cells: a combo box when there are choices (the model's EditRole is the index),
/// else the usual line.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit CellDelegate(QStringList choices = {}, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_choices(std::move(choices)) {}

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;

private:
    QStringList m_choices;
};

} // namespace alidade
