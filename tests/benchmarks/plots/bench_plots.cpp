// Milliseconds per frame of a plot with many points: repaint, live update, pan, hover. Raster painting at
// 1280 x 800, as a window does without a graphics card.
#include "plots/heat_map_item.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"
#include "plots/series_items.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

using namespace alidade;

namespace {

double medianMs(int repeats, const std::function<void(int)>& action) {
    std::vector<double> times;
    for (int i = 0; i < repeats; ++i) {
        QElapsedTimer timer;
        timer.start();
        action(i);
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

std::vector<PlotPoint> randomPoints(int count) {
    std::mt19937 generator(1);
    std::normal_distribution<double> normal;
    std::vector<PlotPoint> points;
    for (int i = 0; i < count; ++i)
        points.push_back({double(i + 1), 1.0 + normal(generator) / std::sqrt(1.0 + i / 200.0), i + 1, i % 5});
    return points;
}

void benchPoints(int count) {
    PlotView view;
    view.resize(1280, 800);
    auto* points = view.addItem<PointsItem>(std::vector<PointStyle>{
        {"model", PlotRole::OriginModel, roleMarker(PlotRole::OriginModel)},
        {"initial", PlotRole::OriginInitial, roleMarker(PlotRole::OriginInitial)},
        {"random", PlotRole::OriginRandom, roleMarker(PlotRole::OriginRandom)},
        {"manual", PlotRole::OriginManual, roleMarker(PlotRole::OriginManual)},
        {"imported", PlotRole::OriginImported, roleMarker(PlotRole::OriginImported)}});
    auto* best = view.addItem<LineItem>(LineStyle{PlotRole::Best}, true);
    std::vector<PlotPoint> data = randomPoints(count);
    const auto load = [&] {
        std::vector<double> x;
        std::vector<double> y;
        for (const PlotPoint& point : data) {
            x.push_back(point.x);
            y.push_back(y.empty() ? point.y : std::min(y.back(), point.y));
        }
        points->setPoints(data);
        best->setData(x, y);
        view.refresh();
    };
    load();
    view.show();
    QApplication::processEvents();
    QImage frame(view.size(), QImage::Format_ARGB32_Premultiplied);
    const auto paint = [&] { view.viewport()->render(&frame); };
    paint();
    const double repaint = medianMs(20, [&](int) { paint(); });
    const double live = medianMs(20, [&](int i) {
        data.push_back({double(count + i), 0.5, count + i, 0});
        load();
        paint();
    });
    const double pan = medianMs(20, [&](int i) {
        PlotRange range = view.homeRange();
        range.x.low += 10.0 * i;
        range.x.high += 10.0 * i;
        view.follow(range, true);
        paint();
    });
    const double hover = medianMs(50, [&](int i) { (void)view.hitAt({200.0 + 15.0 * i, 300.0}); });
    std::printf("%6d points: repaint %6.2f ms, live update and repaint %6.2f ms, pan and repaint %6.2f ms, "
                "hover %5.3f ms\n",
                count, repaint, live, pan, hover);
}

void benchLine(int count) {
    PlotView view;
    view.resize(1280, 800);
    auto* line = view.addItem<LineItem>(LineStyle{});
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < count; ++i) {
        x.push_back(i);
        y.push_back(std::sin(i * 0.01) * (i % 7));
    }
    QImage frame(view.size(), QImage::Format_ARGB32_Premultiplied);
    const double live = medianMs(10, [&](int) {
        line->setData(x, y);
        view.refresh();
        view.viewport()->render(&frame);
    });
    std::printf("%6d points of one line: live update and repaint %6.2f ms\n", count, live);
}

void benchMap(int side) {
    PlotView view;
    view.resize(1280, 800);
    auto* map = view.addItem<HeatMapItem>();
    GridField field;
    for (int i = 0; i < side; ++i) {
        field.x.push_back(double(i) / (side - 1));
        field.y.push_back(double(i) / (side - 1));
    }
    for (const double v : field.y)
        for (const double u : field.x)
            field.values.push_back(std::sin(5 * u) * std::cos(4 * v));
    QImage frame(view.size(), QImage::Format_ARGB32_Premultiplied);
    const double live = medianMs(10, [&](int) {
        map->setField(field, {"value"});
        view.refresh();
        view.viewport()->render(&frame);
    });
    std::printf("%3d x %3d map with isolines: live update and repaint %6.2f ms\n", side, side, live);
}

} // namespace

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    for (const int count : {1000, 10000, 20000})
        benchPoints(count);
    benchLine(10000);
    benchMap(61);
    return 0;
}
