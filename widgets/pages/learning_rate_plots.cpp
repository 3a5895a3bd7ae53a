#include "pages/learning_rate_plots.h"

#include "document/error_text.h"
#include "plots/cursor_item.h"
#include "plots/handles_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"
#include "plots/series_marks_item.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kSweepPoints = 121;

QString tr(const char* text) {
    return QCoreApplication::translate("LearningRatePage", text);
}

double orGap(double value) {
    return std::isfinite(value) ? value : std::nan("");
}

/// A range in half decades, so that it stands still while the optima in it move.
AxisRange calmRange(double low, double high) {
    return {std::pow(10.0, std::floor(2.0 * std::log10(low)) / 2.0),
            std::pow(10.0, std::ceil(2.0 * std::log10(high)) / 2.0)};
}

} // namespace

AxisSpec stepAxis(bool logarithmic) {
    AxisSpec spec;
    spec.title = tr("step");
    spec.kind = logarithmic ? AxisKind::Log : AxisKind::Linear;
    return spec;
}

AxisSpec rateAxis(bool logarithmic) {
    AxisSpec spec;
    spec.title = tr("learning rate");
    spec.unit = tr("D/G");
    spec.kind = logarithmic ? AxisKind::Log : AxisKind::Linear;
    return spec;
}

AxisSpec boundAxis(bool logarithmic) {
    AxisSpec spec;
    spec.title = tr("bound on f − f*");
    spec.unit = tr("loss");
    spec.kind = logarithmic ? AxisKind::Log : AxisKind::Linear;
    return spec;
}

const std::vector<LineItem*>& ScheduleLines::match(const LearningRateState& state) {
    std::vector<Look> looks;
    const LearningRateEntry* const selected = state.selected();
    for (const LearningRateEntry& entry : state.entries)
        if (entry.shown)
            looks.push_back({entry.name, entry.color, entry.dash, &entry == selected});
    if (looks == m_looks)
        return m_lines;
    const auto sameStyle = [](const Look& a, const Look& b) {
        return a.color == b.color && a.dash == b.dash && a.selected == b.selected;
    };
    if (std::equal(looks.begin(), looks.end(), m_looks.begin(), m_looks.end(), sameStyle)) {
        for (std::size_t i = 0; i < looks.size(); ++i)
            m_lines[i]->setName(looks[i].name);
        m_looks = std::move(looks);
        return m_lines;
    }
    for (LineItem* const line : m_lines)
        m_view.removeItem(line);
    m_lines.clear();
    for (const Look& look : looks) {
        auto* const line = m_view.addItem<LineItem>(
            LineStyle{PlotRole::Mean, lineDash(look.dash), look.selected ? 2.8 : 1.8, look.color});
        line->setName(look.name);
        m_lines.push_back(line);
    }
    m_looks = std::move(looks);
    return m_lines;
}

LearningRatePlots::LearningRatePlots(LearningRateModel& model, QObject* parent)
    : QObject(parent), m_model(model) {
    build();
    connect(&m_model, &LearningRateModel::changed, this, &LearningRatePlots::refresh);
    connect(&m_model, &LearningRateModel::curvesChanged, this, &LearningRatePlots::refresh);
    refresh();
}

void LearningRatePlots::build() {
    const auto make = [](const QString& name, const QString& what) {
        auto* const view = new PlotView;
        view->setPlotName(name);
        view->setObjectName(name);
        view->setAccessibleName(what);
        return view;
    };
    m_schedules = make("learning-rate-schedules", tr("Learning rate against step"));
    m_bounds = make("learning-rate-bounds", tr("Bound against step"));
    m_sweep = make("learning-rate-base", tr("Bound at the last step against base rate"));
    m_bounds->setLegendShown(false, true);
    m_scheduleLines.emplace(*m_schedules);
    m_boundLines.emplace(*m_bounds);
    m_sweepLines.emplace(*m_sweep);
    m_handles = m_schedules->addItem<HandlesItem>();
    m_optima = m_sweep->addItem<SeriesMarksItem>();
    m_optima->setName(tr("optimum"));
    m_inUse = m_sweep->addItem<SeriesMarksItem>();
    m_inUse->setName(tr("in use"));
    m_cursor = m_sweep->addItem<CursorItem>();
    m_sweep->setToolTip(tr("Drag the dashed line to change the base rate of the selected schedule"));
    AxisSpec base = rateAxis(true);
    base.title = tr("base rate");
    m_sweep->xAxis().setSpec(base);
    AxisSpec end = boundAxis(true);
    end.title = tr("bound at the end");
    m_sweep->yAxis().setSpec(end);
    connect(m_handles, &HandlesItem::moved, this, &LearningRatePlots::moveHandle);
    connect(m_cursor, &CursorItem::moved, this, &LearningRatePlots::moveBaseRate);
    const auto settled = [this] {
        m_gesture = 0;
        m_calmRates.reset();
        refresh();
    };
    connect(m_handles, &HandlesItem::settled, this, settled);
    connect(m_cursor, &CursorItem::settled, this, settled);
    setLogarithmic(false, false, true);
}

