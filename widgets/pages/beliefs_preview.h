#pragma once

#include "pages/beliefs_sketch.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace alidade {

class BarItem;
class LineItem;
class PlotView;

/// What the beliefs claim, seen: sample functions along one parameter before and after them, the density of
/// the optimum, and what the data say. Only shows; the owner computes sketches.
class BeliefsPreview : public QWidget {
    Q_OBJECT
public:
    explicit BeliefsPreview(QWidget* parent = nullptr);

    /// Choices of axis and objective; keeps the present ones where they still exist.
    void setDefinition(const Definition& definition);
    void setSketch(const BeliefsSketch& sketch, const Definition& definition);
    /// In place of the plots; empty shows them.
    void setMessage(const QString& message);

    [[nodiscard]] std::optional<ExploreAxis> axis() const;
    [[nodiscard]] MeasureId objective() const;
    /// Looks along this parameter.
    void showParameter(ParameterId parameter);

    [[nodiscard]] PlotView& functions() const { return *m_functions; }
    [[nodiscard]] PlotView& optimum() const { return *m_optimum; }
    [[nodiscard]] QLabel& verdict() const { return *m_verdict; }
    [[nodiscard]] QLabel& details() const { return *m_details; }

signals:
    void choiceChanged();

private:
    void build();
    void showOptimum(const BeliefsSketch& sketch, const AxisSpec& axis, bool any);

    std::vector<ExploreAxis> m_axes;
    std::vector<MeasureId> m_objectives;
    QComboBox* m_axisBox = nullptr;
    QComboBox* m_objectiveBox = nullptr;
    PlotView* m_functions = nullptr;
    PlotView* m_optimum = nullptr;
    std::vector<LineItem*> m_before;
    std::vector<LineItem*> m_after;
    LineItem* m_meanBefore = nullptr;
    LineItem* m_meanAfter = nullptr;
    LineItem* m_optimumBefore = nullptr;
    LineItem* m_optimumAfter = nullptr;
    BarItem* m_choiceBefore = nullptr; ///< of a choice
    BarItem* m_choiceAfter = nullptr;
    QLabel* m_verdict = nullptr;
    QLabel* m_details = nullptr;
};

} // namespace alidade
