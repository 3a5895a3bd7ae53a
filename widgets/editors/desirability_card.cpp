#include "editors/desirability_card.h"

#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "plots/desirability_plot.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kSliderSteps = 100; // per decade of the weight
constexpr int kFormWidth = 280;

/// Pointers to the numbers of a shape that the fields show; null where it has none.
struct Numbers {
    double* low = nullptr;
    double* target = nullptr;
    double* high = nullptr;
    double* lowScale = nullptr;
    double* highScale = nullptr;
};

Numbers numbersOf(DesirabilityShape& shape) {
    if (auto* max = std::get_if<DesirabilityMax>(&shape))
        return {&max->low, nullptr, &max->high, &max->scale, nullptr};
    if (auto* min = std::get_if<DesirabilityMin>(&shape))
        return {&min->low, nullptr, &min->high, &min->scale, nullptr};
    if (auto* target = std::get_if<DesirabilityTarget>(&shape))
        return {&target->low, &target->target, &target->high, &target->lowScale, &target->highScale};
    if (auto* box = std::get_if<DesirabilityBox>(&shape))
        return {&box->low, nullptr, &box->high, nullptr, nullptr};
    return {};
}

QString knotsText(const DesirabilityCustom& custom) {
    QStringList parts;
    for (const DesirabilityHandle& knot : desirabilityHandles(custom))
        parts << QStringLiteral("%1: %2").arg(numberText(knot.x), numberText(knot.d, 4));
    return parts.join(QStringLiteral("; "));
}

std::optional<DesirabilityCustom> knotsFromUser(const QString& text) {
    DesirabilityCustom custom;
    for (const QString& part : text.split(QLatin1Char(';'), Qt::SkipEmptyParts)) {
        const QStringList pair = part.split(QLatin1Char(':'));
        const auto x = pair.size() == 2 ? numberFromUser(pair[0].trimmed()) : std::nullopt;
        const auto d = pair.size() == 2 ? numberFromUser(pair[1].trimmed()) : std::nullopt;
        if (!x || !d || !(*d >= 0.0 && *d <= 1.0))
            return std::nullopt;
        custom.x.push_back(*x);
        custom.d.push_back(*d);
    }
    return custom.x.size() >= 2 ? std::optional(custom) : std::nullopt;
}

int sliderPosition(double weight) {
    return static_cast<int>(std::lround(kSliderSteps * std::log10(std::clamp(weight, 0.1, 10.0))));
}

/// Two digits are what a slider can mean.
double sliderWeight(int position) {
    const double exact = std::pow(10.0, static_cast<double>(position) / kSliderSteps);
    const double digit = exact < 1.0 ? 0.01 : 0.1;
    return std::round(exact / digit) * digit;
}

} // namespace

DesirabilityCard::DesirabilityCard(QWidget* parent) : QFrame(parent) {
    setProperty("role", QStringLiteral("card"));
    build();
    connectAll();
}

void DesirabilityCard::build() {
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, kGap, kGap, kGap);
    auto* const head = new QHBoxLayout;
    m_title = headingLabel({}, this);
    m_add =
        textButton(QStringLiteral("add"), tr("Add desirability"), QStringLiteral("addDesirability"), this);
    m_add->setToolTip(tr("Says which values are good and which are useless, from 0 to 1"));
    m_remove = textButton(QStringLiteral("remove"), tr("Remove desirability"),
                          QStringLiteral("removeDesirability"), this);
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_add);
    head->addWidget(m_remove);
    column->addLayout(head);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("desirabilityProblem"));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setWordWrap(true);
    column->addWidget(m_problem);
    m_body = new QWidget(this);
    auto* const row = new QHBoxLayout(m_body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    m_plot = new DesirabilityPlot(m_body);
    m_plot->setObjectName(QStringLiteral("desirabilityPlot"));
    row->addWidget(m_plot, 1);
    row->addWidget(buildForm());
    column->addWidget(m_body);
}

