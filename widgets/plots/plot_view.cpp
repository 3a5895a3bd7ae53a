#include "plots/plot_view.h"

#include "plots/plot_axis.h"
#include "plots/plot_frame.h"

#include <QChart>
#include <QEvent>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QGraphicsRectItem>
#include <QPainter>
#include <QResizeEvent>
#include <QScopedValueRollback>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kEdge = 6.0;          // between anything and the border of the canvas
constexpr double kDataPadding = 0.05;  // of the range, around automatic axes
constexpr double kLimitPadding = 0.02; // around fixed axes, so that marks at the ends are seen whole
constexpr double kSmallestPlot = 20.0;
constexpr double kMarginGrain =
    8.0; // the left margin moves in steps, so that panning does not make it tremble

AxisRange padded(AxisRange range, double share) {
    if (range.span() > 0.0)
        return {range.low - share * range.span(), range.high + share * range.span()};
    const double half = range.low == 0.0 ? 1.0 : 0.1 * std::abs(range.low);
    return {range.low - half, range.high + half};
}

AxisRange homeOf(const AxisSpec& spec, bool hasData, double low, double high) {
    if (spec.kind == AxisKind::Category)
        return {-0.5, std::max(0.5, static_cast<double>(spec.categories.size()) - 0.5)};
    if (spec.limits)
        return padded({toAxis(spec.kind, spec.limits->low), toAxis(spec.kind, spec.limits->high)},
                      kLimitPadding);
    if (!hasData)
        return spec.kind == AxisKind::Logit ? AxisRange{-1.0, 1.0} : AxisRange{0.0, 1.0};
    const AxisRange data{toAxis(spec.kind, low), toAxis(spec.kind, high)};
    return std::isfinite(data.span()) ? padded(data, kDataPadding) : AxisRange{0.0, 1.0};
}

} // namespace

PlotView::PlotView(QWidget* parent) : QChartView(new QChart, parent) {
    m_xAxis = new PlotAxis(Qt::Horizontal, this);
    m_yAxis = new PlotAxis(Qt::Vertical, this);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->addAxis(m_xAxis->qtAxis(), Qt::AlignBottom);
    chart()->addAxis(m_yAxis->qtAxis(), Qt::AlignLeft);
    chart()->setAcceptedMouseButtons(Qt::NoButton);

    m_grid = new GridItem(*this);
    m_axes = new AxesItem(*this);
    m_legend = new LegendItem(*this);
    m_readout = new ReadoutItem(*this);
    m_band = new QGraphicsRectItem(chart());
    m_band->setZValue(PlotLayer::kReadout);
    m_band->hide();

    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setRubberBand(NoRubberBand);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    setOptimizationFlag(QGraphicsView::DontSavePainterState, false);
    setMinimumSize(120, 90);
    m_theme = plotThemeFor(palette());
    setBackgroundBrush(m_theme.background);
    m_home = range();
    m_hooks = fileDialogHooks();
    m_hooks.notify = [this](const QString& text) { emit noticed(text); };
    layoutPlot(QSizeF(size()));
}

PlotView::~PlotView() {
    // Before the base class takes the scene down: items ask their view for its axes.
    for (ChartItem* item : m_items)
        delete item;
    delete m_grid;
    delete m_axes;
    delete m_legend;
    delete m_readout;
}

void PlotView::removeItem(ChartItem* item) {
    std::erase(m_items, item);
    if (m_dragged == item)
        m_dragged = nullptr;
    delete item;
}

void PlotView::addSeries(QAbstractSeries* series) {
    chart()->addSeries(series);
    series->attachAxis(m_xAxis->qtAxis());
    series->attachAxis(m_yAxis->qtAxis());
}

void PlotView::setTitle(const QString& title) {
    m_title = title;
    m_axes->setTexts(m_title, m_message);
}

void PlotView::setMessage(const QString& message) {
    if (m_message == message)
        return;
    m_message = message;
    m_axes->setTexts(m_title, m_message);
    showHit(std::nullopt);
    updateItems();
}

void PlotView::setLegendShown(bool onScreen, bool inExports) {
    m_legend->setShown(onScreen, inExports);
}

void PlotView::setSideMargins(std::optional<double> left, std::optional<double> right) {
    m_leftMargin = left;
    m_rightMargin = right;
    layoutPlot(QSizeF(size()));
}

