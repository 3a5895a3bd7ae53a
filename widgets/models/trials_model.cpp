#include "models/trials_model.h"

#include "document/project_document.h"
#include "models/value_text.h"
#include "study/best_end.h"

#include <QFont>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace alidade {

namespace {

/// One slope a line; nothing without any.
QVariant slopesTip(const Definition& definition, const Trial& trial, MeasureId measure) {
    QStringList lines;
    for (const SlopeText& slope : slopeTexts(definition, trial, measure))
        lines << slope.name + QStringLiteral(" = ") + slope.value;
    return lines.isEmpty() ? QVariant() : lines.join(u'\n');
}

} // namespace

void settleState(const Definition& definition, Trial& trial, std::int64_t nowMs) {
    const std::vector<MeasureId> measures = definition.measures();
    const bool measured =
        !measures.empty() && std::all_of(measures.begin(), measures.end(),
                                         [&](MeasureId id) { return trial.values.contains(id); });
    if (measured && trial.state != TrialState::Complete) {
        trial.state = TrialState::Complete;
        trial.failure.clear();
        trial.finishedMs = nowMs;
    } else if (!measured && trial.state == TrialState::Complete) {
        trial.state = TrialState::Pending;
        trial.finishedMs = 0;
    }
}

QString searchText(const Definition& definition, const Trial& trial) {
    QStringList parts{QString::number(trial.id.value),
                      stateText(trial.state),
                      originText(trial.origin),
                      QString::fromStdString(trial.note),
                      QString::fromStdString(trial.reason),
                      QString::fromStdString(trial.failure)};
    for (const auto& [id, value] : trial.setting) {
        const Parameter* parameter = definition.space.find(id);
        if (parameter != nullptr)
            parts.append(QString::fromStdString(parameter->name) + u'=' + valueText(value));
    }
    for (const auto& [id, measurement] : trial.values)
        parts.append(QString::fromStdString(definition.measureName(id)) + u'=' +
                     measurementText(measurement));
    return parts.join(u'\n').toLower();
}

TrialsModel::TrialsModel(ProjectDocument& document, QObject* parent)
    : QAbstractTableModel(parent), m_document(document) {
    connect(&document, &ProjectDocument::reset, this, &TrialsModel::rebuild);
    connect(&document, &ProjectDocument::definitionChanged, this, &TrialsModel::refreshColumns);
    connect(&document, &ProjectDocument::trialsChanged, this, &TrialsModel::applyChanged);
    connect(&document, &ProjectDocument::trialsRemoved, this, &TrialsModel::applyRemoved);
    rebuild();
}

std::vector<TrialsModel::Column> TrialsModel::wantedColumns() const {
    std::vector<Column> columns{{ColumnKind::Id, {}, {}}, {ColumnKind::State, {}, {}}};
    // Results first: they are typed here, and many parameters would push them out of sight.
    for (const MeasureId measure : m_document.definition().measures())
        columns.push_back({ColumnKind::Measure, {}, measure});
    for (const Parameter& parameter : m_document.definition().space.parameters)
        columns.push_back({ColumnKind::Parameter, parameter.id, {}});
    columns.push_back({ColumnKind::Note, {}, {}});
    columns.push_back({ColumnKind::Reason, {}, {}});
    columns.push_back({ColumnKind::Origin, {}, {}});
    return columns;
}

void TrialsModel::rebuild() {
    beginResetModel();
    m_columns = wantedColumns();
    m_ids.clear();
    for (const Trial& trial : m_document.study().trials)
        m_ids.push_back(trial.id);
    endResetModel();
    emit columnsChanged();
}

void TrialsModel::refreshColumns() {
    if (wantedColumns() != m_columns) {
        rebuild();
        return;
    }
    // Names, units or formats changed.
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    if (!m_ids.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void TrialsModel::applyChanged(const QVector<TrialId>& ids) {
    std::vector<TrialId> added;
    std::vector<int> changed;
    for (const TrialId id : ids) {
        if (const auto row = rowOf(id))
            changed.push_back(*row);
        else
            added.push_back(id);
    }
    std::sort(changed.begin(), changed.end());
    for (std::size_t first = 0; first < changed.size();) {
        std::size_t last = first;
        while (last + 1 < changed.size() && changed[last + 1] <= changed[last] + 1)
            ++last;
        emit dataChanged(index(changed[first], 0), index(changed[last], columnCount() - 1));
        first = last + 1;
    }
    std::sort(added.begin(), added.end());
    // Runs of new ids that go to one place.
    for (auto first = added.begin(); first != added.end();) {
        const auto place = std::lower_bound(m_ids.begin(), m_ids.end(), *first);
        const auto last = place == m_ids.end() ? added.end() : std::lower_bound(first, added.end(), *place);
        const int row = static_cast<int>(place - m_ids.begin());
        beginInsertRows({}, row, row + static_cast<int>(last - first) - 1);
        m_ids.insert(place, first, last);
        endInsertRows();
        first = last;
    }
}

void TrialsModel::applyRemoved(const QVector<TrialId>& ids) {
    std::vector<int> rows;
    for (const TrialId id : ids)
        if (const auto row = rowOf(id))
            rows.push_back(*row);
    std::sort(rows.begin(), rows.end(), std::greater<>());
    for (std::size_t first = 0; first < rows.size();) {
        std::size_t last = first;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] - 1)
            ++last;
        beginRemoveRows({}, rows[last], rows[first]);
        m_ids.erase(m_ids.begin() + rows[last], m_ids.begin() + rows[first] + 1);
        endRemoveRows();
        first = last + 1;
    }
}

int TrialsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

int TrialsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

int TrialsModel::columnOf(const Column& column) const {
    const auto found = std::find(m_columns.begin(), m_columns.end(), column);
    return found == m_columns.end() ? -1 : static_cast<int>(found - m_columns.begin());
}

std::optional<int> TrialsModel::rowOf(TrialId id) const {
    const auto place = std::lower_bound(m_ids.begin(), m_ids.end(), id);
    if (place == m_ids.end() || *place != id)
        return {};
    return static_cast<int>(place - m_ids.begin());
}

const Definition& TrialsModel::definition() const {
    return m_document.definition();
}

const Trial* TrialsModel::trial(int row) const {
    return m_document.study().find(trialAt(row));
}

QString TrialsModel::columnTitle(const Column& column) const {
    const Definition& definition = m_document.definition();
    const auto titled = [](const std::string& name, const std::string& unit) {
        const QString title = QString::fromStdString(name);
        return unit.empty() ? title : QStringLiteral("%1 [%2]").arg(title, QString::fromStdString(unit));
    };
    switch (column.kind) {
    case ColumnKind::Id: return tr("Trial");
    case ColumnKind::State: return tr("State");
    case ColumnKind::Parameter: {
        const Parameter* parameter = definition.space.find(column.parameter);
        return parameter == nullptr ? QString() : titled(parameter->name, parameter->unit);
    }
    case ColumnKind::Measure:
        return titled(definition.measureName(column.measure), definition.measureUnit(column.measure));
    case ColumnKind::Reason: return tr("Why");
    case ColumnKind::Origin: return tr("Origin");
    case ColumnKind::Note: return tr("Note");
    }
    return {};
}

