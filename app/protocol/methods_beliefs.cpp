#include "belief/transfer.h"
#include "exchange/parameter_json.h"
#include "project_file/source_reader.h"
#include "protocol/methods.h"
#include "suggest/belief_term.h"

#include <cmath>

namespace alidade {
namespace {

std::string_view weightingName(BeliefWeighting weighting) {
    switch (weighting) {
    case BeliefWeighting::PosteriorPath: return "posterior_path";
    case BeliefWeighting::Tempered: return "tempered";
    case BeliefWeighting::PriorPath: return "prior_path";
    }
    return {};
}

std::string_view verdictName(BeliefVerdict verdict) {
    switch (verdict) {
    case BeliefVerdict::Agree: return "agree";
    case BeliefVerdict::Open: return "open";
    case BeliefVerdict::Against: return "against";
    case BeliefVerdict::Overrule: return "overrule";
    }
    return {};
}

Json factorToJson(double logFactor) {
    return Json{{"log_bayes_factor", numberToJson(logFactor)},
                {"bayes_factor", numberToJson(std::exp(logFactor))},
                {"verdict", verdictName(beliefVerdict(logFactor))}};
}

/// Place of the belief in the study's list.
std::size_t indexOf(const Definition& definition, BeliefId id) {
    for (std::size_t i = 0; i < definition.beliefs.size(); ++i)
        if (definition.beliefs[i].id == id)
            return i;
    return definition.beliefs.size();
}

Result<Json> beliefsMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({}));
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const StudyModel model, session.model());
    Json objectives = Json::object();
    for (const Objective& objective : study->definition.objectives) {
        ALIDADE_ASSIGN(const std::optional<BeliefModel> beliefs,
                       studyBeliefModel(*model.state(), model.state()->processes.at(objective.id),
                                        objective.id, objective.goal == Goal::Maximize));
        if (!beliefs)
            continue;
        const BeliefWeights& weights = beliefs->weights();
        Json entry = factorToJson(weights.logBayesFactor);
        entry["weighting"] = weightingName(weights.weighting);
        entry["exponent"] = weights.scale.exponent;
        entry["functions"] = weights.weights.size();
        entry["effective_sample_size"] = weights.effectiveSampleSize;
        entry["beliefs"] = Json::array();
        for (Eigen::Index i = 0; i < beliefs->claims().count(); ++i) {
            const auto claim = static_cast<std::size_t>(i);
            Json part{{"index", indexOf(study->definition, beliefs->claims().belief(i).id)}};
            part["used"] = static_cast<bool>(weights.usable[claim]);
            if (weights.usable[claim])
                part.update(factorToJson(weights.claimLogBayesFactors[claim]));
            entry["beliefs"].push_back(std::move(part));
        }
        objectives[objective.name] = std::move(entry);
    }
    return Json{{"objectives", std::move(objectives)}};
}

/// What the good trials of an earlier project say; `add` puts it among the study's beliefs.
Result<Json> beliefsTransferMethod(Session& session, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"from", "add"}));
    ALIDADE_ASSIGN(const JsonCursor from, params.at("from"));
    ALIDADE_ASSIGN(const std::string path, from.string());
    bool add = false;
    if (params.has("add")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("add"));
        ALIDADE_ASSIGN(add, member.boolean());
    }
    ALIDADE_ASSIGN(const Study* study, session.study());
    ALIDADE_ASSIGN(const Study earlier, readStudy(path));
    const EditSequence edits = beliefsFrom(earlier, study->definition);
    if (edits.edits.empty())
        return from.error("this project has no parameter of the same name with at least three good trials");
    Json beliefs = Json::array();
    for (const Edit& edit : edits.edits)
        if (const auto* put = std::get_if<PutBelief>(&edit))
            beliefs.push_back(beliefToJson(study->definition, put->belief, JsonForm::Configuration));
    if (add) {
        ALIDADE_CHECK(session.file().apply(Edit{edits}));
    }
    return Json{{"beliefs", std::move(beliefs)}, {"added", add}};
}

} // namespace

std::vector<ProtocolMethod> beliefMethods() {
    return {{"beliefs", beliefsMethod}, {"beliefs.transfer", beliefsTransferMethod}};
}

} // namespace alidade
