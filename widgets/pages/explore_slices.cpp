#include "pages/explore_slices.h"

#include "desirability/expected_desirability.h"
#include "desirability/study_goals.h"
#include "space/constraint.h"
#include "space/encoding.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

namespace {

constexpr double kFadeDistance = 0.2; // root mean square distance on the unit cube
constexpr double kFaintest = 0.15;
constexpr std::ptrdiff_t kChunk = 1000;  // settings between two looks at the monitor
constexpr std::size_t kMostTrials = 400; // nearest ones per panel: more hide the curve

/// Trials with a value of the measure, encoded once.
struct EncodedTrials {
    std::vector<const Trial*> trials;
    std::vector<Eigen::RowVectorXd> points;
};

EncodedTrials encodedTrials(const Study& study, const Encoding& encoding) {
    EncodedTrials encoded;
    for (const Trial& trial : study.trials) {
        if (trial.state != TrialState::Complete || trial.excluded)
            continue;
        encoded.trials.push_back(&trial);
        encoded.points.push_back(encoding.encode(trial.setting));
    }
    return encoded;
}

/// Strength by the distance between two points over all coordinates but those of the given parameters; a
/// different category counts as the full width.
double opacityOf(const Encoding& encoding, const Eigen::RowVectorXd& a, const Eigen::RowVectorXd& b,
                 const std::vector<ParameterId>& without) {
    double sum = 0.0;
    double count = 0.0;
    for (Eigen::Index i = 0; i < a.size(); ++i) {
        const Coordinate& coordinate = encoding.coordinates()[static_cast<std::size_t>(i)];
        if (std::find(without.begin(), without.end(), coordinate.parameter) != without.end())
            continue;
        const double difference =
            coordinate.kind == CoordinateKind::Category ? (a(i) == b(i) ? 0.0 : 1.0) : a(i) - b(i);
        sum += difference * difference;
        count += 1.0;
    }
    const double distance = count > 0.0 ? std::sqrt(sum / count) : 0.0;
    return kFaintest +
           (1.0 - kFaintest) * std::exp(-0.5 * (distance / kFadeDistance) * (distance / kFadeDistance));
}

/// Strongest first is not needed; the faint ones go when there are too many, and the strong ones are drawn
/// last.
template <typename Projected>
void keepNearest(std::vector<Projected>& trials) {
    std::stable_sort(trials.begin(), trials.end(),
                     [](const Projected& a, const Projected& b) { return a.opacity < b.opacity; });
    if (trials.size() > kMostTrials)
        trials.erase(trials.begin(), trials.end() - static_cast<std::ptrdiff_t>(kMostTrials));
}

std::vector<double> toVector(const Eigen::VectorXd& values) {
    return {values.data(), values.data() + values.size()};
}

/// The goals of the study among its objectives.
struct Goals {
    OverallDesirability overall;
    std::vector<std::size_t> places; ///< index of each goal's objective
};

/// Nothing without a desirability, or with one that cannot be used (the page Goals says why).
std::optional<Goals> goalsOf(const Definition& definition) {
    const auto known = studyGoals(definition);
    if (!known.ok() || !known.value())
        return std::nullopt;
    Goals goals{known.value()->overall, {}};
    for (const MeasureId measure : known.value()->measures)
        goals.places.push_back(
            static_cast<std::size_t>(definition.findObjective(measure) - definition.objectives.data()));
    return goals;
}

/// `predictions`: one per objective; row `i` of each.
Result<ExpectedOverall> expectedAt(const Goals& goals, const std::vector<Prediction>& predictions,
                                   Eigen::Index i) {
    std::vector<double> means;
    std::vector<double> deviations;
    for (const std::size_t place : goals.places) {
        means.push_back(predictions[place].mean(i));
        deviations.push_back(predictions[place].standardDeviation(i));
    }
    return expectedOverall(goals.overall, means, deviations);
}

Result<DesirabilityPrediction> desirabilityHere(const Goals& goals,
                                                const std::vector<Prediction>& predictions) {
    DesirabilityPrediction here;
    here.individual.assign(predictions.size(), std::numeric_limits<double>::quiet_NaN());
    std::vector<double> individual;
    for (std::size_t k = 0; k < goals.places.size(); ++k) {
        individual.push_back(goals.overall.goals()[k].value(predictions[goals.places[k]].mean(0)));
        here.individual[goals.places[k]] = individual.back();
    }
    here.atMean = goals.overall.combine(individual);
    ALIDADE_ASSIGN(const ExpectedOverall expected, expectedAt(goals, predictions, 0));
    here.expected = expected.value;
    here.possible = expected.probabilityPositive;
    return here;
}

SliceCurve curveOf(const Prediction& prediction) {
    SliceCurve curve;
    curve.mean = toVector(prediction.mean);
    curve.low = toVector(prediction.low);
    curve.high = toVector(prediction.high);
    return curve;
}

} // namespace

