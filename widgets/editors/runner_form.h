#pragma once

#include "study/definition.h"

#include <QWidget>

#include <functional>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace alidade {

class NumberEdit;
class ProjectDocument;
class StudyFindings;

/// How trials are measured by a program: command, limits, and where each measured quantity comes from.
class RunnerForm : public QWidget {
    Q_OBJECT
public:
    RunnerForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void rebuildMeasures();
    void change(const QString& what, const std::function<void(RunnerConfiguration&)>& mutate);
    void commitTexts();
    [[nodiscard]] QString placeholders() const;

    ProjectDocument& m_document;
    StudyFindings& m_findings;
    QCheckBox* m_enabled = nullptr;
    QWidget* m_body = nullptr;
    QPlainTextEdit* m_command = nullptr;
    QLabel* m_hint = nullptr;
    QCheckBox* m_shell = nullptr;
    NumberEdit* m_jobs = nullptr;
    NumberEdit* m_timeout = nullptr;
    NumberEdit* m_retries = nullptr;
    QLineEdit* m_directory = nullptr;
    QPlainTextEdit* m_environment = nullptr;
    QFormLayout* m_measures = nullptr;
    std::vector<std::string> m_measureNames;
    QLabel* m_problems = nullptr;
};

} // namespace alidade
