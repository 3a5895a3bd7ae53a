#include "pages/explore_column.h"

#include "editors/help_tip.h"
#include "editors/icons.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "plots/cursor_item.h"
#include "plots/number_text.h"
#include "plots/plot_axis.h"
#include "plots/profile_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

AxisSpec columnSpec(const Objective& objective) {
    AxisSpec spec;
    spec.title = QString::fromStdString(objective.name);
    spec.unit = QString::fromStdString(objective.unit);
    return spec;
}

/// Points of one choice lie side by side, so that they do not hide each other and the error bar: at fixed
/// places by trial (golden section), within 0.3 of the choice.
double spread(TrialId id) {
    const double turn = std::fmod(0.6180339887498949 * static_cast<double>(id.value), 1.0);
    return 0.6 * (turn - 0.5);
}

std::vector<PlotPoint> pointsOf(const std::vector<ProjectedTrial>& trials, AxisKind kind) {
    std::vector<PlotPoint> points;
    for (const ProjectedTrial& trial : trials) {
        const double offset = kind == AxisKind::Category ? spread(trial.id) : 0.0;
        PlotPoint point{trial.position + offset, trial.value, trial.id.value};
        point.style = trial.feasible ? ProfilePanel::kMeasured : ProfilePanel::kInfeasible;
        point.opacity = static_cast<float>(trial.opacity);
        point.error = trial.noiseSd;
        point.slope = trial.slope;
        points.push_back(point);
    }
    return points;
}

} // namespace

bool hasDesirability(const std::vector<Objective>& objectives) {
    return std::any_of(objectives.begin(), objectives.end(), [](const Objective& objective) {
        return objective.desirability &&
               !std::holds_alternative<DesirabilityCategories>(objective.desirability->shape);
    });
}

ExploreColumn::ExploreColumn(const Parameter& parameter, const ExploreAxis& axis,
                             const std::vector<Objective>& objectives, QWidget* parent)
    : QObject(parent), m_parameter(parameter), m_axis(axis), m_spec(axisSpec(parameter, axis)),
      m_measures(objectives.size()) {
    build(parent, objectives);
}

void ExploreColumn::build(QWidget* parent, const std::vector<Objective>& objectives) {
    m_header = new QWidget(parent);
    auto* column = new QVBoxLayout(m_header);
    column->setContentsMargins(2, 2, 2, 2);
    column->setSpacing(2);
    column->addStretch(1);
    auto* name = new QLabel(m_spec.title, m_header);
    QFont bold = name->font();
    bold.setBold(true);
    name->setFont(bold);
    name->setToolTip(axisTitle(m_spec));
    name->setMinimumWidth(20);
    column->addWidget(name);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    if (m_spec.kind == AxisKind::Category) {
        m_choices = new QComboBox(m_header);
        m_choices->addItems(m_spec.categories);
        guardWheel(m_choices);
        m_choices->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_choices->setMinimumContentsLength(4);
        row->addWidget(m_choices, 1);
        connect(m_choices, &QComboBox::activated, this, [this](int index) { emit moved(index, true); });
    } else {
        m_field = new QLineEdit(m_header);
        m_field->setMinimumWidth(60);
        row->addWidget(m_field, 1);
        connect(m_field, &QLineEdit::editingFinished, this, &ExploreColumn::acceptText);
    }
    QWidget* editor = m_field ? static_cast<QWidget*>(m_field) : m_choices;
    editor->setObjectName(QStringLiteral("value-") + m_spec.title);
    editor->setAccessibleName(axisTitle(m_spec));
    name->setBuddy(editor);
    if (!m_spec.unit.isEmpty())
        row->addWidget(new QLabel(m_spec.unit, m_header));
    m_lock = iconButton(QStringLiteral("unlock"), {}, QStringLiteral("lock-") + m_spec.title, m_header);
    m_lock->setCheckable(true);
    m_lock->setAccessibleName(tr("Lock %1").arg(m_spec.title));
    setHelp(m_lock, QStringLiteral("lock"));
    row->addWidget(m_lock);
    connect(m_lock, &QToolButton::clicked, this, [this](bool locked) {
        setLocked(locked);
        emit lockToggled(locked);
    });
    column->addLayout(row);

    const std::vector<double> stops = axisStops(m_parameter, m_axis);
    const bool discrete = isShownDiscrete(m_parameter);
    const auto add = [&](ProfilePanel::Kind kind, const AxisSpec& y) {
        auto* panel = new ProfilePanel(kind, parent);
        panel->setAxes(m_spec, y, discrete, stops);
        panel->setPlotName(QStringLiteral("slice-%1-%2").arg(y.title, m_spec.title));
        panel->setAccessibleName(tr("%1 along %2").arg(y.title, m_spec.title));
        connect(&panel->cursor(), &CursorItem::moved, this,
                [this](double value) { emit moved(value, false); });
        connect(&panel->cursor(), &CursorItem::settled, this,
                [this](double value) { emit moved(value, true); });
        connect(panel, &PlotView::emptyClicked, this,
                [this](const QPointF& value) { emit moved(value.x(), true); });
        m_panels.push_back(panel);
    };
    for (const Objective& objective : objectives) {
        add(ProfilePanel::Kind::Prediction, columnSpec(objective));
        m_panels.back()->xAxis().setLabelsShown(false);
        m_panels.back()->xAxis().setTitleShown(false);
    }
    if (hasDesirability(objectives)) {
        AxisSpec desirability;
        desirability.title = tr("D");
        desirability.limits = AxisRange{0.0, 1.0};
        add(ProfilePanel::Kind::Desirability, desirability);
        m_panels.back()->setAccessibleName(tr("Expected desirability along %1").arg(m_spec.title));
        m_panels.back()->xAxis().setLabelsShown(false);
        m_panels.back()->xAxis().setTitleShown(false);
    }
    AxisSpec acquisition;
    add(ProfilePanel::Kind::Acquisition, acquisition);
    m_header->show();
    for (ProfilePanel* panel : m_panels)
        panel->show();
}