QString inactiveReason(const SearchSpace& space, const Parameter& parameter, const Setting& setting) {
    if (setting.contains(parameter.id))
        return {};
    struct Text {
        Q_DECLARE_TR_FUNCTIONS(Explore)
    };
    QStringList parts;
    for (const Condition& condition : parameter.conditions) {
        const Parameter* parent = space.find(condition.parent);
        QStringList values;
        for (const Value& value : condition.values)
            values << QString::fromStdString(formatValue(value));
        parts << Text::tr("%1 is %2")
                     .arg(parent ? QString::fromStdString(parent->name) : QStringLiteral("?"),
                          values.join(Text::tr(" or ")));
    }
    return Text::tr("active only where %1").arg(parts.join(Text::tr(" and ")));
}

Result<ExploreSlices> computeSlices(const ExploreRequest& request, const Monitor& monitor) {
    const Definition& definition = request.study->definition;
    const SearchSpace& space = definition.space;
    const Encoding encoding(space);
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));

    ExploreSlices slices;
    slices.setting = completed(space, request.values);
    for (const Objective& objective : definition.objectives)
        slices.measures.push_back(objective.id);

    const std::optional<Goals> goals = goalsOf(definition);
    const std::vector<Setting> here{slices.setting};
    std::vector<Prediction> predictions;
    for (const MeasureId measure : slices.measures) {
        ALIDADE_ASSIGN(Prediction prediction, request.predictor.predict(measure, here));
        slices.prediction.mean.push_back(prediction.mean(0));
        slices.prediction.standardDeviation.push_back(prediction.standardDeviation(0));
        predictions.push_back(std::move(prediction));
    }
    if (goals) {
        ALIDADE_ASSIGN(slices.prediction.desirability, desirabilityHere(*goals, predictions));
    }
    slices.prediction.feasibility = request.predictor.feasibility(here)(0);
    if (const auto violated = constraints.firstViolated(slices.setting))
        slices.prediction.violated = space.constraints[*violated].expression;

    const EncodedTrials encoded = encodedTrials(*request.study, encoding);
    const Eigen::RowVectorXd point = encoding.encode(slices.setting);
    const std::vector<ExploreAxis> axes = exploreAxes(space);
    for (const ExploreAxis& axis : axes) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "a newer setting is being looked at");
        monitor.progress(static_cast<double>(slices.axes.size()) / static_cast<double>(axes.size()),
                         "slices");
        const Parameter& parameter = *space.find(axis.parameter);
        AxisSlices result;
        result.axis = axis;
        result.inactiveReason = inactiveReason(space, parameter, slices.setting);
        result.active = result.inactiveReason.isEmpty();
        if (!result.active) {
            slices.axes.push_back(std::move(result));
            continue;
        }
        result.positions = axisPositions(parameter, axis, request.resolution);
        std::vector<Setting> settings;
        for (const double position : result.positions) {
            settings.push_back(completed(space, movedValues(space, request.values, axis, position)));
            result.allowed.push_back(constraints.feasible(settings.back()));
        }
        predictions.clear();
        for (const MeasureId measure : slices.measures) {
            ALIDADE_ASSIGN(Prediction prediction, request.predictor.predict(measure, settings));
            SliceCurve curve = curveOf(prediction);
            predictions.push_back(std::move(prediction));
            if (request.reference) {
                ALIDADE_ASSIGN(const Prediction other, request.reference->predict(measure, settings));
                curve.reference.assign(other.mean.begin(), other.mean.end());
            }
            for (std::size_t i = 0; i < encoded.trials.size(); ++i) {
                const Trial& trial = *encoded.trials[i];
                const auto value = trial.setting.find(axis.parameter);
                const auto measured = trial.values.find(measure);
                if (value == trial.setting.end() || measured == trial.values.end() ||
                    !std::isfinite(measured->second.value))
                    continue;
                curve.trials.push_back({trial.id, axisPosition(parameter, axis, value->second),
                                        measured->second.value, measured->second.noiseSd.value_or(0.0),
                                        opacityOf(encoding, point, encoded.points[i], {axis.parameter}),
                                        isFeasible(definition, trial)});
                const auto slope = measured->second.slopes.find(axis.parameter);
                if (slope != measured->second.slopes.end())
                    curve.trials.back().slope = slope->second.value;
            }
            keepNearest(curve.trials);
            result.measures.push_back(std::move(curve));
        }
        for (std::size_t i = 0; goals && i < settings.size(); ++i) {
            ALIDADE_ASSIGN(const ExpectedOverall expected,
                           expectedAt(*goals, predictions, static_cast<Eigen::Index>(i)));
            result.desirability.push_back(expected.value);
        }
        slices.axes.push_back(std::move(result));
    }
    return slices;
}

