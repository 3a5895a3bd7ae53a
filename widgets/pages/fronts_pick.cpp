#include "pages/fronts_pick.h"

#include "document/project_document.h"
#include "document/selection.h"
#include "editors/widget_style.h"
#include "exchange/study_json.h"
#include "models/value_text.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>

#include <nlohmann/json.hpp>

namespace alidade {

namespace {
constexpr int kMostParameters = 16;
}

QString configurationText(const Definition& definition, const Setting& setting) {
    return QString::fromStdString(settingToJson(definition.space, setting).dump(2)) + QLatin1Char('\n');
}

FrontsPick::FrontsPick(ProjectDocument& document, TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_selection(selection) {
    auto* const grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(kGap);
    m_text = new QLabel(this);
    m_text->setObjectName(QStringLiteral("pickText"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(m_text, 0, 0, 1, 6);
    m_before = textButton({}, {}, QStringLiteral("pickBefore"), this);
    m_after = textButton({}, {}, QStringLiteral("pickAfter"), this);
    m_copy = textButton(QStringLiteral("copy"), tr("&Copy configuration"), QStringLiteral("pickCopy"), this);
    m_copy->setToolTip(tr("Use as configuration: the parameters as JSON, on the clipboard"));
    m_save =
        textButton(QStringLiteral("export"), tr("&Save configuration…"), QStringLiteral("pickSave"), this);
    m_save->setToolTip(tr("Use as configuration: the parameters as a JSON file"));
    m_again = textButton(QStringLiteral("add"), tr("&Measure again"), QStringLiteral("pickAgain"), this);
    m_again->setToolTip(
        tr("Puts the same setting on the list of trials to measure, to see how well it repeats"));
    grid->addWidget(m_before, 1, 0);
    grid->addWidget(m_after, 1, 1);
    grid->setColumnStretch(2, 1);
    grid->addWidget(m_copy, 1, 3);
    grid->addWidget(m_save, 1, 4);
    grid->addWidget(m_again, 1, 5);
    connect(m_before, &QPushButton::clicked, this, [this] {
        if (m_neighbours.before)
            m_selection.setCurrent(*m_neighbours.before);
    });
    connect(m_after, &QPushButton::clicked, this, [this] {
        if (m_neighbours.after)
            m_selection.setCurrent(*m_neighbours.after);
    });
    connect(m_copy, &QPushButton::clicked, this, &FrontsPick::copyConfiguration);
    connect(m_save, &QPushButton::clicked, this, &FrontsPick::saveConfiguration);
    connect(m_again, &QPushButton::clicked, this, &FrontsPick::addAgain);
    refresh();
}

void FrontsPick::setData(const FrontsData& collected, std::size_t x) {
    m_data = collected;
    m_x = x;
    refresh();
}

QString FrontsPick::text() const {
    return m_text->text();
}

QString FrontsPick::describe(const Trial& trial) const {
    QStringList parts;
    const FrontPoint* point = m_data.find(trial.id);
    if (trial.state != TrialState::Complete)
        parts << stateText(trial.state);
    else if (point == nullptr)
        parts << tr("not measured completely");
    else if (!point->rank)
        parts << tr("outside a limit");
    else if (*point->rank == 0)
        parts << tr("not dominated");
    else
        parts << tr("layer %1 of dominance").arg(*point->rank + 1);
    if (point != nullptr)
        for (std::size_t i = 0; i < m_data.objectives.size() && i < point->values.size(); ++i)
            parts << QStringLiteral("%1 %2").arg(
                QString::fromStdString(m_data.objectives[i].name).toHtmlEscaped(),
                withUnit(numberText(point->values[i], 4), m_data.objectives[i].unit).toHtmlEscaped());
    if (const RankedTrial* ranked = m_data.desirabilityOf(trial.id)) {
        QStringList each;
        for (std::size_t i = 0; i < ranked->individual.size(); ++i)
            each << QStringLiteral("%1 %2").arg(
                QString::fromStdString(m_document.definition().measureName(m_data.ranking.goals[i]))
                    .toHtmlEscaped(),
                numberText(ranked->individual[i], 3));
        parts << tr("desirability <b>%1</b> (%2)")
                     .arg(numberText(ranked->overall, 3), each.join(QStringLiteral(", ")));
    }
    QStringList setting;
    for (const Parameter& parameter : m_document.definition().space.parameters) {
        const auto value = trial.setting.find(parameter.id);
        if (value == trial.setting.end())
            continue;
        if (setting.size() == kMostParameters) {
            setting << QStringLiteral("…");
            break;
        }
        setting << QStringLiteral("%1 %2").arg(
            QString::fromStdString(parameter.name).toHtmlEscaped(),
            withUnit(valueText(value->second), parameter.unit).toHtmlEscaped());
    }
    const QString dot = QStringLiteral(" &nbsp;·&nbsp; ");
    return QStringLiteral("<b>%1</b> &nbsp; %2<br>%3")
        .arg(tr("Trial %1").arg(trial.id.value), parts.join(dot), setting.join(dot));
}

void FrontsPick::refresh() {
    const Trial* trial = m_document.study().find(m_selection.current());
    m_neighbours = trial == nullptr || m_x >= m_data.objectives.size() ? FrontNeighbours{}
                                                                       : neighboursOf(m_data, trial->id, m_x);
    m_text->setText(trial == nullptr ? tr("Click a point to see what it stands for and to take it over.")
                                     : describe(*trial));
    const auto neighbour = [](QPushButton* button, const std::optional<TrialId>& id, const QString& text,
                              const QString& none) {
        button->setEnabled(id.has_value());
        button->setText(id ? text.arg(id->value) : none);
    };
    neighbour(m_before, m_neighbours.before, tr("◀ Trial %1"), tr("◀ Neighbour"));
    neighbour(m_after, m_neighbours.after, tr("Trial %1 ▶"), tr("Neighbour ▶"));
    m_before->setToolTip(tr("The neighbour on the front with a smaller value of the x axis"));
    m_after->setToolTip(tr("The neighbour on the front with a larger value of the x axis"));
    m_copy->setEnabled(trial != nullptr);
    m_save->setEnabled(trial != nullptr);
    m_again->setEnabled(trial != nullptr && m_document.canEdit());
}

void FrontsPick::copyConfiguration() {
    const Trial* trial = m_document.study().find(m_selection.current());
    if (trial == nullptr)
        return;
    QApplication::clipboard()->setText(configurationText(m_document.definition(), trial->setting));
    emit noticed(tr("The parameters of trial %1 are on the clipboard.").arg(trial->id.value));
}

void FrontsPick::saveConfiguration() {
    const Trial* trial = m_document.study().find(m_selection.current());
    if (trial == nullptr)
        return;
    const QString text = configurationText(m_document.definition(), trial->setting);
    auto* const dialog =
        new QFileDialog(this, tr("Save configuration"), QStringLiteral("trial-%1.json").arg(trial->id.value),
                        tr("JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, text](const QString& path) {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit())
            emit noticed(tr("Written to %1.").arg(QDir::toNativeSeparators(path)));
        else
            emit noticed(
                tr("%1 cannot be written: %2").arg(QDir::toNativeSeparators(path), file.errorString()));
    });
    dialog->open();
}

void FrontsPick::addAgain() {
    const Trial* trial = m_document.study().find(m_selection.current());
    if (trial == nullptr)
        return;
    const auto checked = checkedSetting(m_document.definition().space, trial->setting);
    if (!checked.ok()) {
        emit noticed(tr("Trial %1 no longer fits the space: %2")
                         .arg(trial->id.value)
                         .arg(QString::fromStdString(checked.error().message)));
        return;
    }
    Trial again;
    again.origin = Origin::Manual;
    again.reason = "repeats trial " + std::to_string(trial->id.value);
    again.setting = checked.value();
    again.createdMs = ProjectDocument::nowMs();
    const qint64 id = trial->id.value;
    m_document.addTrials({again}, tr("Repeat trial %1").arg(id));
    emit noticed(tr("The setting of trial %1 is on the list of trials to measure.").arg(id));
}

} // namespace alidade

#include "moc_fronts_pick.cpp"
