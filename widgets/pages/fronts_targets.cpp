#include "pages/fronts_targets.h"

#include "desirability/desirability.h"
#include "pages/history_data.h"
#include "plots/number_text.h"
#include "study/best_end.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>

namespace alidade {

namespace {

struct TargetText {
    Q_DECLARE_TR_FUNCTIONS(FrontTargets)
};

/// How an objective is measured by its distance.
struct Distance {
    QString name; ///< "%1: distance from 57.5"
    std::function<double(double)> of;
    double worst = 1.0;
    bool inUnit = true;
};

Distance distanceOf(const DesirabilityFunction& function) {
    if (const auto* target = std::get_if<DesirabilityTarget>(&function.shape))
        return {
            TargetText::tr("%1: distance from %2").arg(QStringLiteral("%1"), formatNumber(target->target, 6)),
            [at = target->target](double value) { return std::abs(value - at); },
            std::max(target->target - target->low, target->high - target->target), true};
    if (const auto* box = std::get_if<DesirabilityBox>(&function.shape))
        return {TargetText::tr("%1: distance from %2 … %3")
                    .arg(QStringLiteral("%1"), formatNumber(box->low, 6), formatNumber(box->high, 6)),
                [low = box->low, high = box->high](double value) {
                    return std::max({0.0, low - value, value - high});
                },
                box->high - box->low, true};
    const auto curve = Desirability::make(function);
    return {TargetText::tr("%1: 1 − desirability"),
            [curve](double value) { return curve ? 1.0 - curve->value(value) : 1.0; }, 1.0, false};
}

} // namespace

std::vector<bool> targetedObjectives(const Definition& definition) {
    std::vector<bool> targeted;
    for (const Objective& objective : definition.objectives)
        targeted.push_back(!oneEndIsBest(objective));
    return targeted;
}

Study distancesFromTargets(Study study) {
    for (Objective& objective : study.definition.objectives) {
        if (oneEndIsBest(objective))
            continue;
        const Distance distance = distanceOf(*objective.desirability);
        for (Trial& trial : study.trials)
            if (const auto measured = trial.values.find(objective.id); measured != trial.values.end()) {
                measured->second.value = distance.of(measured->second.value);
                if (!distance.inUnit)
                    measured->second.noiseSd.reset();
            }
        objective.name = distance.name.arg(QString::fromStdString(objective.name)).toStdString();
        if (!distance.inUnit)
            objective.unit.clear();
        objective.goal = Goal::Minimize;
        objective.reference = distance.worst;
        objective.knownOptimum.reset();
        objective.desirability.reset();
    }
    return study;
}

} // namespace alidade
