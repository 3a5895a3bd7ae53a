#include "plots/palette.h"

#include <QPalette>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace alidade {

QColor seriesColor(int index) {
    static constexpr std::array<QRgb, 7> kColors{0xff0072b2, 0xffd55e00, 0xff009e73, 0xffcc79a7,
                                                 0xffe69f00, 0xff56b4e9, 0xff999999};
    return QColor::fromRgb(kColors[static_cast<std::size_t>(index) % kColors.size()]);
}

double relativeLuminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrastRatio(const QColor& a, const QColor& b) {
    const double la = relativeLuminance(a);
    const double lb = relativeLuminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

namespace {

constexpr double kMinimumContrast = 3.0;
constexpr double kMinimumContrastDark = 4.5; // thin lines fade on a dark ground

/// Moves the colour towards black or white until it stands out; the hue stays.
QColor readable(const QColor& color, const QColor& background) {
    const bool darken = relativeLuminance(background) > 0.5;
    const double wanted = darken ? kMinimumContrast : kMinimumContrastDark;
    QColor result = color;
    for (int i = 1; i <= 50 && contrastRatio(result, background) < wanted; ++i) {
        const double share = i / 50.0;
        const double target = darken ? 0.0 : 1.0;
        const auto mix = [&](double c) { return static_cast<float>(c + share * (target - c)); };
        result = QColor::fromRgbF(mix(color.redF()), mix(color.greenF()), mix(color.blueF()));
    }
    return result;
}

QRgb roleColor(PlotRole role) {
    switch (role) {
    case PlotRole::Mean: return 0xff0072b2;
    case PlotRole::Observed: return 0xff505050;
    case PlotRole::Best: return 0xffd55e00;
    case PlotRole::Acquisition: return 0xff009e73;
    case PlotRole::Feasibility: return 0xffcc79a7;
    case PlotRole::Failed: return 0xff8a2d2d;
    case PlotRole::Infeasible: return 0xff8c8c8c;
    case PlotRole::Pending: return 0xff56b4e9;
    case PlotRole::OriginManual: return 0xff009e73;
    case PlotRole::OriginImported: return 0xffcc79a7;
    case PlotRole::OriginInitial: return 0xffe69f00;
    case PlotRole::OriginRandom: return 0xff56b4e9;
    case PlotRole::OriginModel: return 0xff0072b2;
    case PlotRole::Selected: return 0xff000000;
    case PlotRole::Cursor: return 0xffc23b8e;
    }
    return 0xff000000;
}

} // namespace

QColor PlotTheme::color(PlotRole role) const {
    if (role == PlotRole::Selected)
        return text;
    return readable(QColor::fromRgb(roleColor(role)), background);
}

PlotTheme lightPlotTheme() {
    PlotTheme theme;
    theme.background = QColor(0xff, 0xff, 0xff);
    theme.text = QColor(0x1a, 0x1a, 0x1a);
    theme.mutedText = QColor(0x5c, 0x5c, 0x5c);
    theme.axis = QColor(0x40, 0x40, 0x40);
    theme.grid = QColor(0xdc, 0xdc, 0xdc);
    theme.minorGrid = QColor(0xf0, 0xf0, 0xf0);
    theme.shade = QColor(0x70, 0x70, 0x70, 0x60);
    theme.readout = QColor(0xff, 0xff, 0xff, 0xf0);
    return theme;
}

PlotTheme darkPlotTheme() {
    PlotTheme theme;
    theme.dark = true;
    theme.background = QColor(0x24, 0x28, 0x2e);
    theme.text = QColor(0xea, 0xea, 0xea);
    theme.mutedText = QColor(0xa8, 0xa8, 0xa8);
    theme.axis = QColor(0xb8, 0xb8, 0xb8);
    theme.grid = QColor(0x40, 0x46, 0x4f);
    theme.minorGrid = QColor(0x2f, 0x34, 0x3b);
    theme.shade = QColor(0xa0, 0xa0, 0xa0, 0x60);
    theme.readout = QColor(0x2f, 0x34, 0x3b, 0xf0);
    return theme;
}

PlotTheme plotThemeFor(const QPalette& palette) {
    const bool dark = palette.color(QPalette::Window).lightness() < 128;
    return dark ? darkPlotTheme() : lightPlotTheme();
}

bool isOpenMarker(MarkerShape shape) {
    return shape == MarkerShape::Cross || shape == MarkerShape::Plus || shape == MarkerShape::Dash;
}

namespace {

QPainterPath polygon(int corners, double radius, double turn) {
    QPainterPath path;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2.0 * std::numbers::pi * i / corners;
        const QPointF corner(radius * std::sin(angle), -radius * std::cos(angle));
        i == 0 ? path.moveTo(corner) : path.lineTo(corner);
    }
    path.closeSubpath();
    return path;
}

} // namespace

QPainterPath markerPath(MarkerShape shape, double size) {
    const double r = size / 2.0;
    QPainterPath path;
    switch (shape) {
    case MarkerShape::Circle: path.addEllipse(QPointF(0, 0), r, r); break;
    case MarkerShape::Square: path.addRect(QRectF(-0.88 * r, -0.88 * r, 1.76 * r, 1.76 * r)); break;
    case MarkerShape::Diamond: return polygon(4, 1.25 * r, 0.0);
    case MarkerShape::TriangleUp: return polygon(3, 1.4 * r, 0.0);
    case MarkerShape::TriangleDown: return polygon(3, 1.4 * r, std::numbers::pi);
    case MarkerShape::Star: {
        for (int i = 0; i < 10; ++i) {
            const double angle = std::numbers::pi * i / 5.0;
            const double radius = i % 2 == 0 ? 1.5 * r : 0.62 * r;
            const QPointF corner(radius * std::sin(angle), -radius * std::cos(angle));
            i == 0 ? path.moveTo(corner) : path.lineTo(corner);
        }
        path.closeSubpath();
        break;
    }
    case MarkerShape::Cross:
        path.moveTo(-0.9 * r, -0.9 * r);
        path.lineTo(0.9 * r, 0.9 * r);
        path.moveTo(-0.9 * r, 0.9 * r);
        path.lineTo(0.9 * r, -0.9 * r);
        break;
    case MarkerShape::Plus:
        path.moveTo(-1.15 * r, 0);
        path.lineTo(1.15 * r, 0);
        path.moveTo(0, -1.15 * r);
        path.lineTo(0, 1.15 * r);
        break;
    case MarkerShape::Dash:
        path.moveTo(-1.2 * r, 0);
        path.lineTo(1.2 * r, 0);
        break;
    }
    return path;
}

MarkerShape roleMarker(PlotRole role) {
    switch (role) {
    case PlotRole::Best: return MarkerShape::Star;
    case PlotRole::Failed: return MarkerShape::Cross;
    case PlotRole::Infeasible: return MarkerShape::Plus;
    case PlotRole::OriginManual: return MarkerShape::TriangleUp;
    case PlotRole::OriginImported: return MarkerShape::TriangleDown;
    case PlotRole::OriginInitial: return MarkerShape::Square;
    case PlotRole::OriginRandom: return MarkerShape::Diamond;
    default: return MarkerShape::Circle;
    }
}

} // namespace alidade
