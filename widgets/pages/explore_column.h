#pragma once

#include "pages/explore_axis.h"
#include "pages/explore_slices.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace alidade {

class ProfilePanel;

/// Whether an objective has a desirability, so that there is something to show in the row below them.
[[nodiscard]] bool hasDesirability(const std::vector<Objective>& objectives);

/// One column of the profiler: name, field for the exact value, and the panels below each other: the
/// objectives, the overall desirability where the study has one, the acquisition.
class ExploreColumn : public QObject {
    Q_OBJECT
public:
    ExploreColumn(const Parameter& parameter, const ExploreAxis& axis,
                  const std::vector<Objective>& objectives, QWidget* parent);

    [[nodiscard]] const ExploreAxis& axis() const { return m_axis; }
    [[nodiscard]] const Parameter& parameter() const { return m_parameter; }
    [[nodiscard]] const AxisSpec& spec() const { return m_spec; }
    [[nodiscard]] QWidget* header() const { return m_header; }
    [[nodiscard]] const std::vector<ProfilePanel*>& panels() const { return m_panels; }
    [[nodiscard]] QLineEdit* field() const { return m_field; }     ///< null for choices
    [[nodiscard]] QComboBox* choices() const { return m_choices; } ///< null for numbers
    /// A locked parameter keeps its value.
    void setLocked(bool locked);
    [[nodiscard]] bool isLocked() const;
    [[nodiscard]] QToolButton* lockButton() const { return m_lock; }
    /// "0.001 1/step", as in the header.
    [[nodiscard]] QString valueText() const;
    [[nodiscard]] double position() const { return m_position; }

    void setPosition(double position);
    void setSlices(const AxisSlices& slices);
    /// Over the positions of the last slices; `problem` instead of a curve where there is one.
    void setAcquisition(const std::vector<double>& values, const std::vector<double>& reference,
                        const QString& problem);
    void setAcquisitionTitle(const QString& title);
    void setStale(bool predictions, bool acquisition);

signals:
    void moved(double position, bool settled);
    void refused(const QString& text); ///< why the typed text is no value
    void lockToggled(bool locked);     ///< by the user

private:
    void build(QWidget* parent, const std::vector<Objective>& objectives);
    [[nodiscard]] ProfilePanel* desirabilityPanel() const; ///< null without one
    void acceptText();
    void showText();

    Parameter m_parameter;
    ExploreAxis m_axis;
    AxisSpec m_spec;
    double m_position = 0.0;
    std::vector<double> m_positions; ///< of the last slices
    QWidget* m_header = nullptr;
    QLineEdit* m_field = nullptr;
    QComboBox* m_choices = nullptr;
    QToolButton* m_lock = nullptr;
    std::vector<ProfilePanel*> m_panels;
    std::size_t m_measures = 0;
};

} // namespace alidade
