// Chapters about what came out: trials, the recommendation, diagnostics, how to repeat it.
#include "base/text.h"
#include "desirability/study_goals.h"
#include "exchange/study_json.h"
#include "models/value_text.h"
#include "plots/number_text.h"
#include "report/report_parts.h"
#include "study/best_end.h"
#include "suggest/model_diagnostics.h"
#include "suggest/summary.h"
#include "version.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <variant>

namespace alidade {
namespace {

constexpr std::size_t kShownTrials = 10;
constexpr double kNormal95 = 1.96;

QString resultText(const std::string& value) {
    return QString::fromStdString(value);
}

/// Decimals that the noise of a measure leaves meaning in, from the model; nothing where it has none.
using MeasureDecimals = std::map<MeasureId, int>;

MeasureDecimals decimalsOf(const PlotContext& context) {
    MeasureDecimals decimals;
    if (context.model)
        for (const MeasureModelInfo& info : context.model->info())
            if (info.noiseSd > 0.0)
                // To the second digit of the noise.
                decimals[info.measure] =
                    std::clamp(1 - static_cast<int>(std::floor(std::log10(info.noiseSd))), 0, 6);
    return decimals;
}

QString measured(const Definition& definition, const Trial& trial, MeasureId measure,
                 const MeasureDecimals& decimals) {
    constexpr double kWrittenOut = 1e7; // larger ones need a power of ten
    const auto found = trial.values.find(measure);
    if (found == trial.values.end())
        return QStringLiteral("–");
    const double value = found->second.value;
    const QString unit = resultText(definition.measureUnit(measure));
    if (found->second.noiseSd)
        return formatUncertain(value, *found->second.noiseSd, unit);
    const auto places = decimals.find(measure);
    if (places == decimals.end() || !(std::abs(value) < kWrittenOut))
        return withUnit(formatNumber(value, 5), unit);
    return withUnit(formatFixed(value, places->second), unit);
}

/// Number, measures, the whole setting in one cell: short enough for a page whatever the space.
ReportTable trialTable(const Study& study, const std::vector<const Trial*>& trials, const QString& caption,
                       const MeasureDecimals& decimals, const DesirabilityRanking* ranking) {
    const Definition& definition = study.definition;
    ReportTable table{caption, {ReportTr::tr("trial")}, {}, {true}};
    if (ranking != nullptr) {
        table.header << ReportTr::tr("D");
        table.numeric.push_back(true);
    }
    for (const MeasureId measure : definition.measures()) {
        table.header << resultText(definition.measureName(measure));
        table.numeric.push_back(true);
    }
    table.header << ReportTr::tr("setting");
    table.numeric.push_back(false);
    for (const Trial* trial : trials) {
        QStringList row{QString::number(trial->id.value)};
        if (ranking != nullptr) {
            const auto ranked =
                std::find_if(ranking->rows.begin(), ranking->rows.end(),
                             [trial](const RankedTrial& candidate) { return candidate.id == trial->id; });
            row << (ranked == ranking->rows.end() ? QStringLiteral("–") : formatFixed(ranked->overall, 3));
        }
        for (const MeasureId measure : definition.measures())
            row << measured(definition, *trial, measure, decimals);
        QStringList setting;
        for (const Parameter& parameter : definition.space.parameters)
            if (const auto value = trial->setting.find(parameter.id); value != trial->setting.end())
                setting << QStringLiteral("%1 = %2").arg(
                    resultText(parameter.name),
                    withUnit(valueText(value->second), resultText(parameter.unit)));
        row << setting.join(QStringLiteral(", "));
        table.rows.push_back(row);
    }
    return table;
}

/// Of a study whose objectives all have a desirability; else, and where the goal of the only one tells which
/// result is best, nothing.
std::optional<DesirabilityRanking> completeRanking(const Study& study) {
    const auto goals = studyGoals(study.definition);
    const std::vector<Objective>& objectives = study.definition.objectives;
    if (objectives.empty() || (objectives.size() == 1 && oneEndIsBest(objectives.front())) || !goals ||
        !*goals || !(*goals)->complete)
        return std::nullopt;
    auto ranking = rankByDesirability(study);
    return ranking ? std::optional(std::move(ranking).value()) : std::nullopt;
}

/// Feasible trials, best first: by desirability, or by the only objective (its average, where conditions of
/// use vary: what was measured depends on theirs); of several ones those of the front.
std::vector<const Trial*> bestTrials(const PlotContext& context,
                                     const std::optional<DesirabilityRanking>& ranking) {
    const Study& study = *context.study;
    std::vector<const Trial*> best;
    if (ranking) {
        for (const RankedTrial& row : ranking->rows)
            if (row.feasible)
                best.push_back(study.find(row.id));
        return best;
    }
    if (study.definition.objectives.size() == 1) {
        const Objective& objective = study.definition.objectives[0];
        for (const Trial& trial : study.trials)
            if (isFeasible(study.definition, trial))
                best.push_back(&trial);
        std::map<const Trial*, double> values;
        for (const Trial* trial : best)
            values[trial] = trial->values.at(objective.id).value;
        if (context.model && context.model->averages()) {
            std::vector<Setting> settings;
            for (const Trial* trial : best)
                settings.push_back(trial->setting);
            if (const auto average = context.model->predictAverage(objective.id, settings))
                for (std::size_t i = 0; i < best.size(); ++i)
                    values[best[i]] = average->mean(static_cast<Eigen::Index>(i));
        }
        std::stable_sort(best.begin(), best.end(), [&](const Trial* a, const Trial* b) {
            return isBetter(objective.goal, values.at(a), values.at(b));
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
                        {ReportTr::tr("parameter"), ReportTr::tr("value")},
                        {},
                        {false, true}};
    for (const Parameter& parameter : definition.space.parameters)
        if (const auto value = trial.setting.find(parameter.id); value != trial.setting.end()) {
            setting.rows.push_back(
                {resultText(parameter.name), withUnit(valueText(value->second), resultText(parameter.unit))});
            // Words among the numbers: all begin at one place.
            if (!std::holds_alternative<double>(value->second) &&
                !std::holds_alternative<std::int64_t>(value->second))
                setting.numeric[1] = false;
        }
    blocks.push_back(setting);
    ReportTable values{
        ReportTr::tr("What to expect of it. Predicted: mean of the noise-free value and its 95 % interval, "
                     "from all trials together."),
        {ReportTr::tr("measure"), ReportTr::tr("measured"), ReportTr::tr("predicted"),
         ReportTr::tr("95 % interval"), ReportTr::tr("unit")},
        {},
        {false, true, true, true, false}};
    const MeasureDecimals decimals = decimalsOf(context);
    for (const MeasureId measure : definition.measures()) {
        QStringList row{resultText(definition.measureName(measure))};
        const auto found = trial.values.find(measure);
        const auto places = decimals.find(measure);
        row << (found == trial.values.end() ? QStringLiteral("–")
                : places == decimals.end()  ? formatNumber(found->second.value, 5)
                                            : formatFixed(found->second.value, places->second));
        const auto predicted = context.model ? context.model->predictAverage(measure, {trial.setting})
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

/// "x seems not to matter", of which a large space has many.
bool isIrrelevance(const HealthFinding& finding) {
    return finding.severity == Severity::Note && !finding.place.empty() &&
           (finding.code == HealthCode::Irrelevant || finding.code == HealthCode::LengthScaleAtBound);
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
                                        "desirability; other good ones are listed under “What was "
                                        "tried”.")});
        addSetting(context, *chosen, blocks);
        return;
    }
    blocks.push_back(ReportText{
        several ? ReportTr::tr("With several objectives there is a front of compromises, and which "
                               "of them is best is for the user to say; they are listed under "
                               "“What was tried”. Desirabilities for all objectives would single "
                               "one out.")
                : ReportTr::tr("No trial has been measured within the limits yet, so nothing can "
                               "be recommended.")});
}

void addTried(const PlotContext& context, std::vector<ReportBlock>& blocks) {
    const Study& study = *context.study;
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
    const std::optional<DesirabilityRanking> ranking = completeRanking(study);
    std::vector<const Trial*> best = bestTrials(context, ranking);
    if (best.empty())
        return;
    const bool front = study.definition.objectives.size() > 1 && !ranking;
    const std::size_t all = best.size();
    best.resize(std::min(best.size(), front ? 3 * kShownTrials : kShownTrials));
    QString caption =
        front     ? ReportTr::tr("Trials of the measured front: no other is better in all "
                                     "objectives.")
        : ranking ? ReportTr::tr("The most desirable trials; D is the overall desirability.")
        : context.model && context.model->averages()
            ? ReportTr::tr("The best trials, by the model's average over the conditions of use.")
            : ReportTr::tr("The best trials.");
    if (best.size() < all)
        caption += QLatin1Char(' ') + ReportTr::tr("%1 of %2 are shown.").arg(best.size()).arg(all);
    blocks.push_back(trialTable(study, best, caption, decimalsOf(context), ranking ? &*ranking : nullptr));
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
        QStringList irrelevant;
        for (const HealthFinding& finding : diagnostics->health)
            if (isIrrelevance(finding))
                irrelevant << resultText(finding.place);
        if (irrelevant.size() > 1)
            findings.push_back(ReportText{
                ReportTr::tr("%1: %2 seem not to matter; their length scales are many times their ranges.")
                    .arg(name, irrelevant.join(QStringLiteral(", ")))});
        for (const HealthFinding& finding : diagnostics->health)
            if (irrelevant.size() < 2 || !isIrrelevance(finding))
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
