#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace alidade {

class LearningRateModel;
class MessageBar;
class PlotView;
class SliderField;

/// Learning rate and batch size from the size of the model and of the data.
class LearningRateScaling : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateScaling(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] double rate() const { return m_predictedRate; }

signals:
    void noticed(const QString& text);

private:
    void refresh();
    void useRate();

    LearningRateModel& m_model;
    double m_predictedRate = 0.0;
    QComboBox* m_law = nullptr;
    SliderField* m_parameters = nullptr;
    SliderField* m_tokens = nullptr;
    SliderField* m_sequence = nullptr;
    QLabel* m_result = nullptr;
    QLabel* m_source = nullptr;
    MessageBar* m_warning = nullptr;
    PlotView* m_rates = nullptr;
    PlotView* m_batches = nullptr;
    QPushButton* m_use = nullptr;
};

} // namespace alidade
