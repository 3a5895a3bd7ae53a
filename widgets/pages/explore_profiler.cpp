// Long because: one widget lays out, links and draws all panels of the profiler.
#include "pages/explore_profiler.h"

#include "document/error_text.h"
#include "models/value_text.h"
#include "pages/explore_column.h"
#include "plots/desirability_profile.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/profile_panel.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>
#include <QScopedValueRollback>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kNarrowestPlot = 150.0;
constexpr double kWidestPlot = 460.0;
constexpr double kInnerMargin = 14.0; // left of a plot without labels
constexpr double kRightMargin = 10.0;
constexpr double kHeaderHeight = 56.0;
constexpr double kBandGap = 12.0;
constexpr double kLowestPanel = 120.0;
constexpr double kHighestPanel = 420.0;
constexpr double kCaptionHeight = 40.0;
constexpr double kAcquisitionPanel = 140.0; // with the labels of the x axis
constexpr double kProfileDepth = 15.0;      // natural-log units below the maximum that are worth seeing
constexpr double kDesirabilityPanel = 96.0;
constexpr double kEndWidth = 108.0; // desirabilities at the end of the rows
constexpr double kPadding = 0.06;
constexpr qint64 kBuildMs = 6; // a column takes about 5 ms, a frame 16

/// Grows to hold `wanted`; while the user drags it does not shrink, so that the picture stays calm.
AxisRange calm(AxisRange present, AxisRange wanted, bool settled) {
    if (settled || !(present.span() > 0.0))
        return wanted;
    return {std::min(present.low, wanted.low), std::max(present.high, wanted.high)};
}

void extend(AxisRange& range, double value) {
    if (!std::isfinite(value))
        return;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
}

/// All means and the bulk of the measurements, and intervals as far as they do not press these flat.
AxisRange measureRange(const ExploreSlices& slices, std::size_t row) {
    std::vector<double> measured;
    for (const AxisSlices& axis : slices.axes)
        if (axis.active)
            for (const ProjectedTrial& trial : axis.measures[row].trials)
                measured.push_back(trial.value);
    const double here = slices.prediction.mean[row];
    AxisRange range = measured.empty() ? AxisRange{here, here} : bulkRange(std::move(measured));
    extend(range, here);
    for (const AxisSlices& axis : slices.axes)
        if (axis.active)
            for (const std::vector<double>* means : {&axis.measures[row].mean, &axis.measures[row].reference})
                for (const double value : *means)
                    extend(range, value);
    const double room = range.span() > 0.0 ? 0.4 * range.span() : INFINITY;
    const AxisRange near{range.low - room, range.high + room};
    for (const AxisSlices& axis : slices.axes) {
        if (!axis.active)
            continue;
        for (const double value : axis.measures[row].low)
            extend(range, std::max(value, near.low));
        for (const double value : axis.measures[row].high)
            extend(range, std::min(value, near.high));
    }
    return range;
}

AxisRange acquisitionRange(const ExploreAcquisition& acquisition, bool logarithm) {
    AxisRange range{INFINITY, -INFINITY};
    for (const auto* lists : {&acquisition.axes, &acquisition.references})
        for (const std::vector<double>& values : *lists)
            for (const double value : values)
                extend(range, value);
    if (logarithm)
        range.low = std::max(range.low, range.high - kProfileDepth);
    return range;
}

AxisRange padded(AxisRange range) {
    if (!std::isfinite(range.low) || !std::isfinite(range.high))
        return {0.0, 1.0};
    const double pad =
        range.span() > 0.0 ? kPadding * range.span() : std::max(1e-12, 0.1 * std::abs(range.low));
    return {range.low - pad, range.high + pad};
}

} // namespace

ExploreProfiler::ExploreProfiler(QWidget* parent) : QWidget(parent) {
    setMinimumWidth(280);
    m_builder.setSingleShot(true);
    connect(&m_builder, &QTimer::timeout, this, &ExploreProfiler::buildColumns);
}

ExploreProfiler::~ExploreProfiler() = default;

ProfilePanel& ExploreProfiler::panel(std::size_t column, std::size_t row) const {
    return *m_columns[column]->panels()[row];
}

