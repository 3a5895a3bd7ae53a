#pragma once

#include "pages/explore_slices.h"
#include "plots/plot_menu.h"
#include "plots/plot_source.h"

#include <QRectF>
#include <QTimer>
#include <QWidget>

#include <set>
#include <vector>

namespace alidade {

class DesirabilityProfile;
class ExploreColumn;
class ProfilePanel;

/// The profiler: one column per parameter (or share of a mixture), one row per objective, one for the overall
/// desirability where the study has one, and one for the acquisition. At the end of the first rows stand the
/// objectives' desirabilities, with the prediction marked. Columns share the x axis, rows the y axis. Moving
/// a cursor, in any panel or in the field on top, moves the setting; the owner computes new slices and hands
/// them in.
class ExploreProfiler : public QWidget, public PlotSource {
    Q_OBJECT
public:
    explicit ExploreProfiler(QWidget* parent = nullptr);
    ~ExploreProfiler() override;

    /// Builds the columns anew when parameters or objectives have changed: as many as fit into a frame at
    /// once, the others one by one from the event loop, so that many parameters do not freeze the window.
    void setDefinition(const Definition& definition);
    /// All columns are there; built() tells when. Slices that come earlier are dropped.
    [[nodiscard]] bool isBuilt() const { return m_columns.size() == m_axes.size(); }
    /// Builds the columns that are missing at once, for pictures that are not on the screen.
    void finishBuilding();
    /// One value per parameter (see fullValues): cursors and fields move at once.
    void setValues(const Setting& values);
    void setSlices(const ExploreSlices& slices, bool settled);
    /// Of the last slices; an error is shown in place of the curves.
    void setAcquisition(const Result<ExploreAcquisition>& acquisition, bool settled);
    /// Which acquisition the last row shows.
    void setAcquisitionKind(AcquisitionKind kind);
    void setStale(bool predictions, bool acquisition);
    void setSelectedKeys(const std::set<qint64>& keys);
    /// Parameters that the user has locked.
    [[nodiscard]] const std::set<ParameterId>& locked() const { return m_locked; }
    /// Height of the visible part, for which panels are made to fit.
    void setViewportHeight(int height);
    void setExportHooks(ExportHooks hooks);

    [[nodiscard]] std::size_t columnCount() const { return m_columns.size(); }
    [[nodiscard]] std::size_t rowCount() const { return m_measures.size() + (m_desirability ? 2 : 1); }
    /// Rows: objectives in order, the desirability where hasDesirabilityRow(), the acquisition.
    [[nodiscard]] ProfilePanel& panel(std::size_t column, std::size_t row) const;
    [[nodiscard]] bool hasDesirabilityRow() const { return m_desirability; }
    /// Desirability of each objective at the end of its row; null where it has none.
    [[nodiscard]] const std::vector<DesirabilityProfile*>& ends() const { return m_ends; }
    [[nodiscard]] ExploreColumn& column(std::size_t column) const { return *m_columns[column]; }

    [[nodiscard]] QString plotName() const override { return QStringLiteral("profiler"); }
    [[nodiscard]] QSizeF plotSize() const override;
    [[nodiscard]] PlotTable table() const override;
    void render(QPainter& painter, const QRectF& target, const PlotRendering& rendering) override;

signals:
    void built();
    void axisMoved(const alidade::ExploreAxis& axis, double position, bool settled);
    void lockChanged();
    void trialClicked(qint64 id, Qt::KeyboardModifiers modifiers);
    void noticed(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Layout {
        std::vector<QRectF> headers;
        std::vector<std::vector<QRectF>> panels; ///< by column and row
        std::vector<bool> first;                 ///< first column of a band: carries the y labels
        std::vector<QRectF> ends;                ///< by objective, right of the first band
        QRectF endsHeader;
        QRectF overall; ///< right of the row of the overall desirability
        QRectF caption;
        double height = 0.0;
    };
    void buildColumns();
    void addColumn(const ExploreAxis& axis);
    [[nodiscard]] Layout layoutFor(double width, double height) const;
    [[nodiscard]] double labelMargin() const;
    void arrange();
    void applyMargins(const Layout& layout);
    [[nodiscard]] QString caption() const;
    void drawTexts(QPainter& painter, const Layout& layout, const QPointF& origin,
                   const PlotTheme& theme) const;
    void rebuildEnds();
    void lock(ParameterId parameter, bool locked);
    void linkRanges(std::size_t column, std::size_t row);
    void shareRange(std::size_t row, AxisRange wanted, bool settled);

    Definition m_definition; ///< parameters and objectives as shown
    std::vector<MeasureId> m_measures;
    std::vector<ExploreAxis> m_axes; ///< of all columns, built or not
    std::vector<ExploreColumn*> m_columns;
    QTimer m_builder;
    std::vector<DesirabilityProfile*> m_ends;
    bool m_desirability = false;
    bool m_slopes = false;                           ///< some trial shown has one
    std::optional<DesirabilityPrediction> m_overall; ///< at the setting
    std::vector<AxisRange> m_rowRanges;
    Setting m_values;
    std::set<ParameterId> m_locked;
    int m_viewportHeight = 600;
    AcquisitionKind m_acquisition = AcquisitionKind::LogEi;
    bool m_current = false; ///< the shown curves belong to the columns
    bool m_linking = false;
};

} // namespace alidade
