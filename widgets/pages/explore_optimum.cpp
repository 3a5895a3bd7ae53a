#include "pages/explore_optimum.h"

#include "plots/number_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace alidade {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ExploreOptimum)
};

constexpr double kSure = 0.02; // standard deviations of D
constexpr double kFairlySure = 0.1;

/// The goal that is met worst at the predicted means.
QString worstGoal(const Optimum& optimum, const Definition& definition) {
    const auto worst = std::min_element(optimum.individual.begin(), optimum.individual.end());
    return QString::fromStdString(
        definition.measureName(optimum.goals[static_cast<std::size_t>(worst - optimum.individual.begin())]));
}

QString certaintyText(double deviation) {
    if (deviation <= kSure)
        return Text::tr("The model is sure of it.");
    if (deviation <= kFairlySure)
        return Text::tr("The model is fairly sure of it.");
    return Text::tr("The model is not sure of it: measure this setting before relying on it.");
}

} // namespace

Result<PredictedBest> predictBest(const StudyModel& model, const Study& study, const Setting& fixed,
                                  const Monitor& monitor) {
    PredictedBest best;
    OptimumOptions options;
    options.fixed = fixed;
    ALIDADE_ASSIGN(best.optimum, optimum(model, options, monitor));
    ALIDADE_ASSIGN(const DesirabilityRanking ranking, rankByDesirability(study));
    if (!ranking.rows.empty() && ranking.rows.front().feasible)
        best.measured = ranking.rows.front();
    return best;
}

QString predictedBestText(const PredictedBest& best, const Definition& definition) {
    const Optimum& found = best.optimum;
    QStringList sentences;
    if (!(found.overall > 0.0) && !found.goals.empty()) {
        sentences << Text::tr("No setting is predicted to have D > 0; this one comes closest, and %1 is what "
                              "it fails. Expected D %2 ± %3.")
                         .arg(worstGoal(found, definition), formatNumber(found.expected, 2),
                              formatNumber(found.deviation, 2));
    } else {
        sentences << Text::tr("Best predicted setting: D %1 (at the predicted means %2).")
                         .arg(formatUncertain(found.expected, found.deviation),
                              formatNumber(found.overall, 3));
        sentences << certaintyText(found.deviation);
    }
    if (!definition.outcomeConstraints.empty() || found.feasibility < 0.99)
        sentences << Text::tr("It succeeds within all limits with probability %1.")
                         .arg(probabilityText(found.feasibility));
    if (best.measured)
        sentences << Text::tr("The best measured trial, %1, has D %2.")
                         .arg(best.measured->id.value)
                         .arg(formatNumber(best.measured->overall, 3));
    return sentences.join(QLatin1Char(' '));
}

QString predictionText(const Definition& definition, const ExploreSlices& slices) {
    const SettingPrediction& prediction = slices.prediction;
    QStringList parts;
    for (std::size_t i = 0; i < slices.measures.size(); ++i) {
        const MeasureId id = slices.measures[i];
        parts << QStringLiteral("<b>%1</b> %2")
                     .arg(QString::fromStdString(definition.measureName(id)).toHtmlEscaped(),
                          formatUncertain(prediction.mean[i], prediction.standardDeviation[i],
                                          QString::fromStdString(definition.measureUnit(id)))
                              .toHtmlEscaped());
    }
    if (const auto& desirability = prediction.desirability)
        parts << Text::tr("<b>D</b> %1 (at the means %2)")
                     .arg(formatNumber(desirability->expected, 3), formatNumber(desirability->atMean, 3));
    parts << Text::tr("probability of feasibility %1").arg(probabilityText(prediction.feasibility));
    if (!prediction.violated.empty())
        parts << Text::tr("<b>violates</b> %1")
                     .arg(QString::fromStdString(prediction.violated).toHtmlEscaped());
    return parts.join(QStringLiteral(" &nbsp;·&nbsp; "));
}

QString probabilityText(double probability) {
    constexpr double kNearly = 0.999;
    if (probability > kNearly)
        return QStringLiteral("> %1").arg(formatNumber(kNearly));
    if (probability < 1.0 - kNearly)
        return QStringLiteral("< %1").arg(formatNumber(1.0 - kNearly, 1));
    return formatNumber(probability, 3);
}

} // namespace alidade
