#include "editors/trial_details.h"

#include "document/project_document.h"
#include "document/selection.h"
#include "editors/slopes_dialog.h"
#include "editors/widget_style.h"
#include "models/value_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace alidade {

namespace {

QString row(const QString& name, const QString& value) {
    return QStringLiteral("<tr><td style='padding:2px 12px 2px 0'>%1</td><td style='padding:2px 0' "
                          "align='right'><b>%2</b></td></tr>")
        .arg(name.toHtmlEscaped(), value.toHtmlEscaped());
}

QString section(const QString& title, const QString& color) {
    return QStringLiteral("<p style='margin:12px 0 4px 0; color:%2'>%1</p>")
        .arg(title.toHtmlEscaped(), color);
}

} // namespace

TrialDetails::TrialDetails(ProjectDocument& document, TrialSelection& selection, QWidget* parent)
    : QWidget(parent), m_document(document), m_selection(selection) {
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* const scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* const body = new QWidget(scroll);
    scroll->setWidget(body);
    outer->addWidget(scroll);
    auto* const layout = new QVBoxLayout(body);
    layout->setContentsMargins(12, kGap, 12, 12);
    layout->setSpacing(kGap);
    m_text = new QLabel(body);
    m_text->setObjectName(QStringLiteral("trialDetailsText"));
    m_text->setTextFormat(Qt::RichText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_noteLabel = hintLabel(tr("Note"), body);
    m_note = new QLineEdit(body);
    m_note->setObjectName(QStringLiteral("trialNote"));
    m_note->setPlaceholderText(tr("add a note"));
    m_slopes = textButton({}, tr("Slopes…"), QStringLiteral("trialSlopes"), body);
    m_slopes->setToolTip(tr("Derivatives of the results by parameters, where a program or a formula gives "
                            "them: models learn from them"));
    auto* const slopesRow = new QHBoxLayout;
    slopesRow->addWidget(m_slopes);
    slopesRow->addStretch();
    layout->addWidget(m_text);
    layout->addLayout(slopesRow);
    layout->addWidget(m_noteLabel);
    layout->addWidget(m_note);
    layout->addStretch();
    connect(m_slopes, &QPushButton::clicked, this, [this] {
        const Trial* trial = m_document.study().find(m_selection.current());
        if (trial == nullptr)
            return;
        auto* const dialog = new SlopesDialog(m_document, *trial, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_note, &QLineEdit::editingFinished, this, [this] {
        const Trial* trial = m_document.study().find(m_selection.current());
        if (!m_note->isModified() || trial == nullptr)
            return;
        m_note->setModified(false);
        Trial changed = *trial;
        changed.note = m_note->text().toStdString();
        m_document.push(PutTrial{changed}, tr("Note of trial %1").arg(changed.id.value));
    });
    connect(&selection, &TrialSelection::changed, this, [this] {
        m_note->setModified(false);
        refresh();
    });
    connect(&document, &ProjectDocument::trialsChanged, this, [this](const QVector<TrialId>& ids) {
        if (ids.contains(m_selection.current()))
            refresh();
    });
    connect(&document, &ProjectDocument::trialsRemoved, this, &TrialDetails::refresh);
    connect(&document, &ProjectDocument::definitionChanged, this, &TrialDetails::refresh);
    connect(&document, &ProjectDocument::reset, this, &TrialDetails::refresh);
    refresh();
}

void TrialDetails::refresh() {
    const Trial* trial = m_document.study().find(m_selection.current());
    m_note->setVisible(trial != nullptr);
    m_noteLabel->setVisible(trial != nullptr);
    m_slopes->setVisible(trial != nullptr &&
                         SlopesDialog::refusal(m_document.definition(), *trial).isEmpty());
    m_slopes->setEnabled(m_document.canEdit());
    if (trial != nullptr)
        return showTrial(*trial);
    m_text->setText(QStringLiteral("<p style='color:%2'>%1</p>")
                        .arg(tr("Select a trial in the table or in a plot to see its parameters, its results "
                                "and why it was suggested.")
                                 .toHtmlEscaped(),
                             uiColors(palette()).secondaryText.name()));
}

void TrialDetails::showTrial(const Trial& trial) {
    m_text->setText(html(trial));
    if (!(m_note->hasFocus() && m_note->isModified())) {
        m_note->setText(QString::fromStdString(trial.note));
        m_note->setModified(false);
    }
    m_note->setEnabled(m_document.canEdit());
}

QString TrialDetails::html(const Trial& trial) const {
    const Definition& definition = m_document.definition();
    const UiColors colors = uiColors(palette());
    const QString muted = colors.secondaryText.name();
    QString text =
        QStringLiteral("<p style='font-size:large; font-weight:600; margin:0'>%1</p><p style='margin:2px 0; "
                       "color:%3'>%2</p>")
            .arg(tr("Trial %1").arg(trial.id.value),
                 QStringLiteral("%1 · %2").arg(stateText(trial.state), originText(trial.origin)), muted);
    if (trial.excluded)
        text += QStringLiteral("<p style='color:%2'>%1</p>")
                    .arg(tr("Excluded: kept and shown, not given to models"), colors.warning.name());
    if (!trial.failure.empty())
        text += QStringLiteral("<p style='color:%2'><b>%3</b> %1</p>")
                    .arg(QString::fromStdString(trial.failure).toHtmlEscaped(), colors.error.name(),
                         tr("Failure:"));

    const std::vector<MeasureId> measures = definition.measures();
    if (!measures.empty()) {
        text += section(tr("Results"), muted) + QStringLiteral("<table width='100%'>");
        for (const MeasureId id : measures) {
            const auto value = trial.values.find(id);
            const Objective* objective = definition.findObjective(id);
            const QString name = QString::fromStdString(definition.measureName(id)) +
                                 (objective == nullptr ? QString() : QLatin1Char(' ') + goalSign(*objective));
            text += row(name, value == trial.values.end()
                                  ? QStringLiteral("–")
                                  : withUnit(measurementText(value->second), definition.measureUnit(id)));
        }
        text += QStringLiteral("</table>");
    }
    QString slopes;
    for (const MeasureId id : measures)
        for (const SlopeText& slope : slopeTexts(definition, trial, id))
            slopes += row(slope.name, slope.value);
    if (!slopes.isEmpty())
        text += section(tr("Slopes"), muted) + QStringLiteral("<table width='100%'>") + slopes +
                QStringLiteral("</table>");
    text += section(tr("Parameters"), muted) + QStringLiteral("<table width='100%'>");
    for (const Parameter& parameter : definition.space.parameters) {
        const auto value = trial.setting.find(parameter.id);
        text += row(QString::fromStdString(parameter.name),
                    value == trial.setting.end() ? tr("not active")
                                                 : withUnit(valueText(value->second), parameter.unit));
    }
    text += QStringLiteral("</table>");
    if (!trial.reason.empty())
        text += section(tr("Why"), muted) + QStringLiteral("<p style='margin:0'>%1</p>")
                                                .arg(QString::fromStdString(trial.reason).toHtmlEscaped());
    text += section(tr("Timing"), muted) + QStringLiteral("<table width='100%'>");
    if (trial.createdMs != 0)
        text += row(tr("created"), timeText(trial.createdMs));
    if (trial.startedMs != 0)
        text += row(tr("started"), timeText(trial.startedMs));
    if (trial.finishedMs != 0)
        text += row(tr("finished"), timeText(trial.finishedMs));
    if (trial.startedMs != 0 && trial.finishedMs >= trial.startedMs)
        text += row(tr("took"), durationText(trial.finishedMs - trial.startedMs));
    if (trial.attempt > 1)
        text += row(tr("attempt"), QString::number(trial.attempt));
    return text + QStringLiteral("</table>");
}

} // namespace alidade