ProfilePanel* ExploreColumn::desirabilityPanel() const {
    return m_panels.size() == m_measures + 2 ? m_panels[m_measures] : nullptr;
}

void ExploreColumn::setLocked(bool locked) {
    m_lock->setChecked(locked);
    m_lock->setIcon(themeIcon(locked ? QStringLiteral("lock") : QStringLiteral("unlock")));
    if (m_field)
        m_field->setEnabled(!locked);
    if (m_choices)
        m_choices->setEnabled(!locked);
    for (ProfilePanel* panel : m_panels)
        panel->cursor().setLocked(locked);
}

bool ExploreColumn::isLocked() const {
    return m_lock->isChecked();
}

QString ExploreColumn::valueText() const {
    if (!m_header->isEnabled())
        return tr("inactive");
    if (m_spec.kind == AxisKind::Category)
        return m_spec.categories.value(static_cast<int>(std::lround(m_position)));
    return withUnit(formatNumber(m_position, 5), m_spec.unit);
}

void ExploreColumn::showText() {
    if (m_choices)
        m_choices->setCurrentIndex(static_cast<int>(std::lround(m_position)));
    if (m_field && !m_field->isModified()) {
        const QString text = numberText(m_position);
        if (m_field->text() != text)
            m_field->setText(text);
        m_field->setToolTip(exactNumberText(m_position));
        m_field->setCursorPosition(0);
    }
}

void ExploreColumn::setPosition(double position) {
    m_position = position;
    showText();
    for (ProfilePanel* panel : m_panels)
        panel->cursor().setValue(position);
}

void ExploreColumn::acceptText() {
    if (!m_field->isModified())
        return;
    const QString typed = m_field->text().trimmed();
    m_field->setModified(false);
    const AxisRange limits = m_spec.limits.value_or(AxisRange{});
    const auto entered = numberFromUser(typed);
    if (!entered || !std::isfinite(*entered)) {
        emit refused(tr("%1: \"%2\" is not a number.").arg(m_spec.title, typed));
        showText();
        return;
    }
    const double number = *entered;
    if (!(number >= limits.low && number <= limits.high))
        emit refused(tr("%1 lies between %2 and %3.")
                         .arg(m_spec.title, formatNumber(limits.low),
                              withUnit(formatNumber(limits.high), m_spec.unit)));
    emit moved(std::clamp(number, limits.low, limits.high), true);
    showText();
}

void ExploreColumn::setSlices(const AxisSlices& slices) {
    m_positions = slices.positions;
    m_header->setEnabled(slices.active);
    m_header->setToolTip(slices.inactiveReason);
    for (ProfilePanel* panel : m_panels)
        panel->setMessage(slices.inactiveReason);
    if (!slices.active)
        return;
    for (std::size_t row = 0; row < slices.measures.size(); ++row) {
        const SliceCurve& measure = slices.measures[row];
        m_panels[row]->setCurve({slices.positions, measure.mean, measure.low, measure.high});
        m_panels[row]->setPoints(pointsOf(measure.trials, m_spec.kind));
        m_panels[row]->setReference(slices.positions, measure.reference, tr("mean without beliefs"));
    }
    if (ProfilePanel* const panel = desirabilityPanel()) {
        const bool usable = slices.desirability.size() == slices.positions.size();
        panel->setMessage(usable ? QString() : tr("No desirability can be computed: see the page Goals."));
        panel->setCurve(usable ? ProfileCurve{slices.positions, slices.desirability, {}, {}}
                               : ProfileCurve{});
    }
    for (ProfilePanel* panel : m_panels)
        panel->setForbidden(slices.positions, slices.allowed);
}

void ExploreColumn::setAcquisition(const std::vector<double>& values, const std::vector<double>& reference,
                                   const QString& problem) {
    if (!m_header->isEnabled())
        return;
    m_panels.back()->setMessage(problem);
    if (!problem.isEmpty())
        return;
    m_panels.back()->setCurve({m_positions, values, {}, {}});
    m_panels.back()->setReference(m_positions, reference, tr("without beliefs"));
}

void ExploreColumn::setAcquisitionTitle(const QString& title) {
    AxisSpec acquisition;
    acquisition.title = title;
    ProfilePanel& panel = *m_panels.back();
    panel.yAxis().setSpec(acquisition);
    panel.setPlotName(QStringLiteral("slice-%1-%2").arg(title, m_spec.title));
    panel.setAccessibleName(tr("%1 along %2").arg(title, m_spec.title));
    panel.refresh();
}

void ExploreColumn::setStale(bool predictions, bool acquisition) {
    for (ProfilePanel* panel : m_panels)
        panel->setStale(panel == m_panels.back() ? acquisition : predictions);
}

} // namespace alidade
