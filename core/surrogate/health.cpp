#include "surrogate/health.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

namespace alidade {
namespace {

constexpr std::array<std::pair<HealthCode, std::string_view>, 15> kCodes{
    {{HealthCode::NoiseDominates, "noise_dominates"},
     {HealthCode::FewResults, "few_results"},
     {HealthCode::LengthScaleAtBound, "length_scale_at_bound"},
     {HealthCode::Irrelevant, "irrelevant"},
     {HealthCode::TrialsDisagree, "trials_disagree"},
     {HealthCode::Outlier, "outlier"},
     {HealthCode::IntervalsTooNarrow, "intervals_too_narrow"},
     {HealthCode::IntervalsTooWide, "intervals_too_wide"},
     {HealthCode::PredictsPoorly, "predicts_poorly"},
     {HealthCode::OutcomeWarped, "outcome_warped"},
     {HealthCode::InputsWarped, "inputs_warped"},
     {HealthCode::SlopesKnown, "slopes_known"},
     {HealthCode::NumericallySingular, "numerically_singular"},
     {HealthCode::OutliersDownWeighted, "outliers_down_weighted"},
     {HealthCode::FitStopped, "fit_stopped"}}};

constexpr Eigen::Index kEnoughToJudge = 10; ///< observations for a verdict by leave-one-out
constexpr double kSurprising = 0.01;        ///< probability below which a count is no chance
constexpr double kOutlier = 4.0;            ///< standard deviations; 1 in 16,000 by chance
constexpr std::size_t kMostListed = 5;      ///< findings of one kind
constexpr double kIrrelevantCorrelation = 0.999;
constexpr double kIrrelevantShare = 0.01; ///< of the variance of the results, across the whole range
constexpr double kSameFeatures = 1e-16;   ///< squared distance of features

/// Three significant digits.
std::string figure(double value) {
    char buffer[32];
    const auto [end, status] =
        std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::general, 3);
    return status == std::errc{} ? std::string(buffer, end) : std::string();
}

std::string percent(double share) {
    return std::to_string(std::lround(100.0 * share)) + " %";
}

class Examination {
public:
    Examination(const OutcomeModel& model, const LeaveOneOut& check, const HealthNames& names)
        : m_model(model), m_data(model.process.data()), m_hyper(model.process.hyperparameters()),
          m_check(check), m_names(names) {}

    [[nodiscard]] std::vector<HealthFinding> findings() {
        amountOfData();
        noise();
        lengthScales();
        disagreements();
        outliers();
        downWeighted();
        intervals();
        scale();
        numerics();
        std::stable_sort(m_findings.begin(), m_findings.end(), [](const auto& a, const auto& b) {
            return a.severity == Severity::Warning && b.severity == Severity::Note;
        });
        return std::move(m_findings);
    }

private:
    void add(HealthCode code, Severity severity, std::string text, std::string place = {},
             std::vector<Eigen::Index> observations = {}) {
        m_findings.push_back({code, severity, std::move(text), std::move(place), std::move(observations)});
    }
    /// Length scales of inputs; further ones say how related other studies are.
    [[nodiscard]] Eigen::Index inputs() const {
        const Eigen::Index all = m_hyper.lengthScales.size();
        return m_model.ownObservations ? std::min(all, static_cast<Eigen::Index>(m_names.groups.size()))
                                       : all;
    }
    [[nodiscard]] std::string groupName(Eigen::Index group) const {
        const auto index = static_cast<std::size_t>(group);
        return index < m_names.groups.size() ? m_names.groups[index]
                                             : "coordinate " + std::to_string(group + 1);
    }
    [[nodiscard]] std::string observationName(Eigen::Index row) const {
        const auto index = static_cast<std::size_t>(row);
        return index < m_names.observations.size() ? m_names.observations[index]
                                                   : "observation " + std::to_string(row + 1);
    }
    [[nodiscard]] std::string withUnit(const std::string& text) const {
        return m_names.unit.empty() ? text : text + " " + m_names.unit;
    }
    /// Half the width, in the user's units, of one standard deviation about the centre of the outcomes.
    [[nodiscard]] double inUserUnits(double standardDeviation) const {
        return beliefInUserUnits(m_model.transform, m_data.y.mean(), standardDeviation).spread;
    }
    [[nodiscard]] double noiseVariance(Eigen::Index row) const {
        return m_hyper.noiseVariance + (m_data.extraNoise.size() != 0 ? m_data.extraNoise(row) : 0.0);
    }

