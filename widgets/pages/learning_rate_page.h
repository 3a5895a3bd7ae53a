#pragma once

#include "study/definition.h"

#include <QWidget>

#include <memory>

class QPushButton;
class QTabWidget;
class QUndoStack;

namespace alidade {

class JobRunner;
class LearningRateCompare;
class LearningRateExport;
class LearningRateExtend;
class LearningRateImport;
class LearningRateModel;
class LearningRateRefine;
class LearningRateSimulate;
class LearningRateTransfer;
class MessageBar;

/// The instrument for training runs: schedules, their bounds, and what follows from them. Works without a
/// project.
class LearningRatePage : public QWidget {
    Q_OBJECT
public:
    explicit LearningRatePage(JobRunner& jobs, QWidget* parent = nullptr);
    ~LearningRatePage() override;

    [[nodiscard]] LearningRateModel& model() const { return *m_model; }
    [[nodiscard]] QUndoStack& undoStack() const;
    [[nodiscard]] LearningRateCompare& compare() const { return *m_compare; }
    [[nodiscard]] LearningRateExtend& extend() const { return *m_extend; }
    [[nodiscard]] LearningRateTransfer& transfer() const { return *m_transfer; }
    /// Keeps the schedules in this file.
    void setFile(const QString& path);
    /// Where the bundled log of gradient norms (gradient_norms.csv) and the images (digits.csv) are.
    void setExamples(const QString& folder);

signals:
    /// The selected schedule as a study, with the theory's optima as beliefs.
    void studyRequested(const Definition& definition);

private:
    QWidget* buildLeft();
    QWidget* buildCorner();
    void tune();
    void refresh();
    void showNotice(const QString& text);
    void showError(const QString& text);

    std::unique_ptr<LearningRateModel> m_model;
    QTabWidget* m_tabs = nullptr;
    LearningRateCompare* m_compare = nullptr;
    LearningRateExtend* m_extend = nullptr;
    LearningRateTransfer* m_transfer = nullptr;
    LearningRateRefine* m_refine = nullptr;
    LearningRateSimulate* m_simulate = nullptr;
    LearningRateImport* m_import = nullptr;
    QString m_examples;
    LearningRateExport* m_export = nullptr;
    QPushButton* m_tune = nullptr;
    MessageBar* m_notice = nullptr;
};

} // namespace alidade
