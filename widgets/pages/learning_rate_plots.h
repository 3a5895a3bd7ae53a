#pragma once

#include "pages/learning_rate_handles.h"
#include "pages/learning_rate_model.h"
#include "plots/axis_scale.h"

#include <QObject>

#include <optional>
#include <vector>

namespace alidade {

class CursorItem;
class HandlesItem;
class LineItem;
class PlotView;
class SeriesMarksItem;

/// Axes that several plots of the page share.
[[nodiscard]] AxisSpec stepAxis(bool logarithmic = false);
[[nodiscard]] AxisSpec rateAxis(bool logarithmic = false);
[[nodiscard]] AxisSpec boundAxis(bool logarithmic = false);

/// One line per shown schedule in its colour and dash; lines are made anew only when those change.
class ScheduleLines {
public:
    explicit ScheduleLines(PlotView& view) : m_view(view) {}
    /// Lines for the entries that are shown, in their order.
    const std::vector<LineItem*>& match(const LearningRateState& state);

private:
    struct Look {
        QString name;
        int color = 0;
        int dash = 0;
        bool selected = false;
        bool operator==(const Look&) const = default;
    };
    PlotView& m_view;
    std::vector<Look> m_looks;
    std::vector<LineItem*> m_lines;
};

/// The three plots of the comparison: rate against step with handles, bound against step, bound at the end
/// against base rate with the optimum marked and a cursor at the base rate of the selected schedule.
class LearningRatePlots : public QObject {
    Q_OBJECT
public:
    LearningRatePlots(LearningRateModel& model, QObject* parent);

    [[nodiscard]] PlotView* schedules() const { return m_schedules; }
    [[nodiscard]] PlotView* bounds() const { return m_bounds; }
    [[nodiscard]] PlotView* sweep() const { return m_sweep; }
    [[nodiscard]] HandlesItem& handles() const { return *m_handles; }
    [[nodiscard]] CursorItem& cursor() const { return *m_cursor; }

    void setLogarithmic(bool steps, bool rates, bool bound);
    void refresh();

signals:
    void refreshed();

private:
    void build();
    void showSchedules();
    void showBounds();
    void showSweep();
    void showHandles();
    void moveHandle(int index, double x, double y);
    void moveBaseRate(double rate);
    void setBaseRate(double rate, quint64 gesture);

    LearningRateModel& m_model;
    PlotView* m_schedules = nullptr;
    PlotView* m_bounds = nullptr;
    PlotView* m_sweep = nullptr;
    std::optional<ScheduleLines> m_scheduleLines;
    std::optional<ScheduleLines> m_boundLines;
    std::optional<ScheduleLines> m_sweepLines;
    SeriesMarksItem* m_optima = nullptr;
    SeriesMarksItem* m_inUse = nullptr;
    HandlesItem* m_handles = nullptr;
    CursorItem* m_cursor = nullptr;
    std::vector<ScheduleHandle> m_shownHandles;
    quint64 m_gesture = 0; ///< of the drag that goes on; 0: none
    std::optional<AxisRange> m_calmRates;
    bool m_logRates = false;
};

} // namespace alidade
