#pragma once

#include "base/monitor.h"
#include "learning_rate/refinement.h"
#include "pages/learning_rate_state.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;

namespace alidade {

class LearningRateModel;
class PlotView;
class SliderField;

struct RefineRequest {
    LoggedSeriesPtr norms;
    std::size_t steps = 0;
    RefinementOptions options;
    [[nodiscard]] bool operator==(const RefineRequest& other) const {
        return norms == other.norms && steps == other.steps && options.power == other.options.power &&
               options.smoothing == other.options.smoothing;
    }
};
struct RefineResult {
    RefinedSchedule refined;   ///< on the logged grid
    std::vector<double> rates; ///< over the steps of the run, largest about 1
    std::vector<double> best; ///< smallest last-iterate bound for the smoothed norms, largest 1; may be empty
    double linearBound = 0.0; ///< last-iterate bounds for the smoothed norms at D = 1, tuned
    double refinedBound = 0.0;
    double bestBound = 0.0;
};
[[nodiscard]] Result<RefineResult> computeRefinement(const RefineRequest& request, const Monitor& monitor);

/// A schedule from the gradient norms of a finished run.
class LearningRateRefine : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateRefine(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<RefineResult>& result() const { return m_result; }
    /// Offers the bundled log.
    void offerExample();

signals:
    void noticed(const QString& text);
    /// Which norms: 2 Euclidean, 1 l1.
    void normsRequested(int power);
    void exampleRequested(int power);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void request();
    void show(const Result<RefineResult>& result);
    void addRefined(bool best);

    LearningRateModel& m_model;
    std::optional<RefineRequest> m_request;
    std::optional<RefineResult> m_result;
    QComboBox* m_power = nullptr;
    SliderField* m_smoothing = nullptr;
    PlotView* m_norms = nullptr;
    PlotView* m_schedules = nullptr;
    QLabel* m_text = nullptr;
    QPushButton* m_example = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_addBest = nullptr;
};

} // namespace alidade