QVariant TrialsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        QString title = columnTitle(column);
        if (const Objective* objective = m_document.definition().findObjective(column.measure))
            title += QLatin1Char(' ') + goalSign(*objective);
        return title;
    }
    if (role == Qt::ToolTipRole && column.kind == ColumnKind::Measure) {
        if (const Objective* objective = m_document.definition().findObjective(column.measure))
            return oneEndIsBest(*objective) ? tr("Objective: %1").arg(goalText(objective->goal))
                                            : tr("Objective: what its desirability wants");
        return tr("Limit");
    }
    if (role == Qt::TextAlignmentRole) {
        const bool text = column.kind == ColumnKind::Note || column.kind == ColumnKind::Reason ||
                          column.kind == ColumnKind::State || column.kind == ColumnKind::Origin;
        return QVariant::fromValue(Qt::Alignment((text ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    }
    return {};
}

Qt::ItemFlags TrialsModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    if (!index.isValid() || !m_document.canEdit())
        return flags;
    const Column& column = m_columns[static_cast<std::size_t>(index.column())];
    const Trial* row = trial(index.row());
    const bool valueCell = column.kind == ColumnKind::Parameter || column.kind == ColumnKind::Measure;
    // A running trial is being measured elsewhere: its values are not ours to change.
    if (row != nullptr &&
        (column.kind == ColumnKind::Note || (valueCell && row->state != TrialState::Running)))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant TrialsModel::display(const Trial& trial, const Column& column) const {
    const Definition& definition = m_document.definition();
    switch (column.kind) {
    case ColumnKind::Id: return qlonglong(trial.id.value);
    case ColumnKind::State: return stateText(trial.state);
    case ColumnKind::Parameter: {
        const auto value = trial.setting.find(column.parameter);
        if (value != trial.setting.end())
            return valueText(value->second);
        const Parameter* parameter = definition.space.find(column.parameter);
        const bool inactive = parameter != nullptr && !parameter->conditions.empty();
        return inactive ? QStringLiteral("–") : QString();
    }
    case ColumnKind::Measure: {
        const auto value = trial.values.find(column.measure);
        return value == trial.values.end() ? QString() : measurementText(value->second);
    }
    case ColumnKind::Reason: return QString::fromStdString(trial.reason);
    case ColumnKind::Origin: return originText(trial.origin);
    case ColumnKind::Note: return QString::fromStdString(trial.note);
    }
    return {};
}

QVariant TrialsModel::raw(const Trial& trial, const Column& column) const {
    switch (column.kind) {
    case ColumnKind::Id: return qlonglong(trial.id.value);
    case ColumnKind::State: return static_cast<int>(trial.state);
    case ColumnKind::Parameter: {
        const auto found = trial.setting.find(column.parameter);
        if (found == trial.setting.end())
            return {};
        if (const auto* real = std::get_if<double>(&found->second))
            return *real;
        if (const auto* whole = std::get_if<std::int64_t>(&found->second))
            return qlonglong(*whole);
        return valueText(found->second);
    }
    case ColumnKind::Measure: {
        const auto found = trial.values.find(column.measure);
        return found == trial.values.end() ? QVariant() : QVariant(found->second.value);
    }
    default: return display(trial, column);
    }
}

QVariant TrialsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Trial* found = trial(index.row());
    if (found == nullptr)
        return {}; // removed a moment ago
    const Column& column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: return display(*found, column);
    case Qt::EditRole: return editText(*found, column);
    case IdRole: return qlonglong(found->id.value);
    case SortRole: return raw(*found, column);
    case StateRole: return static_cast<int>(found->state);
    case ExcludedRole: return found->excluded;
    case Qt::TextAlignmentRole: {
        const bool number = column.kind == ColumnKind::Id || column.kind == ColumnKind::Parameter ||
                            column.kind == ColumnKind::Measure;
        return QVariant::fromValue(
            Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case Qt::FontRole:
        if (found->excluded && column.kind != ColumnKind::Note) {
            QFont font;
            font.setStrikeOut(true);
            return font;
        }
        return {};
    case Qt::ToolTipRole:
        if (column.kind == ColumnKind::State && !found->failure.empty())
            return QString::fromStdString(found->failure);
        if (found->excluded && column.kind == ColumnKind::State)
            return tr("Excluded: kept and shown, not given to models");
        if (column.kind == ColumnKind::Reason || column.kind == ColumnKind::Note)
            return display(*found, column);
        if (column.kind == ColumnKind::Measure)
            return slopesTip(m_document.definition(), *found, column.measure);
        return {};
    default: return {};
    }
}

QString TrialsModel::editText(const Trial& trial, const Column& column) const {
    if (column.kind == ColumnKind::Measure) {
        const auto value = trial.values.find(column.measure);
        return value == trial.values.end() ? QString() : measurementText(value->second, true);
    }
    if (column.kind == ColumnKind::Parameter) {
        const auto value = trial.setting.find(column.parameter);
        return value == trial.setting.end() ? QString() : exactValueText(value->second);
    }
    return display(trial, column).toString();
}

Result<Trial> TrialsModel::edited(const Trial& trial, const Column& column, const QString& text) const {
    Trial changed = trial;
    const Definition& definition = m_document.definition();
    if (column.kind == ColumnKind::Note) {
        changed.note = text.toStdString();
    } else if (column.kind == ColumnKind::Measure) {
        if (text.trimmed().isEmpty()) {
            changed.values.erase(column.measure);
        } else {
            const auto measurement = measurementFromUser(text);
            if (!measurement.ok()) {
                Error error = measurement.error();
                error.context = definition.measureName(column.measure);
                return error;
            }
            Measurement& stored = changed.values[column.measure];
            std::map<ParameterId, Slope> slopes = std::move(stored.slopes);
            stored = *measurement;
            if (std::isfinite(stored.value))
                stored.slopes = std::move(slopes);
        }
        settleState(definition, changed, ProjectDocument::nowMs());
    } else if (column.kind == ColumnKind::Parameter) {
        const Parameter* parameter = definition.space.find(column.parameter);
        if (parameter == nullptr)
            return makeError(ErrorCode::NotFound, tr("The parameter has been removed").toStdString());
        if (!isActive(definition.space, parameter->id, trial.setting))
            return makeError(ErrorCode::InvalidArgument,
                             tr("it is not active in this trial (%1)")
                                 .arg(conditionText(definition.space, *parameter))
                                 .toStdString(),
                             parameter->name);
        ALIDADE_ASSIGN(changed.setting[parameter->id], valueFromUser(*parameter, text));
        changed.setting = completed(definition.space, changed.setting);
        if (changed.setting != trial.setting && changed.state == TrialState::Pending)
            changed.origin = Origin::Manual;
    } else {
        return makeError(ErrorCode::InvalidArgument, tr("This column cannot be changed").toStdString());
    }
    return changed;
}

bool TrialsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const Trial* present = trial(index.row());
    const Column column = m_columns[static_cast<std::size_t>(index.column())];
    // Leaving an editor without typing must not round a value to what was shown.
    if (present == nullptr || value.toString() == editText(*present, column))
        return false;
    auto changed = edited(*present, column, value.toString());
    if (!changed.ok()) {
        emit inputRefused(QString::fromStdString(changed.error().text()));
        return false;
    }
    return m_document.push(PutTrial{*changed},
                           tr("%1 of trial %2").arg(columnTitle(column)).arg(changed->id.value));
}

} // namespace alidade
