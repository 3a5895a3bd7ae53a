#include "plots/contour.h"

#include <QLineF>
#include <QTest>

#include <cmath>
#include <functional>
#include <numbers>

using namespace alidade;

namespace {

GridField sampled(int n, double low, double high, const std::function<double(double, double)>& f) {
    GridField field;
    for (int i = 0; i < n; ++i) {
        field.x.push_back(low + (high - low) * i / (n - 1));
        field.y.push_back(low + (high - low) * i / (n - 1));
    }
    for (const double y : field.y)
        for (const double x : field.x)
            field.values.push_back(f(x, y));
    return field;
}

double lengthOf(const QPolygonF& line) {
    double length = 0.0;
    for (qsizetype i = 1; i < line.size(); ++i)
        length += QLineF(line[i - 1], line[i]).length();
    return length;
}

} // namespace

class ContourTest : public QObject {
    Q_OBJECT
private slots:
    void pointsLieOnTheLevel();
    void planeIsExact();
    void circleIsOneClosedLine();
    void twoHillsGiveTwoRings();
    void saddleLinesDoNotCross();
    void holesInterruptLines();
    void levelsAreRoundAndInside();
    void interpolatesBilinearly();
};

void ContourTest::pointsLieOnTheLevel() {
    const auto f = [](double x, double y) { return std::sin(x) * std::exp(0.3 * y) + 0.2 * x * y; };
    const GridField field = sampled(161, -2.0, 2.0, f);
    int points = 0;
    for (const double level : {-1.0, -0.4, 0.1, 0.5, 1.2}) {
        for (const QPolygonF& line : isolines(field, level)) {
            for (const QPointF& p : line) {
                // Linear interpolation on cells of 0.025 with second derivatives below 2.
                QVERIFY(std::abs(f(p.x(), p.y()) - level) < 2.0 * 0.025 * 0.025 / 8.0 * 1.01);
                ++points;
            }
        }
    }
    QVERIFY(points > 500);
}

void ContourTest::planeIsExact() {
    const GridField field = sampled(7, 0.0, 1.0, [](double x, double y) { return 2.0 * x + y; });
    const auto lines = isolines(field, 1.3);
    QCOMPARE(lines.size(), std::size_t(1));
    for (const QPointF& p : lines.front())
        QVERIFY(std::abs(2.0 * p.x() + p.y() - 1.3) < 1e-12);
    QVERIFY(std::abs(lengthOf(lines.front()) - std::hypot(0.5, 1.0)) < 1e-9);
}

void ContourTest::circleIsOneClosedLine() {
    const GridField field = sampled(101, -1.5, 1.5, [](double x, double y) { return x * x + y * y; });
    const auto lines = isolines(field, 1.0);
    QCOMPARE(lines.size(), std::size_t(1));
    QCOMPARE(lines.front().front(), lines.front().back());
    QVERIFY(std::abs(lengthOf(lines.front()) - 2.0 * std::numbers::pi) < 0.01);
}

void ContourTest::twoHillsGiveTwoRings() {
    const GridField field = sampled(81, -3.0, 3.0, [](double x, double y) {
        return std::exp(-((x - 1.5) * (x - 1.5) + y * y)) + std::exp(-((x + 1.5) * (x + 1.5) + y * y));
    });
    QCOMPARE(isolines(field, 0.6).size(), std::size_t(2));
    QCOMPARE(isolines(field, 0.15).size(), std::size_t(1));
    QVERIFY(isolines(field, 5.0).empty());
}

void ContourTest::saddleLinesDoNotCross() {
    // One cell with opposite corners above: the average decides, two separate lines in any case.
    GridField field{{0.0, 1.0}, {0.0, 1.0}, {1.0, 0.0, 0.0, 1.0}};
    for (const double level : {0.4, 0.6}) {
        const auto lines = isolines(field, level);
        QCOMPARE(lines.size(), std::size_t(2));
        QPointF crossing;
        QVERIFY(QLineF(lines[0][0], lines[0][1]).intersects(QLineF(lines[1][0], lines[1][1]), &crossing) !=
                QLineF::BoundedIntersection);
        // At 0.4 the centre (0.5) is above: the lines cut off the corners that are below.
        const QPointF cut = level < 0.5 ? QPointF(1, 0) : QPointF(0, 0);
        bool near = false;
        for (const auto& line : lines)
            near = near || (std::abs(line[0].x() - cut.x()) + std::abs(line[0].y() - cut.y()) < 0.5 &&
                            std::abs(line[1].x() - cut.x()) + std::abs(line[1].y() - cut.y()) < 0.5);
        QVERIFY(near);
    }
}

void ContourTest::holesInterruptLines() {
    GridField field = sampled(21, 0.0, 1.0, [](double x, double) { return x; });
    field.values[10 * 21 + 10] = std::nan("");
    const auto lines = isolines(field, 0.49);
    QCOMPARE(lines.size(), std::size_t(2));
    for (const QPolygonF& line : lines)
        for (const QPointF& p : line)
            QVERIFY(p.y() <= 0.45 + 1e-9 || p.y() >= 0.55 - 1e-9);
}

void ContourTest::levelsAreRoundAndInside() {
    const std::vector<double> levels = isolineLevels(0.23, 0.91, 8);
    QCOMPARE(levels.size(), std::size_t(7));
    QVERIFY(std::abs(levels.front() - 0.3) < 1e-12);
    QVERIFY(std::abs(levels.back() - 0.9) < 1e-12);
    QVERIFY(isolineLevels(1.0, 1.0, 8).empty());
}

void ContourTest::interpolatesBilinearly() {
    const auto f = [](double x, double y) { return 1.0 + 2.0 * x - y + 3.0 * x * y; };
    const GridField field = sampled(4, 0.0, 3.0, f);
    QVERIFY(std::abs(field.interpolated(0.4, 2.7) - f(0.4, 2.7)) < 1e-12);
    QVERIFY(std::abs(field.interpolated(3.0, 3.0) - f(3.0, 3.0)) < 1e-12);
    QVERIFY(std::isnan(field.interpolated(3.1, 1.0)));
    // A hole spoils what lies between it and others, not the others themselves.
    GridField holed = field;
    holed.values[0] = std::nan("");
    QVERIFY(std::abs(holed.interpolated(1.0, 0.0) - f(1.0, 0.0)) < 1e-12);
    QVERIFY(std::abs(holed.interpolated(0.0, 1.0) - f(0.0, 1.0)) < 1e-12);
    QVERIFY(std::isnan(holed.interpolated(0.0, 0.0)) && std::isnan(holed.interpolated(0.5, 0.5)));
}

QTEST_APPLESS_MAIN(ContourTest)
#include "tst_contour.moc"
