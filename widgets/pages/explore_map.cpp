#include "pages/explore_map.h"

#include "editors/widget_style.h"
#include "models/value_text.h"
#include "plots/heat_map_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/points_item.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace alidade {

namespace {

constexpr double kStaleOpacity = 0.45;
constexpr double kAcquisitionDepth = 15.0; // natural-log units below the maximum that get colours

/// What the last entries of the list of quantities show.
constexpr std::array kMoreAcquisitions{
    AcquisitionKind::LogNei,      AcquisitionKind::Kg,  AcquisitionKind::Mes,
    AcquisitionKind::Jes,         AcquisitionKind::Pes, AcquisitionKind::Thompson,
    AcquisitionKind::EiPerSecond, AcquisitionKind::Ucb, AcquisitionKind::Pi};
constexpr int kQuantities = 4;

QComboBox* addChoice(QHBoxLayout* row, QWidget* parent, const QString& label, const QString& name) {
    auto* text = new QLabel(label, parent);
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    guardWheel(box);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    text->setBuddy(box);
    row->addWidget(text);
    row->addWidget(box);
    return box;
}

void refill(QComboBox* box, const QStringList& texts, int fallback) {
    const QSignalBlocker blocker(box);
    const QString before = box->currentText();
    box->clear();
    box->addItems(texts);
    const int kept = box->findText(before);
    box->setCurrentIndex(kept >= 0 ? kept : std::min<int>(fallback, static_cast<int>(texts.size()) - 1));
}

} // namespace

ExploreMapPanel::ExploreMapPanel(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* row = new QHBoxLayout;
    m_x = addChoice(row, this, tr("&Horizontal:"), QStringLiteral("mapX"));
    m_y = addChoice(row, this, tr("&Vertical:"), QStringLiteral("mapY"));
    m_quantity = addChoice(row, this, tr("&Show:"), QStringLiteral("mapQuantity"));
    m_quantity->addItems({tr("mean"), tr("standard deviation"), tr("log expected improvement"),
                          tr("probability of feasibility")});
    for (const AcquisitionKind kind : kMoreAcquisitions)
        m_quantity->addItem(acquisitionText(kind, {}));
    m_measure = addChoice(row, this, tr("&of:"), QStringLiteral("mapMeasure"));
    m_isolines = new QCheckBox(tr("&Isolines"), this);
    m_isolines->setChecked(true);
    row->addWidget(m_isolines);
    row->addStretch(1);
    column->addLayout(row);

    m_view = new PlotView(this);
    m_view->setPlotName(QStringLiteral("map"));
    m_map = m_view->addItem<HeatMapItem>();
    m_trials = m_view->addItem<PointsItem>(
        std::vector<PointStyle>{{tr("trials (fainter: farther from the setting)"), PlotRole::Observed,
                                 MarkerShape::Circle, 8.0, true, true}});
    m_marker = m_view->addItem<PointsItem>(
        std::vector<PointStyle>{{tr("present setting"), PlotRole::Cursor, MarkerShape::Star, 11.0}});
    column->addWidget(m_view, 1);

    for (QComboBox* box : {m_x, m_y, m_measure, m_quantity})
        connect(box, &QComboBox::currentIndexChanged, this, &ExploreMapPanel::choiceChanged);
    connect(m_isolines, &QCheckBox::toggled, this, [this](bool shown) {
        m_map->setIsolinesShown(shown);
        m_view->refresh();
    });
    connect(m_view, &PlotView::emptyClicked, this, [this](const QPointF& value) {
        if (m_shown)
            emit moved(m_shown->x, value.x(), m_shown->y, value.y());
    });
}

void ExploreMapPanel::setDefinition(const Definition& definition) {
    m_definition = definition;
    m_axes = exploreAxes(definition.space);
    QStringList names;
    for (const ExploreAxis& axis : m_axes)
        names << axisSpec(*definition.space.find(axis.parameter), axis).title;
    refill(m_x, names, 0);
    // The parts of one mixture cannot be moved by themselves.
    const auto other = std::find_if(m_axes.begin(), m_axes.end(), [&](const ExploreAxis& axis) {
        return axis.parameter != m_axes.front().parameter;
    });
    refill(m_y, names, other == m_axes.end() ? 1 : static_cast<int>(other - m_axes.begin()));
    QStringList measures;
    for (const Objective& objective : definition.objectives)
        measures << QString::fromStdString(objective.name);
    refill(m_measure, measures, 0);
    m_quantity->setItemText(static_cast<int>(MapQuantity::Acquisition),
                            acquisitionText(AcquisitionKind::LogEi, definition));
}

std::optional<ExploreMapPanel::Choice> ExploreMapPanel::choice() const {
    const int x = m_x->currentIndex();
    const int y = m_y->currentIndex();
    const int measure = m_measure->currentIndex();
    if (x < 0 || y < 0 || measure < 0)
        return std::nullopt;
    Choice choice;
    choice.x = m_axes[static_cast<std::size_t>(x)];
    choice.y = m_axes[static_cast<std::size_t>(y)];
    choice.measure = m_definition.objectives[static_cast<std::size_t>(measure)].id;
    const int quantity = m_quantity->currentIndex();
    if (quantity < kQuantities) {
        choice.quantity = static_cast<MapQuantity>(quantity);
    } else {
        choice.quantity = MapQuantity::Acquisition;
        choice.acquisition = kMoreAcquisitions[static_cast<std::size_t>(quantity - kQuantities)];
    }
    return choice;
}

