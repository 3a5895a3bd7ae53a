#include "pages/learning_rate_shapes.h"

#include "models/value_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>

namespace alidade {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("LearningRatePage", text);
}

/// A number of a shape together with where it lives.
struct FieldAccess {
    ShapeField field;
    double* target = nullptr;
};

std::vector<FieldAccess> fieldsOf(ScheduleShape& shape) {
    std::vector<FieldAccess> fields;
    const auto add = [&](std::string_view key, double& target, double low, double high, bool log = false) {
        fields.push_back({{key, target, low, high, log}, &target});
    };
    if (auto* linear = std::get_if<LinearShape>(&shape)) {
        add("final_ratio", linear->finalRatio, 0.0, 1.0);
    } else if (auto* cosine = std::get_if<CosineShape>(&shape)) {
        add("final_ratio", cosine->finalRatio, 0.0, 1.0);
        add("cycle", cosine->cycle, 1.0, 4.0);
    } else if (auto* wsd = std::get_if<WsdShape>(&shape)) {
        add("cooldown", wsd->cooldown, 0.0, 1.0);
        add("final_ratio", wsd->finalRatio, 0.0, 1.0);
    } else if (auto* inverse = std::get_if<InverseSqrtShape>(&shape)) {
        add("cooldown", inverse->cooldown, 0.0, 1.0);
    } else if (auto* cycle = std::get_if<OneCycleShape>(&shape)) {
        add("peak", cycle->peak, 0.01, 0.99);
        add("start_ratio", cycle->startRatio, 0.0, 1.0);
        add("final_ratio", cycle->finalRatio, 0.0, 1.0);
    } else if (auto* polynomial = std::get_if<PolynomialShape>(&shape)) {
        add("power", polynomial->power, 0.1, 10.0, true);
        add("final_ratio", polynomial->finalRatio, 0.0, 1.0);
    } else if (auto* exponential = std::get_if<ExponentialShape>(&shape)) {
        add("final_ratio", exponential->finalRatio, 1e-6, 1.0, true);
    } else if (auto* step = std::get_if<StepShape>(&shape)) {
        add("factor", step->factor, 0.01, 1.0, true);
    } else if (auto* two = std::get_if<TwoStageShape>(&shape)) {
        add("factor", two->factor, 0.01, 10.0, true);
        add("cooldown", two->cooldown, 0.0, 1.0);
    }
    return fields;
}

double finalRatioOf(const ScheduleShape& shape) {
    for (const ShapeField& field : shapeFields(shape))
        if (field.key == "final_ratio")
            return field.value;
    return 0.0;
}

} // namespace

QStringList offeredShapes() {
    return {"wsd",  "linear",    "cosine", "polynomial", "exponential", "inverse_sqrt", "constant",
            "step", "one_cycle", "drawn",  "composed",   "two_stage",   "table"};
}

QString kindOfShape(const ScheduleShape& shape) {
    const std::string_view name = shapeName(shape);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString shapeTitle(const QString& kind) {
    if (kind == "constant")
        return tr("Constant");
    if (kind == "linear")
        return tr("Linear decay");
    if (kind == "cosine")
        return tr("Cosine");
    if (kind == "inverse_sqrt")
        return tr("1/√t");
    if (kind == "wsd")
        return tr("WSD (stable, then cooldown)");
    if (kind == "polynomial")
        return tr("Polynomial");
    if (kind == "exponential")
        return tr("Exponential");
    if (kind == "step")
        return tr("Steps");
    if (kind == "one_cycle")
        return tr("One cycle");
    if (kind == "composed")
        return tr("Composed of parts");
    if (kind == "two_stage")
        return tr("Two-stage (extended run)");
    if (kind == "drawn")
        return tr("Drawn by hand");
    if (kind == "table")
        return tr("Table");
    return kind;
}

ScheduleShape shapeOfKind(const QString& kind, const ScheduleShape& current) {
    const double floor = finalRatioOf(current);
    if (kind == "linear")
        return LinearShape{floor};
    if (kind == "cosine")
        return CosineShape{floor, 1.0};
    if (kind == "inverse_sqrt")
        return InverseSqrtShape{};
    if (kind == "wsd") {
        const auto* two = std::get_if<TwoStageShape>(&current);
        return WsdShape{two != nullptr ? two->cooldown : 0.2, CooldownKind::Linear, floor};
    }
    if (kind == "polynomial")
        return PolynomialShape{2.0, floor};
    if (kind == "exponential")
        return ExponentialShape{floor > 0.0 ? floor : 0.01};
    if (kind == "step")
        return StepShape{{0.5, 0.75}, 0.1};
    if (kind == "one_cycle")
        return OneCycleShape{};
    if (kind == "two_stage")
        return TwoStageShape{};
    if (kind == "drawn")
        return DrawnShape{{0.0, 0.25, 0.5, 0.75, 1.0}, {1.0, 1.0, 0.8, 0.4, 0.05}};
    if (kind == "composed")
        return ComposedShape{{{{WsdShape{}}, 8000, 10000, 1.0}, {{LinearShape{}}, 0, 0, 1.0}}};
    return ConstantShape{};
}

std::vector<ShapeField> shapeFields(const ScheduleShape& shape) {
    ScheduleShape copy = shape;
    std::vector<ShapeField> fields;
    for (const FieldAccess& access : fieldsOf(copy))
        fields.push_back(access.field);
    return fields;
}

void setShapeField(ScheduleShape& shape, std::string_view key, double value) {
    for (const FieldAccess& access : fieldsOf(shape))
        if (access.field.key == key)
            *access.target = value;
}

QString fieldTitle(std::string_view key) {
    if (key == "final_ratio")
        return tr("Final ratio");
    if (key == "cooldown")
        return tr("Cooldown");
    if (key == "peak")
        return tr("Peak at");
    if (key == "start_ratio")
        return tr("Start ratio");
    if (key == "cycle")
        return tr("Cycle");
    if (key == "power")
        return tr("Power");
    if (key == "factor")
        return tr("Factor");
    return QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size()));
}