    void amountOfData() {
        const Eigen::Index n = m_data.y.size();
        const Eigen::Index dimensions = inputs();
        if (n < 2 * dimensions)
            add(HealthCode::FewResults, Severity::Note,
                "Only " + std::to_string(n) + " results for " + std::to_string(dimensions) +
                    " dimensions: how smooth the outcome is, is mostly assumed.");
    }

    void noise() {
        const Eigen::Index n = m_data.y.size();
        double noise = m_hyper.noiseVariance;
        if (m_data.extraNoise.size() != 0)
            noise += m_data.extraNoise.mean();
        const double variance = (m_data.y.array() - m_data.y.mean()).square().mean();
        if (n >= 3 && variance > 0.0 && (noise > m_hyper.outputVariance || noise > 0.5 * variance))
            add(HealthCode::NoiseDominates, Severity::Warning,
                "Noise dominates: its standard deviation is " +
                    withUnit(figure(inUserUnits(std::sqrt(noise)))) + ", and it makes up " +
                    percent(std::min(1.0, noise / variance)) +
                    " of the variance of the results. Repeated measurements or a less noisy one would help.");
    }

    void lengthScales() {
        // A large signal may still change by much over a small part of its length scale.
        const double variance = (m_data.y.array() - m_data.y.mean()).square().mean();
        const FitOptions bounds;
        for (Eigen::Index g = 0; g < inputs(); ++g) {
            const double scale = m_hyper.lengthScales(g);
            const std::string name = groupName(g);
            if (scale < 1.01 * bounds.lowestLengthScale)
                add(HealthCode::LengthScaleAtBound, Severity::Warning,
                    "The length scale of " + name + " is at its lower bound (" + figure(scale) +
                        " of its range): the outcome seems to change erratically along it, which may be "
                        "noise "
                        "or a range that is far too wide.",
                    name);
            else if (scale > 0.99 * bounds.highestLengthScale)
                add(HealthCode::LengthScaleAtBound, Severity::Note,
                    "The length scale of " + name + " is at its upper bound (" + figure(scale) +
                        " times its range): " + name + " seems not to matter.",
                    name);
            else if (const double across = correlation(m_model.process.family(), 1.0 / (scale * scale));
                     across > kIrrelevantCorrelation &&
                     2.0 * m_hyper.outputVariance * (1.0 - across) < kIrrelevantShare * variance)
                add(HealthCode::Irrelevant, Severity::Note,
                    name + " seems not to matter: its length scale is " + figure(scale) + " times its range.",
                    name);
        }
    }

    /// Pairs at one place whose difference is larger than their noise, or than the spread of all results.
    void disagreements() {
        const double spread = std::sqrt((m_data.y.array() - m_data.y.mean()).square().mean());
        struct Pair {
            Eigen::Index a, b;
            double difference;
        };
        std::vector<Pair> pairs;
        for (Eigen::Index a = 0; a < m_model.own(); ++a)
            for (Eigen::Index b = a + 1; b < m_model.own(); ++b) {
                const double difference = std::abs(m_data.y(a) - m_data.y(b));
                if (difference == 0.0 || (m_data.x.row(a) - m_data.x.row(b)).squaredNorm() > kSameFeatures)
                    continue;
                const double expected = std::sqrt(noiseVariance(a) + noiseVariance(b));
                if (difference > kOutlier * expected || difference > spread)
                    pairs.push_back({a, b, difference});
            }
        std::stable_sort(pairs.begin(), pairs.end(),
                         [](const Pair& a, const Pair& b) { return a.difference > b.difference; });
        if (pairs.size() > kMostListed)
            pairs.resize(kMostListed);
        for (const Pair& pair : pairs)
            add(HealthCode::TrialsDisagree, Severity::Warning,
                "Two results at one place disagree: " + observationName(pair.a) + " has " +
                    withUnit(figure(m_model.toUser(m_data.y(pair.a)))) + ", " + observationName(pair.b) +
                    " has " + withUnit(figure(m_model.toUser(m_data.y(pair.b)))) +
                    ". Check them, or expect this much noise.",
                {}, {pair.a, pair.b});
    }

