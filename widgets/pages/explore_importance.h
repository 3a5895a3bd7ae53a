#pragma once

#include "pages/explore_report_panel.h"
#include "plots/importance_plots.h"
#include "suggest/parameter_importance.h"

#include <memory>
#include <optional>
#include <set>

namespace alidade {

/// What the plots of importance show, the most important parameter first.
struct ImportanceData {
    QStringList names;
    std::vector<IntervalValue> alone;
    std::vector<IntervalValue> total;
    std::vector<IntervalValue> permutation;
    std::vector<double> interactions; ///< names x names
};
[[nodiscard]] ImportanceData importanceData(const ImportanceReport& report, const SearchSpace& space);
/// What the figures say, in two or three sentences.
[[nodiscard]] QString importanceText(const ImportanceReport& report, const SearchSpace& space);

/// Explore, tab Importance: which parameters matter for a measure.
class ExploreImportancePanel : public ExploreReportPanel {
    Q_OBJECT
public:
    ExploreImportancePanel(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                           QWidget* parent = nullptr);

    [[nodiscard]] SharesPlot& shares() const { return *m_shares; }
    [[nodiscard]] PermutationPlot& permutation() const { return *m_permutation; }
    [[nodiscard]] InteractionPlot& interactions() const { return *m_interactions; }
    [[nodiscard]] const std::optional<ImportanceReport>& report() const { return m_report; }

private:
    void compute(const StudyModel& model, MeasureId measure) override;
    void forget() override { m_report.reset(); }
    void showReport(const ImportanceReport& report);

    SharesPlot* m_shares = nullptr;
    PermutationPlot* m_permutation = nullptr;
    InteractionPlot* m_interactions = nullptr;
    std::optional<ImportanceReport> m_report;
};

} // namespace alidade