double PlotView::preferredLeftMargin() const {
    return kEdge + m_yAxis->thickness(plotFont());
}

void PlotView::setSharedY(std::optional<AxisRange> range) {
    m_sharedY = range;
}

void PlotView::setSharedX(std::optional<AxisRange> range) {
    m_sharedX = range;
}

void PlotView::setFontScale(double scale) {
    m_fontScale = scale;
    layoutPlot(QSizeF(size()));
}

void PlotView::setTheme(std::optional<PlotTheme> theme) {
    m_fixedTheme = std::move(theme);
    m_theme = m_fixedTheme ? *m_fixedTheme : plotThemeFor(palette());
    setBackgroundBrush(m_theme.background);
    for (ChartItem* item : m_items)
        item->applyTheme(m_theme);
    updateItems();
}

QFont PlotView::plotFont() const {
    // Pixels, not points: a painter of another resolution scales the picture, text included, only once.
    QFont result = font();
    const double pixels = m_fontPixels > 0.0 ? m_fontPixels : QFontInfo(result).pixelSize();
    result.setPixelSize(std::max(7, static_cast<int>(std::lround(pixels * m_fontScale))));
    return result;
}

PlotRange PlotView::range() const {
    return {m_xAxis->range(), m_yAxis->range()};
}

PlotRange PlotView::computeHome() const {
    DataBounds bounds;
    for (const ChartItem* item : m_items)
        bounds.unite(item->bounds());
    PlotRange home{homeOf(m_xAxis->spec(), bounds.hasX, bounds.lowX, bounds.highX),
                   homeOf(m_yAxis->spec(), bounds.hasY, bounds.lowY, bounds.highY)};
    if (m_sharedX)
        home.x = {toAxis(m_xAxis->kind(), m_sharedX->low), toAxis(m_xAxis->kind(), m_sharedX->high)};
    if (m_sharedY)
        home.y = {toAxis(m_yAxis->kind(), m_sharedY->low), toAxis(m_yAxis->kind(), m_sharedY->high)};
    return home;
}

void PlotView::refresh() {
    m_home = computeHome();
    if (!m_zoomed) {
        m_xAxis->setRange(m_home.x);
        m_yAxis->setRange(m_home.y);
    }
    layoutPlot(QSizeF(size()));
}

void PlotView::layoutPlot(const QSizeF& size) {
    const QFont font = plotFont();
    const QFontMetricsF metrics(font);
    double top = kEdge;
    if (!m_title.isEmpty())
        top += metrics.height() + 4.0;

    // Vertical first: the legend's rows and the height of the x labels decide the height of the plot, its
    // ticks the left margin, and that the width.
    const double guessLeft = m_leftMargin.value_or(std::max(m_plotRect.left(), 40.0));
    m_xAxis->setPlotRect(
        QRectF(guessLeft, top, std::max(kSmallestPlot, size.width() - guessLeft - 20.0), 100.0));
    m_xAxis->layoutTicks(font);
    top += m_legend->layoutEntries(QPointF(guessLeft, top), size.width() - guessLeft - kEdge, size.height());
    top = std::max(top, metrics.height() / 2.0 + 2.0);
    const double bottom = kEdge + m_xAxis->thickness(font);
    const double height = std::max(kSmallestPlot, size.height() - top - bottom);
    m_yAxis->setPlotRect(QRectF(guessLeft, top, 100.0, height));
    m_yAxis->layoutTicks(font);
    const double wanted = std::ceil(preferredLeftMargin() / kMarginGrain) * kMarginGrain;
    const double left = m_leftMargin.value_or(wanted);

    // The ticks of a colour bar, and so its width, depend on the height.
    m_plotRect = QRectF(m_plotRect.left(), std::round(top), m_plotRect.width(), std::round(height));
    double right = kEdge;
    for (const ChartItem* item : m_items)
        right += item->isVisible() ? item->rightMargin() : 0.0;
    const auto place = [&] {
        const double width = std::max(kSmallestPlot, size.width() - left - m_rightMargin.value_or(right));
        m_plotRect = QRectF(std::round(left), std::round(top), std::round(width), std::round(height));
        m_xAxis->setPlotRect(m_plotRect);
        m_yAxis->setPlotRect(m_plotRect);
        m_xAxis->layoutTicks(font);
    };
    place();
    if (!m_rightMargin && m_xAxis->labelsShown()) {
        double overhang = 0.0;
        for (const QRectF& label : m_xAxis->labelRects(font))
            overhang = std::max(overhang, label.right() - m_plotRect.right());
        if (overhang > right - 2.0) {
            right = overhang + 2.0;
            place();
        }
    }
    if (std::abs(left - guessLeft) > 0.5)
        m_legend->layoutEntries(QPointF(left, m_legend->boundingRect().top()), size.width() - left - kEdge,
                                size.height());
    m_axes->setCanvas(size, m_yAxis->thickness(font), m_xAxis->thickness(font));
    chart()->setPlotArea(m_plotRect);
    updateItems();
}

