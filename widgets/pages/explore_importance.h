#pragma once

#include "plots/importance_plots.h"
#include "suggest/parameter_importance.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <set>

class QComboBox;
class QLabel;

namespace alidade {

class DerivedCache;
class JobRunner;
class ProjectDocument;

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

/// Explore, tab Importance: which parameters matter for a measure. Computes in the background whenever it is
/// visible and the model is new.
class ExploreImportancePanel : public QWidget {
    Q_OBJECT
public:
    ExploreImportancePanel(ProjectDocument& document, JobRunner& jobs, DerivedCache& cache,
                           QWidget* parent = nullptr);

    [[nodiscard]] SharesPlot& shares() const { return *m_shares; }
    [[nodiscard]] PermutationPlot& permutation() const { return *m_permutation; }
    [[nodiscard]] InteractionPlot& interactions() const { return *m_interactions; }
    [[nodiscard]] const std::optional<ImportanceReport>& report() const { return m_report; }

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillMeasures();
    void request();
    void showReport(const ImportanceReport& report);
    [[nodiscard]] std::optional<MeasureId> measure() const;

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    QComboBox* m_measure = nullptr;
    QLabel* m_text = nullptr;
    SharesPlot* m_shares = nullptr;
    PermutationPlot* m_permutation = nullptr;
    InteractionPlot* m_interactions = nullptr;
    std::optional<ImportanceReport> m_report;
    quint64 m_shownRevision = 0;
    std::optional<MeasureId> m_shownMeasure;
};

} // namespace alidade
