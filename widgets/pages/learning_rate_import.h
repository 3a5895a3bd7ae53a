#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace alidade {

class LearningRateModel;

/// Reads logs of training runs into the model: gradient norms, losses and learning rates from CSV files.
class LearningRateImport : public QObject {
    Q_OBJECT
public:
    LearningRateImport(LearningRateModel& model, QWidget* parent);

    /// `power`: 2 prefers Euclidean norms, 1 l1 norms.
    void askNorms(int power = 2);
    void askLosses();
    /// Rates for a new schedule, or instead of those of the selected one.
    void askRates(bool replace);
    void readNorms(const QString& path);
    void readNorms(const QString& path, int power);
    void readRates(const QString& path);
    void replaceRates(const QString& path);
    void readLosses(const QString& path);

signals:
    void noticed(const QString& text); ///< what was read and what was mended
    void failed(const QString& text);

private:
    void readRates(const QString& path, bool replace);
    void ask(const QString& title, void (LearningRateImport::*read)(const QString&));

    LearningRateModel& m_model;
    QWidget* m_parent = nullptr;
    int m_power = 2;
};

} // namespace alidade