QString fieldHint(std::string_view key) {
    if (key == "final_ratio")
        return tr("Rate at the end as a share of the base rate");
    if (key == "cooldown")
        return tr("Share of the steps over which the rate falls");
    if (key == "cycle")
        return tr("Length of the half cosine as a multiple of the run; above 1 it is stopped before its end");
    if (key == "peak")
        return tr("Share of the steps at which the rate is largest");
    if (key == "start_ratio")
        return tr("Rate at the first step as a share of the base rate");
    if (key == "power")
        return tr("Exponent of the decay; 1 is linear");
    if (key == "factor")
        return tr("The rate is multiplied by this");
    return {};
}

const std::vector<std::string_view>& shapeListKeys() {
    static const std::vector<std::string_view> keys{"milestones", "x", "height", "values"};
    return keys;
}

std::vector<double>* shapeList(ScheduleShape& shape, std::string_view key) {
    if (auto* step = std::get_if<StepShape>(&shape); step != nullptr && key == "milestones")
        return &step->milestones;
    if (auto* drawn = std::get_if<DrawnShape>(&shape))
        return key == "x" ? &drawn->x : key == "height" ? &drawn->height : nullptr;
    if (auto* table = std::get_if<TableShape>(&shape); table != nullptr && key == "values")
        return &table->values;
    return nullptr;
}

const std::vector<double>* shapeList(const ScheduleShape& shape, std::string_view key) {
    return shapeList(const_cast<ScheduleShape&>(shape), key); // looks only
}

CooldownKind* cooldownKind(ScheduleShape& shape) {
    if (auto* wsd = std::get_if<WsdShape>(&shape))
        return &wsd->kind;
    if (auto* two = std::get_if<TwoStageShape>(&shape))
        return &two->kind;
    auto* inverse = std::get_if<InverseSqrtShape>(&shape);
    return inverse != nullptr ? &inverse->kind : nullptr;
}

QString cooldownTitle(CooldownKind kind) {
    switch (kind) {
    case CooldownKind::Linear: return tr("linear");
    case CooldownKind::OneMinusSqrt: return tr("1 − √u");
    case CooldownKind::Sqrt: return tr("√(1 − u)");
    case CooldownKind::Cosine: return tr("cosine");
    }
    return {};
}

QString scheduleTitle(const Schedule& schedule) {
    if (const auto* const composed = std::get_if<ComposedShape>(&schedule.shape)) {
        QStringList parts;
        for (const SchedulePart& part : composed->parts)
            parts << scheduleTitle(part.schedule);
        return parts.join(QStringLiteral(" → "));
    }
    const QString kind =
        QString::fromUtf8(shapeName(schedule.shape).data(), qsizetype(shapeName(schedule.shape).size()));
    QString title = kind == "wsd" ? tr("WSD") : kind == "two_stage" ? tr("Two-stage") : shapeTitle(kind);
    for (const ShapeField& field : shapeFields(schedule.shape)) {
        if (field.key == "cooldown" && (kind != "inverse_sqrt" || field.value > 0.0))
            title += ' ' + tr("%1 %").arg(numberText(100.0 * field.value, 3));
        if (field.key == "power")
            title += ' ' + numberText(field.value, 3);
    }
    return title;
}

} // namespace alidade