void ExploreProfiler::setDefinition(const Definition& definition) {
    if (!m_columns.empty() && m_definition.space.parameters == definition.space.parameters &&
        m_definition.objectives == definition.objectives) {
        m_definition = definition;
        setAcquisitionKind(m_acquisition); // another method names what improves differently
        return;
    }
    m_definition = definition;
    for (ExploreColumn* column : m_columns) {
        delete column->header();
        for (ProfilePanel* panel : column->panels())
            delete panel;
        delete column;
    }
    m_columns.clear();
    m_measures.clear();
    m_desirability = hasDesirability(definition.objectives);
    m_rowRanges.assign(definition.objectives.size() + (m_desirability ? 2 : 1), AxisRange{0.0, 0.0});
    rebuildEnds();
    for (const Objective& objective : definition.objectives)
        m_measures.push_back(objective.id);
    m_axes = exploreAxes(definition.space);
    std::erase_if(m_locked, [&](ParameterId id) { return definition.space.find(id) == nullptr; });
    m_current = false;
    buildColumns();
}

void ExploreProfiler::buildColumns() {
    QElapsedTimer elapsed;
    elapsed.start();
    while (!isBuilt() && elapsed.elapsed() < kBuildMs)
        addColumn(m_axes[m_columns.size()]);
    arrange();
    if (isBuilt()) {
        setValues(m_values);
        emit built();
    } else {
        m_builder.start(0);
    }
}

void ExploreProfiler::finishBuilding() {
    while (!isBuilt())
        buildColumns();
    m_builder.stop();
}

void ExploreProfiler::addColumn(const ExploreAxis& axis) {
    auto* column =
        new ExploreColumn(*m_definition.space.find(axis.parameter), axis, m_definition.objectives, this);
    const std::size_t index = m_columns.size();
    m_columns.push_back(column);
    column->setAcquisitionTitle(acquisitionSymbol(m_acquisition, m_definition));
    connect(column, &ExploreColumn::moved, this,
            [this, axis](double position, bool settled) { emit axisMoved(axis, position, settled); });
    connect(column, &ExploreColumn::refused, this, &ExploreProfiler::noticed);
    column->setLocked(m_locked.contains(axis.parameter));
    connect(column, &ExploreColumn::lockToggled, this,
            [this, axis](bool locked) { lock(axis.parameter, locked); });
    for (std::size_t row = 0; row < column->panels().size(); ++row) {
        ProfilePanel* panel = column->panels()[row];
        connect(panel, &PlotView::keyClicked, this, &ExploreProfiler::trialClicked);
        connect(panel, &PlotView::noticed, this, &ExploreProfiler::noticed);
        connect(panel, &PlotView::rangeChanged, this, [this, index, row] { linkRanges(index, row); });
    }
}

void ExploreProfiler::lock(ParameterId parameter, bool locked) {
    if (locked)
        m_locked.insert(parameter);
    else
        m_locked.erase(parameter);
    for (ExploreColumn* column : m_columns) // the shares of a mixture go together
        if (column->axis().parameter == parameter)
            column->setLocked(locked);
    emit lockChanged();
}

void ExploreProfiler::rebuildEnds() {
    for (DesirabilityProfile* end : m_ends)
        delete end;
    m_ends.assign(m_definition.objectives.size(), nullptr);
    for (std::size_t i = 0; i < m_ends.size(); ++i) {
        const Objective& objective = m_definition.objectives[i];
        if (!hasDesirability({objective}))
            continue;
        m_ends[i] = new DesirabilityProfile(this);
        m_ends[i]->setFunction(QString::fromStdString(objective.name), QString::fromStdString(objective.unit),
                               *objective.desirability);
        connect(m_ends[i], &PlotView::noticed, this, &ExploreProfiler::noticed);
        m_ends[i]->show();
    }
}

void ExploreProfiler::setValues(const Setting& values) {
    m_values = values;
    for (ExploreColumn* column : m_columns) {
        const auto value = values.find(column->axis().parameter);
        if (value != values.end())
            column->setPosition(axisPosition(column->parameter(), column->axis(), value->second));
    }
}

void ExploreProfiler::shareRange(std::size_t row, AxisRange wanted, bool settled) {
    m_rowRanges[row] = calm(m_rowRanges[row], padded(wanted), settled);
    if (row < m_ends.size() && m_ends[row] != nullptr) {
        m_ends[row]->setSharedY(m_rowRanges[row]);
        m_ends[row]->refresh();
    }
    for (ExploreColumn* column : m_columns) {
        column->panels()[row]->setSharedY(m_rowRanges[row]);
        column->panels()[row]->refresh();
    }
}

