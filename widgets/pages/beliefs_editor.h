#pragma once

#include "study/study.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;
class QTableWidget;

namespace alidade {

class DensityEditor;
class NumberEdit;

/// The form of one belief: its density to be shaped by hand, its pair, points or trend, and how sure the user
/// is. Shows what it is given and reports what the user makes of it.
class BeliefEditor : public QWidget {
    Q_OBJECT
public:
    explicit BeliefEditor(QWidget* parent = nullptr);

    void setBelief(const Study& study, const Belief& belief);
    void setEditable(bool editable);

    [[nodiscard]] DensityEditor& density() const { return *m_density; }
    [[nodiscard]] QSlider& confidence() const { return *m_confidence; }
    [[nodiscard]] QComboBox& family() const { return *m_family; }

signals:
    void edited(const alidade::Belief& belief, bool settled);
    /// What the user typed is no value.
    void refused(const QString& text);

private:
    void build();
    void showDensity(const Density& density, const Parameter* parameter, const Objective* objective);
    void showFamilies(const Density& density, const Parameter* parameter);
    void showPair(const PreferenceBelief& pair);
    void changeFamily();
    void changeCell(int row, int column);
    void changeTrend();
    void confidenceMoved(bool settled);
    [[nodiscard]] Density* densityOf(Belief& belief) const;

    Study m_study; ///< definition and trials as shown
    Belief m_belief;
    bool m_filling = false;
    QLabel* m_title = nullptr;
    QLabel* m_familyLabel = nullptr;
    QComboBox* m_family = nullptr;
    DensityEditor* m_density = nullptr;
    QTableWidget* m_pair = nullptr;
    QWidget* m_trend = nullptr;
    QComboBox* m_direction = nullptr;
    NumberEdit* m_from = nullptr;
    NumberEdit* m_to = nullptr;
    QWidget* m_points = nullptr;
    QLabel* m_pointsText = nullptr;
    NumberEdit* m_spread = nullptr;
    QSlider* m_confidence = nullptr;
    QLabel* m_confidenceText = nullptr;
};

} // namespace alidade
