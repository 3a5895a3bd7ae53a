#include "pages/beliefs_editor.h"

#include "belief/axis_density.h"
#include "belief/transfer.h"
#include "editors/density_editor.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/beliefs_text.h"
#include "pages/explore_axis.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSlider>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

enum Family { Normal, Uniform, Beta, Drawn, Weights, Bounds };

int familyOf(const Density& density) {
    // In the order of the variant: normal, uniform, beta, drawn, weights, bounds.
    return static_cast<int>(density.index());
}

/// Values of the objective in the measured trials, and a range round them and the density.
AxisSpec objectiveSpec(const Study& study, const Objective& objective, const Density& density) {
    AxisSpec spec;
    spec.title = QString::fromStdString(objective.name);
    spec.unit = QString::fromStdString(objective.unit);
    double low = HUGE_VAL;
    double high = -HUGE_VAL;
    const auto include = [&](double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const Trial& trial : study.trials)
        if (const auto found = trial.values.find(objective.id);
            found != trial.values.end() && std::isfinite(found->second.value))
            include(found->second.value);
    if (const auto* normal = std::get_if<NormalDensity>(&density)) {
        include(normal->center - 4.0 * normal->spread);
        include(normal->center + 4.0 * normal->spread);
    } else if (const auto* uniform = std::get_if<UniformDensity>(&density)) {
        include(uniform->low);
        include(uniform->high);
    } else if (const auto* bounds = std::get_if<ValueBounds>(&density)) {
        if (bounds->low)
            include(*bounds->low);
        if (bounds->high)
            include(*bounds->high);
    } else if (const auto* drawn = std::get_if<DrawnDensity>(&density)) {
        include(drawn->x.front());
        include(drawn->x.back());
    }
    if (!(low < high)) {
        const double middle = std::isfinite(low) ? low : 0.0;
        low = middle - 1.0;
        high = middle + 1.0;
    }
    const double room = 0.25 * (high - low);
    // Where it can get better, there is more to say.
    spec.limits = objective.goal == Goal::Minimize ? AxisRange{low - 2.0 * room, high + room}
                                                   : AxisRange{low - room, high + 2.0 * room};
    return spec;
}

} // namespace

BeliefEditor::BeliefEditor(QWidget* parent) : QWidget(parent) {
    build();
}

