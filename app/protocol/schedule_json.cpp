#include "protocol/schedule_json.h"

#include "base/text.h"

namespace alidade {

Result<double> numberOr(const JsonCursor& cursor, const std::string& key, double standard) {
    if (!cursor.has(key))
        return standard;
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at(key));
    return member.number();
}

Result<std::size_t> readSteps(const JsonCursor& params, const std::string& key) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::int64_t steps, member.integer());
    if (steps < 1 || steps > kMaximumSteps)
        return member.error("must be between 1 and " + std::to_string(kMaximumSteps));
    return static_cast<std::size_t>(steps);
}

namespace {

Result<CooldownKind> readCooldownKind(const JsonCursor& cursor) {
    if (!cursor.has("cooldown_kind"))
        return CooldownKind::Linear;
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("cooldown_kind"));
    ALIDADE_ASSIGN(const std::string name, member.string());
    for (const CooldownKind kind :
         {CooldownKind::Linear, CooldownKind::OneMinusSqrt, CooldownKind::Sqrt, CooldownKind::Cosine})
        if (cooldownName(kind) == name)
            return kind;
    return member.error("\"" + name + "\" is not a cooldown" +
                        didYouMean(name, {"linear", "1-sqrt", "sqrt", "cosine"}));
}

Result<Schedule> readNested(const JsonCursor& cursor, std::size_t steps, std::size_t depth);

/// `depth`: composed schedules around this one.
Result<ScheduleShape> readComposed(const JsonCursor& cursor, std::size_t steps, std::size_t depth) {
    if (depth >= kMostNesting)
        return cursor.error("composed schedules are nested more than " + std::to_string(kMostNesting) +
                            " deep");
    ComposedShape composed;
    ALIDADE_ASSIGN(const JsonCursor list, cursor.at("parts"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> parts, list.elements());
    std::size_t begin = 0;
    for (std::size_t k = 0; k < parts.size(); ++k) {
        ALIDADE_CHECK(parts[k].checkKeys({"shape", "steps", "horizon", "factor"}));
        SchedulePart part;
        const std::size_t remaining = steps > begin ? steps - begin : 1;
        part.steps = remaining;
        if (parts[k].has("steps") || k + 1 < parts.size()) {
            ALIDADE_ASSIGN(part.steps, readSteps(parts[k], "steps"));
        }
        if (parts[k].has("horizon")) {
            ALIDADE_ASSIGN(part.horizon, readSteps(parts[k], "horizon"));
        }
        ALIDADE_ASSIGN(part.factor, numberOr(parts[k], "factor", 1.0));
        const std::size_t count = k + 1 == parts.size() ? remaining : part.steps;
        ALIDADE_ASSIGN(const JsonCursor shape, parts[k].at("shape"));
        ALIDADE_ASSIGN(part.schedule, readNested(shape, part.horizon == 0 ? count : part.horizon, depth + 1));
        composed.parts.push_back(std::move(part));
        begin += count;
    }
    return ScheduleShape{std::move(composed)};
}

Result<ScheduleShape> readRareShape(const JsonCursor& cursor, const std::string& kind) {
    if (kind == "two_stage") {
        TwoStageShape stages;
        ALIDADE_ASSIGN(stages.switchStep, readSteps(cursor, "switch_step"));
        ALIDADE_ASSIGN(stages.factor, numberOr(cursor, "factor", 1.0));
        ALIDADE_ASSIGN(stages.cooldown, numberOr(cursor, "cooldown", 0.2));
        ALIDADE_ASSIGN(stages.kind, readCooldownKind(cursor));
        return ScheduleShape{stages};
    }
    if (kind == "drawn") {
        DrawnShape drawn;
        ALIDADE_ASSIGN(const JsonCursor x, cursor.at("x"));
        ALIDADE_ASSIGN(drawn.x, x.numbers());
        ALIDADE_ASSIGN(const JsonCursor height, cursor.at("height"));
        ALIDADE_ASSIGN(drawn.height, height.numbers());
        return ScheduleShape{drawn};
    }
    if (kind == "one_cycle") {
        OneCycleShape cycle;
        ALIDADE_ASSIGN(cycle.peak, numberOr(cursor, "peak", cycle.peak));
        ALIDADE_ASSIGN(cycle.startRatio, numberOr(cursor, "start_ratio", cycle.startRatio));
        ALIDADE_ASSIGN(cycle.finalRatio, numberOr(cursor, "final_ratio", cycle.finalRatio));
        if (cursor.has("straight")) {
            ALIDADE_ASSIGN(const JsonCursor straight, cursor.at("straight"));
            ALIDADE_ASSIGN(cycle.straight, straight.boolean());
        }
        return ScheduleShape{cycle};
    }
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("kind"));
    return member.error(
        "\"" + kind + "\" is not a schedule" +
        didYouMean(kind, {"constant", "linear", "cosine", "inverse_sqrt", "wsd", "polynomial", "exponential",
                          "step", "two_stage", "drawn", "table", "one_cycle", "composed"}));
}

