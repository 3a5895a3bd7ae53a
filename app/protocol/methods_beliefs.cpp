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
        entry["exponent"] = weights.exponent;
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

} // namespace

std::vector<ProtocolMethod> beliefMethods() {
    return {{"beliefs", beliefsMethod}};
}

} // namespace alidade
