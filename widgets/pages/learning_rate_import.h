#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace alidade {

class LearningRateModel;

/// Reads logs of training runs into the model: gradient norms and losses from CSV files.
class LearningRateImport : public QObject {
    Q_OBJECT
public:
    LearningRateImport(LearningRateModel& model, QWidget* parent);

    void askNorms();
    void askLosses();
    void readNorms(const QString& path);
    void readLosses(const QString& path);

signals:
    void noticed(const QString& text); ///< what was read and what was mended
    void failed(const QString& text);

private:
    void ask(const QString& title, void (LearningRateImport::*read)(const QString&));

    LearningRateModel& m_model;
    QWidget* m_parent = nullptr;
};

} // namespace alidade
