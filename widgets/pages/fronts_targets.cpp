#include "pages/fronts_targets.h"

#include "pages/history_data.h"
#include "plots/number_text.h"
#include "study/best_end.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

struct TargetText {
    Q_DECLARE_TR_FUNCTIONS(FrontTargets)
};

/// "%1: distance from 57.5", %1 for the name of the objective.
QString distanceName(const WantedRange& range) {
    const QString low = formatNumber(range.low, 6);
    const QString high = formatNumber(range.high, 6);
    if (std::isinf(range.high))
        return TargetText::tr("%1: missing to %2").arg(QStringLiteral("%1"), low);
    if (std::isinf(range.low))
        return TargetText::tr("%1: above %2").arg(QStringLiteral("%1"), high);
    return range.low < range.high
               ? TargetText::tr("%1: distance from %2 … %3").arg(QStringLiteral("%1"), low, high)
               : TargetText::tr("%1: distance from %2").arg(QStringLiteral("%1"), low);
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
        const auto range = wantedRange(objective);
        if (!range)
            continue;
        for (Trial& trial : study.trials)
            if (const auto measured = trial.values.find(objective.id); measured != trial.values.end())
                measured->second.value = range->distance(measured->second.value);
        objective.name = distanceName(*range).arg(QString::fromStdString(objective.name)).toStdString();
        objective.goal = Goal::Minimize;
        objective.reference = range->acceptable;
        objective.knownOptimum.reset();
        objective.desirability.reset();
    }
    return study;
}

} // namespace alidade
