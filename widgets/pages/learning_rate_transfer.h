#pragma once

#include "base/monitor.h"
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
class NumberEdit;
class PlotView;

/// From a tuned base rate of one schedule to those of others: the ratio of the optimal base rates, in which D
/// and G cancel (constant norms).
struct TransferRequest {
    Schedule source;
    std::size_t steps = 0;
    std::size_t newSteps = 0;
    std::vector<Schedule> targets;
    bool operator==(const TransferRequest&) const = default;
};
struct TransferResult {
    std::vector<std::optional<double>> factors; ///< of the targets; nothing where there is no optimum
    std::vector<double> cooldowns;              ///< fractions of wsd
    std::vector<double> linear;                 ///< factor there, linear cooldown
    std::vector<double> oneMinusSqrt;           ///< the same, 1 - sqrt cooldown
};
[[nodiscard]] Result<TransferResult> computeTransfer(const TransferRequest& request, const Monitor& monitor);

class LearningRateTransfer : public QWidget {
    Q_OBJECT
public:
    explicit LearningRateTransfer(LearningRateModel& model, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<TransferResult>& result() const { return m_result; }
    [[nodiscard]] QTableWidget& table() const { return *m_table; }
    [[nodiscard]] bool isUpToDate() const { return m_done == m_wanted; }

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void fillSources();
    void request();
    void refreshTable();
    void useRates();
    [[nodiscard]] const LearningRateEntry* source() const;
    [[nodiscard]] double tunedRate() const;

    LearningRateModel& m_model;
    qint64 m_sourceId = 0;
    std::optional<double> m_rate;
    std::optional<double> m_newSteps;
    quint64 m_wanted = 0;
    quint64 m_done = 0;
    std::optional<TransferRequest> m_request;
    std::optional<TransferResult> m_result;
    QComboBox* m_source = nullptr;
    NumberEdit* m_rateField = nullptr;
    NumberEdit* m_stepsField = nullptr;
    PlotView* m_plot = nullptr;
    QTableWidget* m_table = nullptr;
    QPushButton* m_use = nullptr;
};

} // namespace alidade
