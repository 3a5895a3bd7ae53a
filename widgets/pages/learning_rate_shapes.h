#pragma once

#include "learning_rate/schedule.h"

#include <QString>
#include <QStringList>

#include <string_view>
#include <vector>

namespace alidade {

/// Kinds of schedules as the page Learning rate offers them: their names, their numbers and a sensible start.

/// Names of shapeName() in the order of the menus.
[[nodiscard]] QStringList offeredShapes();
/// The name of shapeName().
[[nodiscard]] QString kindOfShape(const ScheduleShape& shape);
[[nodiscard]] QString shapeTitle(const QString& kind);
/// Typical settings of a kind; `current` lends what both have (cooldown, final ratio).
[[nodiscard]] ScheduleShape shapeOfKind(const QString& kind, const ScheduleShape& current = {});

/// One number of a shape, as the forms and files know it.
struct ShapeField {
    std::string_view key;
    double value = 0.0;
    double low = 0.0;
    double high = 1.0;
    bool logarithmic = false;
};
[[nodiscard]] std::vector<ShapeField> shapeFields(const ScheduleShape& shape);
/// Nothing when the shape has no such number.
void setShapeField(ScheduleShape& shape, std::string_view key, double value);
[[nodiscard]] QString fieldTitle(std::string_view key);
[[nodiscard]] QString fieldHint(std::string_view key);

/// Lists of a shape (milestones, points, values): null when the shape has none of that key.
[[nodiscard]] std::vector<double>* shapeList(ScheduleShape& shape, std::string_view key);
[[nodiscard]] const std::vector<double>* shapeList(const ScheduleShape& shape, std::string_view key);
[[nodiscard]] const std::vector<std::string_view>& shapeListKeys();

[[nodiscard]] CooldownKind* cooldownKind(ScheduleShape& shape);
[[nodiscard]] QString cooldownTitle(CooldownKind kind);
inline constexpr CooldownKind kCooldownKinds[] = {CooldownKind::Linear, CooldownKind::OneMinusSqrt,
                                                  CooldownKind::Sqrt, CooldownKind::Cosine};

/// "WSD, cooldown 20 %, warm-up 100": a name for a schedule that has none.
[[nodiscard]] QString scheduleTitle(const Schedule& schedule);

} // namespace alidade