Result<ScheduleShape> readShape(const JsonCursor& cursor, const std::string& kind) {
    ALIDADE_ASSIGN(const double finalRatio, numberOr(cursor, "final_ratio", 0.0));
    if (kind == "constant")
        return ScheduleShape{ConstantShape{}};
    if (kind == "linear")
        return ScheduleShape{LinearShape{finalRatio}};
    if (kind == "cosine") {
        ALIDADE_ASSIGN(const double cycle, numberOr(cursor, "cycle", 1.0));
        return ScheduleShape{CosineShape{finalRatio, cycle}};
    }
    if (kind == "inverse_sqrt") {
        InverseSqrtShape shape;
        shape.finalRatio = finalRatio;
        ALIDADE_ASSIGN(shape.cooldown, numberOr(cursor, "cooldown", 0.0));
        ALIDADE_ASSIGN(shape.kind, readCooldownKind(cursor));
        return ScheduleShape{shape};
    }
    if (kind == "wsd") {
        WsdShape wsd;
        wsd.finalRatio = finalRatio;
        ALIDADE_ASSIGN(wsd.cooldown, numberOr(cursor, "cooldown", 0.2));
        ALIDADE_ASSIGN(wsd.kind, readCooldownKind(cursor));
        return ScheduleShape{wsd};
    }
    if (kind == "polynomial") {
        ALIDADE_ASSIGN(const double power, numberOr(cursor, "power", 1.0));
        return ScheduleShape{PolynomialShape{power, finalRatio}};
    }
    if (kind == "exponential") {
        ALIDADE_ASSIGN(const double ratio, numberOr(cursor, "final_ratio", 0.01));
        return ScheduleShape{ExponentialShape{ratio}};
    }
    if (kind == "step") {
        StepShape steps;
        ALIDADE_ASSIGN(const JsonCursor milestones, cursor.at("milestones"));
        ALIDADE_ASSIGN(steps.milestones, milestones.numbers());
        ALIDADE_ASSIGN(steps.factor, numberOr(cursor, "factor", 0.1));
        return ScheduleShape{steps};
    }
    if (kind == "table") {
        TableShape table;
        ALIDADE_ASSIGN(const JsonCursor values, cursor.at("values"));
        ALIDADE_ASSIGN(table.values, values.numbers());
        return ScheduleShape{table};
    }
    return readRareShape(cursor, kind);
}

Result<Schedule> readNested(const JsonCursor& cursor, std::size_t steps, std::size_t depth) {
    ALIDADE_CHECK(
        cursor.checkKeys({"kind", "cooldown", "cooldown_kind", "final_ratio", "power", "cycle", "milestones",
                          "factor", "values", "warmup_steps", "warmup_start", "switch_step", "x", "height",
                          "peak", "start_ratio", "straight", "parts"}));
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("kind"));
    ALIDADE_ASSIGN(const std::string kind, member.string());
    Schedule schedule;
    if (kind == "composed") {
        ALIDADE_ASSIGN(schedule.shape, readComposed(cursor, steps, depth));
    } else {
        ALIDADE_ASSIGN(schedule.shape, readShape(cursor, kind));
    }
    ALIDADE_ASSIGN(schedule.warmupStart, numberOr(cursor, "warmup_start", schedule.warmupStart));
    if (cursor.has("warmup_steps")) {
        ALIDADE_ASSIGN(const JsonCursor warmup, cursor.at("warmup_steps"));
        ALIDADE_ASSIGN(const std::int64_t count, warmup.integer());
        if (count < 0)
            return warmup.error("must be at least 0");
        schedule.warmupSteps = static_cast<std::size_t>(count);
    }
    if (const auto valid = validate(schedule, steps); !valid)
        return makeError(ErrorCode::InvalidArgument, valid.error().message,
                         cursor.pathOf(valid.error().context));
    return schedule;
}

} // namespace

Result<Schedule> readSchedule(const JsonCursor& cursor, std::size_t steps) {
    return readNested(cursor, steps, 0);
}

Error placed(const JsonCursor& params, Error error) {
    if (!error.context.empty())
        error.context = params.pathOf(error.context);
    return error;
}

Result<BoundProblem> readProblem(const JsonCursor& params) {
    BoundProblem problem;
    ALIDADE_ASSIGN(problem.distance, numberOr(params, "distance", 1.0));
    if (params.has("gradient_norms")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("gradient_norms"));
        if (member.json().is_array()) {
            ALIDADE_ASSIGN(problem.gradientNorms, member.numbers());
        } else {
            ALIDADE_ASSIGN(problem.gradientNorms[0], member.number());
        }
    }
    return problem;
}

} // namespace alidade
