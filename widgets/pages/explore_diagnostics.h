#pragma once

#include "plots/diagnostic_plots.h"
#include "suggest/study_model.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;

namespace alidade {

class DerivedCache;
class JobRunner;
class ProjectDocument;
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

/// Explore, tab Diagnostics: can the model be trusted? Computes in the background when it is visible and the
/// model is new.
class ExploreDiagnosticsPanel : public QWidget {
    Q_OBJECT
public:
    ExploreDiagnosticsPanel(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                            TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] LeaveOneOutPlot& leaveOneOut() const { return *m_leaveOneOut; }
    [[nodiscard]] ResidualPlot& residuals() const { return *m_residuals; }
    [[nodiscard]] CalibrationPlot& calibration() const { return *m_calibration; }
    [[nodiscard]] const std::optional<DiagnosticReport>& report() const { return m_report; }

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillMeasures();
    void request();
    void showReport(const DiagnosticReport& report);
    void selectionChanged();
    [[nodiscard]] std::optional<MeasureId> measure() const;

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    TrialSelection& m_selection;
    QComboBox* m_measure = nullptr;
    QLabel* m_text = nullptr;
    QLabel* m_findings = nullptr;
    LeaveOneOutPlot* m_leaveOneOut = nullptr;
    ResidualPlot* m_residuals = nullptr;
    CalibrationPlot* m_calibration = nullptr;
    std::optional<DiagnosticReport> m_report;
    quint64 m_shownRevision = 0;
    std::optional<MeasureId> m_shownMeasure;
};

} // namespace alidade
