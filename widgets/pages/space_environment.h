#pragma once

#include "base/ids.h"
#include "study/belief.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;

namespace alidade {

class DensityEditor;
class ProjectDocument;
class StudyFindings;

/// Whether nobody sets a parameter in use, and how it varies there: the objective is then averaged over it.
class SpaceEnvironment : public QWidget {
    Q_OBJECT
public:
    SpaceEnvironment(ProjectDocument& document, StudyFindings& findings, QWidget* parent = nullptr);

    void setParameter(ParameterId id);

private:
    void refresh();
    void setDensity(const std::optional<Density>& density, const QString& what);
    void changeFamily();
    [[nodiscard]] std::optional<std::size_t> index() const; ///< of the condition about the parameter

    ProjectDocument& m_document;
    StudyFindings& m_findings;
    ParameterId m_id;
    QCheckBox* m_varies = nullptr;
    QLabel* m_hint = nullptr;
    QComboBox* m_family = nullptr;
    DensityEditor* m_density = nullptr;
    QLabel* m_problems = nullptr;
};

/// How a parameter varies when nothing is known yet: a bell over the middle of its range, or all choices
/// alike.
[[nodiscard]] Density startingVariation(const Parameter& parameter);

} // namespace alidade
