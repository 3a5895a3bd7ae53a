#pragma once

#include "plots/chart_item.h"

#include <QGraphicsItem>
#include <QString>

#include <vector>

namespace alidade {

class PlotView;

/// Grid behind the data.
class GridItem : public QGraphicsItem {
public:
    explicit GridItem(PlotView& view);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    PlotView& m_view;
};

/// Axes, frame, title and empty-state message over the data.
class AxesItem : public QGraphicsItem {
public:
    explicit AxesItem(PlotView& view);
    void setTexts(const QString& title, const QString& message);
    void setCanvas(const QSizeF& size, double leftThickness, double bottomThickness);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    PlotView& m_view;
    QString m_title;
    QString m_message;
    QSizeF m_canvas;
    double m_left = 0.0;
    double m_bottom = 0.0;
};

/// Keys of all layers in rows above the plot. A click switches a layer off and on.
class LegendItem : public QGraphicsItem {
public:
    explicit LegendItem(PlotView& view);
    /// Places entries in rows of `width` from `topLeft`; returns the height used (0 when there is no room
    /// for it).
    double layoutEntries(const QPointF& topLeft, double width, double canvasHeight);
    /// Toggles the entry at a scene position; false if none is there.
    bool toggleAt(const QPointF& position);
    void setShown(bool onScreen, bool inExports);

    struct Entry {
        ChartItem* item = nullptr;
        int index = 0;
        QRectF rect;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    void toggle(const Entry& entry);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    PlotView& m_view;
    std::vector<Entry> m_entries;
    QRectF m_bounds;
    bool m_onScreen = true;
    bool m_inExports = true;
};

/// Box with the values of what the pointer is at, and a ring around it.
class ReadoutItem : public QGraphicsItem {
public:
    explicit ReadoutItem(PlotView& view);
    /// Empty text hides it.
    void setContent(const QPointF& anchor, const QString& text, const QSizeF& canvas);
    [[nodiscard]] const QString& text() const { return m_text; }
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    PlotView& m_view;
    QPointF m_anchor;
    QString m_text;
    QRectF m_box;
};

} // namespace alidade
