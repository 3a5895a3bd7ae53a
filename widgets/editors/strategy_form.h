#pragma once

#include "study/definition.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QLineEdit;

namespace alidade {

class NumberEdit;
class ProjectDocument;
class StudyFindings;

/// Name, notes and seed of the study, and how the next settings are chosen.
class StrategyForm : public QWidget {
    Q_OBJECT
public:
    StrategyForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent = nullptr);

private:
    void refresh();
    void changeInfo(const QString& what, const std::function<void(Definition&)>& mutate);
    void changeStrategy(const QString& what, const std::function<void(Strategy&)>& mutate);

    ProjectDocument& m_document;
    StudyFindings& m_findings;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_notes = nullptr;
    QLineEdit* m_seed = nullptr;
    QComboBox* m_method = nullptr;
    QLabel* m_explanation = nullptr;
    QComboBox* m_beliefs = nullptr;
    QLabel* m_beliefsExplanation = nullptr;
    QComboBox* m_inference = nullptr;
    QComboBox* m_cost = nullptr;
    NumberEdit* m_beta = nullptr;
    NumberEdit* m_epsilon = nullptr;
    NumberEdit* m_batch = nullptr;
    NumberEdit* m_initial = nullptr;
    NumberEdit* m_budget = nullptr;
    QLabel* m_problems = nullptr;
};

} // namespace alidade