void ExploreProfiler::setSlices(const ExploreSlices& slices, bool settled) {
    m_current = isBuilt() && slices.axes.size() == m_columns.size() && slices.measures == m_measures;
    if (!m_current)
        return; // of a definition that is no longer shown; its successor is on the way
    const double before = labelMargin();
    const bool had = m_slopes;
    m_slopes = false;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_columns[i]->setSlices(slices.axes[i]);
        for (const SliceCurve& curve : slices.axes[i].measures)
            m_slopes = m_slopes || std::any_of(curve.trials.begin(), curve.trials.end(),
                                               [](const ProjectedTrial& trial) { return trial.slope; });
    }
    for (std::size_t row = 0; row < m_measures.size(); ++row) {
        if (m_ends[row] != nullptr)
            m_ends[row]->setPrediction(slices.prediction.mean[row], slices.prediction.standardDeviation[row]);
        shareRange(row, measureRange(slices, row), settled);
    }
    m_overall = slices.prediction.desirability;
    if (m_desirability) {
        shareRange(m_measures.size(), {0.0, 1.0}, true);
        update();
    }
    if (m_slopes != had)
        update(); // the caption
    if (labelMargin() != before || m_slopes != had)
        arrange();
}

void ExploreProfiler::setAcquisition(const Result<ExploreAcquisition>& acquisition, bool settled) {
    if (!m_current || (acquisition.ok() && acquisition->axes.size() != m_columns.size()))
        return;
    const QString problem = acquisition.ok() ? QString() : errorText(acquisition.error());
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        m_columns[i]->setAcquisition(acquisition.ok() ? acquisition->axes[i] : std::vector<double>(),
                                     acquisition.ok() && i < acquisition->references.size()
                                         ? acquisition->references[i]
                                         : std::vector<double>(),
                                     problem);
    if (acquisition.ok())
        shareRange(rowCount() - 1,
                   m_acquisition == AcquisitionKind::Feasibility
                       ? AxisRange{0.0, 1.0}
                       : acquisitionRange(acquisition.value(), isLogarithm(m_acquisition)),
                   settled);
}

void ExploreProfiler::setAcquisitionKind(AcquisitionKind kind) {
    m_acquisition = kind;
    for (ExploreColumn* column : m_columns)
        column->setAcquisitionTitle(acquisitionSymbol(kind, m_definition));
}

void ExploreProfiler::setStale(bool predictions, bool acquisition) {
    for (ExploreColumn* column : m_columns)
        column->setStale(predictions, acquisition);
}

void ExploreProfiler::setSelectedKeys(const std::set<qint64>& keys) {
    for (ExploreColumn* column : m_columns)
        for (ProfilePanel* panel : column->panels())
            panel->setSelectedKeys(keys);
}

void ExploreProfiler::setViewportHeight(int height) {
    if (m_viewportHeight == height)
        return;
    m_viewportHeight = height;
    arrange();
}

void ExploreProfiler::setExportHooks(ExportHooks hooks) {
    for (DesirabilityProfile* end : m_ends)
        if (end != nullptr)
            end->setExportHooks(hooks);
    for (ExploreColumn* column : m_columns)
        for (ProfilePanel* panel : column->panels())
            panel->setExportHooks(hooks);
}

void ExploreProfiler::linkRanges(std::size_t column, std::size_t row) {
    if (m_linking)
        return;
    const QScopedValueRollback linking(m_linking, true);
    const PlotRange changed = panel(column, row).range();
    for (std::size_t i = 0; i < columnCount(); ++i) {
        for (std::size_t j = 0; j < rowCount(); ++j) {
            if ((i == column) == (j == row))
                continue;
            PlotRange range = panel(i, j).range();
            if (i == column)
                range.x = changed.x;
            else
                range.y = changed.y;
            panel(i, j).follow(range, true);
        }
    }
}

double ExploreProfiler::labelMargin() const {
    double margin = 40.0;
    if (!m_columns.empty())
        for (const ProfilePanel* panel : m_columns.front()->panels())
            margin = std::max(margin, panel->preferredLeftMargin());
    constexpr double kGrain = 8.0;
    return std::ceil(margin / kGrain) * kGrain;
}

