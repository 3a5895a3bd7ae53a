#pragma once

#include "plots/plot_view.h"
#include "plots/points_item.h"

#include <vector>

namespace alidade {

class BandItem;
class CursorItem;
class ErrorBarItem;
class LineItem;
class ShadeItem;

/// What one panel of a profiler shows.
struct ProfileCurve {
    std::vector<double> x; ///< user's units, category indices for choices
    std::vector<double> mean;
    std::vector<double> low; ///< of the interval; empty: none
    std::vector<double> high;
};

/// One panel of a profiler: a quantity along one parameter, with its interval, measured points and a cursor
/// at the present setting. Discrete parameters are separate positions with error bars.
class ProfilePanel : public PlotView {
    Q_OBJECT
public:
    enum class Kind { Prediction, Acquisition, Desirability };
    explicit ProfilePanel(Kind kind, QWidget* parent = nullptr);

    /// `stops`: where the cursor may stand (empty: anywhere in the limits of the axis).
    void setAxes(const AxisSpec& x, const AxisSpec& y, bool discrete, const std::vector<double>& stops);
    void setCurve(const ProfileCurve& curve);
    /// A second curve to compare with, dashed, along continuous parameters; empty: none.
    void setReference(const std::vector<double>& x, const std::vector<double>& y, const QString& name);
    /// Runs of x that break a constraint.
    void setForbidden(const std::vector<double>& x, const std::vector<bool>& allowed);
    void setPoints(std::vector<PlotPoint> points);
    /// Outdated curves are drawn faded until new ones arrive.
    void setStale(bool stale);
    [[nodiscard]] bool isStale() const { return m_stale; }

    [[nodiscard]] CursorItem& cursor() const { return *m_cursor; }
    [[nodiscard]] const LineItem& line() const { return *m_line; }
    [[nodiscard]] const LineItem& reference() const { return *m_reference; }
    [[nodiscard]] const BandItem& band() const { return *m_band; }
    [[nodiscard]] const ErrorBarItem& bars() const { return *m_bars; }
    [[nodiscard]] const PointsItem& points() const { return *m_points; }
    [[nodiscard]] const ShadeItem& forbidden() const { return *m_forbidden; }

    /// Point styles: measured, measured outside a limit.
    static constexpr int kMeasured = 0;
    static constexpr int kInfeasible = 1;

private:
    [[nodiscard]] QString curveText(std::size_t index) const;

    Kind m_kind;
    ProfileCurve m_curve;
    bool m_stale = false;
    bool m_discrete = false;
    BandItem* m_band = nullptr;
    LineItem* m_line = nullptr;
    LineItem* m_reference = nullptr;
    ErrorBarItem* m_bars = nullptr;
    ShadeItem* m_forbidden = nullptr;
    PointsItem* m_points = nullptr;
    CursorItem* m_cursor = nullptr;
};

} // namespace alidade
