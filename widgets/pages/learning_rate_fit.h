#pragma once

#include "base/monitor.h"
#include "learning_rate/applications.h"
#include "pages/learning_rate_state.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace alidade {

class LearningRateModel;
class NumberEdit;
class PlotView;

struct FitRequest {
    LoggedSeriesPtr losses;
    Schedule schedule;
    std::size_t steps = 0;
    double baseRate = 0.0;
    bool operator==(const FitRequest&) const = default;
};
struct FitResult {
    BoundFit fit;
    std::vector<double> steps; ///< of the points that were used
    std::vector<double> losses;
};
[[nodiscard]] Result<FitResult> computeFit(const FitRequest& request, const Monitor& monitor);

/// The bound drawn on a measured loss curve, with the distance and gradient norm that explain it best.
class LearningRateFit : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateFit(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<FitResult>& result() const { return m_result; }

signals:
    void noticed(const QString& text);
    void lossesRequested();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void request();
    void show(const Result<FitResult>& result);
    void useFit();

    LearningRateModel& m_model;
    std::optional<double> m_rate;
    std::optional<FitRequest> m_request;
    std::optional<FitResult> m_result;
    NumberEdit* m_rateField = nullptr;
    QLabel* m_schedule = nullptr;
    PlotView* m_losses = nullptr;
    PlotView* m_residuals = nullptr;
    QLabel* m_text = nullptr;
    QPushButton* m_use = nullptr;
};

} // namespace alidade