void BeliefEditor::build() {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    m_title = headingLabel({});
    m_title->setWordWrap(true);
    layout->addWidget(m_title);
    auto* const shape = new QHBoxLayout;
    m_familyLabel = new QLabel(tr("&Shape"));
    m_family = new QComboBox;
    m_family->setObjectName(QStringLiteral("beliefFamily"));
    guardWheel(m_family);
    m_familyLabel->setBuddy(m_family);
    shape->addWidget(m_familyLabel);
    shape->addWidget(m_family);
    shape->addStretch();
    layout->addLayout(shape);
    m_density = new DensityEditor;
    m_density->setObjectName(QStringLiteral("beliefDensity"));
    layout->addWidget(m_density, 1);

    m_pair = new QTableWidget(0, 2);
    m_pair->setObjectName(QStringLiteral("beliefPair"));
    m_pair->setHorizontalHeaderLabels({tr("better"), tr("worse")});
    m_pair->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_pair->setTabKeyNavigation(false);
    layout->addWidget(m_pair, 1);

    m_trend = new QWidget;
    auto* const trend = new QFormLayout(m_trend);
    trend->setContentsMargins(0, 0, 0, 0);
    m_direction = new QComboBox;
    m_direction->setObjectName(QStringLiteral("beliefDirection"));
    m_direction->addItems({tr("falls"), tr("rises")});
    guardWheel(m_direction);
    m_from = new NumberEdit;
    m_to = new NumberEdit;
    for (NumberEdit* field : {m_from, m_to}) {
        field->setOptional(true);
        field->setPlaceholderText(tr("end of the range"));
        connect(field, &NumberEdit::valueEdited, this, &BeliefEditor::changeTrend);
    }
    m_from->setObjectName(QStringLiteral("beliefFrom"));
    m_to->setObjectName(QStringLiteral("beliefTo"));
    trend->addRow(tr("&Direction"), m_direction);
    trend->addRow(tr("&From"), m_from);
    trend->addRow(tr("&Up to"), m_to);
    layout->addWidget(m_trend);

    m_points = new QWidget;
    auto* const points = new QFormLayout(m_points);
    points->setContentsMargins(0, 0, 0, 0);
    m_pointsText = hintLabel({});
    m_spread = new NumberEdit;
    m_spread->setObjectName(QStringLiteral("beliefSpread"));
    m_spread->setToolTip(tr("Standard deviation round each setting, as a share of every range"));
    points->addRow(m_pointsText);
    points->addRow(tr("S&pread (share of the range)"), m_spread);
    layout->addWidget(m_points);

    auto* const sure = new QHBoxLayout;
    auto* const label = new QLabel(tr("&Confidence"));
    m_confidence = new QSlider(Qt::Horizontal);
    m_confidence->setObjectName(QStringLiteral("beliefConfidence"));
    m_confidence->setRange(0, 100);
    m_confidence->setPageStep(10);
    guardWheel(m_confidence);
    label->setBuddy(m_confidence);
    m_confidenceText = new QLabel;
    m_confidenceText->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100 % — not sure")));
    sure->addWidget(label);
    sure->addWidget(m_confidence, 1);
    sure->addWidget(m_confidenceText);
    layout->addLayout(sure);

    connect(m_family, &QComboBox::activated, this, &BeliefEditor::changeFamily);
    connect(m_density, &DensityEditor::densityEdited, this, [this](const Density& density, bool settled) {
        if (Density* own = densityOf(m_belief)) {
            *own = density;
            emit edited(m_belief, settled);
        }
    });
    connect(m_pair, &QTableWidget::cellChanged, this, &BeliefEditor::changeCell);
    connect(m_direction, &QComboBox::activated, this, &BeliefEditor::changeTrend);
    connect(m_spread, &NumberEdit::valueEdited, this, [this](std::optional<double> value) {
        auto* good = std::get_if<GoodPointsBelief>(&m_belief.claim);
        if (good && value && *value > 0.0) {
            good->spread = *value;
            emit edited(m_belief, true);
        }
    });
    connect(m_confidence, &QSlider::valueChanged, this,
            [this] { confidenceMoved(!m_confidence->isSliderDown()); });
    connect(m_confidence, &QSlider::sliderReleased, this, [this] { confidenceMoved(true); });
}

void BeliefEditor::setEditable(bool editable) {
    m_density->setEditable(editable);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_family, m_pair, m_trend, m_points, m_confidence})
        widget->setEnabled(editable);
}

Density* BeliefEditor::densityOf(Belief& belief) const {
    if (auto* optimum = std::get_if<OptimumBelief>(&belief.claim))
        return &optimum->density;
    if (auto* best = std::get_if<BestValueBelief>(&belief.claim))
        return &best->density;
    return nullptr;
}

