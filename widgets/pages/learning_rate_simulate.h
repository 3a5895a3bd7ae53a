#pragma once

#include "learning_rate/simulator.h"
#include "pages/learning_rate_state.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace alidade {

class LearningRateModel;
class PlotView;
class SliderField;

/// What is simulated: every shown schedule with one optimiser on one problem.
struct SimulateRequest {
    ConvexProblem::Kind problem = ConvexProblem::Kind::LeastSquares;
    QString images; ///< file of images of digits: logistic regression on them instead of a random problem
    int dimension = 20;
    int batch = 8; ///< 0: all examples
    int repeats = 3;
    std::uint64_t seed = 1;
    std::string optimizer = "sgd";
    std::size_t steps = 1000;
    struct Run {
        qint64 id = 0;
        QString name;
        int color = 0;
        int dash = 0;
        Schedule schedule;
        /// Base rate as a multiple of the suggested one.
        double factor = 1.0;
    };
    std::vector<Run> runs;
};
struct SimulatedRun {
    SimulateRequest::Run run;
    double baseRate = 0.0;
    std::optional<Simulation> simulation;
    std::string problem; ///< why there is none
};
struct SimulateResult {
    SimulateRequest request;
    std::vector<SimulatedRun> runs;
};
[[nodiscard]] Result<SimulateResult> computeSimulation(const SimulateRequest& request,
                                                       const Monitor& monitor);

/// Runs the schedules on convex problems: measured loss of the last iterate beside its bound.
class LearningRateSimulate : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateSimulate(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<SimulateResult>& result() const { return m_result; }
    /// Offers logistic regression on the images in this file (see digitsProblem).
    void setImages(const QString& path);

signals:
    void noticed(const QString& text);

private:
    QWidget* buildFields();
    [[nodiscard]] SimulateRequest request() const;
    void start();
    void stop();
    void show(const Result<SimulateResult>& result);
    void refreshButtons();

    LearningRateModel& m_model;
    std::optional<SimulateResult> m_result;
    std::optional<quint64> m_job;
    QString m_images;
    QComboBox* m_problem = nullptr;
    QComboBox* m_optimizer = nullptr;
    SliderField* m_dimension = nullptr;
    SliderField* m_batch = nullptr;
    SliderField* m_repeats = nullptr;
    SliderField* m_steps = nullptr;
    SliderField* m_factor = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_text = nullptr;
    PlotView* m_plot = nullptr;
    QTableWidget* m_table = nullptr;
};

} // namespace alidade
