#include "pages/history_text.h"

#include "models/value_text.h"
#include "plots/number_text.h"

#include <QCoreApplication>

namespace alidade {

namespace {

struct HistoryText {
    Q_DECLARE_TR_FUNCTIONS(History)
};

/// What is special about the trial, empty for an ordinary result.
QString remark(const Definition& definition, const Trial& trial) {
    if (trial.excluded)
        return HistoryText::tr("excluded from models");
    if (trial.state == TrialState::Failed && !trial.failure.empty())
        return HistoryText::tr("failed: %1").arg(QString::fromStdString(trial.failure));
    if (trial.state != TrialState::Complete)
        return stateText(trial.state);
    return isFeasible(definition, trial) ? QString()
                                         : HistoryText::tr("outside a limit, or not measured completely");
}

} // namespace

QString trialText(const Study& study, TrialId id) {
    const Trial* trial = study.find(id);
    if (trial == nullptr)
        return {};
    const Definition& definition = study.definition;
    QStringList lines{HistoryText::tr("Trial %1 (%2)").arg(id.value).arg(originText(trial->origin))};
    for (const MeasureId measure : definition.measures()) {
        const auto found = trial->values.find(measure);
        if (found == trial->values.end())
            continue;
        const QString unit = QString::fromStdString(definition.measureUnit(measure));
        const QString number = found->second.noiseSd
                                   ? formatUncertain(found->second.value, *found->second.noiseSd, unit)
                                   : withUnit(formatNumber(found->second.value, 5), unit);
        lines << QStringLiteral("%1: %2").arg(QString::fromStdString(definition.measureName(measure)),
                                              number);
    }
    if (const QString state = remark(definition, *trial); !state.isEmpty())
        lines << state;
    constexpr int kMostParameters = 8;
    int shown = 0;
    for (const Parameter& parameter : definition.space.parameters) {
        const auto value = trial->setting.find(parameter.id);
        if (value == trial->setting.end())
            continue;
        if (++shown > kMostParameters) {
            lines << QStringLiteral("…");
            break;
        }
        lines << QStringLiteral("%1 = %2").arg(
            QString::fromStdString(parameter.name),
            withUnit(valueText(value->second), QString::fromStdString(parameter.unit)));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace alidade
