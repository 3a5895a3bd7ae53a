#pragma once

#include "plots/palette.h"

#include <QImage>
#include <QPointF>
#include <QPolygonF>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

namespace alidade {

/// The lines of parallel coordinates and how they look, as a value: any thread can draw it.
struct ParallelLines {
    /// Places on the axes; never changed once it is shared.
    struct Places {
        std::size_t axes = 0;
        std::vector<std::int64_t> keys;
        std::vector<double> shares; ///< line after line, one per axis: 0 ... 1, NaN where there is no value
        std::vector<char> strong;   ///< per line: on the front
        [[nodiscard]] std::size_t count() const { return keys.size(); }
        /// The first `lines` are the same, NaN included.
        [[nodiscard]] bool startsLike(const Places& other, std::size_t lines) const;
    };
    std::shared_ptr<const Places> places = std::make_shared<Places>();
    std::vector<std::size_t> order;                                ///< axes from left to right
    std::vector<double> x;                                         ///< scene, from left to right
    double zero = 0.0;                                             ///< scene y of share 0
    double one = 0.0;                                              ///< of share 1
    double missing = 0.0;                                          ///< of no value
    std::vector<std::optional<std::pair<double, double>>> brushes; ///< per axis
    std::optional<std::size_t> colorAxis;
    std::vector<char> selected; ///< per line
    bool strongShown = true;
    bool weakShown = true;
    bool sparse = false; ///< a part of many lines, while the user drags
    PlotTheme theme;

    [[nodiscard]] double share(std::size_t line, std::size_t axis) const {
        return places->shares[line * places->axes + axis];
    }
    [[nodiscard]] double height(std::size_t line, std::size_t axis) const;
    [[nodiscard]] QPolygonF polyline(std::size_t line) const;
    [[nodiscard]] bool isInside(std::size_t line) const; ///< of all brushes
    [[nodiscard]] bool isShown(std::size_t line) const {
        return places->strong[line] != 0 ? strongShown : weakShown;
    }
    [[nodiscard]] QColor scaleColor(double share) const;
    /// When it is neither selected nor faded; muted where the value is missing.
    [[nodiscard]] QColor color(std::size_t line) const;

    /// All lines, as outlines.
    void draw(QPainter* painter) const;
    /// The lines from `first` on, into an image of `ratio` pixels per unit whose top left is at `origin` of
    /// the scene; the crowd one pixel wide. False when it was stopped.
    bool drawInto(QImage& image, const QPointF& origin, double ratio, std::size_t first,
                  const std::atomic<bool>* stop = nullptr) const;

private:
    /// How one line is drawn; larger ranks lie above.
    struct Stroke {
        std::size_t line = 0;
        int rank = 0;
        QColor color;
        double width = 1.0;
        bool dashed = false;
    };
    [[nodiscard]] std::vector<Stroke> strokes(std::size_t first) const;
    void drawStroke(QPainter* painter, const Stroke& stroke) const;
};

} // namespace alidade
