#include "pages/beliefs_text.h"

#include "models/value_text.h"
#include "plots/number_text.h"

#include <QCoreApplication>

#include <cmath>

namespace alidade {
namespace {

struct BeliefWords {
    Q_DECLARE_TR_FUNCTIONS(BeliefWords)

public:
    const Definition& definition;

    [[nodiscard]] QString nameOf(ParameterId id) const {
        const Parameter* parameter = definition.space.find(id);
        return parameter ? QString::fromStdString(parameter->name) : tr("a removed parameter");
    }
    [[nodiscard]] QString nameOf(MeasureId id) const {
        return QString::fromStdString(definition.measureName(id));
    }
    static QString number(double value) { return formatNumber(value, 3); }

    [[nodiscard]] QString operator()(const OptimumBelief& belief) const {
        const QString name = nameOf(belief.parameter);
        if (const auto* normal = std::get_if<NormalDensity>(&belief.density))
            return tr("%1 is best near %2").arg(name, number(normal->center));
        if (const auto* uniform = std::get_if<UniformDensity>(&belief.density))
            return tr("%1 is best between %2 and %3").arg(name, number(uniform->low), number(uniform->high));
        if (const auto* weights = std::get_if<ChoiceWeights>(&belief.density)) {
            const auto best =
                std::max_element(weights->weights.begin(), weights->weights.end(),
                                 [](const auto& a, const auto& b) { return a.second < b.second; });
            if (best != weights->weights.end())
                return tr("%1 is best as %2").arg(name, QString::fromStdString(best->first));
        }
        return tr("where %1 is best").arg(name);
    }
    [[nodiscard]] QString operator()(const BestValueBelief& belief) const {
        const QString name = nameOf(belief.objective);
        if (const auto* normal = std::get_if<NormalDensity>(&belief.density))
            return tr("the best %1 is about %2 ± %3")
                .arg(name, number(normal->center), number(normal->spread));
        if (const auto* bounds = std::get_if<ValueBounds>(&belief.density)) {
            if (bounds->low && bounds->high)
                return tr("the best %1 is between %2 and %3")
                    .arg(name, number(*bounds->low), number(*bounds->high));
            return bounds->low
                       ? tr("the best %1 is not below %2").arg(name, number(*bounds->low))
                       : tr("the best %1 is not above %2").arg(name, number(bounds->high.value_or(0.0)));
        }
        return tr("how good %1 gets").arg(name);
    }
    [[nodiscard]] QString operator()(const PreferenceBelief& belief) const {
        return tr("%1 is better than %2")
            .arg(settingText(definition.space, belief.better), settingText(definition.space, belief.worse));
    }
    [[nodiscard]] QString operator()(const GoodPointsBelief& belief) const {
        if (belief.points.size() == 1)
            return tr("good: %1").arg(settingText(definition.space, belief.points.front()));
        return tr("%n good settings", nullptr, static_cast<int>(belief.points.size()));
    }
    [[nodiscard]] QString operator()(const TrendBelief& belief) const {
        QString text = (belief.rises ? tr("%1 rises with %2") : tr("%1 falls with %2"))
                           .arg(nameOf(belief.objective), nameOf(belief.parameter));
        if (belief.from)
            text += ' ' + tr("from %1").arg(number(*belief.from));
        if (belief.to)
            text += ' ' + tr("up to %1").arg(number(*belief.to));
        return text;
    }
};

} // namespace

QString beliefText(const Definition& definition, const Belief& belief) {
    return std::visit(BeliefWords{definition}, belief.claim);
}

QString bayesFactorLabel(double logBayesFactor) {
    // More than a thousand is an estimate of a few functions in a tail: only its size is known.
    if (std::abs(logBayesFactor) > std::log(1000.0))
        return logBayesFactor > 0.0 ? BeliefWords::tr("above 1000") : BeliefWords::tr("below 1:1000");
    const QString factor = formatNumber(std::exp(std::abs(logBayesFactor)), 2);
    return logBayesFactor >= 0.0 ? factor : QStringLiteral("1:%1").arg(factor);
}

QString verdictText(BeliefVerdict verdict) {
    switch (verdict) {
    case BeliefVerdict::Agree: return BeliefWords::tr("data agree");
    case BeliefVerdict::Open: return BeliefWords::tr("data say little yet");
    case BeliefVerdict::Against: return BeliefWords::tr("data speak against this");
    case BeliefVerdict::Overrule: return BeliefWords::tr("data overrule this");
    }
    return {};
}

QString weightingText(const BeliefWeights& weights) {
    const QString effective = BeliefWords::tr("effective sample: %1 of %2 functions")
                                  .arg(formatNumber(std::floor(weights.effectiveSampleSize), 4),
                                       formatNumber(static_cast<double>(weights.weights.size()), 5));
    switch (weights.weighting) {
    case BeliefWeighting::PosteriorPath: return effective;
    case BeliefWeighting::Tempered:
        return effective + QStringLiteral("; ") +
               BeliefWords::tr("weakened to the power %1, because few functions fit both beliefs and data")
                   .arg(formatNumber(weights.scale.exponent, 2));
    case BeliefWeighting::PriorPath:
        return effective + QStringLiteral("; ") +
               BeliefWords::tr("weighted before the data, because hardly any function fits both");
    }
    return {};
}

QString settingText(const SearchSpace& space, const Setting& setting) {
    QStringList parts;
    for (const Parameter& parameter : space.parameters)
        if (const auto found = setting.find(parameter.id); found != setting.end())
            parts << QString::fromStdString(parameter.name) + QChar(QChar::Nbsp) + valueText(found->second);
    return parts.join(QStringLiteral(", "));
}

} // namespace alidade
