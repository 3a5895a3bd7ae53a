#include "plots/color_map.h"
#include "plots/palette.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace alidade;

namespace {

using Vector = std::array<double, 3>;

double linearChannel(double c) {
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

/// Deuteranopia, matrix of Machado, Oliveira & Fernandes 2009 on linear RGB; result in Oklab.
Vector perceived(const QColor& color, bool deuteranope) {
    Vector rgb{linearChannel(color.redF()), linearChannel(color.greenF()), linearChannel(color.blueF())};
    if (deuteranope) {
        const Vector in = rgb;
        rgb = {0.367322 * in[0] + 0.860646 * in[1] - 0.227968 * in[2],
               0.280085 * in[0] + 0.672501 * in[1] + 0.047413 * in[2],
               -0.011820 * in[0] + 0.042940 * in[1] + 0.968881 * in[2]};
    }
    const double l = std::cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
    const double m = std::cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
    const double s = std::cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

double distance(const Vector& a, const Vector& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace

class PlotColorsTest : public QObject {
    Q_OBJECT
private slots:
    void contrastOfWhiteAndBlack();
    void rolesStandOut();
    void originsDifferInColourAndShape();
    void mapLightnessRisesEvenly();
    void mapStepsLookEqual();
};

void PlotColorsTest::contrastOfWhiteAndBlack() {
    QVERIFY(std::abs(contrastRatio(Qt::white, Qt::black) - 21.0) < 1e-9);
    QVERIFY(std::abs(contrastRatio(Qt::red, Qt::red) - 1.0) < 1e-9);
}

void PlotColorsTest::rolesStandOut() {
    for (const PlotTheme& theme : {lightPlotTheme(), darkPlotTheme()}) {
        for (int role = 0; role < kPlotRoleCount; ++role)
            QVERIFY2(contrastRatio(theme.color(static_cast<PlotRole>(role)), theme.background) >= 3.0,
                     qPrintable(QString::number(role)));
        QVERIFY(contrastRatio(theme.text, theme.background) >= 7.0);
        QVERIFY(contrastRatio(theme.mutedText, theme.background) >= 4.5);
    }
}

void PlotColorsTest::originsDifferInColourAndShape() {
    const std::array roles{PlotRole::OriginManual, PlotRole::OriginImported, PlotRole::OriginInitial,
                           PlotRole::OriginRandom, PlotRole::OriginModel,    PlotRole::Failed,
                           PlotRole::Infeasible};
    for (const PlotTheme& theme : {lightPlotTheme(), darkPlotTheme()}) {
        for (std::size_t i = 0; i < roles.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                QVERIFY(roleMarker(roles[i]) != roleMarker(roles[j]));
                QVERIFY(distance(perceived(theme.color(roles[i]), false),
                                 perceived(theme.color(roles[j]), false)) > 0.05);
            }
        }
        // The five origins also without the green receptor.
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(distance(perceived(theme.color(roles[i]), true),
                                 perceived(theme.color(roles[j]), true)) > 0.05);
    }
}

void PlotColorsTest::mapLightnessRisesEvenly() {
    const auto& colors = sequentialColors();
    for (std::size_t i = 1; i < colors.size(); ++i)
        QVERIFY(oklabLightness(QColor::fromRgb(colors[i])) >
                oklabLightness(QColor::fromRgb(colors[i - 1])) - 1e-3);
    const double low = oklabLightness(QColor::fromRgb(colors.front()));
    const double high = oklabLightness(QColor::fromRgb(colors.back()));
    QVERIFY(high - low > 0.6);
    for (std::size_t i = 0; i < colors.size(); i += 16) {
        const double expected = low + (high - low) * static_cast<double>(i) / 255.0;
        QVERIFY(std::abs(oklabLightness(QColor::fromRgb(colors[i])) - expected) < 0.01);
    }
    QCOMPARE(sequentialColor(-1.0), colors.front());
    QCOMPARE(sequentialColor(2.0), colors.back());
}

void PlotColorsTest::mapStepsLookEqual() {
    // Also for a deuteranope, sixteenths of the range stay apart and no step dominates.
    for (const bool deuteranope : {false, true}) {
        double smallest = 1e9;
        double largest = 0.0;
        for (int i = 0; i < 16; ++i) {
            const double step =
                distance(perceived(QColor::fromRgb(sequentialColor(i / 16.0)), deuteranope),
                         perceived(QColor::fromRgb(sequentialColor((i + 1) / 16.0)), deuteranope));
            smallest = std::min(smallest, step);
            largest = std::max(largest, step);
        }
        QVERIFY(smallest > 0.03);
        QVERIFY(largest < 2.0 * smallest);
    }
}

QTEST_APPLESS_MAIN(PlotColorsTest)
#include "tst_plot_colors.moc"
