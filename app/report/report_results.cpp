// Chapters about what came out: trials, the recommendation, diagnostics, how to repeat it.
#include "base/text.h"
#include "desirability/study_goals.h"
#include "exchange/study_json.h"
#include "models/value_text.h"
#include "plots/number_text.h"
#include "report/report_parts.h"
#include "suggest/model_diagnostics.h"
#include "suggest/summary.h"
#include "version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace alidade {
namespace {

constexpr std::size_t kShownTrials = 10;
constexpr double kNormal95 = 1.96;

QString resultText(const std::string& value) {
    return QString::fromStdString(value);
}

QString measured(const Definition& definition, const Trial& trial, MeasureId measure) {
    const auto found = trial.values.find(measure);
    if (found == trial.values.end())
        return QStringLiteral("–");
    const QString unit = resultText(definition.measureUnit(measure));
    return found->second.noiseSd ? formatUncertain(found->second.value, *found->second.noiseSd, unit)
                                 : withUnit(formatNumber(found->second.value, 5), unit);
}

/// Number, measures, the whole setting in one cell: short enough for a page whatever the space.
ReportTable trialTable(const Study& study, const std::vector<const Trial*>& trials, const QString& caption) {
    const Definition& definition = study.definition;
    ReportTable table{caption, {ReportTr::tr("trial")}, {}, {true}};
    for (const MeasureId measure : definition.measures()) {
        table.header << resultText(definition.measureName(measure));
        table.numeric.push_back(true);
    }
    table.header << ReportTr::tr("setting");
    table.numeric.push_back(false);
    for (const Trial* trial : trials) {
        QStringList row{QString::number(trial->id.value)};
        for (const MeasureId measure : definition.measures())
            row << measured(definition, *trial, measure);
        QStringList setting;
        for (const Parameter& parameter : definition.space.parameters)
            if (const auto value = trial->setting.find(parameter.id); value != trial->setting.end())
                setting << QStringLiteral("%1 = %2").arg(resultText(parameter.name),
                                                         valueText(value->second));
        row << setting.join(QStringLiteral(", "));
        table.rows.push_back(row);
    }
    return table;
}

/// Feasible trials, best first; of several objectives those of the front.
std::vector<const Trial*> bestTrials(const Study& study) {
    std::vector<const Trial*> best;
    if (study.definition.objectives.size() == 1) {
        const Objective& objective = study.definition.objectives[0];
        for (const Trial& trial : study.trials)
            if (isFeasible(study.definition, trial))
                best.push_back(&trial);
        std::stable_sort(best.begin(), best.end(), [&](const Trial* a, const Trial* b) {
            return isBetter(objective.goal, a->values.at(objective.id).value,
                            b->values.at(objective.id).value);
        });
    } else if (const auto front = measuredFront(study)) {
        for (const TrialId id : front->ids)
            best.push_back(study.find(id));
    }
    return best;
}

void addSetting(const PlotContext& context, const Trial& trial, std::vector<ReportBlock>& blocks) {
    const Definition& definition = context.study->definition;
    ReportTable setting{ReportTr::tr("The recommended setting: that of trial %1.").arg(trial.id.value),
                        {ReportTr::tr("parameter"), ReportTr::tr("value"), ReportTr::tr("unit")},
                        {},
                        {false, true, false}};
    for (const Parameter& parameter : definition.space.parameters)
        if (const auto value = trial.setting.find(parameter.id); value != trial.setting.end())
            setting.rows.push_back(
                {resultText(parameter.name), valueText(value->second), resultText(parameter.unit)});
    blocks.push_back(setting);
    ReportTable values{
        ReportTr::tr("What to expect of it. Predicted: mean of the noise-free value and its 95 % interval, "
                     "from all trials together."),
        {ReportTr::tr("measure"), ReportTr::tr("measured"), ReportTr::tr("predicted"),
         ReportTr::tr("95 % interval"), ReportTr::tr("unit")},
        {},
        {false, true, true, true, false}};
    for (const MeasureId measure : definition.measures()) {
        QStringList row{resultText(definition.measureName(measure))};
        const auto found = trial.values.find(measure);
        row << (found == trial.values.end() ? QStringLiteral("–") : formatNumber(found->second.value, 5));
        const auto predicted = context.model ? context.model->predict(measure, {trial.setting})
                                             : Result<Prediction>(makeError(ErrorCode::NotFound, ""));
        if (predicted) {
            const double mean = predicted->mean(0);
            const double sd = predicted->standardDeviation(0);
            // As many digits as tell the ends apart.
            const double ratio = sd > 0.0 ? std::abs(mean) / sd : 1.0;
            const int digits = std::clamp(2 + static_cast<int>(std::ceil(std::log10(ratio))), 3, 12);
            row << formatUncertain(mean, sd)
                << QStringLiteral("%1 … %2").arg(formatNumber(mean - kNormal95 * sd, digits),
                                                 formatNumber(mean + kNormal95 * sd, digits));
        } else {
            row << QStringLiteral("–") << QStringLiteral("–");
        }
        row << resultText(definition.measureUnit(measure));
        values.rows.push_back(row);
    }
    blocks.push_back(values);
}

/// The configuration with one parameter, objective, ... a line: it fits on a page.
QString configurationText(const Definition& definition) {
    const Json json = configurationFromDefinition(definition);
    QStringList entries;
    for (const auto& [key, value] : json.items()) {
        QString entry = QStringLiteral("  \"%1\": ").arg(resultText(key));
        if (value.is_array() && !value.empty() && value.front().is_object()) {
            QStringList lines;
            for (const Json& item : value)
                lines << QStringLiteral("    ") + resultText(item.dump());
            entry += QStringLiteral("[\n") + lines.join(QStringLiteral(",\n")) + QLatin1Char(']');
        } else {
            entry += resultText(value.dump());
        }
        entries << entry;
    }
    return QStringLiteral("{\n") + entries.join(QStringLiteral(",\n")) + QStringLiteral("\n}\n");
}

} // namespace