void ExploreMapPanel::setChoice(const Choice& choice) {
    const auto indexOf = [this](const ExploreAxis& axis) {
        return static_cast<int>(std::find(m_axes.begin(), m_axes.end(), axis) - m_axes.begin());
    };
    {
        const QSignalBlocker x(m_x);
        const QSignalBlocker y(m_y);
        const QSignalBlocker quantity(m_quantity);
        m_x->setCurrentIndex(indexOf(choice.x));
        m_y->setCurrentIndex(indexOf(choice.y));
        const auto* const more =
            std::find(kMoreAcquisitions.begin(), kMoreAcquisitions.end(), choice.acquisition);
        if (choice.quantity == MapQuantity::Acquisition && more != kMoreAcquisitions.end())
            m_quantity->setCurrentIndex(kQuantities + static_cast<int>(more - kMoreAcquisitions.begin()));
        else
            m_quantity->setCurrentIndex(static_cast<int>(choice.quantity));
    }
    emit choiceChanged();
}

AxisSpec ExploreMapPanel::quantitySpec(const Choice& choice) const {
    const Objective* objective = m_definition.findObjective(choice.measure);
    const QString name = objective ? QString::fromStdString(objective->name) : QString();
    AxisSpec spec;
    switch (choice.quantity) {
    case MapQuantity::Mean: spec.title = tr("mean of %1").arg(name); break;
    case MapQuantity::StandardDeviation: spec.title = tr("standard deviation of %1").arg(name); break;
    case MapQuantity::Acquisition:
        spec.title = choice.acquisition == AcquisitionKind::LogEi
                         ? acquisitionSymbol(choice.acquisition, m_definition)
                         : acquisitionText(choice.acquisition, m_definition);
        return spec;
    case MapQuantity::Feasibility: spec.title = tr("probability of feasibility"); return spec;
    }
    if (objective)
        spec.unit = QString::fromStdString(objective->unit);
    return spec;
}

void ExploreMapPanel::setMap(const ExploreMap& map, const Choice& choice) {
    const Parameter* x = m_definition.space.find(choice.x.parameter);
    const Parameter* y = m_definition.space.find(choice.y.parameter);
    if (x == nullptr || y == nullptr)
        return;
    if (m_shown != choice)
        m_view->follow({}, false); // another picture: the old zoom means nothing
    m_shown = choice;
    AxisSpec specX = axisSpec(*x, choice.x);
    AxisSpec specY = axisSpec(*y, choice.y);
    specX.tight = specY.tight = true;
    m_view->xAxis().setSpec(specX);
    m_view->yAxis().setSpec(specY);
    m_view->setPlotName(QStringLiteral("map-%1-%2").arg(specX.title, specY.title));
    m_map->setColorRange(std::nullopt);
    if (choice.quantity == MapQuantity::Feasibility) {
        m_map->setColorRange(std::pair(0.0, 1.0));
    } else if (choice.quantity == MapQuantity::Acquisition && isLogarithm(choice.acquisition)) {
        const auto [low, high] = map.field.valueRange();
        m_map->setColorRange(std::pair(std::max(low, high - kAcquisitionDepth), high));
    }
    const AxisSpec quantity = quantitySpec(choice);
    m_map->setName(quantity.title);
    m_map->setAllowed(map.allowed, tr("violates a constraint"));
    m_map->setField(map.field, quantity);
    std::vector<PlotPoint> points;
    for (const ExploreMap::MapTrial& trial : map.trials)
        points.push_back({trial.x, trial.y, trial.id.value, 0, static_cast<float>(trial.opacity)});
    m_trials->setPoints(std::move(points));
    m_view->setMessage({});
    setStale(false);
    updateMarker();
    m_view->refresh();
}

void ExploreMapPanel::setValues(const Setting& values) {
    m_values = values;
    updateMarker();
    m_view->refresh();
}

void ExploreMapPanel::updateMarker() {
    if (!m_shown)
        return;
    const auto position = [this](const ExploreAxis& axis) -> std::optional<double> {
        const Parameter* parameter = m_definition.space.find(axis.parameter);
        const auto value = m_values.find(axis.parameter);
        if (parameter == nullptr || value == m_values.end())
            return std::nullopt;
        return axisPosition(*parameter, axis, value->second);
    };
    const auto x = position(m_shown->x);
    const auto y = position(m_shown->y);
    m_marker->setPoints(x && y ? std::vector<PlotPoint>{{*x, *y}} : std::vector<PlotPoint>());
}

void ExploreMapPanel::setStale(bool stale) {
    m_map->setOpacity(stale ? kStaleOpacity : 1.0);
}

void ExploreMapPanel::setMessage(const QString& message) {
    m_view->setMessage(message);
}

} // namespace alidade
