#pragma once

#include "pages/explore_slices.h"

#include <QWidget>

#include <optional>
#include <set>

class QCheckBox;
class QComboBox;

namespace alidade {

class HeatMapItem;
class PlotView;
class PointsItem;

/// Map of one quantity over two parameters, with isolines, trials and the present setting. A click moves the
/// setting.
class ExploreMapPanel : public QWidget {
    Q_OBJECT
public:
    explicit ExploreMapPanel(QWidget* parent = nullptr);

    /// Fills the choices; keeps what was chosen where it still exists.
    void setDefinition(const Definition& definition);
    /// What to compute; nothing when the space has fewer than two parameters.
    struct Choice {
        ExploreAxis x;
        ExploreAxis y;
        MeasureId measure;
        MapQuantity quantity = MapQuantity::Mean;
        AcquisitionKind acquisition = AcquisitionKind::LogEi; ///< where that is the quantity
        bool operator==(const Choice&) const = default;
    };
    [[nodiscard]] std::optional<Choice> choice() const;
    void setChoice(const Choice& choice);

    void setMap(const ExploreMap& map, const Choice& choice);
    void setValues(const Setting& values);
    void setStale(bool stale);
    void setMessage(const QString& message);

    [[nodiscard]] PlotView& view() const { return *m_view; }
    [[nodiscard]] const HeatMapItem& map() const { return *m_map; }
    [[nodiscard]] const PointsItem& trials() const { return *m_trials; }

signals:
    void choiceChanged();
    /// Both axes at once, axis positions.
    void moved(const alidade::ExploreAxis& x, double atX, const alidade::ExploreAxis& y, double atY);

private:
    void updateMarker();
    [[nodiscard]] AxisSpec quantitySpec(const Choice& choice) const;

    Definition m_definition;
    std::vector<ExploreAxis> m_axes;
    std::optional<Choice> m_shown;
    Setting m_values;
    QComboBox* m_x = nullptr;
    QComboBox* m_y = nullptr;
    QComboBox* m_measure = nullptr;
    QComboBox* m_quantity = nullptr;
    QCheckBox* m_isolines = nullptr;
    PlotView* m_view = nullptr;
    HeatMapItem* m_map = nullptr;
    PointsItem* m_trials = nullptr;
    PointsItem* m_marker = nullptr;
};

} // namespace alidade
