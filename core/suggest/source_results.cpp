#include "suggest/transfer.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

constexpr std::size_t kFewestOfSource = 5; ///< results of a source that are worth a model

const Parameter* counterpart(const SearchSpace& space, const std::string& name) {
    const auto found = std::find_if(space.parameters.begin(), space.parameters.end(),
                                    [&](const Parameter& parameter) { return parameter.name == name; });
    return found == space.parameters.end() ? nullptr : &*found;
}

bool countsHere(const Trial& trial, MeasureId measure) {
    const auto value = trial.values.find(measure);
    return trial.state == TrialState::Complete && !trial.excluded && value != trial.values.end() &&
           std::isfinite(value->second.value);
}

std::size_t meaningfulResults(const SearchSpace& space, const Study& source, MeasureId measure) {
    return static_cast<std::size_t>(
        std::count_if(source.trials.begin(), source.trials.end(), [&](const Trial& trial) {
            return countsHere(trial, measure) &&
                   translatedSetting(space, source.definition.space, trial.setting).has_value();
        }));
}

} // namespace

std::string_view relationName(Relation relation) {
    switch (relation) {
    case Relation::Unreadable: return "unreadable";
    case Relation::NoMeasure: return "no_measure";
    case Relation::TooFew: return "too_few";
    case Relation::Unknown: return "unknown";
    case Relation::Disagrees: return "disagrees";
    case Relation::NoHelp: return "no_help";
    case Relation::Used: return "used";
    }
    return {};
}

std::optional<Setting> translatedSetting(const SearchSpace& space, const SearchSpace& other,
                                         const Setting& setting) {
    Setting known;
    for (const Parameter& parameter : other.parameters) {
        const auto value = setting.find(parameter.id);
        const Parameter* match = counterpart(space, parameter.name);
        if (value == setting.end() || !match)
            continue;
        auto checked = checkedValue(*match, value->second);
        if (!checked)
            return std::nullopt;
        known.emplace(match->id, std::move(checked).value());
    }
    return completed(space, known);
}

SourceResults sourceResults(const SearchSpace& space, const FeatureMap& features, const Study& source,
                            const std::string& name) {
    std::vector<Setting> settings;
    std::vector<double> outcomes;
    std::vector<double> noise;
    if (const auto measure = source.definition.findMeasure(name))
        for (const Trial& trial : source.trials) {
            if (!countsHere(trial, *measure))
                continue;
            auto setting = translatedSetting(space, source.definition.space, trial.setting);
            if (!setting)
                continue;
            settings.push_back(*std::move(setting));
            const Measurement& measurement = trial.values.at(*measure);
            outcomes.push_back(measurement.value);
            noise.push_back(std::pow(measurement.noiseSd.value_or(0.0), 2));
        }
    const auto count = static_cast<Eigen::Index>(settings.size());
    SourceResults results{
        features.rows(settings), Eigen::Map<const Eigen::VectorXd>(outcomes.data(), count), {}};
    if (std::any_of(noise.begin(), noise.end(), [](double variance) { return variance > 0.0; }))
        results.noise = Eigen::Map<const Eigen::VectorXd>(noise.data(), count);
    return results;
}

std::vector<std::string> problemsOfSources(const std::shared_ptr<const SourceStudies>& sources) {
    std::vector<std::string> problems;
    for (std::size_t k = 0; sources && k < sources->size(); ++k)
        if (!(*sources)[k].study)
            problems.push_back("The earlier study " + (*sources)[k].path +
                               " is not used: " + (*sources)[k].problem);
    return problems;
}

std::vector<Relatedness> firstLook(const Definition& definition, MeasureId measure,
                                   const SourceStudies& sources) {
    std::vector<Relatedness> result;
    const std::string name = definition.measureName(measure);
    for (std::size_t k = 0; k < sources.size(); ++k) {
        Relatedness about;
        about.measure = measure;
        about.source = k;
        about.name = sources[k].name;
        if (!sources[k].study) {
            about.relation = Relation::Unreadable;
            about.text = about.name + " is not used: " + sources[k].problem;
            result.push_back(std::move(about));
            continue;
        }
        const Study& source = *sources[k].study;
        for (const Parameter& parameter : definition.space.parameters)
            if (!counterpart(source.definition.space, parameter.name))
                about.missing.push_back(parameter.name);
        const auto match = source.definition.findMeasure(name);
        if (!match) {
            about.relation = Relation::NoMeasure;
            about.text = about.name + " is not used: it has no objective or limit called \"" + name + "\".";
        } else {
            about.results = meaningfulResults(definition.space, source, *match);
            const std::string results = std::to_string(about.results) + " of its " + name + " results";
            if (about.results < kFewestOfSource) {
                about.relation = Relation::TooFew;
                about.text = about.name + " is not used: only " + results +
                             " lie in today's space; it takes " + std::to_string(kFewestOfSource) +
                             " to learn from them.";
            } else {
                about.text = results + " in " + about.name +
                             " lie in today's space; whether they are related is not known yet.";
            }
        }
        result.push_back(std::move(about));
    }
    return result;
}

} // namespace alidade
