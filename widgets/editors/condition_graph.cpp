#include "editors/condition_graph.h"

#include "editors/widget_style.h"
#include "models/value_text.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <map>

namespace alidade {

namespace {
constexpr int kNodeHeight = 40;
constexpr int kNodeGap = 12;
constexpr int kLayerGap = 110;
constexpr int kNodePadding = 12;
constexpr int kLongestLabel = 96;
} // namespace

ConditionGraph::ConditionGraph(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("conditionGraph"));
    setMouseTracking(true);
}

void ConditionGraph::setSpace(const SearchSpace& space) {
    m_space = space;
    layOut();
    updateGeometry();
    update();
}

void ConditionGraph::setCurrent(ParameterId id) {
    m_current = id;
    update();
}

QSize ConditionGraph::sizeHint() const {
    return m_size;
}

void ConditionGraph::layOut() {
    m_nodes.clear();
    m_edges.clear();
    std::map<ParameterId, std::size_t> indexOf;
    // Parameters that take part in a condition; the others would only fill the drawing.
    std::map<ParameterId, bool> linked;
    for (const Parameter& parameter : m_space.parameters)
        for (const Condition& condition : parameter.conditions)
            linked[parameter.id] = linked[condition.parent] = true;
    for (const Parameter& parameter : m_space.parameters) {
        if (!linked.contains(parameter.id))
            continue;
        indexOf[parameter.id] = m_nodes.size();
        m_nodes.push_back({parameter.id,
                           QString::fromStdString(parameter.name),
                           withUnit(rangeText(parameter.domain), parameter.unit),
                           0,
                           {}});
    }
    for (const Parameter& parameter : m_space.parameters) {
        for (const Condition& condition : parameter.conditions) {
            if (!indexOf.contains(condition.parent))
                continue;
            QStringList values;
            for (const Value& value : condition.values)
                values.append(valueText(value));
            m_edges.push_back({indexOf[condition.parent], indexOf[parameter.id], values.join(tr(" or "))});
        }
    }
    // Longest path from a root; as many rounds as nodes end it even if the conditions form a cycle.
    for (std::size_t round = 0; round < m_nodes.size(); ++round)
        for (const Edge& edge : m_edges)
            m_nodes[edge.to].layer = std::min(static_cast<int>(m_nodes.size()),
                                              std::max(m_nodes[edge.to].layer, m_nodes[edge.from].layer + 1));

    const QFontMetrics metrics(font());
    std::map<int, int> widthOf;
    std::map<int, int> countOf;
    for (const Node& node : m_nodes) {
        const QString detail = metrics.elidedText(node.detail, Qt::ElideRight, 150);
        const int width = std::max(metrics.horizontalAdvance(node.title), metrics.horizontalAdvance(detail));
        widthOf[node.layer] = std::max(widthOf[node.layer], width + 2 * kNodePadding);
    }
    std::map<int, int> leftOf;
    int left = kGap;
    for (const auto& [layer, width] : widthOf) {
        leftOf[layer] = left;
        left += width + kLayerGap;
    }
    int rows = 0;
    for (Node& node : m_nodes) {
        const int row = countOf[node.layer]++;
        rows = std::max(rows, row + 1);
        node.box = QRectF(leftOf[node.layer], kGap + row * (kNodeHeight + kNodeGap), widthOf[node.layer],
                          kNodeHeight);
    }
    m_size = m_nodes.empty() ? QSize(320, 64)
                             : QSize(left - kLayerGap + kGap, rows * (kNodeHeight + kNodeGap) + 2 * kGap);
}

void ConditionGraph::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const UiColors colors = uiColors(palette());
    if (m_nodes.empty()) {
        painter.setPen(colors.secondaryText);
        painter.drawText(
            rect().adjusted(kMargin, 0, -kMargin, 0), Qt::AlignCenter | Qt::TextWordWrap,
            tr("No conditions: every parameter is active in every trial. Set “Active when” in the "
               "form of a parameter."));
        return;
    }
    const QFontMetrics metrics(font());
    for (const Edge& edge : m_edges) {
        const QRectF& from = m_nodes[edge.from].box;
        const QRectF& to = m_nodes[edge.to].box;
        const QPointF start(from.right(), from.center().y());
        const QPointF end(to.left(), to.center().y());
        QPainterPath path(start);
        path.cubicTo(start + QPointF(kLayerGap / 2.0, 0), end - QPointF(kLayerGap / 2.0, 0), end);
        painter.setPen(QPen(colors.secondaryText, 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        QPainterPath head(end);
        head.lineTo(end + QPointF(-7, -4));
        head.lineTo(end + QPointF(-7, 4));
        head.closeSubpath();
        painter.setBrush(colors.secondaryText);
        painter.drawPath(head);
        const QString label = metrics.elidedText(edge.label, Qt::ElideRight, kLongestLabel);
        const QPointF middle = path.pointAtPercent(0.55);
        QRectF box(0, 0, metrics.horizontalAdvance(label) + 8, metrics.height());
        box.moveCenter(middle);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().color(QPalette::Base));
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(box, Qt::AlignCenter, label);
    }
    for (const Node& node : m_nodes) {
        const bool current = node.id == m_current;
        painter.setPen(QPen(current ? colors.accent : colors.border, current ? 2.0 : 1.0));
        painter.setBrush(colors.card);
        painter.drawRoundedRect(node.box, 6, 6);
        const QRectF text = node.box.adjusted(kNodePadding, 3, -kNodePadding, -3);
        painter.setPen(palette().color(QPalette::Text));
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignTop, node.title);
        painter.setFont(font());
        painter.setPen(colors.secondaryText);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignBottom,
                         metrics.elidedText(node.detail, Qt::ElideRight, static_cast<int>(text.width())));
    }
}

void ConditionGraph::mousePressEvent(QMouseEvent* event) {
    for (const Node& node : m_nodes) {
        if (node.box.contains(event->position())) {
            emit parameterClicked(node.id);
            return;
        }
    }
    QWidget::mousePressEvent(event);
}

bool ConditionGraph::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (const Node& node : m_nodes) {
            if (node.box.contains(help->pos())) {
                const Parameter* parameter = m_space.find(node.id);
                QString text = node.title + u'\n' + node.detail;
                if (parameter != nullptr && !parameter->conditions.empty())
                    text += u'\n' + tr("active when %1").arg(conditionText(m_space, *parameter));
                QToolTip::showText(help->globalPos(), text, this);
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace alidade
