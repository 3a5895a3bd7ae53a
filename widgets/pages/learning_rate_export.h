#pragma once

#include "pages/learning_rate_state.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <map>

class QMenu;
class QWidget;

namespace alidade {

class LearningRateModel;

/// step and the rate of every schedule (base rate times shape), comma separated, all steps. `baseRates` by
/// entry; entries without one are left out.
[[nodiscard]] Result<QByteArray> schedulesCsv(const LearningRateState& state,
                                              const std::map<qint64, double>& baseRates);

/// Saves and opens the schedules, and hands the selected one on as code.
class LearningRateExport : public QObject {
    Q_OBJECT
public:
    LearningRateExport(LearningRateModel& model, QWidget* parent);

    void fill(QMenu& menu);
    /// By suffix: .csv, .json.
    [[nodiscard]] Result<void> save(const QString& path);
    [[nodiscard]] Result<void> open(const QString& path);
    enum class Language { PyTorch, Optax };
    [[nodiscard]] Result<QString> code(Language language) const;

signals:
    void noticed(const QString& text);
    void failed(const QString& text);

private:
    void ask(bool saving, const QString& filter, const QString& suffix);
    void copyCode(Language language);

    LearningRateModel& m_model;
    QWidget* m_parent = nullptr;
};

} // namespace alidade
