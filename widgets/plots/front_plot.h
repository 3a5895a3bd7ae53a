#pragma once

#include "plots/front_items.h"
#include "plots/history_plots.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"

#include <optional>
#include <vector>

namespace alidade {

class BandItem;
class LineItem;

/// What trials are in a plot of two objectives; also the number of their style.
enum class FrontStyle { OnFront, SecondLayer, Dominated, Infeasible, Pending, Failed, Modelled };
[[nodiscard]] std::vector<PointStyle> frontStyles();

/// A line of front points and the corners between them, ascending in x.
struct FrontLine {
    std::vector<double> x;
    std::vector<double> y;
    bool operator==(const FrontLine&) const = default;
};

/// A modelled front of two objectives: over x, where it lies.
struct FrontBand {
    std::vector<double> x;
    std::vector<double> low;
    std::vector<double> middle;
    std::vector<double> high;
};

struct FrontScatterData {
    AxisSpec x;
    AxisSpec y;
    std::vector<PlotPoint> points; ///< style: FrontStyle
    std::vector<CrossBarsItem::Cross> errors;
    std::vector<FrontLine> layers; ///< the front first
    FrontBand band;
    std::optional<QPointF> reference;
    bool referenceInferred = false;
};

/// Two objectives against each other: layers of dominance, errors, reference point, modelled front.
class FrontScatter : public PlotView {
    Q_OBJECT
public:
    static constexpr std::size_t kMostLayers = 4;

    /// `small`: one of a matrix, without legend and reference.
    explicit FrontScatter(bool small = false, QWidget* parent = nullptr);

    void setData(const FrontScatterData& data);
    void setTrialText(TrialText text);
    void setLayersShown(bool shown);
    void setErrorsShown(bool shown);
    void setBandShown(bool shown);

    [[nodiscard]] const PointsItem& points() const { return *m_points; }
    [[nodiscard]] const CrossBarsItem& errors() const { return *m_errors; }
    [[nodiscard]] const LineItem& layer(std::size_t i) const { return *m_layers[i]; }
    [[nodiscard]] const BandItem& band() const { return *m_band; }
    [[nodiscard]] ReferenceItem& reference() const { return *m_reference; }

private:
    void setBand(const FrontBand& band);

    BandItem* m_band = nullptr;
    LineItem* m_middle = nullptr;
    std::vector<LineItem*> m_layers;
    CrossBarsItem* m_errors = nullptr;
    PointsItem* m_points = nullptr;
    ReferenceItem* m_reference = nullptr;
};

/// Hypervolume of the front after each finished trial.
class HypervolumePlot : public PlotView {
    Q_OBJECT
public:
    explicit HypervolumePlot(QWidget* parent = nullptr);
    /// `unit`: product of the objectives' units.
    void setData(const std::vector<double>& order, const std::vector<double>& volume, const QString& unit);
    [[nodiscard]] const LineItem& line() const { return *m_line; }

private:
    LineItem* m_line = nullptr;
};

} // namespace alidade
