#include "models/value_text.h"

#include "base/text.h"
#include "study/best_end.h"
#include "study/slopes.h"
#include "suggest/method.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace alidade {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ValueText", text);
}

QLocale userLocale() {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator | QLocale::RejectGroupSeparator);
    return locale;
}

QString infinityText(double value) {
    return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
}

template <typename NumberText>
QString textOf(const Value& value, NumberText number) {
    if (const auto* real = std::get_if<double>(&value))
        return number(*real);
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return userLocale().toString(static_cast<qlonglong>(*whole));
    if (const auto* shares = std::get_if<std::vector<double>>(&value)) {
        QStringList parts;
        for (const double share : *shares)
            parts.append(number(share));
        return parts.join(QStringLiteral(" : "));
    }
    return QString::fromStdString(formatValue(value));
}

QString choiceText(const Value& choice) {
    const QString text = QString::fromStdString(formatValue(choice));
    if (!std::holds_alternative<std::string>(choice))
        return text;
    const bool ambiguous = text.isEmpty() || text != text.trimmed() || text.contains(u',') ||
                           text.contains(u'"') || text == u"true" || text == u"false" ||
                           parseDouble(text.toStdString());
    if (!ambiguous)
        return text;
    QString quoted = text;
    return u'"' + quoted.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

Value choiceFromText(const QString& text) {
    const std::string plain = text.toStdString();
    if (text == u"true" || text == u"false")
        return text == u"true";
    if (const auto whole = parseInteger(plain))
        return *whole;
    if (const auto number = parseDouble(plain); number && std::isfinite(*number))
        return *number;
    return plain;
}

} // namespace

QString numberText(double value, int digits) {
    if (!std::isfinite(value))
        return infinityText(value);
    return userLocale().toString(value, 'g', digits);
}

QString exactNumberText(double value) {
    if (!std::isfinite(value))
        return infinityText(value);
    return userLocale().toString(value, 'g', QLocale::FloatingPointShortest);
}

QString optionalNumberText(const std::optional<double>& value) {
    return value ? exactNumberText(*value) : QString();
}

std::optional<double> numberFromUser(const QString& text) {
    bool ok = false;
    const QString plain = text.trimmed();
    const double value = userLocale().toDouble(plain, &ok);
    if (ok && !std::isnan(value))
        return value;
    QString ascii = plain;
    ascii.replace(QChar(0x2212), u'-'); // the minus sign of typeset tables
    return parseDouble(ascii.toStdString());
}

QString measurementText(const Measurement& measurement, bool exact) {
    const auto number = [exact](double value) { return exact ? exactNumberText(value) : numberText(value); };
    const QString value = number(measurement.value);
    return measurement.noiseSd ? value + QStringLiteral(" ± ") + number(*measurement.noiseSd) : value;
}

Result<Measurement> measurementFromUser(const QString& text) {
    static const QRegularExpression plusMinus(QStringLiteral("\\s*(?:±|\\+-|\\+/-)\\s*"));
    const QStringList parts = text.split(plusMinus);
    const auto refuse = [&text] {
        return makeError(ErrorCode::Syntax,
                         tr("“%1” is not a number; write 0.5, 1e-3, inf, or 0.50 ± 0.02 for a "
                            "known standard error")
                             .arg(text.trimmed())
                             .toStdString());
    };
    const auto value = numberFromUser(parts.value(0));
    if (!value || parts.size() > 2)
        return refuse();
    Measurement measurement{*value, {}};
    if (parts.size() == 2) {
        const auto sd = numberFromUser(parts.at(1));
        if (!sd || !std::isfinite(*sd) || *sd < 0)
            return refuse();
        measurement.noiseSd = *sd;
    }
    return measurement;
}

