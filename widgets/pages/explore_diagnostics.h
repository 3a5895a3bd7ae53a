#pragma once

#include "pages/explore_report_panel.h"
#include "plots/diagnostic_plots.h"
#include "suggest/study_model.h"

#include <optional>
#include <vector>

class QLabel;

namespace alidade {

class TrialSelection;

/// Leave-one-out predictions of one measure and what the model's health report says.
struct DiagnosticReport {
    struct Finding {
        bool warning = false;
        QString text; ///< an English sentence of the core
    };
    DiagnosticData data;
    double rSquared = 0.0;
    double rootMeanSquareError = 0.0; ///< user's units
    double inside95 = 0.0;            ///< share of the trials inside their 95 % intervals
    std::vector<Finding> findings;    ///< warnings first
};
/// O(n^3): for a worker thread. Errors: NotFound (the measure has no model).
[[nodiscard]] Result<DiagnosticReport> diagnosticReport(const StudyModel& model, const Definition& definition,
                                                        MeasureId measure);
/// "Trials are predicted from the others with R² = 0.93 ...", plain text.
[[nodiscard]] QString diagnosticText(const DiagnosticReport& report);
/// The findings as a list, rich text.
[[nodiscard]] QString findingsHtml(const DiagnosticReport& report);

/// Explore, tab Diagnostics: can the model be trusted?
class ExploreDiagnosticsPanel : public ExploreReportPanel {
    Q_OBJECT
public:
    ExploreDiagnosticsPanel(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                            TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] LeaveOneOutPlot& leaveOneOut() const { return *m_leaveOneOut; }
    [[nodiscard]] ResidualPlot& residuals() const { return *m_residuals; }
    [[nodiscard]] CalibrationPlot& calibration() const { return *m_calibration; }
    [[nodiscard]] const std::optional<DiagnosticReport>& report() const { return m_report; }

private:
    void compute(const StudyModel& model, MeasureId measure) override;
    void forget() override { m_report.reset(); }
    void showReport(const DiagnosticReport& report);
    void selectionChanged();

    TrialSelection& m_selection;
    QLabel* m_findings = nullptr;
    LeaveOneOutPlot* m_leaveOneOut = nullptr;
    ResidualPlot* m_residuals = nullptr;
    CalibrationPlot* m_calibration = nullptr;
    std::optional<DiagnosticReport> m_report;
};

} // namespace alidade