void LearningRatePlots::setLogarithmic(bool steps, bool rates, bool bound) {
    m_logRates = rates;
    m_schedules->xAxis().setSpec(stepAxis(steps));
    m_schedules->yAxis().setSpec(rateAxis(rates));
    m_bounds->xAxis().setSpec(stepAxis(steps));
    m_bounds->yAxis().setSpec(boundAxis(bound));
    refresh();
}

void LearningRatePlots::refresh() {
    showSchedules();
    showHandles();
    showBounds();
    showSweep();
    m_schedules->refresh();
    m_bounds->refresh();
    m_sweep->refresh();
    emit refreshed();
}

void LearningRatePlots::showSchedules() {
    const LearningRateState& state = m_model.state();
    const auto& lines = m_scheduleLines->match(state);
    std::size_t next = 0;
    double highest = 0.0;
    bool any = false;
    for (const LearningRateEntry& entry : state.entries) {
        if (!entry.shown)
            continue;
        LineItem* const line = lines[next++];
        const LearningRateCurvePtr curve = m_model.curve(entry.id);
        const double base = m_model.baseRate(entry);
        if (!curve || curve->error || base <= 0.0) {
            line->setData({}, {});
            continue;
        }
        any = true;
        std::vector<double> rate = curve->rate;
        for (double& value : rate)
            value *= base;
        highest = std::max(highest, *std::max_element(rate.begin(), rate.end()));
        line->setData(curve->step, std::move(rate));
    }
    m_schedules->setMessage(!state.entries.empty() && !any && m_model.isUpToDate()
                                ? tr("No schedule is shown. Tick one in the list.")
                            : state.entries.empty() ? tr("Add a schedule with + in the list.")
                                                    : QString());
    // While something is dragged the axis grows, but does not shrink under the pointer.
    if (m_calmRates && !m_logRates) {
        m_calmRates->high = std::max(m_calmRates->high, 1.05 * highest);
        m_schedules->setSharedY(m_calmRates);
    } else {
        m_schedules->setSharedY(!m_logRates && highest > 0.0
                                    ? std::optional(AxisRange{-0.04 * highest, 1.1 * highest})
                                    : std::nullopt);
    }
}

void LearningRatePlots::showHandles() {
    const LearningRateState& state = m_model.state();
    const LearningRateEntry* const entry = state.selected();
    m_shownHandles.clear();
    std::vector<PlotHandle> handles;
    const double base = entry != nullptr ? m_model.baseRate(*entry) : 0.0;
    const LearningRateCurvePtr curve = entry != nullptr ? m_model.curve(entry->id) : nullptr;
    if (entry != nullptr && entry->shown && base > 0.0 && curve && !curve->error) {
        const Schedule schedule = fitted(entry->schedule, state.steps);
        m_shownHandles = scheduleHandles(schedule, state.steps);
        for (const ScheduleHandle& handle : m_shownHandles)
            handles.push_back({handle.step, base * handle.height, handle.movesStep, handle.movesHeight,
                               handle.kind == ScheduleHandle::Kind::BaseRate,
                               handleText(schedule, state.steps, handle)});
        m_handles->setSeries(entry->color);
    }
    m_handles->setHandles(std::move(handles));
}

void LearningRatePlots::showBounds() {
    const LearningRateState& state = m_model.state();
    const auto& lines = m_boundLines->match(state);
    std::size_t next = 0;
    QString problem;
    for (const LearningRateEntry& entry : state.entries) {
        if (!entry.shown)
            continue;
        LineItem* const line = lines[next++];
        const LearningRateCurvePtr curve = m_model.curve(entry.id);
        const double base = m_model.baseRate(entry);
        if (!curve || curve->error || base <= 0.0) {
            if (curve && curve->error)
                problem = errorText(*curve->error);
            line->setData({}, {});
            continue;
        }
        std::vector<double> bound;
        bound.reserve(curve->terms.size());
        for (const BoundTerms& terms : curve->terms)
            bound.push_back(orGap(scaledTerms(terms, state.distance, state.gradientNorm).at(base)));
        line->setData(curve->step, std::move(bound));
    }
    m_bounds->setMessage(next == 0 ? tr("Nothing to show.") : next == 1 ? problem : QString());
}