std::vector<SlopeText> slopeTexts(const Definition& definition, const Trial& trial, MeasureId measure) {
    std::vector<SlopeText> texts;
    const auto measured = trial.values.find(measure);
    if (measured == trial.values.end())
        return texts;
    for (const Parameter& parameter : definition.space.parameters) {
        const auto slope = measured->second.slopes.find(parameter.id);
        if (slope == measured->second.slopes.end())
            continue;
        texts.push_back(
            {QStringLiteral("∂%1/∂%2").arg(QString::fromStdString(definition.measureName(measure)),
                                           QString::fromStdString(parameter.name)),
             withUnit(measurementText({slope->second.value, slope->second.noiseSd}),
                      slopeUnit(definition, {measure, parameter.id}))});
    }
    return texts;
}

QString valueText(const Value& value) {
    return textOf(value, [](double number) { return numberText(number); });
}

QString exactValueText(const Value& value) {
    return textOf(value, [](double number) { return exactNumberText(number); });
}

Result<Value> valueFromUser(const Parameter& parameter, const QString& text) {
    const bool isChoice = std::holds_alternative<OrdinalChoices>(parameter.domain) ||
                          std::holds_alternative<CategoricalChoices>(parameter.domain);
    if (isChoice)
        return parseValue(parameter, text.trimmed().toStdString());
    QStringList numbers;
    for (const QString& part : text.split(u':')) {
        const auto number = numberFromUser(part);
        if (!number)
            return parseValue(parameter, text.trimmed().toStdString());
        numbers.append(QString::fromStdString(formatDouble(*number)));
    }
    return parseValue(parameter, numbers.join(u':').toStdString());
}

QString withUnit(const QString& text, const std::string& unit) {
    if (unit.empty() || text.isEmpty())
        return text;
    return text + QChar(0x202f) + QString::fromStdString(unit); // narrow no-break space
}

QString choicesText(const std::vector<Value>& choices) {
    QStringList parts;
    for (const Value& choice : choices)
        parts.append(choiceText(choice));
    return parts.join(QStringLiteral(", "));
}

std::vector<Value> choicesFromUser(const QString& text) {
    std::vector<Value> choices;
    QString current;
    bool quoted = false;
    bool wasQuoted = false;
    const auto finish = [&] {
        if (wasQuoted)
            choices.emplace_back(current.toStdString());
        else if (const QString plain = current.trimmed(); !plain.isEmpty())
            choices.push_back(choiceFromText(plain));
        current.clear();
        wasQuoted = false;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (quoted) {
            if (c == u'"' && i + 1 < text.size() && text.at(i + 1) == u'"')
                current += text.at(++i);
            else if (c == u'"')
                quoted = false;
            else
                current += c;
        } else if (c == u'"' && current.trimmed().isEmpty()) {
            current.clear();
            quoted = wasQuoted = true;
        } else if (c == u',' || c == u'\n') {
            finish();
        } else if (!wasQuoted) {
            current += c;
        }
    }
    finish();
    return choices;
}

QString kindText(const Domain& domain) {
    static const char* const names[] = {
        QT_TRANSLATE_NOOP("ValueText", "Real"), QT_TRANSLATE_NOOP("ValueText", "Integer"),
        QT_TRANSLATE_NOOP("ValueText", "Ordinal"), QT_TRANSLATE_NOOP("ValueText", "Categorical"),
        QT_TRANSLATE_NOOP("ValueText", "Mixture")};
    return tr(names[domain.index()]);
}

QString scaleText(Scale scale) {
    switch (scale) {
    case Scale::Linear: return tr("linear");
    case Scale::Log: return tr("log");
    case Scale::Logit: return tr("logit");
    }
    return {};
}

QString rangeText(const Domain& domain) {
    struct Visitor {
        QString operator()(const RealRange& r) const {
            return numberText(r.low) + QStringLiteral(" … ") + numberText(r.high);
        }
        QString operator()(const IntegerRange& r) const {
            return valueText(r.low) + QStringLiteral(" … ") + valueText(r.high);
        }
        QString operator()(const OrdinalChoices& c) const {
            QStringList parts;
            for (const Value& choice : c.choices)
                parts.append(valueText(choice));
            return parts.join(QStringLiteral(" < "));
        }
        QString operator()(const CategoricalChoices& c) const {
            QStringList parts;
            for (const Value& choice : c.choices)
                parts.append(valueText(choice));
            return parts.join(QStringLiteral(", "));
        }
        QString operator()(const MixtureParts& m) const {
            QStringList parts;
            for (const std::string& part : m.parts)
                parts.append(QString::fromStdString(part));
            return parts.join(QStringLiteral(" + ")) + QStringLiteral(" = ") + numberText(m.total);
        }
    };
    return std::visit(Visitor{}, domain);
}