void BeliefEditor::setBelief(const Study& study, const Belief& belief) {
    m_filling = true;
    m_study = study;
    m_belief = belief;
    const Definition& definition = m_study.definition;
    m_title->setText(beliefText(definition, belief));
    const auto* optimum = std::get_if<OptimumBelief>(&belief.claim);
    const auto* best = std::get_if<BestValueBelief>(&belief.claim);
    const auto* pair = std::get_if<PreferenceBelief>(&belief.claim);
    const auto* trend = std::get_if<TrendBelief>(&belief.claim);
    const auto* good = std::get_if<GoodPointsBelief>(&belief.claim);
    const Parameter* parameter = optimum ? definition.space.find(optimum->parameter) : nullptr;
    const Objective* objective = best ? definition.findObjective(best->objective) : nullptr;
    const bool shaped = parameter || objective;
    m_density->setVisible(shaped);
    m_family->setVisible(shaped);
    m_familyLabel->setVisible(shaped);
    m_pair->setVisible(pair != nullptr);
    m_trend->setVisible(trend != nullptr);
    m_points->setVisible(good != nullptr);
    if (shaped)
        showDensity(optimum ? optimum->density : best->density, parameter, objective);
    if (pair)
        showPair(*pair);
    if (trend) {
        m_direction->setCurrentIndex(trend->rises ? 1 : 0);
        m_from->setValue(trend->from);
        m_to->setValue(trend->to);
    }
    if (good) {
        QStringList lines;
        for (const Setting& point : good->points)
            lines << settingText(definition.space, point);
        m_pointsText->setText(lines.mid(0, 6).join('\n') +
                              (lines.size() > 6 ? QStringLiteral("\n…") : QString()));
        m_spread->setValue(good->spread);
    }
    if (!m_confidence->isSliderDown())
        m_confidence->setValue(static_cast<int>(std::lround(100.0 * belief.confidence)));
    const int percent = static_cast<int>(std::lround(100.0 * belief.confidence));
    m_confidenceText->setText(percent == 0 ? tr("0 % — not sure") : tr("%1 %").arg(percent));
    m_confidence->setToolTip(
        tr("The probability that this can be relied on. At 0 % it is as if you had said nothing."));
    m_filling = false;
}

void BeliefEditor::showDensity(const Density& density, const Parameter* parameter,
                               const Objective* objective) {
    if (parameter) {
        const ExploreAxis axis{parameter->id};
        m_density->setAxis(axisSpec(*parameter, axis));
        std::vector<double> good;
        std::vector<double> all;
        if (!m_study.definition.objectives.empty()) {
            const MeasuredPlaces places =
                measuredPlaces(m_study, m_study.definition.objectives.front(), *parameter);
            for (const Value& value : places.good)
                good.push_back(axisPosition(*parameter, axis, value));
            for (const Value& value : places.all)
                all.push_back(axisPosition(*parameter, axis, value));
        }
        m_density->setMeasured(std::move(good), std::move(all));
    } else {
        if (m_density->density() != density || !m_density->hasFocus())
            m_density->setAxis(objectiveSpec(m_study, *objective, density));
        std::vector<double> all;
        for (const Trial& trial : m_study.trials)
            if (const auto found = trial.values.find(objective->id);
                found != trial.values.end() && std::isfinite(found->second.value))
                all.push_back(found->second.value);
        m_density->setMeasured({}, std::move(all));
    }
    m_density->setDensity(density);
    showFamilies(density, parameter);
}

void BeliefEditor::showFamilies(const Density& density, const Parameter* parameter) {
    m_family->clear();
    const auto add = [&](const QString& text, Family family) { m_family->addItem(text, family); };
    const bool choices = parameter && (std::holds_alternative<CategoricalChoices>(parameter->domain) ||
                                       std::holds_alternative<OrdinalChoices>(parameter->domain));
    if (choices) {
        add(tr("weights"), Weights);
    } else {
        add(tr("bell"), Normal);
        add(tr("between two ends"), Uniform);
        add(tr("drawn freely"), Drawn);
        if (!parameter)
            add(tr("bounds only"), Bounds);
    }
    if (std::holds_alternative<BetaDensity>(density))
        add(tr("beta"), Beta);
    m_family->setCurrentIndex(m_family->findData(familyOf(density)));
    m_family->setEnabled(m_family->count() > 1);
}