    void outliers() {
        if (m_check.residuals.size() < kEnoughToJudge)
            return;
        std::vector<Eigen::Index> rows;
        for (Eigen::Index i = 0; i < m_check.residuals.size(); ++i)
            if (std::abs(m_check.residuals(i)) > kOutlier)
                rows.push_back(i);
        std::stable_sort(rows.begin(), rows.end(), [&](Eigen::Index a, Eigen::Index b) {
            return std::abs(m_check.residuals(a)) > std::abs(m_check.residuals(b));
        });
        if (rows.size() > kMostListed)
            rows.resize(kMostListed);
        for (const Eigen::Index row : rows)
            add(HealthCode::Outlier, Severity::Warning,
                observationName(row) + " contradicts the others: it has " +
                    withUnit(figure(m_check.measured(row))) + " where they predict " +
                    withUnit(figure(m_check.mean(row)) + " ± " + figure(m_check.standardDeviation(row))) +
                    " (" + figure(std::abs(m_check.residuals(row))) +
                    " standard deviations). Check it for a slip; exclude it if it is one.",
                {}, {row});
    }

    void intervals() {
        const auto n = static_cast<std::size_t>(m_check.residuals.size());
        if (static_cast<Eigen::Index>(n) < kEnoughToJudge)
            return;
        const auto inside = [&](double nominal) {
            return static_cast<std::size_t>(std::lround(m_check.coverage(nominal) * static_cast<double>(n)));
        };
        const std::size_t outside = n - inside(0.9);
        if (binomialUpperTail(outside, n, 0.1) < kSurprising)
            add(HealthCode::IntervalsTooNarrow, Severity::Warning,
                "Predictions are overconfident: when each result is predicted from all others, " +
                    percent(m_check.coverage(0.9)) + " lie inside the 90 % intervals.");
        else if (binomialUpperTail(inside(0.5), n, 0.5) < kSurprising && m_check.coverage(0.5) > 0.75)
            add(HealthCode::IntervalsTooWide, Severity::Note,
                "Predictions are cautious: when each result is predicted from all others, " +
                    percent(m_check.coverage(0.5)) + " lie inside the 50 % intervals.");
        if (m_check.rSquared <= 0.0)
            add(HealthCode::PredictsPoorly, Severity::Warning,
                "The model does not predict yet: each result is predicted from all others no better than by "
                "their mean (R² " +
                    figure(m_check.rSquared) + ").");
    }

    void downWeighted() {
        if (m_model.downWeighted.empty())
            return;
        std::string list;
        for (const Eigen::Index row : m_model.downWeighted)
            list += (list.empty() ? "" : ", ") + observationName(row);
        add(HealthCode::OutliersDownWeighted, Severity::Note,
            "The model hardly listens to " + list +
                ": the results are better explained when these have a noise of their own.",
            {}, m_model.downWeighted);
    }

    void scale() {
        if (m_model.transform.warped())
            add(HealthCode::OutcomeWarped, Severity::Note,
                "The outcome is modelled on " + transformName(m_model.transform) +
                    ": that explains the results better than the outcome as measured (log evidence +" +
                    figure(m_model.evidenceForTransform) + ").");
    }

    void numerics() {
        if (m_model.process.jitter() > 0.0)
            add(HealthCode::NumericallySingular, Severity::Note,
                "Results lie so close together that the covariance had to be stabilised with a variance of " +
                    figure(m_model.process.jitter()) + " (of standardised outcomes).");
        if (m_model.fit.stopped)
            add(HealthCode::FitStopped, Severity::Warning,
                "The fit was stopped early: its hyper-parameters are the best found so far.");
    }

    const OutcomeModel& m_model;
    const GpData& m_data;
    const Hyperparameters& m_hyper;
    const LeaveOneOut& m_check;
    const HealthNames& m_names;
    std::vector<HealthFinding> m_findings;
};

} // namespace

std::string_view healthCodeName(HealthCode wanted) {
    for (const auto& [code, name] : kCodes)
        if (code == wanted)
            return name;
    return {};
}

std::string_view severityName(Severity severity) {
    return severity == Severity::Warning ? "warning" : "note";
}

std::vector<HealthFinding> healthReport(const OutcomeModel& model, const LeaveOneOut& check,
                                        const HealthNames& names) {
    return Examination(model, check, names).findings();
}

} // namespace alidade
