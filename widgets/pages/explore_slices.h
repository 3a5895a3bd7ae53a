#pragma once

#include "pages/explore_axis.h"
#include "plots/contour.h"
#include "suggest/weighted_view.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace alidade {

/// What Explore asks of a model; functions, so that anything that predicts can be looked at. Safe to call
/// from a worker thread. All may answer an empty vector's worth of points.
struct ExplorePredictor {
    std::function<Result<Prediction>(MeasureId, const std::vector<Setting>&)> predict;
    std::function<Eigen::VectorXd(const std::vector<Setting>&)> feasibility;
    std::function<Result<Eigen::VectorXd>(const std::vector<Setting>&)> acquisition;
};
/// With the acquisition to be looked at.
[[nodiscard]] ExplorePredictor explorePredictor(const StudyModel& model,
                                                AcquisitionKind kind = AcquisitionKind::LogEi);
/// Weighted by the beliefs of the study.
[[nodiscard]] ExplorePredictor explorePredictor(const WeightedView& view);

/// Predictors of the newest model; those with beliefs keep what was drawn while the setting moves.
class ExplorePredictors {
public:
    [[nodiscard]] ExplorePredictor predictor(const StudyModel& model, AcquisitionKind kind, bool beliefs);

private:
    std::map<AcquisitionKind, WeightedView> m_weighted;
};
/// Whether beliefs say anything to suggestions at all.
[[nodiscard]] bool beliefsAct(const Definition& definition);

struct ExploreRequest {
    ExplorePredictor predictor;
    std::optional<ExplorePredictor> reference; ///< to compare with: its mean and acquisition are shown too
    std::shared_ptr<const Study> study;
    Setting values;      ///< one per parameter (see fullValues)
    int resolution = 81; ///< points along a continuous axis
};

/// A trial seen from the setting: how far away it is decides how strongly it is drawn.
struct ProjectedTrial {
    TrialId id;
    double position = 0.0; ///< along the axis
    double value = 0.0;    ///< measured, user's units
    double noiseSd = 0.0;  ///< 0: not given
    double opacity = 1.0;  ///< 1 at the setting, towards 0.15 far away
    bool feasible = true;
    std::optional<double> slope{}; ///< measured along the axis, user's units
    bool operator==(const ProjectedTrial&) const = default;
};

/// One measure along one axis; mean, 95 % interval (mean -+ 1.96 standard deviations).
struct SliceCurve {
    std::vector<double> mean;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<ProjectedTrial> trials;
    std::vector<double> reference; ///< mean of the other predictor; empty without one
};

struct AxisSlices {
    ExploreAxis axis;
    bool active = true;
    QString inactiveReason; ///< empty for an active parameter
    std::vector<double> positions;
    std::vector<bool> allowed; ///< constraints hold there
    std::vector<SliceCurve> measures;
    std::vector<double> desirability; ///< expected overall desirability; empty without desirabilities
};

/// What the desirabilities of the objectives make of the prediction at the setting.
struct DesirabilityPrediction {
    std::vector<double> individual; ///< per measure, at the predicted mean; NaN without a function
    double atMean = 0.0;            ///< overall, of the means
    double expected = 0.0;          ///< overall, over what the model thinks possible
    double possible = 0.0;          ///< probability that no goal forces it to 0
};

/// The prediction at the setting itself.
struct SettingPrediction {
    std::vector<double> mean; ///< per measure
    std::vector<double> standardDeviation;
    double feasibility = 1.0;
    std::optional<DesirabilityPrediction> desirability; ///< of studies that have desirabilities
    std::string violated;                               ///< first constraint that the setting breaks
};

struct ExploreSlices {
    Setting setting; ///< inactive parameters left out
    std::vector<MeasureId> measures;
    std::vector<AxisSlices> axes;
    SettingPrediction prediction;
};

/// Slices of all objectives along all axes through the setting. Asks the monitor between axes: Cancelled.
[[nodiscard]] Result<ExploreSlices> computeSlices(const ExploreRequest& request, const Monitor& monitor);

/// Log EI over the same positions. Apart from the slices, since with several objectives it costs a fit of its
/// own.
struct ExploreAcquisition {
    std::vector<std::vector<double>> axes;       ///< like ExploreSlices::axes; empty for an inactive one
    double here = 0.0;                           ///< at the setting
    std::vector<std::vector<double>> references; ///< of the other predictor; empty without one
};
[[nodiscard]] Result<ExploreAcquisition>
computeAcquisition(const ExploreRequest& request, const ExploreSlices& slices, const Monitor& monitor);

enum class MapQuantity { Mean, StandardDeviation, Acquisition, Feasibility };

struct MapRequest {
    ExplorePredictor predictor;
    std::shared_ptr<const Study> study;
    Setting values;
    ExploreAxis x;
    ExploreAxis y;
    MeasureId measure;
    MapQuantity quantity = MapQuantity::Mean;
    int resolution = 41;
};

struct ExploreMap {
    GridField field;           ///< axis coordinates of the two axes
    std::vector<bool> allowed; ///< like the field's values: constraints hold there
    struct MapTrial {
        TrialId id;
        double x = 0.0;
        double y = 0.0;
        double opacity = 1.0;
    };
    std::vector<MapTrial> trials;
};

/// The quantity over two different axes, the rest as in `values`.
[[nodiscard]] Result<ExploreMap> computeMap(const MapRequest& request, const Monitor& monitor);

/// "active only where optimizer is sgd and depth is 3 or 4"; empty for an active parameter.
[[nodiscard]] QString inactiveReason(const SearchSpace& space, const Parameter& parameter,
                                     const Setting& setting);

} // namespace alidade
