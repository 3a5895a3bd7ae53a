#include "pages/learning_rate_shapes.h"
#include "pages/learning_rate_state.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

const QString kVersionKey = QStringLiteral("alidade_learning_rate");

QString nameText(std::string_view view) {
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QJsonArray numbers(const std::vector<double>& values) {
    QJsonArray array;
    for (const double value : values)
        array.append(value);
    return array;
}

std::vector<double> numbers(const QJsonValue& json) {
    std::vector<double> values;
    for (const QJsonValue& value : json.toArray())
        values.push_back(value.toDouble());
    return values;
}

QJsonObject scheduleJson(const Schedule& schedule) {
    QJsonObject json{{"kind", nameText(shapeName(schedule.shape))}};
    for (const ShapeField& field : shapeFields(schedule.shape))
        json[nameText(field.key)] = field.value;
    for (const std::string_view key : shapeListKeys())
        if (const auto* list = shapeList(schedule.shape, key))
            json[nameText(key)] = numbers(*list);
    ScheduleShape shape = schedule.shape;
    if (const CooldownKind* kind = cooldownKind(shape))
        json["cooldown_kind"] = nameText(cooldownName(*kind));
    if (const auto* composed = std::get_if<ComposedShape>(&schedule.shape)) {
        QJsonArray parts;
        for (const SchedulePart& part : composed->parts) {
            QJsonObject object{{"shape", scheduleJson(part.schedule)}, {"factor", part.factor}};
            if (part.steps > 0) // else what remains
                object["steps"] = static_cast<qint64>(part.steps);
            if (part.horizon > 0) // else what is taken
                object["horizon"] = static_cast<qint64>(part.horizon);
            parts.append(object);
        }
        json["parts"] = parts;
    }
    if (const auto* root = std::get_if<InverseSqrtShape>(&schedule.shape); root && root->finalRatio > 0.0)
        json["final_ratio"] = root->finalRatio;
    if (const auto* cycle = std::get_if<OneCycleShape>(&schedule.shape); cycle && cycle->straight)
        json["straight"] = true;
    if (const auto* two = std::get_if<TwoStageShape>(&schedule.shape))
        json["switch_step"] = static_cast<qint64>(two->switchStep);
    if (schedule.warmupSteps > 0) {
        json["warmup_steps"] = static_cast<qint64>(schedule.warmupSteps);
        json["warmup_start"] = schedule.warmupStart;
    }
    return json;
}

std::size_t countIn(const QJsonValue& json) {
    return static_cast<std::size_t>(std::clamp(json.toDouble(), 0.0, 1e7));
}

Result<Schedule> scheduleOf(const QJsonObject& json, std::size_t steps, const QString& path,
                            std::size_t depth);

/// `depth`: composed schedules around this one.
Result<ComposedShape> partsOf(const QJsonArray& array, std::size_t steps, const QString& path,
                              std::size_t depth) {
    if (depth >= kMostNesting)
        return makeError(ErrorCode::InvalidArgument,
                         "composed schedules are nested more than " + std::to_string(kMostNesting) + " deep",
                         path.toStdString());
    ComposedShape composed;
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        SchedulePart part;
        part.steps = countIn(object["steps"]);
        part.horizon = countIn(object["horizon"]);
        part.factor = object["factor"].toDouble(1.0);
        const std::size_t length = std::max(part.steps, part.horizon);
        const QString place = QStringLiteral("%1.parts[%2].shape").arg(path).arg(composed.parts.size());
        ALIDADE_ASSIGN(part.schedule,
                       scheduleOf(object["shape"].toObject(), length > 0 ? length : steps, place, depth + 1));
        composed.parts.push_back(std::move(part));
    }
    return composed;
}

Result<Schedule> scheduleOf(const QJsonObject& json, std::size_t steps, const QString& path,
                            std::size_t depth) {
    Schedule schedule;
    const QString kind = json["kind"].toString();
    if (kind == "two_stage")
        schedule.shape =
            TwoStageShape{static_cast<std::size_t>(std::max(0.0, json["switch_step"].toDouble()))};
    else if (kind == "table")
        schedule.shape = TableShape{};
    else if (kind == "composed") {
        ALIDADE_ASSIGN(schedule.shape, partsOf(json["parts"].toArray(), steps, path, depth));
    } else if (offeredShapes().contains(kind))
        schedule.shape = shapeOfKind(kind);
    else
        return makeError(ErrorCode::InvalidArgument, "\"" + kind.toStdString() + "\" is not a schedule",
                         (path + ".kind").toStdString());
    for (const ShapeField& field : shapeFields(schedule.shape))
        if (json.contains(nameText(field.key)))
            setShapeField(schedule.shape, field.key, json[nameText(field.key)].toDouble());
    for (const std::string_view key : shapeListKeys())
        if (auto* list = shapeList(schedule.shape, key); list != nullptr && json.contains(nameText(key)))
            *list = numbers(json[nameText(key)]);
    if (CooldownKind* cooldown = cooldownKind(schedule.shape))
        for (const CooldownKind known : kCooldownKinds)
            if (nameText(cooldownName(known)) == json["cooldown_kind"].toString())
                *cooldown = known;
    if (auto* root = std::get_if<InverseSqrtShape>(&schedule.shape))
        root->finalRatio = json["final_ratio"].toDouble();
    if (auto* cycle = std::get_if<OneCycleShape>(&schedule.shape))
        cycle->straight = json["straight"].toBool();
    schedule.warmupSteps = static_cast<std::size_t>(std::max(0.0, json["warmup_steps"].toDouble()));
    schedule.warmupStart = json["warmup_start"].toDouble(schedule.warmupStart);
    const std::size_t length = std::holds_alternative<TableShape>(schedule.shape)
                                   ? std::max<std::size_t>(1, shapeList(schedule.shape, "values")->size())
                                   : steps;
    if (const auto valid = validate(fitted(schedule, length), length); !valid)
        return makeError(ErrorCode::InvalidArgument, valid.error().message,
                         path.toStdString() + "." + valid.error().context);
    return schedule;
}