QWidget* DesirabilityCard::buildForm() {
    auto* const panel = new QWidget(m_body);
    panel->setFixedWidth(kFormWidth);
    m_form = new QFormLayout(panel);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setVerticalSpacing(4);
    m_form->setHorizontalSpacing(kGap);
    m_kind = new QComboBox(panel);
    m_kind->setObjectName(QStringLiteral("desirabilityShape"));
    guardWheel(m_kind);
    for (const auto& [kind, text] :
         {std::pair(ShapeKind::Max, tr("the larger the better")),
          std::pair(ShapeKind::Min, tr("the smaller the better")), std::pair(ShapeKind::Target, tr("target")),
          std::pair(ShapeKind::Box, tr("within limits")), std::pair(ShapeKind::Custom, tr("own curve"))})
        m_kind->addItem(text, static_cast<int>(kind));
    m_form->addRow(tr("Shape"), m_kind);
    const auto field = [&](Field id, const char* name, const QString& label, const QString& placeholder,
                           const QString& tip) {
        auto* const edit = new NumberEdit(panel);
        edit->setObjectName(QString::fromLatin1(name));
        edit->setOptional(!placeholder.isEmpty());
        edit->setPlaceholderText(placeholder);
        edit->setAccessibleName(label);
        edit->setAccessibleDescription(tip);
        m_fields[id] = edit;
        connect(edit, &NumberEdit::valueEdited, this,
                [this, id](std::optional<double> value) { acceptField(id, value); });
        return edit;
    };
    m_form->addRow(tr("Low"), field(Low, "desirabilityLow", tr("Low limit"), {}, {}));
    m_form->addRow(tr("Target"), field(Target, "desirabilityTarget", tr("Target"), {}, {}));
    m_form->addRow(tr("High"), field(High, "desirabilityHigh", tr("High limit"), {}, {}));
    m_form->addRow(tr("Exponent"), field(LowScale, "desirabilityLowScale", tr("Exponent"), {},
                                         tr("Above 1 demands more, below 1 less")));
    m_form->addRow(tr("Above target"),
                   field(HighScale, "desirabilityHighScale", tr("Exponent above the target"), {}, {}));
    m_knots = new QLineEdit(panel);
    m_knots->setObjectName(QStringLiteral("desirabilityKnots"));
    m_knots->setPlaceholderText(tr("value: desirability; …"));
    m_form->addRow(tr("Knots"), m_knots);

    m_weightRow = new QWidget(panel);
    auto* const weight = new QHBoxLayout(m_weightRow);
    weight->setContentsMargins(0, 0, 0, 0);
    m_slider = new QSlider(Qt::Horizontal, m_weightRow);
    m_slider->setObjectName(QStringLiteral("desirabilityWeightSlider"));
    m_slider->setRange(-kSliderSteps, kSliderSteps);
    m_slider->setPageStep(kSliderSteps / 10);
    m_slider->setAccessibleName(tr("Weight"));
    guardWheel(m_slider);
    weight->addWidget(m_slider, 1);
    NumberEdit* const typed =
        field(Weight, "desirabilityWeight", tr("Weight"), {}, tr("Importance in the overall desirability"));
    typed->setFixedWidth(64);
    weight->addWidget(typed);
    m_form->addRow(tr("Weight"), m_weightRow);
    m_form->addRow(tr("Floor"), field(Tolerance, "desirabilityTolerance", tr("Floor"), tr("none"),
                                      tr("Lowest desirability, so that one goal alone cannot rule a trial "
                                         "out")));
    m_form->addRow(tr("If missing"), field(Missing, "desirabilityMissing", tr("If missing"), tr("average"),
                                           tr("Desirability of a value that was not measured")));
    return panel;
}

