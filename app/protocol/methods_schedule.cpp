#include "learning_rate/applications.h"
#include "learning_rate/refinement.h"
#include "learning_rate/scaling_law.h"
#include "protocol/methods.h"
#include "protocol/schedule_json.h"

#include <cmath>
#include <limits>
#include <optional>

namespace alidade {
namespace {

/// More places than this are evaluated together, by a tree.
constexpr std::size_t kSingleBounds = 32;

Result<Json> boundsAt(const JsonCursor& member, const std::vector<double>& eta, const BoundProblem& problem,
                      bool average, double baseRate) {
    ALIDADE_ASSIGN(const std::vector<JsonCursor> items, member.elements());
    std::vector<std::size_t> steps;
    for (const JsonCursor& item : items) {
        ALIDADE_ASSIGN(const std::int64_t t, item.integer());
        if (t < 1 || t > std::ssize(eta))
            return item.error("must be between 1 and " + std::to_string(eta.size()));
        steps.push_back(static_cast<std::size_t>(t));
    }
    std::vector<BoundTerms> curve;
    if (steps.size() > kSingleBounds && !average) {
        ALIDADE_ASSIGN(curve, boundCurveAt(eta, problem, steps));
    }
    Json list = Json::array();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        BoundTerms terms;
        if (!curve.empty()) {
            terms = curve[i];
        } else {
            ALIDADE_ASSIGN(terms, average ? averageIterateBoundAt(eta, problem, steps[i])
                                          : boundAt(eta, problem, steps[i]));
        }
        list.push_back(Json{{"t", steps[i]}, {"bound", numberToJson(terms.at(baseRate))}});
    }
    return list;
}

Result<Json> boundMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(
        params.checkKeys({"shape", "steps", "distance", "gradient_norms", "base_lr", "at", "iterate"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
    ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
    ALIDADE_ASSIGN(const BoundProblem problem, readProblem(params));
    ALIDADE_ASSIGN(const std::vector<double> eta, rates(schedule, steps));
    bool average = false;
    if (params.has("iterate")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("iterate"));
        ALIDADE_ASSIGN(const std::string iterate, member.string());
        if (iterate != "last" && iterate != "average")
            return member.error("must be \"last\" or \"average\"");
        average = iterate == "average";
    }
    auto final = average ? averageIterateBoundAt(eta, problem, steps) : boundAt(eta, problem, steps);
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
    if (baseRate) {
        result["bound"] = numberToJson(final->at(*baseRate));
        result["excess"] = numberToJson(final->excess(*baseRate));
    }
    const auto [low, high] = final->baseRatesWithin(1.1);
    result["base_lr_within_10_percent"] = Json::array({numberToJson(low), numberToJson(high)});
    if (params.has("at")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("at"));
        ALIDADE_ASSIGN(result["at"],
                       boundsAt(member, eta, problem, average, baseRate.value_or(final->optimalBaseRate())));
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

Result<Json> bestCooldownMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"shape", "steps", "distance", "gradient_norms"}));
    ALIDADE_ASSIGN(const std::size_t steps, readSteps(params, "steps"));
    WsdShape wsd;
    std::size_t warmup = 0;
    if (params.has("shape")) {
        ALIDADE_ASSIGN(const JsonCursor shape, params.at("shape"));
        ALIDADE_ASSIGN(const Schedule schedule, readSchedule(shape, steps));
        const auto* given = std::get_if<WsdShape>(&schedule.shape);
        if (!given)
            return shape.error("must be of kind \"wsd\"");
        wsd = *given;
        warmup = schedule.warmupSteps;
    }
    ALIDADE_ASSIGN(const BoundProblem problem, readProblem(params));
    auto best = bestCooldown(wsd, steps, problem, warmup);
    if (!best)
        return placed(params, best.error());
    return Json{{"cooldown", best->cooldown},
                {"optimal_base_lr", numberToJson(best->terms.optimalBaseRate())},
                {"optimal_bound", numberToJson(best->terms.optimalBound())}};
}

Result<Json> stepLawMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"parameters", "tokens", "sequence_length", "law"}));
    ALIDADE_ASSIGN(const JsonCursor parameters, params.at("parameters"));
    ALIDADE_ASSIGN(const double count, parameters.number());
    ALIDADE_ASSIGN(const JsonCursor tokens, params.at("tokens"));
    ALIDADE_ASSIGN(const double tokenCount, tokens.number());
    ALIDADE_ASSIGN(const double sequence, numberOr(params, "sequence_length", 2048.0));
    ScalingLaw law = stepLaw();
    if (params.has("law")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("law"));
        ALIDADE_ASSIGN(const std::string id, member.string());
        auto found = findScalingLaw(id);
        if (!found)
            return placed(params, found.error());
        law = std::move(found).value();
    }
    auto prediction = predict(law, count, tokenCount, sequence);
    if (!prediction)
        return placed(params, prediction.error());
    Json result{{"lr", prediction->rate},
                {"batch_tokens", prediction->batchTokens},
                {"batch_sequences", prediction->batchSequences},
                {"law", law.name},
                {"source", law.source},
                {"setup", law.setup},
                {"conventions", law.conventions}};
    if (!prediction->warnings.empty())
        result["warnings"] = prediction->warnings;
    return result;
}

} // namespace

std::vector<ProtocolMethod> scheduleMethods() {
    return {{"schedule.bound", boundMethod},     {"schedule.optimal", optimalMethod},
            {"schedule.refine", refineMethod},   {"schedule.transfer", transferMethod},
            {"schedule.extend", extendMethod},   {"schedule.best_cooldown", bestCooldownMethod},
            {"schedule.step_law", stepLawMethod}};
}

} // namespace alidade
