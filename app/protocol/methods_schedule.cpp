#include "base/text.h"
#include "learning_rate/applications.h"
#include "learning_rate/refinement.h"
#include "learning_rate/scaling_law.h"
#include "protocol/methods.h"

#include <cmath>
#include <limits>

namespace alidade {
namespace {

constexpr std::int64_t kMaximumSteps = 10000000;

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
    if (kind == "inverse_sqrt")
        return ScheduleShape{InverseSqrtShape{}};
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
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("kind"));
    return member.error("\"" + kind + "\" is not a schedule" +
                        didYouMean(kind, {"constant", "linear", "cosine", "inverse_sqrt", "wsd", "polynomial",
                                          "exponential", "step", "table"}));
}

Result<Schedule> readSchedule(const JsonCursor& cursor, std::size_t steps) {
    ALIDADE_CHECK(cursor.checkKeys({"kind", "cooldown", "cooldown_kind", "final_ratio", "power", "cycle",
                                    "milestones", "factor", "values", "warmup_steps", "warmup_start"}));
    ALIDADE_ASSIGN(const JsonCursor member, cursor.at("kind"));
    ALIDADE_ASSIGN(const std::string kind, member.string());
    Schedule schedule;
    ALIDADE_ASSIGN(schedule.shape, readShape(cursor, kind));
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

/// An error of the calculation, with its field below "params".
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

Result<Json> boundMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "distance", "gradient_norms", "base_lr", "at"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
    ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
    ALIDADE_ASSIGN(const BoundProblem problem, readProblem(params));
    ALIDADE_ASSIGN(const std::vector<double> eta, rates(schedule, steps));
    auto final = boundAt(eta, problem, steps);
    if (!final)
        return placed(params, final.error());
    std::optional<double> baseRate;
    if (params.has("base_lr")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("base_lr"));
        ALIDADE_ASSIGN(baseRate, member.number());
        if (!(*baseRate > 0.0))
            return member.error("must be above 0");
    }
    Json result{{"optimal_base_lr", numberToJson(final->optimalBaseRate())},
                {"optimal_bound", numberToJson(final->optimalBound())}};
    if (baseRate)
        result["bound"] = numberToJson(final->at(*baseRate));
    if (params.has("at")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("at"));
        ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
        const double rate = baseRate.value_or(final->optimalBaseRate());
        Json list = Json::array();
        for (const JsonCursor& item : items) {
            ALIDADE_ASSIGN(const std::int64_t t, item.integer());
            if (t < 1 || t > static_cast<std::int64_t>(steps))
                return item.error("must be between 1 and " + std::to_string(steps));
            ALIDADE_ASSIGN(const BoundTerms terms, boundAt(eta, problem, static_cast<std::size_t>(t)));
            list.push_back(Json{{"t", t}, {"bound", numberToJson(terms.at(rate))}});
        }
        result["at"] = std::move(list);
    }
    result["schedule"] = numbersToJson(eta);
    return result;
}

Result<Json> optimalMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"steps", "distance", "gradient_norms"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const BoundProblem problem, readProblem(params));
    auto best = optimalSchedule(steps, problem);
    if (!best)
        return placed(params, best.error());
    return Json{{"schedule", numbersToJson(best->rates)}, {"bound", numberToJson(best->bound)}};
}

Result<Json> refineMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"gradient_norms", "power", "smoothing"}));
    ALIDADE_ASSIGN(const JsonCursor member, params.at("gradient_norms"));
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
    std::vector<double> norms;
    for (const JsonCursor& item : items) {
        double norm = std::numeric_limits<double>::quiet_NaN(); // null: a missing step
        if (!item.json().is_null()) {
            ALIDADE_ASSIGN(norm, item.extendedNumber());
        }
        norms.push_back(norm);
    }
    RefinementOptions options;
    if (params.has("power")) {
        ALIDADE_ASSIGN(const JsonCursor power, params.at("power"));
        ALIDADE_ASSIGN(const std::int64_t value, power.integer());
        options.power = value == 1 || value == 2 ? static_cast<int>(value) : 0;
    }
    ALIDADE_ASSIGN(options.smoothing, numberOr(params, "smoothing", options.smoothing));
    auto refined = refineSchedule(norms, options);
    if (!refined)
        return placed(params, refined.error());
    return Json{{"schedule", numbersToJson(refined->rates)},
                {"cleaning", Json{{"dropped", refined->cleaning.dropped},
                                  {"floored", refined->cleaning.floored},
                                  {"filter_width", refined->cleaning.filterWidth}}}};
}

Result<Json> transferMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"from", "to", "steps", "to_steps"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    std::size_t toSteps = steps;
    if (params.has("to_steps")) {
        ALIDADE_ASSIGN(toSteps, readSteps(params, "to_steps"));
    }
    ALIDADE_ASSIGN(const JsonCursor fromShape, params.at("from"));
    ALIDADE_ASSIGN(const Schedule from, readSchedule(fromShape, steps));
    ALIDADE_ASSIGN(const JsonCursor toShape, params.at("to"));
    ALIDADE_ASSIGN(const Schedule to, readSchedule(toShape, toSteps));
    ALIDADE_ASSIGN(const double factor, transferFactor(from, steps, to, toSteps));
    return Json{{"factor", numberToJson(factor)}};
}

Result<Json> extendMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "new_steps"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const std::size_t newSteps, readSteps(params, "new_steps"));
    ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
    ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
    auto extension = extendSchedule(schedule, steps, newSteps);
    if (!extension)
        return placed(params, extension.error());
    Json result = Json::object();
    if (extension->cooldown)
        result["cooldown"] = numberToJson(*extension->cooldown);
    result["rate_factor"] = extension->rateFactor ? numberToJson(*extension->rateFactor) : Json();
    return result;
}

Result<Json> stepLawMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"parameters", "tokens", "sequence_length"}));
    ALIDADE_ASSIGN(const JsonCursor parameters, params.at("parameters"));
    ALIDADE_ASSIGN(const double count, parameters.number());
    ALIDADE_ASSIGN(const JsonCursor tokens, params.at("tokens"));
    ALIDADE_ASSIGN(const double tokenCount, tokens.number());
    ALIDADE_ASSIGN(const double sequence, numberOr(params, "sequence_length", 2048.0));
    auto prediction = predict(stepLaw(), count, tokenCount, sequence);
    if (!prediction)
        return placed(params, prediction.error());
    Json result{{"lr", prediction->rate},
                {"batch_tokens", prediction->batchTokens},
                {"batch_sequences", prediction->batchSequences}};
    if (!prediction->warnings.empty())
        result["warnings"] = prediction->warnings;
    return result;
}

} // namespace

std::vector<ProtocolMethod> scheduleMethods() {
    return {{"schedule.bound", boundMethod},   {"schedule.optimal", optimalMethod},
            {"schedule.refine", refineMethod}, {"schedule.transfer", transferMethod},
            {"schedule.extend", extendMethod}, {"schedule.step_law", stepLawMethod}};
}

} // namespace alidade
