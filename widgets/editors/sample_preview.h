#pragma once

#include "space/search_space.h"

#include <QWidget>

#include <vector>

namespace alidade {

/// Sampled settings as one strip per parameter along its scale: what the space means to a search. One setting
/// can be followed over all strips with the mouse.
class SamplePreview : public QWidget {
    Q_OBJECT
public:
    explicit SamplePreview(QWidget* parent = nullptr);

    void setSamples(const SearchSpace& space, std::vector<Setting> samples);
    /// Shown instead of samples.
    void setMessage(const QString& message);
    [[nodiscard]] std::size_t sampleCount() const { return m_samples.size(); }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    /// One strip: a parameter, or one share of a mixture.
    struct Strip {
        QString title;
        QString lowText;
        QString highText;
        QStringList ticks;             ///< choices, at equal distances
        std::vector<double> positions; ///< per sample, in [0, 1]; negative: not active
        std::vector<QString> texts;
    };
    void build(const SearchSpace& space);
    [[nodiscard]] QRectF stripRect(std::size_t strip) const;
    [[nodiscard]] QPointF pointOf(std::size_t strip, std::size_t sample) const;

    std::vector<Setting> m_samples;
    std::vector<Strip> m_strips;
    QString m_message;
    int m_hovered = -1;
};

} // namespace alidade