Result<ExploreAcquisition> computeAcquisition(const ExploreRequest& request, const ExploreSlices& slices,
                                              const Monitor& monitor) {
    const SearchSpace& space = request.study->definition.space;
    // One call for all: with several objectives each call fits a scalarised model.
    std::vector<Setting> settings{slices.setting};
    for (const AxisSlices& axis : slices.axes)
        for (const double position : axis.positions)
            settings.push_back(completed(space, movedValues(space, request.values, axis.axis, position)));
    if (monitor.stopRequested())
        return makeError(ErrorCode::Cancelled, "a newer setting is being looked at");
    ALIDADE_ASSIGN(const Eigen::VectorXd values, request.predictor.acquisition(settings));
    ExploreAcquisition acquisition;
    acquisition.here = values(0);
    const auto split = [&](const Eigen::VectorXd& all) {
        std::vector<std::vector<double>> parts;
        Eigen::Index next = 1;
        for (const AxisSlices& axis : slices.axes) {
            const auto count = static_cast<Eigen::Index>(axis.positions.size());
            parts.push_back(toVector(all.segment(next, count)));
            next += count;
        }
        return parts;
    };
    acquisition.axes = split(values);
    if (request.reference) {
        ALIDADE_ASSIGN(const Eigen::VectorXd others, request.reference->acquisition(settings));
        acquisition.references = split(others);
    }
    return acquisition;
}

namespace {

Result<Eigen::VectorXd> quantityOf(const MapRequest& request, const std::vector<Setting>& settings) {
    switch (request.quantity) {
    case MapQuantity::Feasibility: return request.predictor.feasibility(settings);
    case MapQuantity::Acquisition: return request.predictor.acquisition(settings);
    case MapQuantity::Mean:
    case MapQuantity::StandardDeviation: break;
    }
    ALIDADE_ASSIGN(const Prediction prediction, request.predictor.predict(request.measure, settings));
    return request.quantity == MapQuantity::Mean ? prediction.mean : prediction.standardDeviation;
}

} // namespace

Result<ExploreMap> computeMap(const MapRequest& request, const Monitor& monitor) {
    const Definition& definition = request.study->definition;
    const SearchSpace& space = definition.space;
    const Parameter* parameterX = space.find(request.x.parameter);
    const Parameter* parameterY = space.find(request.y.parameter);
    if (parameterX == nullptr || parameterY == nullptr || request.x.parameter == request.y.parameter)
        return makeError(ErrorCode::InvalidArgument, "a map needs two different parameters");
    const Encoding encoding(space);
    ALIDADE_ASSIGN(const ConstraintSet constraints, ConstraintSet::parse(space));
    const AxisKind kindX = axisSpec(*parameterX, request.x).kind;
    const AxisKind kindY = axisSpec(*parameterY, request.y).kind;

    ExploreMap map;
    const std::vector<double> positionsX = axisPositions(*parameterX, request.x, request.resolution);
    const std::vector<double> positionsY = axisPositions(*parameterY, request.y, request.resolution);
    for (const double position : positionsX)
        map.field.x.push_back(toAxis(kindX, position));
    for (const double position : positionsY)
        map.field.y.push_back(toAxis(kindY, position));

    std::vector<Setting> settings;
    for (const double atY : positionsY) {
        const Setting row = movedValues(space, request.values, request.y, atY);
        for (const double atX : positionsX) {
            settings.push_back(completed(space, movedValues(space, row, request.x, atX)));
            map.allowed.push_back(constraints.feasible(settings.back()));
        }
    }
    for (std::size_t begin = 0; begin < settings.size(); begin += std::size_t(kChunk)) {
        if (monitor.stopRequested())
            return makeError(ErrorCode::Cancelled, "a newer map is being made");
        monitor.progress(static_cast<double>(begin) / static_cast<double>(settings.size()), "map");
        const auto first = settings.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = begin + std::size_t(kChunk) < settings.size() ? first + kChunk : settings.end();
        ALIDADE_ASSIGN(const Eigen::VectorXd values, quantityOf(request, {first, last}));
        map.field.values.insert(map.field.values.end(), values.data(), values.data() + values.size());
    }

    const EncodedTrials encoded = encodedTrials(*request.study, encoding);
    const Eigen::RowVectorXd point = encoding.encode(completed(space, request.values));
    for (std::size_t i = 0; i < encoded.trials.size(); ++i) {
        const Trial& trial = *encoded.trials[i];
        const auto x = trial.setting.find(request.x.parameter);
        const auto y = trial.setting.find(request.y.parameter);
        if (x != trial.setting.end() && y != trial.setting.end())
            map.trials.push_back(
                {trial.id, axisPosition(*parameterX, request.x, x->second),
                 axisPosition(*parameterY, request.y, y->second),
                 opacityOf(encoding, point, encoded.points[i], {request.x.parameter, request.y.parameter})});
    }
    keepNearest(map.trials);
    return map;
}

} // namespace alidade
