#include "editors/slopes_dialog.h"

#include "document/error_text.h"
#include "document/project_document.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "study/slopes.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace alidade {

namespace {

std::vector<ParameterId> rowsOf(const Definition& definition, const Trial& trial) {
    std::vector<ParameterId> rows;
    for (const Parameter& parameter : definition.space.parameters)
        if (hasSlopes(parameter) && trial.setting.contains(parameter.id))
            rows.push_back(parameter.id);
    return rows;
}

std::vector<MeasureId> columnsOf(const Definition& definition, const Trial& trial) {
    std::vector<MeasureId> columns;
    for (const MeasureId id : definition.measures())
        if (const auto value = trial.values.find(id);
            value != trial.values.end() && std::isfinite(value->second.value))
            columns.push_back(id);
    return columns;
}

QString nameWithUnit(const std::string& name, const std::string& unit) {
    return QString::fromStdString(unit.empty() ? name : name + " [" + unit + "]");
}

} // namespace

QString SlopesDialog::refusal(const Definition& definition, const Trial& trial) {
    if (rowsOf(definition, trial).empty())
        return tr("Slopes are measured along real parameters, and none is active in trial %1.")
            .arg(trial.id.value);
    if (columnsOf(definition, trial).empty())
        return tr("A slope belongs to a measured value: type the result of trial %1 first.")
            .arg(trial.id.value);
    return {};
}

SlopesDialog::SlopesDialog(ProjectDocument& document, const Trial& trial, QWidget* parent)
    : QDialog(parent), m_document(document), m_trial(trial.id), m_rows(rowsOf(document.definition(), trial)),
      m_columns(columnsOf(document.definition(), trial)) {
    setObjectName(QStringLiteral("slopesDialog"));
    setWindowTitle(tr("Slopes of trial %1").arg(trial.id.value));
    auto* const layout = new QVBoxLayout(this);
    layout->setSpacing(kGap);
    layout->addWidget(hintLabel(
        tr("By how much each result changes per unit of a parameter, at this trial's setting: "
           "its derivative, per unit also where the scale is logarithmic. Write 0.5, or 0.50 ± 0.02 "
           "with a known standard error; leave empty what is not known."),
        this));
    m_table = new QTableWidget(static_cast<int>(m_rows.size()), static_cast<int>(m_columns.size()), this);
    m_table->setObjectName(QStringLiteral("slopesTable"));
    m_table->setAccessibleName(windowTitle());
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setTabKeyNavigation(true);
    layout->addWidget(m_table, 1);
    m_error = new QLabel(this);
    m_error->setObjectName(QStringLiteral("slopesError"));
    m_error->setWordWrap(true);
    m_error->setStyleSheet(QStringLiteral("color: %1").arg(uiColors(palette()).error.name()));
    m_error->hide();
    layout->addWidget(m_error);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &SlopesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    fill(trial);
    resize(std::min(820, 260 + 160 * m_table->columnCount()), std::min(560, 220 + 30 * m_table->rowCount()));
}

void SlopesDialog::fill(const Trial& trial) {
    const Definition& definition = m_document.definition();
    QStringList rows;
    QStringList columns;
    for (const ParameterId id : m_rows) {
        const Parameter* parameter = definition.space.find(id);
        rows << nameWithUnit(parameter->name, parameter->unit);
    }
    for (const MeasureId id : m_columns)
        columns << nameWithUnit(definition.measureName(id), definition.measureUnit(id));
    m_table->setVerticalHeaderLabels(rows);
    m_table->setHorizontalHeaderLabels(columns);
    for (int row = 0; row < m_table->rowCount(); ++row)
        for (int column = 0; column < m_table->columnCount(); ++column) {
            const SlopeId id{m_columns[static_cast<std::size_t>(column)],
                             m_rows[static_cast<std::size_t>(row)]};
            const auto& slopes = trial.values.at(id.measure).slopes;
            const auto known = slopes.find(id.parameter);
            auto* const item = new QTableWidgetItem(
                known == slopes.end() ? QString()
                                      : measurementText({known->second.value, known->second.noiseSd}, true));
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            const std::string name =
                slopeName(definition.measureName(id.measure), definition.space.find(id.parameter)->name);
            item->setToolTip(nameWithUnit(name, slopeUnit(definition, id)));
            m_table->setItem(row, column, item);
        }
    m_table->setCurrentCell(0, 0);
}

void SlopesDialog::showError(const QString& text, int row, int column) {
    m_error->setText(text);
    m_error->show();
    m_table->setCurrentCell(row, column);
    m_table->setFocus();
}

void SlopesDialog::accept() {
    const Trial* known = m_document.study().find(m_trial);
    if (known == nullptr || !m_document.canEdit())
        return reject();
    const Definition& definition = m_document.definition();
    Trial changed = *known;
    for (int row = 0; row < m_table->rowCount(); ++row)
        for (int column = 0; column < m_table->columnCount(); ++column) {
            const SlopeId id{m_columns[static_cast<std::size_t>(column)],
                             m_rows[static_cast<std::size_t>(row)]};
            const QString text = m_table->item(row, column)->text().trimmed();
            const auto measured = changed.values.find(id.measure);
            if (measured == changed.values.end())
                continue; // taken away meanwhile
            measured->second.slopes.erase(id.parameter);
            if (text.isEmpty())
                continue;
            const auto read = measurementFromUser(text);
            if (!read)
                return showError(QString::fromStdString(read.error().message), row, column);
            const auto added =
                addSlope(definition, changed.setting, id, {read->value, read->noiseSd}, changed.values);
            if (!added)
                return showError(errorText(added.error()), row, column);
        }
    if (changed != *known)
        m_document.push(PutTrial{changed}, tr("Slopes of trial %1").arg(m_trial.value));
    QDialog::accept();
}

} // namespace alidade