void DesirabilityCard::connectAll() {
    connect(m_add, &QPushButton::clicked, this, [this] {
        std::vector<double> finite = m_measured;
        std::erase_if(finite, [](double value) { return !std::isfinite(value); });
        std::optional<std::pair<double, double>> range;
        if (!finite.empty()) {
            const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
            range = {*low, *high};
        }
        commit(firstDesirability(m_objective.goal, range), tr("added"), -1);
    });
    connect(m_remove, &QPushButton::clicked, this,
            [this] { emit committed(m_objective.id, std::nullopt, tr("removed"), -1); });
    connect(m_kind, &QComboBox::activated, this, &DesirabilityCard::changeKind);
    connect(m_knots, &QLineEdit::editingFinished, this, &DesirabilityCard::acceptKnots);
    connect(m_slider, &QSlider::valueChanged, this, &DesirabilityCard::weightMoved);
    connect(m_slider, &QSlider::sliderReleased, this, [this] {
        if (!(m_objective.desirability && m_function == *m_objective.desirability))
            commit(m_function, tr("weight"), -1);
    });
    connect(&m_plot->handles(), &DesirabilityHandlesItem::moved, this,
            [this](const DesirabilityShape& shape) {
                DesirabilityFunction function = m_function;
                function.shape = shape;
                show(function);
                emit previewed(m_objective.id, function);
            });
    connect(&m_plot->handles(), &DesirabilityHandlesItem::settled, this,
            [this](const DesirabilityShape& shape, bool byKey) {
                DesirabilityFunction function = m_function;
                function.shape = shape;
                commit(function, tr("curve"), byKey ? kHandlePart : -1);
            });
    connect(m_plot, &PlotView::keyClicked, this, &DesirabilityCard::trialClicked);
    connect(m_plot, &PlotView::noticed, this, &DesirabilityCard::noticed);
}

void DesirabilityCard::setObjective(const Objective& objective, const QString& problem, bool editable) {
    m_objective = objective;
    m_editable = editable;
    const bool has = objective.desirability.has_value();
    const QString name = QString::fromStdString(objective.name);
    m_title->setText(goalSign(objective) + QLatin1Char(' ') + name);
    setObjectName(QStringLiteral("desirability-") + name);
    m_add->setVisible(!has);
    m_add->setEnabled(editable);
    m_remove->setVisible(has);
    m_remove->setEnabled(editable);
    m_body->setVisible(has);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_plot->setMeasure(name, QString::fromStdString(objective.unit));
    m_plot->setEditable(editable);
    if (has && !m_plot->handles().isDragging()) {
        m_plot->setFunction(*objective.desirability,
                            problem.isEmpty() ? QString() : tr("The curve cannot be drawn: see above."));
        show(*objective.desirability);
    }
}

void DesirabilityCard::setMeasured(const std::vector<double>& values) {
    m_measured = values;
    m_plot->setMeasured(values);
}

void DesirabilityCard::setBest(TrialId trial, std::optional<double> value) {
    m_plot->setBest(trial.value, value);
}

void DesirabilityCard::show(const DesirabilityFunction& function) {
    m_function = function;
    m_showing = true;
    const int wanted = static_cast<int>(shapeKind(function.shape));
    if (m_kind->findData(wanted) < 0) // only where a configuration brought them
        m_kind->addItem(tr("categories"), static_cast<int>(ShapeKind::Categories));
    m_kind->setCurrentIndex(m_kind->findData(wanted));
    const Numbers numbers = numbersOf(m_function.shape);
    const auto set = [this](Field field, const double* number) {
        if (number != nullptr)
            m_fields[field]->setValue(*number);
    };
    set(Low, numbers.low);
    set(Target, numbers.target);
    set(High, numbers.high);
    set(LowScale, numbers.lowScale);
    set(HighScale, numbers.highScale);
    m_fields[Weight]->setValue(function.weight);
    m_fields[Tolerance]->setValue(function.tolerance);
    m_fields[Missing]->setValue(function.missing);
    if (!m_slider->isSliderDown())
        m_slider->setValue(sliderPosition(function.weight));
    if (const auto* custom = std::get_if<DesirabilityCustom>(&function.shape);
        custom != nullptr && !(m_knots->hasFocus() && m_knots->isModified())) {
        m_knots->setText(knotsText(*custom));
        m_knots->setToolTip(m_knots->text());
        m_knots->setCursorPosition(0);
        markProblem(m_knots, {});
    }
    showRows();
    m_showing = false;
}