QJsonObject seriesJson(const LoggedSeries& series) {
    QJsonObject json{{"source", series.source}, {"values", numbers(series.values)}};
    if (!series.steps.empty())
        json["steps"] = numbers(series.steps);
    return json;
}

LoggedSeriesPtr seriesOf(const QJsonValue& json) {
    const QJsonObject object = json.toObject();
    LoggedSeries series{object["source"].toString(), numbers(object["steps"]), numbers(object["values"])};
    if (series.values.empty() || (!series.steps.empty() && series.steps.size() != series.values.size()))
        return nullptr;
    return std::make_shared<const LoggedSeries>(std::move(series));
}

Error wrong(const char* field, const char* rule) {
    return makeError(ErrorCode::InvalidArgument, std::string(field) + " must be " + rule, field);
}

} // namespace

QByteArray learningRateToJson(const LearningRateState& state) {
    QJsonArray entries;
    for (const LearningRateEntry& entry : state.entries) {
        QJsonObject json{{"name", entry.name},
                         {"color", entry.color},
                         {"dash", entry.dash},
                         {"shape", scheduleJson(entry.schedule)},
                         {"selected", entry.id == state.current}};
        if (!entry.shown)
            json["shown"] = false;
        if (!entry.atOptimum)
            json["base_lr"] = entry.baseRate;
        entries.append(json);
    }
    QJsonObject json{{kVersionKey, 1},
                     {"steps", static_cast<qint64>(state.steps)},
                     {"distance", state.distance},
                     {"gradient_norm", state.gradientNorm},
                     {"schedules", entries}};
    if (state.norms)
        json["gradient_norms"] = seriesJson(*state.norms);
    if (state.losses)
        json["losses"] = seriesJson(*state.losses);
    return QJsonDocument(json).toJson();
}

Result<LearningRateState> learningRateFromJson(const QByteArray& bytes) {
    QJsonParseError problem{};
    const QJsonObject json = QJsonDocument::fromJson(bytes, &problem).object();
    if (problem.error != QJsonParseError::NoError)
        return makeError(ErrorCode::Syntax, problem.errorString().toStdString());
    if (json[kVersionKey].toInt() != 1)
        return makeError(ErrorCode::Unsupported, "this is no file of learning-rate schedules that this "
                                                 "version can read");
    LearningRateState state;
    const double steps = json["steps"].toDouble(10000.0);
    state.distance = json["distance"].toDouble(1.0);
    state.gradientNorm = json["gradient_norm"].toDouble(1.0);
    if (!(steps >= double(kLeastSteps) && steps <= double(kMostSteps)))
        return wrong("steps", "between 2 and 1000000");
    if (!(state.distance > 0.0))
        return wrong("distance", "above 0");
    if (!(state.gradientNorm > 0.0))
        return wrong("gradient_norm", "above 0");
    state.steps = static_cast<std::size_t>(steps);
    state.norms = seriesOf(json["gradient_norms"]);
    state.losses = seriesOf(json["losses"]);
    qint64 current = 0;
    for (const QJsonValue& value : json["schedules"].toArray()) {
        const QJsonObject object = value.toObject();
        const QString path = QStringLiteral("schedules[%1].shape").arg(state.entries.size());
        ALIDADE_ASSIGN(const Schedule schedule, scheduleOf(object["shape"].toObject(), state.steps, path, 0));
        LearningRateEntry& entry = state.add(schedule, object["name"].toString());
        entry.color = std::max(0, object["color"].toInt(entry.color));
        entry.dash = std::max(0, object["dash"].toInt(entry.dash));
        entry.shown = object["shown"].toBool(true);
        entry.atOptimum = !object.contains("base_lr");
        entry.baseRate = object["base_lr"].toDouble(entry.baseRate);
        if (!(entry.baseRate > 0.0))
            return wrong("base_lr", "above 0");
        if (object["selected"].toBool())
            current = entry.id;
    }
    state.current = current != 0 ? current : state.entries.empty() ? 0 : state.entries.front().id;
    return state;
}

} // namespace alidade