QString conditionText(const SearchSpace& space, const Parameter& parameter) {
    QStringList conditions;
    for (const Condition& condition : parameter.conditions) {
        const Parameter* parent = space.find(condition.parent);
        QStringList values;
        for (const Value& value : condition.values)
            values.append(valueText(value));
        conditions.append(QStringLiteral("%1 = %2").arg(
            parent == nullptr ? QStringLiteral("?") : QString::fromStdString(parent->name),
            values.join(tr(" or "))));
    }
    return conditions.join(tr(" and "));
}

QString stateText(TrialState state) {
    switch (state) {
    case TrialState::Pending: return tr("pending");
    case TrialState::Running: return tr("running");
    case TrialState::Complete: return tr("complete");
    case TrialState::Failed: return tr("failed");
    case TrialState::Stopped: return tr("stopped");
    case TrialState::Withdrawn: return tr("withdrawn");
    }
    return {};
}

QString originText(Origin origin) {
    switch (origin) {
    case Origin::Manual: return tr("by hand");
    case Origin::Imported: return tr("imported");
    case Origin::Initial: return tr("initial design");
    case Origin::Random: return tr("random");
    case Origin::Model: return tr("model");
    }
    return {};
}

QString goalText(Goal goal) {
    return goal == Goal::Minimize ? tr("minimize") : tr("maximize");
}

QString goalSign(const Objective& objective) {
    return !oneEndIsBest(objective)           ? QStringLiteral("◎")
           : objective.goal == Goal::Minimize ? QStringLiteral("↓")
                                              : QStringLiteral("↑");
}

QString methodText(Method method) {
    switch (method) {
    case Method::Auto: return tr("Automatic");
    case Method::Random: return tr("Random search");
    case Method::Sobol: return tr("Sobol sequence");
    case Method::LogEi: return tr("Log expected improvement");
    case Method::LogNei: return tr("Noisy log expected improvement");
    case Method::QLogEi: return tr("Batch log expected improvement");
    case Method::Pi: return tr("Probability of improvement");
    case Method::Ucb: return tr("Confidence bound");
    case Method::Thompson: return tr("Thompson sampling");
    case Method::Kg: return tr("Knowledge gradient");
    case Method::Mes: return tr("Max-value entropy search");
    case Method::Jes: return tr("Joint entropy search");
    case Method::Pes: return tr("Predictive entropy search");
    case Method::EiPerSecond: return tr("Expected improvement per second");
    case Method::EpsilonGreedy: return tr("ε-greedy");
    case Method::EpsilonShotgun: return tr("ε-shotgun");
    case Method::Turbo: return tr("Trust region");
    case Method::ParEgo: return tr("ParEGO (random scalarisation)");
    case Method::Ehvi: return tr("Expected hypervolume improvement");
    case Method::Desirability: return tr("Expected improvement of desirability");
    case Method::Effectiveness: return tr("Effectiveness against time (our formula)");
    }
    return {};
}