void DesirabilityCard::showRows() {
    const Numbers numbers = numbersOf(m_function.shape);
    const auto shown = [this](Field field, bool visible) {
        m_form->setRowVisible(m_fields[field], visible);
        m_fields[field]->setEnabled(m_editable);
    };
    shown(Low, numbers.low != nullptr);
    shown(Target, numbers.target != nullptr);
    shown(High, numbers.high != nullptr);
    shown(LowScale, numbers.lowScale != nullptr);
    shown(HighScale, numbers.highScale != nullptr);
    m_form->setRowVisible(m_knots, shapeKind(m_function.shape) == ShapeKind::Custom);
    m_knots->setEnabled(m_editable);
    // A box multiplies the overall desirability without being weighted.
    m_form->setRowVisible(m_weightRow, shapeKind(m_function.shape) != ShapeKind::Box);
    m_weightRow->setEnabled(m_editable);
    m_kind->setEnabled(m_editable);
    shown(Tolerance, true);
    shown(Missing, true);
    const auto label = [this](Field field, const QString& text) {
        if (auto* const widget = qobject_cast<QLabel*>(m_form->labelForField(m_fields[field])))
            widget->setText(text);
    };
    const QString unit = m_objective.unit.empty()
                             ? QString()
                             : QStringLiteral(" [%1]").arg(QString::fromStdString(m_objective.unit));
    switch (shapeKind(m_function.shape)) {
    case ShapeKind::Max:
        label(Low, tr("Useless up to") + unit);
        label(High, tr("Perfect from") + unit);
        break;
    case ShapeKind::Min:
        label(Low, tr("Perfect up to") + unit);
        label(High, tr("Useless from") + unit);
        break;
    case ShapeKind::Target:
        label(Low, tr("Useless below") + unit);
        label(Target, tr("Target") + unit);
        label(High, tr("Useless above") + unit);
        break;
    default:
        label(Low, tr("At least") + unit);
        label(High, tr("At most") + unit);
        break;
    }
    label(LowScale, shapeKind(m_function.shape) == ShapeKind::Target ? tr("Exponent below") : tr("Exponent"));
    label(HighScale, tr("Exponent above"));
}

void DesirabilityCard::commit(const DesirabilityFunction& function, const QString& what, int part) {
    m_function = function;
    emit committed(m_objective.id, function, what, part);
}

void DesirabilityCard::acceptField(Field field, std::optional<double> value) {
    DesirabilityFunction function = m_function;
    const Numbers numbers = numbersOf(function.shape);
    double* const places[] = {numbers.low, numbers.target, numbers.high, numbers.lowScale, numbers.highScale};
    const QString names[] = {tr("low limit"), tr("target"), tr("high limit"), tr("exponent"), tr("exponent")};
    if (field <= HighScale) {
        if (places[field] == nullptr || !value)
            return;
        *places[field] = *value;
        return commit(function, names[field], field);
    }
    if (field == Weight && value)
        function.weight = *value;
    else if (field == Tolerance)
        function.tolerance = value;
    else if (field == Missing)
        function.missing = value;
    commit(function,
           field == Weight      ? tr("weight")
           : field == Tolerance ? tr("floor")
                                : tr("missing value"),
           field);
}

void DesirabilityCard::acceptKnots() {
    if (!m_knots->isModified())
        return;
    const auto custom = knotsFromUser(m_knots->text());
    if (!custom) {
        markProblem(m_knots, tr("At least two knots as “value: desirability”, separated by semicolons; "
                                "desirabilities lie between 0 and 1."));
        return;
    }
    m_knots->setModified(false);
    markProblem(m_knots, {});
    DesirabilityFunction function = m_function;
    function.shape = *custom;
    commit(function, tr("knots"), kKnotsPart);
}

void DesirabilityCard::changeKind(int index) {
    const auto kind = static_cast<ShapeKind>(m_kind->itemData(index).toInt());
    const auto range = limitsOf(m_function.shape)
                           .value_or(*limitsOf(firstDesirability(m_objective.goal, std::nullopt).shape));
    DesirabilityFunction function = m_function;
    function.shape = shapeAs(kind, m_function.shape, range);
    commit(function, tr("shape"), -1);
}

void DesirabilityCard::weightMoved(int position) {
    if (m_showing)
        return;
    DesirabilityFunction function = m_function;
    function.weight = sliderWeight(position);
    if (!m_slider->isSliderDown())
        return commit(function, tr("weight"), Weight);
    show(function);
    emit previewed(m_objective.id, function);
}

} // namespace alidade

#include "moc_desirability_card.cpp"
