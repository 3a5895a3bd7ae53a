#include "report/study_export.h"

#include "exchange/setting_text.h"
#include "exchange/study_json.h"
#include "exchange/trials_csv.h"
#include "project_file/source_reader.h"
#include "suggest/summary.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace alidade {
namespace {

Study onlyFront(const Study& study, const MeasuredFront& front) {
    Study part;
    part.definition = study.definition;
    for (const Trial& trial : study.trials)
        if (std::find(front.ids.begin(), front.ids.end(), trial.id) != front.ids.end())
            part.trials.push_back(trial);
    return part;
}

std::string trialsAsJson(const Study& study) {
    Json list = Json::array();
    for (const Trial& trial : study.trials)
        list.push_back(trialToJson(study.definition, trial));
    return list.dump(2) + "\n";
}

Error wrongTextKind(const std::string& what, const std::string& kind, const char* possible) {
    return makeError(ErrorCode::Unsupported,
                     what + " cannot be written as \"" + kind + "\"; possible: " + possible);
}

Result<std::string> bestContent(const Study& study, std::optional<TrialId> id, const std::string& kind,
                                const std::filesystem::path& project) {
    const auto format = settingFormat(kind);
    if (!format)
        return wrongTextKind("a setting", kind, ".json, .yaml, .env, .txt (command line), .py");
    const auto model = [&] {
        return StudyModel::fit(study, {0, readSources(study.definition.strategy, project)});
    };
    if (!id)
        if (const Trial* best = bestForUse(study, model))
            id = best->id;
    const auto trial = chosenTrial(study, id);
    if (!trial && trial.error().code == ErrorCode::InvalidArgument) {
        ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(study));
        std::string ids;
        for (const TrialId member : front.ids)
            ids += (ids.empty() ? "" : ", ") + std::to_string(member.value);
        return makeError(trial.error().code,
                         trial.error().message + (ids.empty() ? "" : " (its trials: " + ids + ")"));
    }
    if (!trial)
        return trial.error();
    return settingText(study.definition.space, (*trial)->setting, *format,
                       trialComment(study.definition, **trial));
}

} // namespace

Result<std::string> exportedText(const Study& study, const std::string& what, const std::string& kind,
                                 std::optional<TrialId> id, const std::filesystem::path& project) {
    if (what == "best")
        return bestContent(study, id, kind, project);
    if (what == "config") {
        if (kind != ".json")
            return wrongTextKind(what, kind, ".json");
        return configurationFromDefinition(study.definition).dump(2) + "\n";
    }
    if (kind != ".json" && kind != ".csv")
        return wrongTextKind(what, kind, ".csv, .json");
    if (what == "trials")
        return kind == ".csv" ? trialsToCsv(study) : trialsAsJson(study);
    ALIDADE_ASSIGN(const MeasuredFront front, measuredFront(study));
    const Study part = onlyFront(study, front);
    return kind == ".csv" ? trialsToCsv(part) : trialsAsJson(part);
}

} // namespace alidade
