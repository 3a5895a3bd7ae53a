#include "models/measures_models.h"

#include "document/project_document.h"
#include "models/study_findings.h"
#include "models/value_text.h"
#include "study/best_end.h"

namespace alidade {

namespace {

/// Sets an optional number from what was typed (empty: none); false when it is not a number.
bool takeNumber(std::optional<double>& field, const QString& text) {
    if (text.trimmed().isEmpty()) {
        field.reset();
        return true;
    }
    const auto number = numberFromUser(text);
    if (number)
        field = *number;
    return number.has_value();
}

QString notANumber(const QString& text) {
    return ObjectivesModel::tr("“%1” is not a number.").arg(text.trimmed());
}

QVariant alignment(bool number) {
    return QVariant::fromValue(Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
}

} // namespace

ObjectivesModel::ObjectivesModel(ProjectDocument& document, StudyFindings& findings, QObject* parent)
    : IdTableModel(parent), m_document(document), m_findings(findings) {
    connect(&findings, &StudyFindings::changed, this, &ObjectivesModel::update);
    update();
}

void ObjectivesModel::update() {
    std::vector<std::int64_t> ids;
    for (const Objective& objective : m_document.definition().objectives)
        ids.push_back(objective.id.value);
    syncRows(ids);
}

int ObjectivesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ObjectivesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Reference)
        return tr("The worst value that is still of interest; bounds the hypervolume of the front");
    if (role == Qt::ToolTipRole && section == KnownOptimum)
        return tr("For test functions: the best possible value, shown as regret");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case GoalColumn: return tr("Goal");
    case Unit: return tr("Unit");
    case Reference: return tr("Worst acceptable");
    case KnownOptimum: return tr("Known optimum");
    default: return {};
    }
}

Qt::ItemFlags ObjectivesModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = IdTableModel::flags(index);
    return m_document.canEdit() ? flags | Qt::ItemIsEditable : flags;
}

QVariant ObjectivesModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Objective* objective = m_document.definition().findObjective(MeasureId{idAt(index.row())});
    if (objective == nullptr)
        return {};
    if (role == IdRole)
        return qint64(objective->id.value);
    if (role == ProblemRole || role == Qt::ToolTipRole)
        return m_findings.textFor(QStringLiteral("objectives[%1]").arg(index.row()));
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column() >= Reference);
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != SortRole)
        return {};
    switch (index.column()) {
    case Name: return QString::fromStdString(objective->name);
    case GoalColumn:
        if (role != Qt::DisplayRole)
            return static_cast<int>(objective->goal);
        return goalSign(*objective) + QLatin1Char(' ') +
               (oneEndIsBest(*objective) ? goalText(objective->goal) : tr("as desired below"));
    case Unit: return QString::fromStdString(objective->unit);
    case Reference: return optionalNumberText(objective->reference);
    case KnownOptimum: return optionalNumberText(objective->knownOptimum);
    default: return {};
    }
}

bool ObjectivesModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const Objective* present = m_document.definition().findObjective(MeasureId{idAt(index.row())});
    if (present == nullptr)
        return false;
    Objective objective = *present;
    bool understood = true;
    switch (index.column()) {
    case Name: objective.name = value.toString().trimmed().toStdString(); break;
    case GoalColumn: objective.goal = static_cast<Goal>(value.toInt()); break;
    case Unit: objective.unit = value.toString().trimmed().toStdString(); break;
    case Reference: understood = takeNumber(objective.reference, value.toString()); break;
    case KnownOptimum: understood = takeNumber(objective.knownOptimum, value.toString()); break;
    default: return false;
    }
    if (!understood) {
        emit inputRefused(notANumber(value.toString()));
        return false;
    }
    return m_document.push(PutObjective{objective, kKeepPlace},
                           tr("Objective %1").arg(QString::fromStdString(objective.name)));
}

LimitsModel::LimitsModel(ProjectDocument& document, StudyFindings& findings, QObject* parent)
    : IdTableModel(parent), m_document(document), m_findings(findings) {
    connect(&findings, &StudyFindings::changed, this, &LimitsModel::update);
    update();
}

void LimitsModel::update() {
    std::vector<std::int64_t> ids;
    for (const OutcomeConstraint& limit : m_document.definition().outcomeConstraints)
        ids.push_back(limit.id.value);
    syncRows(ids);
}

int LimitsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LimitsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Lower: return tr("At least");
    case Upper: return tr("At most");
    case Unit: return tr("Unit");
    default: return {};
    }
}

Qt::ItemFlags LimitsModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = IdTableModel::flags(index);
    return m_document.canEdit() ? flags | Qt::ItemIsEditable : flags;
}

QVariant LimitsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const OutcomeConstraint* limit =
        m_document.definition().findOutcomeConstraint(MeasureId{idAt(index.row())});
    if (limit == nullptr)
        return {};
    if (role == IdRole)
        return qint64(limit->id.value);
    if (role == ProblemRole || role == Qt::ToolTipRole)
        return m_findings.textFor(QStringLiteral("outcome_constraints[%1]").arg(index.row()));
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column() == Lower || index.column() == Upper);
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != SortRole)
        return {};
    switch (index.column()) {
    case Name: return QString::fromStdString(limit->name);
    case Lower: return optionalNumberText(limit->lower);
    case Upper: return optionalNumberText(limit->upper);
    case Unit: return QString::fromStdString(limit->unit);
    default: return {};
    }
}

bool LimitsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const OutcomeConstraint* present =
        m_document.definition().findOutcomeConstraint(MeasureId{idAt(index.row())});
    if (present == nullptr)
        return false;
    OutcomeConstraint limit = *present;
    bool understood = true;
    switch (index.column()) {
    case Name: limit.name = value.toString().trimmed().toStdString(); break;
    case Lower: understood = takeNumber(limit.lower, value.toString()); break;
    case Upper: understood = takeNumber(limit.upper, value.toString()); break;
    case Unit: limit.unit = value.toString().trimmed().toStdString(); break;
    default: return false;
    }
    if (!understood) {
        emit inputRefused(notANumber(value.toString()));
        return false;
    }
    return m_document.push(PutOutcomeConstraint{limit, kKeepPlace},
                           tr("Limit on %1").arg(QString::fromStdString(limit.name)));
}

} // namespace alidade
