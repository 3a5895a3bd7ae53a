// Chapters about what was asked: the question, the space, the beliefs.
#include "exchange/study_json.h"
#include "models/value_text.h"
#include "pages/history_data.h"
#include "plots/number_text.h"
#include "report/report_parts.h"
#include "study/best_end.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <variant>

namespace alidade {
namespace {

QString definitionText(const std::string& value) {
    return QString::fromStdString(value);
}

QString optional(const std::optional<double>& value) {
    return value ? formatNumber(*value, 6) : QStringLiteral("–");
}

QString sixDigits(double value) {
    return formatNumber(value, 6);
}

/// Where a value is as good, and as bad, as can be.
QString shapeText(const Objective& objective) {
    if (!objective.desirability)
        return QStringLiteral("–");
    struct Describe {
        QString operator()(const DesirabilityMax& shape) const {
            return ReportTr::tr("0 up to %1, 1 from %2").arg(sixDigits(shape.low), sixDigits(shape.high));
        }
        QString operator()(const DesirabilityMin& shape) const {
            return ReportTr::tr("1 up to %1, 0 from %2").arg(sixDigits(shape.low), sixDigits(shape.high));
        }
        QString operator()(const DesirabilityTarget& shape) const {
            return ReportTr::tr("1 at %1, 0 outside %2 … %3")
                .arg(sixDigits(shape.target), sixDigits(shape.low), sixDigits(shape.high));
        }
        QString operator()(const DesirabilityBox& shape) const {
            return ReportTr::tr("1 within %1 … %2, else 0").arg(sixDigits(shape.low), sixDigits(shape.high));
        }
        QString operator()(const DesirabilityCustom& shape) const {
            QStringList knots;
            for (std::size_t i = 0; i < std::min(shape.x.size(), shape.d.size()); ++i)
                knots << ReportTr::tr("%1 at %2").arg(sixDigits(shape.d[i]), sixDigits(shape.x[i]));
            return knots.join(QStringLiteral(", "));
        }
        QString operator()(const DesirabilityCategories& shape) const {
            QStringList levels;
            for (const auto& [level, d] : shape.values)
                levels << ReportTr::tr("%1 at %2").arg(sixDigits(d), definitionText(level));
            return levels.join(QStringLiteral(", "));
        }
    };
    QString text = std::visit(Describe{}, objective.desirability->shape);
    if (objective.desirability->weight != 1.0)
        text += ReportTr::tr("; weight %1").arg(sixDigits(objective.desirability->weight));
    return text;
}

/// "the smallest loss", "an activity nearest to 57.5": what is asked of an objective.
QString wantedText(const Objective& objective) {
    const QString name = definitionText(objective.name);
    if (!oneEndIsBest(objective)) {
        const QString unit = definitionText(objective.unit);
        if (const auto* target = std::get_if<DesirabilityTarget>(&objective.desirability->shape))
            return ReportTr::tr("the %1 nearest to %2").arg(name, withUnit(sixDigits(target->target), unit));
        if (const auto* box = std::get_if<DesirabilityBox>(&objective.desirability->shape))
            return ReportTr::tr("a %1 between %2 and %3")
                .arg(name, sixDigits(box->low), withUnit(sixDigits(box->high), unit));
        return ReportTr::tr("the most desirable %1").arg(name);
    }
    return (objective.goal == Goal::Minimize ? ReportTr::tr("the smallest %1")
                                             : ReportTr::tr("the largest %1"))
        .arg(name);
}

/// "center 0.001, spread 0.5"; a JSON value as a reader takes it in.
QString plainText(const Json& json) {
    if (json.is_string())
        return definitionText(json.get<std::string>());
    if (json.is_number_float())
        return formatNumber(json.get<double>(), 4);
    if (json.is_object()) {
        QStringList parts;
        for (const auto& [key, value] : json.items())
            parts << QStringLiteral("%1 %2").arg(definitionText(key), plainText(value));
        return parts.join(QStringLiteral(", "));
    }
    if (json.is_array()) {
        constexpr std::size_t kShown = 6;
        QStringList parts;
        for (std::size_t i = 0; i < std::min(json.size(), kShown); ++i)
            parts << plainText(json[i]);
        if (json.size() > kShown)
            parts << QStringLiteral("…");
        return parts.join(QStringLiteral(" "));
    }
    return definitionText(json.dump());
}

} // namespace

void addQuestion(const Study& study, std::vector<ReportBlock>& blocks) {
    const Definition& definition = study.definition;
    blocks.push_back(ReportHeading{ReportTr::tr("The question")});
    if (!definition.notes.empty())
        blocks.push_back(ReportText{definitionText(definition.notes)});
    QStringList goals;
    for (const Objective& objective : definition.objectives)
        goals << wantedText(objective);
    if (goals.isEmpty()) {
        blocks.push_back(ReportText{ReportTr::tr("No objective has been defined yet.")});
        return;
    }
    blocks.push_back(ReportText{
        ReportTr::tr("Which setting of %1 gives %2?")
            .arg(
                ReportTr::tr("%n parameter(s)", nullptr, static_cast<int>(definition.space.parameters.size()))
                    .replace(QStringLiteral("(s)"), definition.space.parameters.size() == 1 ? "" : "s"),
                goals.join(ReportTr::tr(" and ")))});
    ReportTable table{ReportTr::tr("Objectives."),
                      {ReportTr::tr("objective"), ReportTr::tr("goal"), ReportTr::tr("unit"),
                       ReportTr::tr("worst of interest"), ReportTr::tr("known optimum"),
                       ReportTr::tr("desirability")},
                      {},
                      {false, false, false, true, true, false}};
    for (const Objective& objective : definition.objectives)
        table.rows.push_back({definitionText(objective.name),
                              !oneEndIsBest(objective) ? ReportTr::tr("hit") : goalText(objective.goal),
                              definitionText(objective.unit), optional(objective.reference),
                              optional(objective.knownOptimum), shapeText(objective)});
    blocks.push_back(table);
    if (definition.outcomeConstraints.empty())
        return;
    ReportTable limits{
        ReportTr::tr("Limits: trials outside are not accepted."),
        {ReportTr::tr("measure"), ReportTr::tr("unit"), ReportTr::tr("at least"), ReportTr::tr("at most")},
        {},
        {false, false, true, true}};
    for (const OutcomeConstraint& limit : definition.outcomeConstraints)
        limits.rows.push_back({definitionText(limit.name), definitionText(limit.unit), optional(limit.lower),
                               optional(limit.upper)});
    blocks.push_back(limits);
}

void addSpace(const Study& study, std::vector<ReportBlock>& blocks) {
    const SearchSpace& space = study.definition.space;
    blocks.push_back(ReportHeading{ReportTr::tr("The space")});
    ReportTable table{ReportTr::tr("Parameters."),
                      {ReportTr::tr("parameter"), ReportTr::tr("kind"), ReportTr::tr("values"),
                       ReportTr::tr("scale"), ReportTr::tr("unit"), ReportTr::tr("active when")},
                      {},
                      std::vector<bool>(6, false)};
    for (const Parameter& parameter : space.parameters) {
        QString scale = QStringLiteral("–");
        if (const auto* real = std::get_if<RealRange>(&parameter.domain))
            scale = scaleText(real->scale);
        else if (const auto* integer = std::get_if<IntegerRange>(&parameter.domain))
            scale = scaleText(integer->scale);
        const QString condition = conditionText(space, parameter);
        table.rows.push_back({definitionText(parameter.name), kindText(parameter.domain),
                              rangeText(parameter.domain), scale,
                              parameter.unit.empty() ? QStringLiteral("–") : definitionText(parameter.unit),
                              condition.isEmpty() ? QStringLiteral("–") : condition});
    }
    blocks.push_back(table);
    QStringList constraints;
    for (const Constraint& constraint : space.constraints)
        constraints << definitionText(constraint.expression);
    if (!constraints.isEmpty())
        blocks.push_back(ReportText{
            ReportTr::tr("Settings must satisfy: %1.").arg(constraints.join(QStringLiteral("; ")))});
}

void addBeliefs(const Study& study, std::vector<ReportBlock>& blocks) {
    blocks.push_back(ReportHeading{ReportTr::tr("Beliefs")});
    // Through the configuration: every kind of belief has a written form there.
    const Json json = configurationFromDefinition(study.definition);
    if (!json.contains("beliefs") || json["beliefs"].empty()) {
        blocks.push_back(ReportText{ReportTr::tr("No beliefs about the answer were stated beforehand.")});
        return;
    }
    ReportTable table{ReportTr::tr("Beliefs stated by the user."),
                      {ReportTr::tr("about"), ReportTr::tr("claim"), ReportTr::tr("confidence")},
                      {},
                      {false, false, true}};
    for (const Json& belief : json["beliefs"]) {
        QStringList claim;
        for (const auto& [key, value] : belief.items())
            if (key != "about" && key != "confidence" && key != "density")
                claim << QStringLiteral("%1: %2").arg(definitionText(key), plainText(value));
        if (belief.contains("density"))
            claim << plainText(belief["density"]);
        table.rows.push_back(
            {definitionText(belief.value("about", std::string())).replace(QLatin1Char('_'), QLatin1Char(' ')),
             claim.join(QStringLiteral("; ")), formatNumber(belief.value("confidence", 1.0), 3)});
    }
    blocks.push_back(table);
}

} // namespace alidade
