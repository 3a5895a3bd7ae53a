#include "editors/constraint_list.h"

#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/study_findings.h"
#include "models/value_text.h"
#include "space/constraint.h"
#include "space/sampling.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

namespace alidade {

/// What was found about the lines as they stand, in order; the line for a new constraint comes last.
struct ConstraintList::Feedback {
    struct Line {
        QString problem;
        std::optional<double> share;
    };
    std::vector<Line> lines;
    std::optional<double> share; ///< of all lines together
};

namespace {

QString jobKey() {
    return QStringLiteral("feasible share");
}
constexpr std::size_t kSamples = 4096;

QString percent(double share) {
    if (share > 0.0 && share < 0.001)
        return QStringLiteral("< 0.1 %");
    return numberText(100.0 * share, share < 0.1 ? 2 : 3) + QStringLiteral(" %");
}

} // namespace

ConstraintList::ConstraintList(ProjectDocument& document, JobRunner& jobs, StudyFindings& findings,
                               QWidget* parent)
    : QWidget(parent), m_document(document), m_jobs(jobs), m_findings(findings) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    auto* const header = new QHBoxLayout;
    header->addWidget(headingLabel(tr("Constraints"), this));
    header->addStretch();
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("feasibleShare"));
    header->addWidget(m_summary);
    layout->addLayout(header);
    m_rowLayout = new QVBoxLayout;
    m_rowLayout->setSpacing(4);
    layout->addLayout(m_rowLayout);

    m_new = makeRow({}, QStringLiteral("newConstraint"));
    m_new.edit->setPlaceholderText(tr("layers * batch <= 512"));
    m_new.edit->setAccessibleName(tr("New constraint"));
    auto* const addButton =
        textButton(QStringLiteral("add"), tr("Add"), QStringLiteral("addConstraint"), m_new.widget);
    m_new.widget->layout()->addWidget(addButton);
    layout->addWidget(m_new.widget);
    connect(m_new.edit, &QLineEdit::returnPressed, this, &ConstraintList::add);
    connect(addButton, &QPushButton::clicked, this, &ConstraintList::add);

    m_delay.setSingleShot(true);
    m_delay.setInterval(150);
    connect(&m_delay, &QTimer::timeout, this, &ConstraintList::computeFeedback);
    connect(&findings, &StudyFindings::changed, this, &ConstraintList::refresh);
    refresh();
}

ConstraintList::Row ConstraintList::makeRow(ConstraintId id, const QString& name) {
    Row row;
    row.id = id;
    row.widget = new QWidget(this);
    auto* const layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    row.edit = new QLineEdit(row.widget);
    row.edit->setObjectName(name);
    row.status = new QLabel(row.widget);
    row.status->setObjectName(name + QStringLiteral("Status"));
    layout->addWidget(row.edit, 2);
    layout->addWidget(row.status, 1);
    connect(row.edit, &QLineEdit::textEdited, this, &ConstraintList::requestFeedback);
    return row;
}

void ConstraintList::add() {
    const QString text = m_new.edit->text().trimmed();
    if (text.isEmpty())
        return;
    const Definition& definition = m_document.definition();
    const Constraint constraint{ConstraintId{definition.nextId}, text.toStdString()};
    m_new.edit->clear(); // before the change is announced, or its feedback would come twice
    if (!m_document.push(PutConstraint{constraint, definition.space.constraints.size()},
                         tr("Add constraint")))
        m_new.edit->setText(text);
}

void ConstraintList::refresh() {
    const auto& constraints = m_document.definition().space.constraints;
    const bool same = std::equal(constraints.begin(), constraints.end(), m_rows.begin(), m_rows.end(),
                                 [](const Constraint& c, const Row& row) { return c.id == row.id; });
    if (!same)
        rebuildRows();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        QLineEdit* const edit = m_rows[i].edit;
        const QString text = QString::fromStdString(constraints[i].expression);
        if (!(edit->hasFocus() && edit->isModified()) && edit->text() != text)
            edit->setText(text);
    }
    setEnabled(m_document.canEdit());
    requestFeedback();
}

