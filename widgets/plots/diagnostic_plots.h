#pragma once

#include "plots/plot_view.h"

#include <functional>
#include <vector>

namespace alidade {

class BandItem;
class LevelItem;
class LineItem;
class PointsItem;

/// How well a model predicts what it has not seen: one entry per trial.
struct DiagnosticData {
    AxisSpec measure; ///< title and unit
    std::vector<qint64> trials;
    std::vector<double> measured;
    std::vector<double> predicted;
    std::vector<double> low; ///< 95 % interval of the measurement
    std::vector<double> high;
    std::vector<double> residuals; ///< standardised
    std::vector<double> nominal;   ///< probabilities of central intervals, ascending
    std::vector<double> observed;  ///< share of the trials inside
};

/// Predicted with 95 % intervals against measured; on the line where both agree.
class LeaveOneOutPlot : public PlotView {
    Q_OBJECT
public:
    explicit LeaveOneOutPlot(QWidget* parent = nullptr);
    void setData(const DiagnosticData& shown);
    void setTrialText(const std::function<QString(qint64)>& text);
    [[nodiscard]] const PointsItem& points() const { return *m_points; }

private:
    LineItem* m_line = nullptr;
    PointsItem* m_points = nullptr;
};

/// Standardised residuals against the prediction; 95 % should lie between the lines at -1.96 and 1.96.
class ResidualPlot : public PlotView {
    Q_OBJECT
public:
    explicit ResidualPlot(QWidget* parent = nullptr);
    void setData(const DiagnosticData& shown);
    void setTrialText(const std::function<QString(qint64)>& text);
    [[nodiscard]] const PointsItem& points() const { return *m_points; }

private:
    PointsItem* m_points = nullptr;
};

/// Share of the trials inside central intervals against their stated probability, with the range that chance
/// allows a right model at this number of trials.
class CalibrationPlot : public PlotView {
    Q_OBJECT
public:
    explicit CalibrationPlot(QWidget* parent = nullptr);
    void setData(const DiagnosticData& shown);
    [[nodiscard]] const LineItem& observed() const { return *m_observed; }

private:
    BandItem* m_chance = nullptr;
    LineItem* m_ideal = nullptr;
    LineItem* m_observed = nullptr;
};

} // namespace alidade
