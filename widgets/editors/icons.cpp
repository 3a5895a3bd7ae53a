#include "editors/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

static void initIconResources() {
    Q_INIT_RESOURCE(icons); // a static library's resources must be named once, outside any namespace
}

namespace alidade {

namespace {

class LineIconEngine : public QIconEngine {
public:
    explicit LineIconEngine(QString name) : m_name(std::move(name)) {
        initIconResources();
        QFile file(QStringLiteral(":/icons/%1.svg").arg(m_name));
        if (file.open(QIODevice::ReadOnly))
            m_svg = file.readAll();
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role = mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::ButtonText;
        const QColor color = QGuiApplication::palette().color(group, role);
        const qreal ratio = painter->device()->devicePixelRatioF();
        const QString key = QStringLiteral("alidade-icon-%1-%2-%3x%4-%5")
                                .arg(m_name, color.name(QColor::HexArgb))
                                .arg(rect.width())
                                .arg(rect.height())
                                .arg(ratio);
        QPixmap pixmap;
        if (!QPixmapCache::find(key, &pixmap)) {
            QByteArray svg = m_svg;
            svg.replace("#000000", color.name(QColor::HexRgb).toLatin1());
            pixmap = QPixmap(rect.size() * ratio);
            pixmap.fill(Qt::transparent);
            QPainter canvas(&pixmap);
            canvas.setOpacity(color.alphaF());
            QSvgRenderer(svg).render(&canvas, QRectF(QPointF(), QSizeF(pixmap.size())));
            canvas.end();
            pixmap.setDevicePixelRatio(ratio);
            QPixmapCache::insert(key, pixmap);
        }
        painter->drawPixmap(rect.topLeft(), pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new LineIconEngine(m_name); }

private:
    QString m_name;
    QByteArray m_svg;
};

} // namespace

QIcon themeIcon(const QString& name) {
    return QIcon(new LineIconEngine(name));
}

} // namespace alidade
