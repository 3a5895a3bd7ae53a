#include "base/text.h"
#include "exchange/study_json.h"
#include "protocol/session.h"
#include "study/slopes.h"
#include "suggest/summary.h"
#include "verbs/verbs.h"

#include <nlohmann/json.hpp>

#include <iostream>

namespace alidade {
namespace {

/// Opening has an exit code of its own, whatever the reason.
int cannotOpen(const Error& error) {
    reportError(error);
    return kCannotOpen;
}

void printTrial(const Definition& definition, const Trial& trial) {
    std::cout << "incumbent: trial " << trial.id.value;
    for (const MeasureId measure : definition.measures())
        if (const auto found = trial.values.find(measure); found != trial.values.end()) {
            const std::string unit = definition.measureUnit(measure);
            std::cout << ", " << definition.measureName(measure) << " " << formatDouble(found->second.value)
                      << (unit.empty() ? "" : " " + unit);
        }
    std::cout << "\n";
    for (const Parameter& parameter : definition.space.parameters)
        if (const auto found = trial.setting.find(parameter.id); found != trial.setting.end())
            std::cout << "  " << parameter.name << " = " << formatValue(found->second)
                      << (parameter.unit.empty() ? "" : " " + parameter.unit) << "\n";
}

} // namespace

int newVerb(const Arguments& arguments) {
    const auto path = arguments.option("config");
    if (!path)
        return usageError("new", "--config is missing");
    const auto text = readWholeFile(*path);
    if (!text)
        return reportError(text.error());
    const auto definition = definitionFromText(*text);
    if (!definition)
        return reportError(makeError(definition.error().code, definition.error().text(), *path));
    const auto file = ProjectFile::create(arguments.positional()[0], *definition);
    if (!file)
        return reportError(file.error());
    for (const Finding& finding : validate(*definition))
        std::cerr << "alidade: note: " << finding.path << ": " << finding.message << "\n";
    return kDone;
}

int statusVerb(const Arguments& arguments) {
    auto session = Session::open(arguments.positional()[0]);
    if (!session)
        return cannotOpen(session.error());
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    const auto front = measuredFront(**study);
    if (!front)
        return reportError(front.error());
    const auto counts = countByState(**study);
    const Definition& definition = (*study)->definition;
    const Trial* best = bestMeasured(**study);
    if (arguments.has("json")) {
        Json json{{"name", definition.name}, {"trials", (*study)->trials.size()}};
        for (const TrialState state : {TrialState::Pending, TrialState::Running, TrialState::Complete,
                                       TrialState::Failed, TrialState::Stopped, TrialState::Withdrawn})
            json["counts"][std::string(stateName(state))] = counts.contains(state) ? counts.at(state) : 0;
        json["incumbent"] = best ? trialToJson(definition, *best) : Json();
        json["front_size"] = front->ids.size();
        json["hypervolume"] = front->hypervolume ? numberToJson(*front->hypervolume) : Json();
        std::cout << json.dump() << std::endl;
        return kDone;
    }
    std::cout << definition.name << ": " << (*study)->trials.size() << " trials";
    for (const auto& [state, count] : counts)
        std::cout << ", " << count << " " << stateName(state);
    std::cout << "\n";
    if (best)
        printTrial(definition, *best);
    if (front->hypervolume)
        std::cout << "front: " << front->ids.size() << " trials, hypervolume "
                  << formatDouble(*front->hypervolume) << "\n";
    std::cout << std::flush;
    return kDone;
}

int suggestVerb(const Arguments& arguments) {
    const auto count = arguments.count("count", 1);
    if (!count)
        return usageError("suggest", count.error().message);
    auto session = Session::open(arguments.positional()[0]);
    if (!session)
        return cannotOpen(session.error());
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    if (const auto source = arguments.option("source"))
        if (const auto added = session->addSource(*source); !added)
            return reportError(added.error());
    std::vector<std::string> warnings;
    const auto trials = session->suggestTrials(
        static_cast<std::size_t>(count->value_or((*study)->definition.strategy.batch)), warnings);
    if (!trials)
        return reportError(trials.error());
    for (const std::string& warning : warnings)
        std::cerr << "alidade: note: " << warning << "\n";
    for (const Trial& trial : *trials)
        std::cout << Json{{"id", trial.id.value},
                          {"parameters", settingToJson((*study)->definition.space, trial.setting)},
                          {"origin", originName(trial.origin)},
                          {"reason", trial.reason}}
                         .dump()
                  << "\n";
    std::cout << std::flush;
    return kDone;
}

int reportVerb(const Arguments& arguments) {
    const std::vector<std::string>& words = arguments.positional();
    const auto number = parseInteger(words[1]);
    if (!number)
        return usageError("report", "\"" + words[1] + "\" is not the number of a trial");
    const bool failed = arguments.has("failed");
    if (failed && words.size() > 2)
        return usageError("report", "a failed trial has no values");
    if (!failed && words.size() < 3)
        return usageError("report", "no value is given; write name=value");
    auto session = Session::open(words[0]);
    if (!session)
        return cannotOpen(session.error());
    const auto study = session->study();
    if (!study)
        return reportError(study.error());
    const Definition& definition = (*study)->definition;
    const TrialId id{*number};
    if (failed) {
        const auto done = session->file().fail(id, *arguments.option("failed"));
        return done ? static_cast<int>(kDone) : reportError(done.error());
    }
    Measurements values;
    std::vector<std::pair<SlopeNames, double>> slopes;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        const std::string name = words[i].substr(0, equals);
        const auto value =
            equals == std::string::npos ? std::nullopt : parseDouble(words[i].substr(equals + 1));
        const auto measure = definition.findMeasure(name);
        const auto slope = measure ? std::nullopt : parseSlopeName(name);
        if (slope && value) {
            slopes.emplace_back(*slope, *value);
            continue;
        }
        if (!measure && !slope)
            return reportError(
                makeError(ErrorCode::UnknownName, "no objective or limit is called \"" + name + "\"" +
                                                      didYouMean(name, definition.measureNames())));
        if (!value)
            return reportError(
                makeError(ErrorCode::Syntax, "write " + name + "=NUMBER, not \"" + words[i] + "\""));
        values[*measure] = {*value, std::nullopt};
    }
    if (const auto step = arguments.option("step")) {
        const auto at = parseDouble(*step);
        if (!at)
            return usageError("report", "\"--step\" needs a number, not \"" + *step + "\"");
        if (!slopes.empty())
            return usageError("report", "slopes belong to a final report, not to a step");
        const auto done = session->file().addStep(id, {*at, values});
        return done ? static_cast<int>(kDone) : reportError(done.error());
    }
    for (const Objective& objective : definition.objectives)
        if (!values.contains(objective.id))
            return reportError(makeError(ErrorCode::InvalidArgument,
                                         "\"" + objective.name + "\" is missing; report every objective"));
    const Trial* trial = (*study)->find(id);
    for (const auto& [names, value] : slopes) {
        const auto slope = findSlope(definition, names);
        if (!slope)
            return reportError(slope.error());
        if (!trial)
            break; // complete() says so
        const auto added = addSlope(definition, trial->setting, *slope, {value}, values);
        if (!added)
            return reportError(added.error());
    }
    const auto done = session->file().complete(id, values);
    return done ? static_cast<int>(kDone) : reportError(done.error());
}

} // namespace alidade
