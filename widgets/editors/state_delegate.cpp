#include "editors/state_delegate.h"

#include "editors/widget_style.h"
#include "models/trials_model.h"

#include <QApplication>
#include <QComboBox>
#include <QPainter>
#include <QPalette>
#include <QTimer>

#include <algorithm>

namespace alidade {

namespace {

constexpr int kMark = 12;

/// In its own colour, in that of the text where it is selected: the highlight is one of them.
void paintStateMark(QPainter& painter, const QRectF& box, TrialState state, const QPalette& palette,
                    bool selected) {
    const UiColors colors = uiColors(palette);
    const QColor highlighted = palette.color(QPalette::HighlightedText);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const auto stroke = [&](const QColor& color) {
        painter.setPen(QPen(selected ? highlighted : color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
    };
    const QRectF inner = box.adjusted(1.5, 1.5, -1.5, -1.5);
    const QPointF center = box.center();
    switch (state) {
    case TrialState::Pending:
        stroke(colors.accent);
        painter.drawEllipse(inner);
        break;
    case TrialState::Running: {
        painter.setPen(Qt::NoPen);
        painter.setBrush(selected ? highlighted : colors.accent);
        painter.drawPolygon(QPolygonF({inner.topLeft(), inner.bottomLeft(), {inner.right(), center.y()}}));
        break;
    }
    case TrialState::Complete:
        stroke(colors.success);
        painter.drawPolyline(QPolygonF({{inner.left(), center.y() + 0.5},
                                        {center.x() - 1, inner.bottom() - 0.5},
                                        {inner.right(), inner.top() + 1}}));
        break;
    case TrialState::Failed:
        stroke(colors.error);
        painter.drawLine(inner.topLeft(), inner.bottomRight());
        painter.drawLine(inner.topRight(), inner.bottomLeft());
        break;
    case TrialState::Stopped:
        stroke(colors.warning);
        painter.drawRect(inner);
        break;
    case TrialState::Withdrawn:
        stroke(colors.secondaryText);
        painter.drawLine(QPointF(inner.left(), center.y()), QPointF(inner.right(), center.y()));
        break;
    }
    painter.restore();
}

} // namespace

void StateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = item.text;
    item.text.clear();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const QRectF mark(item.rect.left() + 8, item.rect.center().y() - kMark / 2.0 + 0.5, kMark, kMark);
    const bool selected = item.state.testFlag(QStyle::State_Selected);
    paintStateMark(*painter, mark, static_cast<TrialState>(index.data(TrialsModel::StateRole).toInt()),
                   item.palette, selected);
    painter->save();
    painter->setFont(item.font);
    painter->setPen(item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
    const QRect place = item.rect.adjusted(8 + kMark + 6, 0, -4, 0);
    painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                      item.fontMetrics.elidedText(text, Qt::ElideRight, place.width()));
    painter->restore();
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(8 + kMark + 6, 0);
}

QWidget* CellDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const {
    if (m_choices.isEmpty())
        return QStyledItemDelegate::createEditor(parent, option, index);
    auto* const box = new QComboBox(parent);
    box->addItems(m_choices);
    connect(box, &QComboBox::activated, this, [this, box] {
        auto* const self = const_cast<CellDelegate*>(this);
        emit self->commitData(box);
        emit self->closeEditor(box);
    });
    QTimer::singleShot(0, box, &QComboBox::showPopup);
    return box;
}

void CellDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    if (auto* const box = qobject_cast<QComboBox*>(editor))
        box->setCurrentIndex(index.data(Qt::EditRole).toInt());
    else
        QStyledItemDelegate::setEditorData(editor, index);
}

void CellDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
    if (auto* const box = qobject_cast<QComboBox*>(editor))
        model->setData(index, box->currentIndex(), Qt::EditRole);
    else
        QStyledItemDelegate::setModelData(editor, model, index);
}

} // namespace alidade