ExploreProfiler::Layout ExploreProfiler::layoutFor(double width, double height) const {
    Layout layout;
    const auto count = static_cast<double>(m_axes.size());
    if (m_axes.empty())
        return layout;
    if (m_desirability)
        width -= kEndWidth;
    const double label = labelMargin();
    const double beside = kInnerMargin + kRightMargin;
    const double most =
        std::clamp(std::floor((width - (label - kInnerMargin)) / (kNarrowestPlot + beside)), 1.0, count);
    const double bands = std::ceil(count / most);
    const double perBand = std::ceil(count / bands);
    const double plot = std::clamp((width - label + kInnerMargin) / perBand - beside, 60.0, kWidestPlot);
    const double rows = static_cast<double>(m_measures.size());
    // In a narrow picture the caption needs more lines.
    const double captionWidth = std::max(60.0, width - label - kRightMargin);
    const double captionHeight =
        std::max(kCaptionHeight, 4.0 + QFontMetricsF(font())
                                           .boundingRect(QRectF(0.0, 0.0, captionWidth, 1000.0),
                                                         Qt::AlignLeft | Qt::TextWordWrap, caption())
                                           .height());
    const double below = kAcquisitionPanel + (m_desirability ? kDesirabilityPanel : 0.0);
    const double free = (height - captionHeight) / bands - kHeaderHeight - below - kBandGap;
    const double panelHeight =
        std::clamp(std::floor(free / std::max(1.0, rows)), kLowestPanel, kHighestPanel);

    double x = 0.0;
    double y = 0.0;
    for (std::size_t i = 0; i < m_axes.size(); ++i) {
        const bool first = std::fmod(static_cast<double>(i), perBand) == 0.0;
        if (first && i > 0) {
            x = 0.0;
            y += kHeaderHeight + rows * panelHeight + below + kBandGap;
        }
        const double left = first ? label : kInnerMargin;
        const double cell = left + plot + kRightMargin;
        layout.first.push_back(first);
        layout.headers.emplace_back(x + left, y, plot, kHeaderHeight);
        double top = y + kHeaderHeight;
        std::vector<QRectF> panels;
        for (std::size_t row = 0; row < rowCount(); ++row) {
            const double h = row + 1 == rowCount()      ? kAcquisitionPanel
                             : row == m_measures.size() ? kDesirabilityPanel
                                                        : panelHeight;
            panels.emplace_back(x, top, cell, h);
            top += h;
        }
        layout.panels.push_back(std::move(panels));
        x += cell;
        if (y == 0.0 && m_desirability) {
            layout.ends.clear();
            layout.endsHeader = QRectF(x, y, kEndWidth, kHeaderHeight);
            for (std::size_t row = 0; row < m_measures.size(); ++row)
                layout.ends.emplace_back(x, layout.panels.back()[row].top(), kEndWidth, panelHeight);
            layout.overall =
                QRectF(x, layout.panels.back()[m_measures.size()].top(), kEndWidth, kDesirabilityPanel);
        }
    }
    const double bottom = y + kHeaderHeight + rows * panelHeight + below;
    layout.caption = QRectF(label, bottom, captionWidth, captionHeight);
    layout.height = bottom + captionHeight;
    return layout;
}

void ExploreProfiler::applyMargins(const Layout& layout) {
    const double label = labelMargin();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        for (ProfilePanel* panel : m_columns[i]->panels()) {
            panel->yAxis().setLabelsShown(layout.first[i]);
            panel->yAxis().setTitleShown(layout.first[i]);
            panel->setSideMargins(layout.first[i] ? label : kInnerMargin, kRightMargin);
        }
    }
}

void ExploreProfiler::arrange() {
    const Layout layout = layoutFor(width(), m_viewportHeight);
    applyMargins(layout);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        m_columns[i]->header()->setGeometry(layout.headers[i].toRect());
        for (std::size_t row = 0; row < rowCount(); ++row)
            panel(i, row).setGeometry(layout.panels[i][row].toRect());
    }
    for (std::size_t row = 0; row < layout.ends.size(); ++row)
        if (m_ends[row] != nullptr)
            m_ends[row]->setGeometry(layout.ends[row].toRect());
    setMinimumHeight(static_cast<int>(std::ceil(layout.height)));
}