void addRecommendation(const PlotContext& context, std::vector<ReportBlock>& blocks) {
    const Study& study = *context.study;
    const bool several = study.definition.objectives.size() > 1;
    blocks.push_back(ReportHeading{ReportTr::tr("Recommended setting")});
    const Trial* chosen =
        several ? mostDesirable(study) : (context.trial ? study.find(*context.trial) : nullptr);
    if (chosen != nullptr) {
        if (several)
            blocks.push_back(
                ReportText{ReportTr::tr("Of all trials within the limits, this one has the largest overall "
                                        "desirability; the other compromises are listed under “What was "
                                        "found”.")});
        addSetting(context, *chosen, blocks);
        return;
    }
    blocks.push_back(ReportText{
        several ? ReportTr::tr("With several objectives there is a front of compromises, and which "
                               "of them is best is for the user to say; they are listed under "
                               "“What was found”. Desirabilities for all objectives would single "
                               "one out.")
                : ReportTr::tr("No trial has been measured within the limits yet, so nothing can "
                               "be recommended.")});
}

void addTried(const Study& study, std::vector<ReportBlock>& blocks) {
    blocks.push_back(ReportHeading{ReportTr::tr("What was tried")});
    if (study.trials.empty()) {
        blocks.push_back(ReportText{ReportTr::tr("There are no trials yet.")});
        return;
    }
    QStringList states;
    for (const auto& [state, count] : countByState(study))
        states << QStringLiteral("%1 %2").arg(count).arg(stateText(state));
    std::map<Origin, int> origins;
    std::int64_t first = 0;
    std::int64_t last = 0;
    for (const Trial& trial : study.trials) {
        ++origins[trial.origin];
        if (trial.finishedMs > 0) {
            first = first == 0 ? trial.finishedMs : std::min(first, trial.finishedMs);
            last = std::max(last, trial.finishedMs);
        }
    }
    QStringList sources;
    for (const auto& [origin, count] : origins)
        sources << QStringLiteral("%1 %2").arg(count).arg(originText(origin));
    QString sentence = ReportTr::tr("%1 trials: %2. Where their settings came from: %3.")
                           .arg(study.trials.size())
                           .arg(states.join(QStringLiteral(", ")), sources.join(QStringLiteral(", ")));
    if (last > 0)
        sentence +=
            QLatin1Char(' ') +
            ReportTr::tr("The first result came on %1, the last on %2.").arg(timeText(first), timeText(last));
    blocks.push_back(ReportText{sentence});
    std::vector<const Trial*> best = bestTrials(study);
    if (best.empty())
        return;
    const bool several = study.definition.objectives.size() > 1;
    const std::size_t all = best.size();
    best.resize(std::min(best.size(), several ? 3 * kShownTrials : kShownTrials));
    QString caption = several ? ReportTr::tr("Trials of the measured front: no other is better in all "
                                             "objectives.")
                              : ReportTr::tr("The best trials.");
    if (best.size() < all)
        caption += QLatin1Char(' ') + ReportTr::tr("%1 of %2 are shown.").arg(best.size()).arg(all);
    blocks.push_back(trialTable(study, best, caption));
}

