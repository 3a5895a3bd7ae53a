#pragma once

#include "base/ids.h"
#include "space/search_space.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace alidade {

class ConditionEditor;
class MixtureTable;
class NumberEdit;
class ProjectDocument;
class StudyFindings;

/// All properties of one parameter. Each finished field is one undo step; what is wrong is said below.
class ParameterForm : public QWidget {
    Q_OBJECT
public:
    ParameterForm(ProjectDocument& document, StudyFindings& findings, QWidget* parent = nullptr);

    void setParameter(ParameterId id);
    [[nodiscard]] ParameterId parameter() const { return m_id; }
    void focusName();

private:
    void build();
    void refresh();
    void showRows();
    void change(const QString& what, const std::function<void(Parameter&)>& mutate);
    void changeKind(int kind);
    void changeDefault(const QString& text);
    [[nodiscard]] const Parameter* current() const;

    ProjectDocument& m_document;
    StudyFindings& m_findings;
    ParameterId m_id;
    QFormLayout* m_form = nullptr;
    QLineEdit* m_name = nullptr;
    QComboBox* m_kind = nullptr;
    QWidget* m_range = nullptr;
    NumberEdit* m_low = nullptr;
    NumberEdit* m_high = nullptr;
    QComboBox* m_scale = nullptr;
    NumberEdit* m_step = nullptr;
    QLineEdit* m_choices = nullptr;
    MixtureTable* m_mixture = nullptr;
    NumberEdit* m_total = nullptr;
    QLineEdit* m_unit = nullptr;
    QLineEdit* m_default = nullptr;
    QComboBox* m_defaultChoice = nullptr;
    ConditionEditor* m_conditions = nullptr;
    QLabel* m_problems = nullptr;
};

/// A domain of another kind that keeps what can be kept of `from` (the range, the choices).
[[nodiscard]] Domain convertedDomain(const Domain& from, int kind);

} // namespace alidade
