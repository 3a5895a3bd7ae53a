#pragma once

#include "base/ids.h"
#include "space/search_space.h"

#include <QWidget>

#include <vector>

namespace alidade {

/// Which parameters are active under which values of others, as a layered drawing from left to right. A click
/// selects a parameter.
class ConditionGraph : public QWidget {
    Q_OBJECT
public:
    explicit ConditionGraph(QWidget* parent = nullptr);

    void setSpace(const SearchSpace& space);
    void setCurrent(ParameterId id);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void parameterClicked(alidade::ParameterId id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Node {
        ParameterId id;
        QString title;
        QString detail;
        int layer = 0;
        QRectF box;
    };
    struct Edge {
        std::size_t from = 0;
        std::size_t to = 0;
        QString label;
    };
    void layOut();

    SearchSpace m_space;
    ParameterId m_current;
    std::vector<Node> m_nodes;
    std::vector<Edge> m_edges;
    QSize m_size;
};

} // namespace alidade
