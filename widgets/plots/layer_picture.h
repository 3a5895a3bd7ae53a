#pragma once

#include <QImage>
#include <QRectF>

#include <functional>

class QPainter;

namespace alidade {

/// Copies `sprite` over `target` with its top left pixel at (left, top); both premultiplied ARGB; what lies
/// outside is left out. For tens of thousands of copies: a painter spends a microsecond on each.
void blendSprite(QImage& target, const QImage& sprite, int left, int top);

/// A layer of many marks, for the screen: drawn into a picture once, copied at every repaint.
class LayerPicture {
public:
    /// It is out of date.
    void clear() { m_image = QImage(); }
    [[nodiscard]] bool isEmpty() const { return m_image.isNull(); }
    /// Shows `area` of the scene, which `fill` draws first where the picture is out of date: into an image of
    /// `ratio` pixels per unit whose top left is that of the area.
    void draw(QPainter* painter, const QRectF& area, double ratio, const std::function<void(QImage&)>& fill);

private:
    QImage m_image;
    QRectF m_area;
    double m_ratio = 0.0;
};

} // namespace alidade
