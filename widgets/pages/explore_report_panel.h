#pragma once

#include "base/ids.h"
#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"

#include <QWidget>

#include <initializer_list>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace alidade {

class PlotView;

/// A tab of Explore about one measure: which one, a text, plots below. Computes in the background when it is
/// visible and the model is new.
class ExploreReportPanel : public QWidget {
    Q_OBJECT
signals:
    void noticed(const QString& text);

protected:
    using Measures = std::vector<MeasureId> (*)(const Definition& definition);

    /// `name` begins the object names; `measures` are to choose from.
    ExploreReportPanel(const QString& name, Measures measures, ProjectDocument& document, JobRunner& jobs,
                       DerivedCache& cache, QWidget* parent);

    [[nodiscard]] ProjectDocument& document() const { return m_document; }
    [[nodiscard]] QLabel& text() const { return *m_text; }
    [[nodiscard]] QVBoxLayout& column() const { return *m_column; }
    void addPlots(std::initializer_list<PlotView*> plots, int minimumHeight);

    /// The model is new or another measure was chosen: start() is due.
    virtual void compute(const StudyModel& model, MeasureId measure) = 0;
    /// Another study: nothing shown is true any more.
    virtual void forget() = 0;
    /// `work(const Monitor&)` returns a Result of a report, which `show` gets; an error becomes the text.
    template <typename Work, typename Show>
    void start(const QString& key, const QString& title, MeasureId measure, Work work, Show show);

    void showEvent(QShowEvent* event) override;

private:
    void fillMeasures();
    void request();
    void showError(const Error& error);
    [[nodiscard]] std::optional<MeasureId> measure() const;

    Measures m_measures;
    ProjectDocument& m_document;
    JobRunner& m_jobs;
    DerivedCache& m_cache;
    QComboBox* m_measure = nullptr;
    QLabel* m_text = nullptr;
    QVBoxLayout* m_column = nullptr;
    quint64 m_shownRevision = 0;
    std::optional<MeasureId> m_shownMeasure;
};

template <typename Work, typename Show>
void ExploreReportPanel::start(const QString& key, const QString& title, MeasureId measure, Work work,
                               Show show) {
    m_jobs.start({key, title, m_cache.modelRevision()}, this, std::move(work),
                 [this, measure, show = std::move(show)](const auto& computed, quint64 of) {
                     if (!computed.ok()) {
                         showError(computed.error());
                         return;
                     }
                     m_shownRevision = of;
                     m_shownMeasure = measure;
                     show(*computed);
                 });
}

} // namespace alidade
