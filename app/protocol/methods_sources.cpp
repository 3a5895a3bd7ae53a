#include "protocol/methods.h"
#include "suggest/relatedness.h"

#include <algorithm>

namespace alidade {
namespace {

Json relatednessToJson(const Relatedness& about) {
    Json json{
        {"relation", relationName(about.relation)},        {"results", about.results},
        {"agreement", numberToJson(about.agreement)},      {"correlation", numberToJson(about.correlation)},
        {"log_evidence", numberToJson(about.logEvidence)}, {"text", about.text}};
    if (!about.missing.empty())
        json["missing"] = about.missing;
    return json;
}

/// The earlier studies that the study learns from, and how related they are; `add` and `remove` change the
/// list first.
Result<Json> sourcesMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"add", "remove"}));
    if (params.has("remove")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("remove"));
        ALIDADE_ASSIGN(const std::string path, member.string());
        ALIDADE_ASSIGN(const bool removed, session.removeSource(path));
        if (!removed)
            return member.error("the study does not learn from this project; \"sources\" lists those that it "
                                "learns from");
    }
    if (params.has("add")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("add"));
        ALIDADE_ASSIGN(const std::string path, member.string());
        ALIDADE_CHECK(session.addSource(path));
    }
    ALIDADE_ASSIGN(const Study* study, session.study());
    const auto sources = session.sources();
    ALIDADE_ASSIGN(const std::vector<Relatedness> related, relatednessOf(*study, {0, sources}));
    Json list = Json::array();
    for (std::size_t k = 0; sources && k < sources->size(); ++k) {
        const SourceStudy& source = (*sources)[k];
        Json entry{{"path", source.path}, {"name", source.name}, {"measures", Json::object()}};
        if (!source.study)
            entry["problem"] = source.problem;
        for (const Relatedness& about : related)
            if (about.source == k)
                entry["measures"][study->definition.measureName(about.measure)] = relatednessToJson(about);
        list.push_back(std::move(entry));
    }
    return Json{{"sources", std::move(list)}};
}

} // namespace

std::vector<ProtocolMethod> sourceMethods() {
    return {{"sources", sourcesMethod}};
}

} // namespace alidade