/// Another shape over about the same place.
void BeliefEditor::changeFamily() {
    Density* density = densityOf(m_belief);
    if (!density || m_family->currentData().toInt() == familyOf(*density))
        return;
    // The middle half of the widget's axis stands in where the old shape has no centre.
    const double width = m_density->width();
    double low = m_density->valueAt(0.35 * width);
    double high = m_density->valueAt(0.65 * width);
    double center = m_density->valueAt(0.5 * width);
    if (const auto* normal = std::get_if<NormalDensity>(density)) {
        center = normal->center;
        const double pixel = m_density->pixelOf(center);
        const double half = std::max(8.0, 0.1 * width);
        low = m_density->valueAt(std::max(pixel - half, m_density->pixelOf(m_density->valueAt(12.0))));
        high = m_density->valueAt(std::min(pixel + half, width - 12.0));
    } else if (const auto* uniform = std::get_if<UniformDensity>(density)) {
        low = uniform->low;
        high = uniform->high;
        center = m_density->valueAt(0.5 * (m_density->pixelOf(low) + m_density->pixelOf(high)));
    }
    const auto* optimum = std::get_if<OptimumBelief>(&m_belief.claim);
    const Parameter* parameter = optimum ? m_study.definition.space.find(optimum->parameter) : nullptr;
    switch (m_family->currentData().toInt()) {
    case Normal: {
        const double spread =
            parameter ? scaleWidth(*parameter) * 0.5 *
                            std::abs(scalePosition(*parameter, high) - scalePosition(*parameter, low))
                      : 0.5 * (high - low);
        *density = NormalDensity{center, std::max(spread, 1e-12)};
        break;
    }
    case Uniform: *density = UniformDensity{low, high}; break;
    case Bounds: *density = ValueBounds{low, {}}; break;
    case Drawn: {
        DrawnDensity drawn;
        for (int i = 0; i <= 40; ++i) {
            const double value = m_density->valueAt(12.0 + (width - 24.0) * i / 40.0);
            drawn.x.push_back(value);
            drawn.height.push_back(std::max(m_density->heightAt(value), 0.02));
        }
        *density = drawn;
        break;
    }
    default: return;
    }
    emit edited(m_belief, true);
}

void BeliefEditor::showPair(const PreferenceBelief& pair) {
    const SearchSpace& space = m_study.definition.space;
    m_pair->setRowCount(static_cast<int>(space.parameters.size()));
    for (int row = 0; row < m_pair->rowCount(); ++row) {
        const Parameter& parameter = space.parameters[static_cast<std::size_t>(row)];
        m_pair->setVerticalHeaderItem(row, new QTableWidgetItem(QString::fromStdString(parameter.name)));
        for (int column = 0; column < 2; ++column) {
            const Setting& setting = column == 0 ? pair.better : pair.worse;
            const auto found = setting.find(parameter.id);
            const QString text = found == setting.end() ? QString() : valueText(found->second);
            QTableWidgetItem* item = m_pair->item(row, column);
            if (!item) {
                item = new QTableWidgetItem;
                m_pair->setItem(row, column, item);
            }
            item->setText(text);
            item->setToolTip(tr("Empty: not part of the claim"));
        }
    }
}

void BeliefEditor::changeCell(int row, int column) {
    auto* pair = std::get_if<PreferenceBelief>(&m_belief.claim);
    if (m_filling || !pair)
        return;
    const Parameter& parameter = m_study.definition.space.parameters[static_cast<std::size_t>(row)];
    Setting& setting = column == 0 ? pair->better : pair->worse;
    const QString text = m_pair->item(row, column)->text().trimmed();
    if (text.isEmpty()) {
        if (setting.size() > 1)
            setting.erase(parameter.id);
    } else if (const auto value = valueFromUser(parameter, text)) {
        setting[parameter.id] = *value;
    } else {
        emit refused(QString::fromStdString(parameter.name) + QStringLiteral(": ") +
                     QString::fromStdString(value.error().message));
        const Belief unchanged = m_belief;
        setBelief(Study(m_study), unchanged);
        return;
    }
    emit edited(m_belief, true);
}

void BeliefEditor::changeTrend() {
    auto* trend = std::get_if<TrendBelief>(&m_belief.claim);
    if (m_filling || !trend)
        return;
    trend->rises = m_direction->currentIndex() == 1;
    trend->from = m_from->value();
    trend->to = m_to->value();
    emit edited(m_belief, true);
}

void BeliefEditor::confidenceMoved(bool settled) {
    if (m_filling)
        return;
    m_belief.confidence = m_confidence->value() / 100.0;
    emit edited(m_belief, settled);
}

} // namespace alidade

#include "moc_beliefs_editor.cpp"