void PlotView::updateItems() {
    for (ChartItem* item : m_items)
        item->updateGeometry();
    // What the pointer is at may have moved under it.
    showHit(m_pointer && !m_exporting ? hitAt(*m_pointer) : std::nullopt);
    // Not the scene's update(): it is forgotten when a part of the view happens to be painted first.
    viewport()->update();
}

void PlotView::showHit(const std::optional<PlotHit>& hit) {
    m_hit = hit;
    m_readout->setContent(hit ? hit->anchor : QPointF(), hit ? hit->text : QString(), QSizeF(size()));
}

QString PlotView::readoutText() const {
    return m_readout->text();
}

void PlotView::setSelectedKeys(const std::set<qint64>& keys) {
    if (m_selected == keys)
        return;
    m_selected = keys;
    for (ChartItem* item : m_items)
        item->selectionChanged();
}

QString PlotView::plotName() const {
    return m_plotName.isEmpty() ? QStringLiteral("plot") : m_plotName;
}

QSizeF PlotView::plotSize() const {
    return QSizeF(size());
}

PlotTable PlotView::table() const {
    PlotTable table;
    table.header =
        QStringList{QStringLiteral("series"), axisTitle(m_xAxis->spec()), axisTitle(m_yAxis->spec()),
                    QStringLiteral("lower"),  QStringLiteral("upper"),    QStringLiteral("trial")};
    bool third = false;
    for (const ChartItem* item : m_items) {
        for (const PlotRow& row : item->rows()) {
            table.rows.push_back(QStringList{row.series, m_xAxis->csvText(row.x), m_yAxis->csvText(row.y),
                                             csvNumber(row.low), csvNumber(row.high),
                                             row.key == 0 ? QString() : QString::number(row.key),
                                             csvNumber(row.value)});
            third = third || !std::isnan(row.value);
        }
    }
    if (third)
        table.header << QStringLiteral("value");
    else
        for (QStringList& row : table.rows)
            row.removeLast();
    return table;
}

void PlotView::render(QPainter& painter, const QRectF& target, const PlotRendering& rendering) {
    const QScopedValueRollback exporting(m_exporting, true);
    const QScopedValueRollback pixels(m_fontPixels, rendering.fontPixels);
    const PlotTheme screenTheme = m_theme;
    const auto dress = [this](const PlotTheme& theme) {
        m_theme = theme;
        for (ChartItem* item : m_items)
            item->applyTheme(theme);
    };
    showHit(std::nullopt);
    dress(rendering.theme);
    const QBrush screenBrush = backgroundBrush();
    setBackgroundBrush(Qt::NoBrush);
    const QSizeF canvas = target.size();
    chart()->resize(canvas);
    layoutPlot(canvas);
    if (!rendering.transparent)
        painter.fillRect(target, rendering.theme.background);
    painter.setRenderHint(QPainter::Antialiasing);
    scene()->render(&painter, target, QRectF(QPointF(0, 0), canvas), Qt::IgnoreAspectRatio);

    m_exporting = false;
    m_fontPixels = 0.0;
    dress(screenTheme);
    setBackgroundBrush(screenBrush);
    chart()->resize(QSizeF(size()));
    layoutPlot(QSizeF(size()));
}

void PlotView::resizeEvent(QResizeEvent* event) {
    QChartView::resizeEvent(event);
    layoutPlot(QSizeF(event->size()));
}

void PlotView::changeEvent(QEvent* event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_fixedTheme)
        setTheme(std::nullopt);
    if (event->type() == QEvent::FontChange)
        layoutPlot(QSizeF(size()));
}

} // namespace alidade
