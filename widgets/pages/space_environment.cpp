#include "pages/space_environment.h"

#include "belief/axis_density.h"
#include "document/project_document.h"
#include "editors/density_editor.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "pages/explore_axis.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr double kStartingSpread = 0.15; ///< of the range

enum VariationFamily { BellVariation, FlatVariation, WeightsVariation, OtherVariation };

VariationFamily variationFamily(const Density& density) {
    if (std::holds_alternative<NormalDensity>(density))
        return BellVariation;
    if (std::holds_alternative<UniformDensity>(density))
        return FlatVariation;
    return std::holds_alternative<ChoiceWeights>(density) ? WeightsVariation : OtherVariation;
}

bool hasNumbers(const Parameter& parameter) {
    return std::holds_alternative<RealRange>(parameter.domain) ||
           std::holds_alternative<IntegerRange>(parameter.domain);
}

} // namespace

Density startingVariation(const Parameter& parameter) {
    if (hasNumbers(parameter))
        return NormalDensity{numberAtPosition(parameter, 0.5), kStartingSpread * scaleWidth(parameter)};
    ChoiceWeights weights;
    for (std::uint64_t rank = 0; rank < valueCount(parameter.domain).value_or(0); ++rank)
        weights.weights[formatValue(valueAtRank(parameter.domain, rank))] = 1.0;
    return weights;
}

SpaceEnvironment::SpaceEnvironment(ProjectDocument& document, StudyFindings& findings, QWidget* parent)
    : QWidget(parent), m_document(document), m_findings(findings) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    m_varies = new QCheckBox(tr("&Varies by itself in use"));
    m_varies->setObjectName(QStringLiteral("environmentVaries"));
    m_varies->setToolTip(
        tr("Trials set it, but nobody does in use: a temperature outdoors, a batch of material"));
    m_hint = hintLabel(tr("What counts is the objective's average over this shape. Drag it, or use the arrow "
                          "keys."));
    m_family = new QComboBox;
    m_family->setObjectName(QStringLiteral("environmentFamily"));
    m_family->setAccessibleName(tr("Shape of the variation"));
    guardWheel(m_family);
    m_family->addItem(tr("bell"), BellVariation);
    m_family->addItem(tr("between two ends"), FlatVariation);
    m_density = new DensityEditor;
    m_density->setObjectName(QStringLiteral("environmentDensity"));
    m_density->setMinimumHeight(150);
    m_problems = new QLabel;
    m_problems->setProperty("role", QStringLiteral("error"));
    m_problems->setWordWrap(true);
    for (QWidget* const widget :
         std::initializer_list<QWidget*>{m_varies, m_hint, m_family, m_density, m_problems})
        layout->addWidget(widget);
    connect(m_varies, &QCheckBox::clicked, this, [this](bool varies) {
        const Parameter* const parameter = m_document.definition().space.find(m_id);
        if (parameter)
            setDensity(varies ? std::optional(startingVariation(*parameter)) : std::nullopt,
                       tr("Variation in use"));
    });
    connect(m_family, &QComboBox::activated, this, &SpaceEnvironment::changeFamily);
    connect(m_density, &DensityEditor::densityEdited, this, [this](const Density& density, bool settled) {
        if (settled)
            setDensity(density, tr("Shape of the variation"));
    });
    connect(&findings, &StudyFindings::changed, this, &SpaceEnvironment::refresh);
    refresh();
}

void SpaceEnvironment::setParameter(ParameterId id) {
    m_id = id;
    refresh();
}

std::optional<std::size_t> SpaceEnvironment::index() const {
    const auto& environment = m_document.definition().environment;
    const auto found = std::find_if(environment.begin(), environment.end(),
                                    [this](const auto& condition) { return condition.parameter == m_id; });
    return found == environment.end() ? std::nullopt
                                      : std::optional(static_cast<std::size_t>(found - environment.begin()));
}

void SpaceEnvironment::setDensity(const std::optional<Density>& density, const QString& what) {
    std::vector<EnvironmentCondition> environment = m_document.definition().environment;
    const auto at = index();
    if (at && density)
        environment[*at].density = *density;
    else if (at)
        environment.erase(environment.begin() + static_cast<std::ptrdiff_t>(*at));
    else if (density)
        environment.push_back({m_id, *density});
    m_document.push(SetEnvironment{std::move(environment)}, what);
    refresh();
}

void SpaceEnvironment::changeFamily() {
    const Parameter* const parameter = m_document.definition().space.find(m_id);
    const auto at = index();
    const int family = m_family->currentData().toInt();
    if (!parameter || !at || family == variationFamily(m_document.definition().environment[*at].density))
        return;
    if (family == FlatVariation)
        setDensity(UniformDensity{numberAtPosition(*parameter, 0.25), numberAtPosition(*parameter, 0.75)},
                   tr("Shape of the variation"));
    else
        setDensity(startingVariation(*parameter), tr("Shape of the variation"));
}

void SpaceEnvironment::refresh() {
    const Parameter* const parameter = m_document.definition().space.find(m_id);
    // Shares of a mixture have no density of one number.
    setVisible(parameter && !std::holds_alternative<MixtureParts>(parameter->domain));
    if (!parameter)
        return;
    setEnabled(m_document.canEdit());
    const auto at = index();
    const QSignalBlocker blocker(m_varies);
    m_varies->setChecked(at.has_value());
    const bool numbers = hasNumbers(*parameter);
    m_hint->setVisible(at.has_value());
    m_density->setVisible(at.has_value());
    m_family->setVisible(at.has_value() && numbers);
    const QString problems = at ? m_findings.textFor(QStringLiteral("environment[%1]").arg(*at)) : QString();
    m_problems->setText(problems.isEmpty() && at ? m_findings.textFor(QStringLiteral("environment"))
                                                 : problems);
    m_problems->setVisible(!m_problems->text().isEmpty());
    if (!at)
        return;
    const Density& density = m_document.definition().environment[*at].density;
    m_family->setCurrentIndex(m_family->findData(variationFamily(density)));
    m_density->setEditable(m_document.canEdit());
    m_density->setAxis(axisSpec(*parameter, ExploreAxis{parameter->id}));
    m_density->setDensity(density);
}

} // namespace alidade