QString methodExplanation(Method method) {
    switch (method) {
    case Method::Auto:
        return tr(
            "Picks a method by the study: objectives, dimensions, noise, cost, and how many results are "
            "open at once. Each trial's reason says which.");
    case Method::Random: return tr("Any setting, without a model.");
    case Method::Sobol: return tr("Covers the space evenly, without a model.");
    case Method::LogEi: return tr("Expects the largest improvement over the best trial.");
    case Method::LogNei:
        return tr("Expects the largest improvement over what the best trial may really be worth: for noise.");
    case Method::QLogEi:
        return tr("Expects the largest improvement, whatever open results turn out to be: for batches.");
    case Method::Pi: return tr("Most likely to improve at all; stays near the best.");
    case Method::Ucb: return tr("Best optimistic bound: prediction plus a multiple of its uncertainty.");
    case Method::Thompson: return tr("The optimum of one random function that agrees with the results.");
    case Method::Kg: return tr("Expects the best prediction to rise most, wherever that will be.");
    case Method::Mes: return tr("Tells most about how good the best value is.");
    case Method::Jes: return tr("Tells most about where the best setting is and how good.");
    case Method::Pes: return tr("Tells most about where the best setting is.");
    case Method::EiPerSecond:
        return tr("Expects the largest improvement per unit of cost, by a model of the cost.");
    case Method::EpsilonGreedy: return tr("The best prediction; now and then any setting.");
    case Method::EpsilonShotgun:
        return tr("Batches scattered round the best prediction; now and then round another setting.");
    case Method::Turbo:
        return tr("Searches a box round the best trial that grows and shrinks: for many dimensions.");
    case Method::ParEgo: return tr("Several objectives: a random weighting each time.");
    case Method::Ehvi: return tr("Several objectives: expects the dominated volume to grow most.");
    case Method::Desirability: return tr("Expects the largest overall desirability.");
    case Method::Effectiveness: return tr("Expects the largest part of the front to be improved.");
    }
    return {};
}

QString acquisitionText(AcquisitionKind kind, const Definition& definition) {
    const Method method = methodFor(definition);
    switch (kind) {
    case AcquisitionKind::LogEi:
        return method == Method::Ehvi           ? tr("log expected hypervolume improvement")
               : method == Method::Desirability ? tr("log expected improvement of D")
                                                : tr("log expected improvement");
    case AcquisitionKind::Ei: return tr("expected improvement");
    case AcquisitionKind::Pi: return tr("probability of improvement");
    case AcquisitionKind::LogPi: return tr("log probability of improvement");
    case AcquisitionKind::Ucb: return tr("confidence bound");
    case AcquisitionKind::Feasibility: return tr("probability of feasibility");
    case AcquisitionKind::LogNei: return tr("log noisy expected improvement");
    case AcquisitionKind::Kg: return tr("log knowledge gradient");
    case AcquisitionKind::Mes: return tr("log max-value information");
    case AcquisitionKind::Jes: return tr("log joint information");
    case AcquisitionKind::Pes: return tr("log predictive information");
    case AcquisitionKind::Thompson: return tr("a sample function");
    case AcquisitionKind::EiPerSecond: return tr("log expected improvement per cost");
    }
    return {};
}

QString acquisitionSymbol(AcquisitionKind kind, const Definition& definition) {
    switch (kind) {
    case AcquisitionKind::LogEi:
    case AcquisitionKind::Ei: {
        const Method method = methodFor(definition);
        const QString symbol = method == Method::Ehvi           ? tr("EHVI")
                               : method == Method::Desirability ? tr("EI of D")
                                                                : tr("EI");
        return kind == AcquisitionKind::LogEi ? tr("log %1").arg(symbol) : symbol;
    }
    case AcquisitionKind::Pi: return tr("PI");
    case AcquisitionKind::LogPi: return tr("log PI");
    case AcquisitionKind::Ucb: return tr("bound");
    case AcquisitionKind::Feasibility: return tr("feasibility");
    case AcquisitionKind::LogNei: return tr("log NEI");
    case AcquisitionKind::Kg: return tr("log KG");
    case AcquisitionKind::Mes: return tr("log MES");
    case AcquisitionKind::Jes: return tr("log JES");
    case AcquisitionKind::Pes: return tr("log PES");
    case AcquisitionKind::Thompson: return tr("sample");
    case AcquisitionKind::EiPerSecond: return tr("log EI / cost");
    }
    return {};
}

QString timeText(std::int64_t ms) {
    if (ms == 0)
        return {};
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::ShortFormat);
}

QString durationText(std::int64_t ms) {
    const std::int64_t seconds = ms / 1000;
    if (seconds < 60)
        return tr("%1 s").arg(numberText(static_cast<double>(ms) / 1000.0, 3));
    if (seconds < 3600)
        return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

} // namespace alidade