void LearningRatePlots::showSweep() {
    const LearningRateState& state = m_model.state();
    const auto& lines = m_sweepLines->match(state);
    double low = 0.0;
    double high = 0.0;
    for (const LearningRateEntry& entry : state.entries) {
        const auto terms = m_model.endTerms(entry);
        const double optimum = terms ? terms->optimalBaseRate() : 0.0;
        if (!entry.shown || !(optimum > 0.0) || !std::isfinite(optimum))
            continue;
        low = low == 0.0 ? optimum : std::min(low, optimum);
        high = std::max(high, optimum);
    }
    const AxisRange range = low > 0.0 ? calmRange(low / 5.0, high * 5.0) : AxisRange{0.1, 1.0};
    std::vector<double> rates;
    for (int i = 0; i < kSweepPoints; ++i)
        rates.push_back(range.low * std::pow(range.high / range.low, double(i) / (kSweepPoints - 1)));
    std::vector<SeriesMark> optima;
    std::vector<SeriesMark> inUse;
    std::size_t next = 0;
    for (const LearningRateEntry& entry : state.entries) {
        if (!entry.shown)
            continue;
        LineItem* const line = lines[next++];
        const auto terms = m_model.endTerms(entry);
        if (!terms || !std::isfinite(terms->noiseTerm) || !(terms->noiseTerm > 0.0)) {
            line->setData({}, {});
            continue;
        }
        std::vector<double> bound;
        for (const double rate : rates)
            bound.push_back(orGap(terms->at(rate)));
        line->setData(rates, std::move(bound));
        optima.push_back({terms->optimalBaseRate(), terms->optimalBound(), entry.color, MarkerShape::Circle,
                          true, tr("%1, optimum").arg(entry.name)});
        if (!entry.atOptimum)
            inUse.push_back({entry.baseRate, terms->at(entry.baseRate), entry.color, MarkerShape::Square,
                             false, tr("%1, in use").arg(entry.name)});
    }
    m_inUse->setInLegend(!inUse.empty());
    m_optima->setMarks(std::move(optima));
    m_inUse->setMarks(std::move(inUse));
    AxisSpec spec = m_sweep->xAxis().spec();
    spec.limits = range;
    m_sweep->xAxis().setSpec(spec);
    m_sweep->setLegendShown(false, true);
    m_sweep->setMessage(next == 0 ? tr("Nothing to show.") : QString());
    const LearningRateEntry* const selected = state.selected();
    const double base = selected != nullptr && selected->shown ? m_model.baseRate(*selected) : 0.0;
    m_cursor->setVisible(base > 0.0);
    m_cursor->setRange(range);
    if (base > 0.0)
        m_cursor->setValue(base);
}

void LearningRatePlots::moveHandle(int index, double x, double y) {
    const LearningRateState& state = m_model.state();
    const LearningRateEntry* const entry = state.selected();
    if (entry == nullptr || index >= static_cast<int>(m_shownHandles.size()))
        return;
    const ScheduleHandle handle = m_shownHandles[static_cast<std::size_t>(index)];
    if (m_handles->isDragged() && m_gesture == 0) {
        m_gesture = m_model.newGesture();
        m_calmRates = m_schedules->yAxis().valueRange();
    }
    if (handle.kind == ScheduleHandle::Kind::BaseRate) {
        if (y > 0.0)
            setBaseRate(y, m_gesture);
        return;
    }
    const double base = m_model.baseRate(*entry);
    const Schedule moved =
        withHandleAt(fitted(entry->schedule, state.steps), state.steps, handle, x, y / base);
    m_model.change(
        tr("shape"), [&, id = entry->id](LearningRateState& target) { reshape(*target.find(id), moved); },
        m_gesture);
}

void LearningRatePlots::moveBaseRate(double rate) {
    if (m_gesture == 0)
        m_gesture = m_model.newGesture();
    if (!m_calmRates)
        m_calmRates = m_schedules->yAxis().valueRange();
    setBaseRate(rate, m_gesture);
}

void LearningRatePlots::setBaseRate(double rate, quint64 gesture) {
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr)
        return;
    const double rounded = QString::number(rate, 'g', 4).toDouble();
    m_model.change(
        tr("base rate"),
        [&, id = entry->id](LearningRateState& state) {
            state.find(id)->atOptimum = false;
            state.find(id)->baseRate = rounded;
        },
        gesture);
}

} // namespace alidade

#include "moc_learning_rate_plots.cpp"