QString ExploreProfiler::caption() const {
    return tr("Line and band, dot and bar: posterior median and 95 % interval of the noise-free value. "
              "Dashed: the setting. Grey dots: measured, fainter the farther their setting is from this one. "
              "Hatched: violates a constraint.") +
           (m_slopes ? QLatin1Char(' ') + tr("Strokes: measured slopes.") : QString());
}

void ExploreProfiler::drawTexts(QPainter& painter, const Layout& layout, const QPointF& origin,
                                const PlotTheme& theme) const {
    painter.setPen(theme.mutedText);
    painter.drawText(layout.caption.translated(origin), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     caption());
    if (!m_desirability)
        return;
    constexpr double kInset = 8.0;
    painter.drawText(layout.endsHeader.translated(origin).adjusted(kInset, 8.0, 0.0, -4.0),
                     Qt::AlignLeft | Qt::AlignBottom | Qt::TextWordWrap, tr("Desirability"));
    if (!m_overall || layout.overall.isNull())
        return;
    painter.setPen(theme.text);
    painter.drawText(layout.overall.translated(origin).adjusted(kInset, kInset, 0.0, 0.0),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     tr("D %1 expected, %2 at the means")
                         .arg(formatNumber(m_overall->expected, 3), formatNumber(m_overall->atMean, 3)));
}

void ExploreProfiler::paintEvent(QPaintEvent*) {
    // One sheet with the panels.
    QPainter painter(this);
    const PlotTheme theme = plotThemeFor(palette());
    painter.fillRect(rect(), theme.background);
    if (!m_columns.empty())
        drawTexts(painter, layoutFor(width(), m_viewportHeight), {}, theme);
}

void ExploreProfiler::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        arrange();
}

void ExploreProfiler::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

QSizeF ExploreProfiler::plotSize() const {
    return {static_cast<double>(width()), layoutFor(width(), m_viewportHeight).height};
}

PlotTable ExploreProfiler::table() const {
    PlotTable table;
    table.header = QStringList{tr("parameter"), tr("quantity"), tr("series"), tr("x"),
                               tr("y"),         tr("lower"),    tr("upper"),  tr("trial")};
    for (const ExploreColumn* column : m_columns) {
        for (const ProfilePanel* panel : column->panels()) {
            if (!panel->message().isEmpty())
                continue;
            for (const QStringList& row : panel->table().rows)
                table.rows.push_back(QStringList{column->spec().title, axisTitle(panel->yAxis().spec())} +
                                     row);
        }
    }
    return table;
}

void ExploreProfiler::render(QPainter& painter, const QRectF& target, const PlotRendering& rendering) {
    if (!rendering.transparent)
        painter.fillRect(target, rendering.theme.background);
    const Layout layout = layoutFor(target.width(), target.height());
    applyMargins(layout);
    QFont font = this->font();
    font.setPixelSize(rendering.fontPixels > 0.0 ? static_cast<int>(std::lround(rendering.fontPixels))
                                                 : QFontInfo(font).pixelSize());
    QFont bold = font;
    bold.setBold(true);
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const QRectF header = layout.headers[i].translated(target.topLeft());
        painter.setPen(rendering.theme.text);
        painter.setFont(bold);
        painter.drawText(header.adjusted(0, 8, 0, -header.height() / 2), Qt::AlignLeft | Qt::AlignVCenter,
                         m_columns[i]->spec().title);
        painter.setFont(font);
        painter.drawText(header.adjusted(0, header.height() / 2, 0, -4), Qt::AlignLeft | Qt::AlignVCenter,
                         m_columns[i]->valueText());
        for (std::size_t row = 0; row < rowCount(); ++row)
            panel(i, row).render(painter, layout.panels[i][row].translated(target.topLeft()), rendering);
    }
    for (std::size_t row = 0; row < layout.ends.size(); ++row)
        if (m_ends[row] != nullptr)
            m_ends[row]->render(painter, layout.ends[row].translated(target.topLeft()), rendering);
    painter.setFont(font);
    drawTexts(painter, layout, target.topLeft(), rendering.theme);
    arrange();
}

} // namespace alidade
