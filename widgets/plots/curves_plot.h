#pragma once

#include "plots/plot_view.h"

#include <QPolygonF>

#include <functional>
#include <vector>

namespace alidade {

/// Intermediate measurements of one trial.
struct LearningCurve {
    enum class Kind { Complete, Running, Stopped, Failed };
    qint64 key = 0;
    Kind kind = Kind::Complete;
    std::vector<double> steps;  ///< ascending
    std::vector<double> values; ///< user's units; not finite: a gap
    bool operator==(const LearningCurve&) const = default;
};

/// A line per trial; the selected ones on top. A curve of one step is a dot.
class CurvesItem : public ChartItem {
public:
    explicit CurvesItem(PlotView& view);

    void setCurves(std::vector<LearningCurve> curves);
    [[nodiscard]] const std::vector<LearningCurve>& curves() const { return m_curves; }
    void setReadoutText(std::function<QString(const LearningCurve&, std::size_t step)> text) {
        m_text = std::move(text);
    }
    /// As drawn: pieces inside the plot.
    [[nodiscard]] const std::vector<QPolygonF>& pieces(std::size_t curve) const { return m_pieces[curve]; }

    void updateGeometry() override;
    void selectionChanged() override { update(); }
    [[nodiscard]] DataBounds bounds() const override;
    [[nodiscard]] std::optional<PlotHit> hitTest(const QPointF& scenePosition) const override;
    [[nodiscard]] std::vector<PlotHit> selectable() const override;
    [[nodiscard]] std::vector<PlotRow> rows() const override;
    [[nodiscard]] int legendCount() const override { return static_cast<int>(m_kinds.size()); }
    [[nodiscard]] QString legendText(int entry) const override;
    void paintLegendKey(QPainter* painter, const QRectF& rect, int entry) const override;
    [[nodiscard]] bool isEntryShown(int entry) const override;
    void setEntryShown(int entry, bool shown) override;

protected:
    void draw(QPainter* painter, QWidget* widget) override;

private:
    [[nodiscard]] bool isDrawn(std::size_t curve) const;
    [[nodiscard]] QPen pen(LearningCurve::Kind kind) const;
    [[nodiscard]] PlotHit hitOf(std::size_t curve, std::size_t step) const;
    void drawCurve(QPainter* painter, std::size_t curve, const QPen& pen) const;

    std::vector<LearningCurve> m_curves;
    std::vector<LearningCurve::Kind> m_kinds; ///< that there are, in their order
    std::vector<LearningCurve::Kind> m_hidden;
    std::vector<std::vector<QPolygonF>> m_pieces;
    std::function<QString(const LearningCurve&, std::size_t)> m_text;
};

/// Learning curves: intermediate measurements of every trial against the step.
class CurvesPlot : public PlotView {
    Q_OBJECT
public:
    explicit CurvesPlot(QWidget* parent = nullptr);
    void setData(const AxisSpec& step, const AxisSpec& measure, std::vector<LearningCurve> curves);
    void setTrialText(const std::function<QString(qint64 key)>& text);
    [[nodiscard]] const CurvesItem& curves() const { return *m_item; }

private:
    CurvesItem* m_item = nullptr;
};

} // namespace alidade
