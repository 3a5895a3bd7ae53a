#pragma once

#include "base/monitor.h"
#include "study/source_study.h"
#include "suggest/features.h"
#include "surrogate/outcome_model.h"

#include <string>
#include <vector>

namespace alidade {

/// What became of an earlier study.
enum class Relation {
    Unreadable, ///< its file could not be read
    NoMeasure,  ///< it has no objective or limit of this name
    TooFew,     ///< not enough of its results have a meaning in today's space
    Unknown,    ///< today has not enough results yet to tell
    Disagrees,  ///< what it predicts for today's trials does not go with what they gave
    NoHelp,     ///< today's results are explained as well without it
    Used        ///< the model of today's results learns from it
};
[[nodiscard]] std::string_view relationName(Relation relation);

/// What one earlier study tells about one measure of today's.
struct Relatedness {
    MeasureId measure;
    std::size_t source = 0; ///< number in Strategy::sources, from 0
    std::string name;       ///< of the source, for texts
    Relation relation = Relation::Unknown;
    std::size_t results = 0; ///< of the source that have a meaning in today's space
    /// Correlation between what the source alone predicts for today's trials and what they gave, in [-1, 1];
    /// 0 when not known.
    double agreement = 0.0;
    /// Of the two outcomes at one setting, by the joint model, in [0, 1]; 0 when not used.
    double correlation = 0.0;
    double logEvidence = 0.0; ///< log density of today's results with the source minus without; 0: unknown
    std::vector<std::string> missing; ///< today's parameters that it lacks; they count at their default
    std::string text;                 ///< an English sentence

    [[nodiscard]] bool used() const { return relation == Relation::Used; }
};

/// Results of a source in today's terms.
struct SourceResults {
    Eigen::MatrixXd features; ///< n x p, as today's settings look
    Eigen::VectorXd outcomes; ///< the source's units
    Eigen::VectorXd noise;    ///< known variances; empty when none is known
};

/// A setting of another space in this one: parameters are matched by name, unknown ones dropped, those that
/// the other lacks get their default. Nothing when a value is not allowed here.
[[nodiscard]] std::optional<Setting> translatedSetting(const SearchSpace& space, const SearchSpace& other,
                                                       const Setting& setting);
/// Complete, not excluded, finite results of the source's measure of this name whose settings lie in today's
/// space. `features` is a map without sources.
[[nodiscard]] SourceResults sourceResults(const SearchSpace& space, const FeatureMap& features,
                                          const Study& source, const std::string& measure);

/// What the user should hear about sources that could not be read.
[[nodiscard]] std::vector<std::string> problemsOfSources(const std::shared_ptr<const SourceStudies>& sources);

/// One entry per source about a measure of today's, before any model: readable, matching, enough results.
[[nodiscard]] std::vector<Relatedness> firstLook(const Definition& definition, MeasureId measure,
                                                 const SourceStudies& sources);

/// A model of today's results that may have learnt from sources.
struct TaughtModel {
    /// Its features are today's and one column more for each source used, in the order of `used`: 1 in the
    /// source's results, 0 in today's. Its first observations are today's.
    OutcomeModel model;
    std::vector<std::size_t> used; ///< numbers of sources, in the order in which they were taken
};

/// Learns from each source that makes today's results more probable, the best guess first. Each source is a
/// further task: a feature column with a length scale l of its own, so that two outcomes at one setting have
/// the correlation of the kernel at distance 1 / l (an intrinsic coregionalisation with correlations >= 0,
/// Bonilla et al. 2007; for Rbf exactly a product of a task kernel and one of features). Outcomes of a source
/// are first brought to today's units by a straight line through (what a model of the source alone predicts,
/// today's result), shrunk towards the ratio of the spreads; a source whose line falls is left out. A source
/// is kept when log p(today's results | sources), on the scale they are measured on, rises by more than a
/// threshold; without any, the model is exactly fitOutcomeModel() of today's. The results of sources that
/// enter are limited, so that a fit costs about as much as one of 120 results. `today` is in the user's units
/// (n x p, n >= 2), `sources` in the order of `related`, of which the entries that are Unknown are decided.
/// Errors as fitOutcomeModel() of today's results.
[[nodiscard]] Result<TaughtModel> fitWithSources(const GpData& today,
                                                 const std::vector<SourceResults>& sources,
                                                 const OutcomeModelOptions& options,
                                                 std::vector<Relatedness>& related,
                                                 const Monitor& monitor = {});

/// The same model over the columns of `sources` instead of those in `taught.used` (each of which must be
/// among them), so that the models of several measures share their features. O(n^3) when something changes.
[[nodiscard]] Result<OutcomeModel> overSources(const TaughtModel& taught,
                                               const std::vector<std::size_t>& sources);

} // namespace alidade