void addDiagnostics(const PlotContext& context, std::vector<ReportBlock>& blocks) {
    blocks.push_back(ReportHeading{ReportTr::tr("Can the model be trusted?")});
    if (!context.model) {
        blocks.push_back(ReportText{ReportTr::tr("There is no model: %1.")
                                        .arg(context.modelError ? resultText(context.modelError->message)
                                                                : ReportTr::tr("not enough results"))});
        return;
    }
    const Definition& definition = context.study->definition;
    ReportTable table{
        ReportTr::tr(
            "Gaussian process of each measure. Noise: standard deviation of repeated measurements, "
            "as estimated. R² and typical error (root mean square): of each trial predicted from all "
            "others. Inside: share of the trials inside their 95 % interval."),
        {ReportTr::tr("measure"), ReportTr::tr("trials"), ReportTr::tr("noise"), ReportTr::tr("R²"),
         ReportTr::tr("typical error"), ReportTr::tr("unit"), ReportTr::tr("inside")},
        {},
        {false, true, true, true, true, false, true}};
    std::vector<ReportBlock> findings;
    for (const MeasureModelInfo& info : context.model->info()) {
        const auto diagnostics = diagnose(*context.model, info.measure);
        if (!diagnostics)
            continue;
        const QString name = resultText(definition.measureName(info.measure));
        const LeaveOneOut& check = diagnostics->check;
        table.rows.push_back({name, QString::number(info.observations), formatNumber(info.noiseSd, 3),
                              formatNumber(check.rSquared, 2), formatNumber(check.rootMeanSquareError, 3),
                              resultText(definition.measureUnit(info.measure)),
                              ReportTr::tr("%1 %").arg(formatNumber(100.0 * check.coverage(0.95), 2))});
        for (const HealthFinding& finding : diagnostics->health)
            findings.push_back(
                ReportText{(finding.severity == Severity::Warning ? ReportTr::tr("%1, warning: %2")
                                                                  : ReportTr::tr("%1: %2"))
                               .arg(name, resultText(finding.text))});
        if (diagnostics->health.empty())
            findings.push_back(ReportText{ReportTr::tr("%1: nothing speaks against the model.").arg(name)});
    }
    blocks.push_back(table);
    blocks.insert(blocks.end(), findings.begin(), findings.end());
}

void addReproduction(const Study& study, const QString& path, std::vector<ReportBlock>& blocks) {
    const Definition& definition = study.definition;
    blocks.push_back(ReportHeading{ReportTr::tr("How to repeat it")});
    blocks.push_back(ReportText{
        ReportTr::tr("Alidade %1; random numbers start from the seed %2. The same configuration, seed and "
                     "results give the same suggestions.")
            .arg(resultText(version()))
            .arg(definition.seed)});
    const QString project = path.isEmpty() ? QStringLiteral("study.alidade") : path;
    QString commands = QStringLiteral("alidade new again.alidade --config study.json\n");
    if (definition.runner)
        commands += QStringLiteral("alidade run again.alidade --budget %1\n")
                        .arg(definition.strategy.budget.value_or(static_cast<int>(study.trials.size())));
    else
        commands += QStringLiteral("alidade suggest again.alidade\n");
    commands += QStringLiteral("alidade export '%1' --what trials --to trials.csv\n").arg(project);
    blocks.push_back(
        ReportCode{ReportTr::tr("Commands, with the configuration below in study.json."), commands});
    blocks.push_back(
        ReportCode{ReportTr::tr("Configuration of the study (study.json)."), configurationText(definition)});
}

} // namespace alidade
