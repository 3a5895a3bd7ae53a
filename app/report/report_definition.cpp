// Chapters about what was asked: the question, the space, the beliefs.
#include "exchange/study_json.h"
#include "models/value_text.h"
#include "plots/number_text.h"
#include "report/report_parts.h"

#include <nlohmann/json.hpp>

namespace alidade {
namespace {

QString definitionText(const std::string& value) {
    return QString::fromStdString(value);
}

QString optional(const std::optional<double>& value) {
    return value ? formatNumber(*value, 6) : QStringLiteral("–");
}

QString shapeText(const Objective& objective) {
    if (!objective.desirability)
        return QStringLiteral("–");
    Definition one;
    one.objectives.push_back(objective);
    const Json json = configurationFromDefinition(one);
    QStringList parts;
    for (const auto& [key, value] : json["objectives"][0]["desirability"].items())
        parts << (value.is_string()
                      ? definitionText(value.get<std::string>())
                      : QStringLiteral("%1 %2").arg(definitionText(key), definitionText(value.dump())));
    return parts.join(QStringLiteral(", "));
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
        goals << (objective.goal == Goal::Minimize ? ReportTr::tr("smallest %1") : ReportTr::tr("largest %1"))
                     .arg(definitionText(objective.name));
    if (goals.isEmpty()) {
        blocks.push_back(ReportText{ReportTr::tr("No objective has been defined yet.")});
        return;
    }
    blocks.push_back(ReportText{
        ReportTr::tr("Which setting of %1 gives the %2?")
            .arg(
                ReportTr::tr("%n parameter(s)", nullptr, static_cast<int>(definition.space.parameters.size()))
                    .replace(QStringLiteral("(s)"), definition.space.parameters.size() == 1 ? "" : "s"),
                goals.join(ReportTr::tr(" and the ")))});
    ReportTable table{ReportTr::tr("Objectives."),
                      {ReportTr::tr("objective"), ReportTr::tr("goal"), ReportTr::tr("unit"),
                       ReportTr::tr("worst of interest"), ReportTr::tr("known optimum"),
                       ReportTr::tr("desirability")},
                      {},
                      {false, false, false, true, true, false}};
    for (const Objective& objective : definition.objectives)
        table.rows.push_back({definitionText(objective.name), goalText(objective.goal),
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
                              condition.isEmpty() ? ReportTr::tr("always") : condition});
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