void ConstraintList::rebuildRows() {
    for (const Row& row : m_rows) {
        row.widget->hide();
        row.widget->deleteLater(); // its field may be the sender
    }
    m_rows.clear();
    for (const Constraint& constraint : m_document.definition().space.constraints) {
        Row row = makeRow(constraint.id, QStringLiteral("constraint%1").arg(m_rows.size()));
        auto* const remove = iconButton(QStringLiteral("remove"), tr("Remove this constraint"),
                                        QStringLiteral("removeConstraint%1").arg(m_rows.size()), row.widget);
        row.widget->layout()->addWidget(remove);
        m_rowLayout->addWidget(row.widget);
        connect(row.edit, &QLineEdit::editingFinished, this, [this, id = row.id, edit = row.edit] {
            if (!edit->isModified())
                return;
            edit->setModified(false);
            m_document.push(PutConstraint{{id, edit->text().trimmed().toStdString()}, kKeepPlace},
                            tr("Constraint"));
        });
        connect(remove, &QToolButton::clicked, this,
                [this, id = row.id] { m_document.push(RemoveConstraint{id}, tr("Remove constraint")); });
        m_rows.push_back(row);
    }
}

void ConstraintList::requestFeedback() {
    m_delay.start();
}

void ConstraintList::computeFeedback() {
    SearchSpace space = m_document.definition().space;
    space.constraints.clear();
    for (const Row& row : m_rows)
        space.constraints.push_back({row.id, row.edit->text().trimmed().toStdString()});
    if (const QString text = m_new.edit->text().trimmed(); !text.isEmpty())
        space.constraints.push_back({ConstraintId{m_document.definition().nextId}, text.toStdString()});
    if (space.constraints.empty() || space.parameters.empty()) {
        m_jobs.discard(jobKey());
        showFeedback({});
        return;
    }
    if (m_findings.hasProblems(QStringLiteral("parameters"))) {
        m_jobs.discard(jobKey());
        m_summary->setText(tr("not known until the parameters are valid"));
        return;
    }
    m_jobs.start(
        {jobKey(), {}, m_document.revision()}, this,
        [space](const Monitor& monitor) -> Result<Feedback> {
            Feedback feedback;
            bool usable = true;
            for (const Constraint& constraint : space.constraints) {
                SearchSpace alone = space;
                alone.constraints = {constraint};
                Feedback::Line line;
                const auto parsed = ConstraintSet::parse(alone);
                if (!parsed.ok()) {
                    line.problem = QString::fromStdString(parsed.error().message);
                    usable = false;
                } else {
                    ALIDADE_ASSIGN(line.share, feasibleShare(alone, kSamples, monitor));
                }
                feedback.lines.push_back(std::move(line));
            }
            if (usable) {
                ALIDADE_ASSIGN(feedback.share, feasibleShare(space, kSamples, monitor));
            }
            return feedback;
        },
        [this](const Result<Feedback>& feedback, quint64) {
            if (feedback.ok())
                showFeedback(*feedback);
            else
                m_summary->setText(QString::fromStdString(feedback.error().message));
        });
}

void ConstraintList::showFeedback(const Feedback& feedback) {
    std::vector<Row> rows = m_rows;
    rows.push_back(m_new);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Feedback::Line line = i < feedback.lines.size() ? feedback.lines[i] : Feedback::Line{};
        markProblem(rows[i].edit, line.problem);
        QLabel* const status = rows[i].status;
        status->setProperty("role",
                            line.problem.isEmpty() ? QStringLiteral("hint") : QStringLiteral("error"));
        status->setToolTip(line.problem);
        status->setWordWrap(!line.problem.isEmpty());
        status->setText(!line.problem.isEmpty() ? line.problem
                        : line.share            ? tr("leaves %1").arg(percent(*line.share))
                                                : QString());
        status->setVisible(!status->text().isEmpty());
        status->setStyleSheet(QString()); // the role may be another one now
    }
    if (feedback.share)
        m_summary->setText(*feedback.share > 0.0
                               ? tr("%1 of the space is feasible").arg(percent(*feedback.share))
                               : tr("⚠ no feasible setting found"));
    else
        m_summary->setText(feedback.lines.empty() ? tr("every setting is allowed") : QString());
}

} // namespace alidade
