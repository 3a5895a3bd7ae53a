#include "models/parameters_model.h"

#include "document/project_document.h"
#include "models/study_findings.h"
#include "models/value_text.h"

namespace alidade {

ParametersModel::ParametersModel(ProjectDocument& document, StudyFindings& findings, QObject* parent)
    : IdTableModel(parent), m_document(document), m_findings(findings) {
    connect(&findings, &StudyFindings::changed, this, &ParametersModel::update);
    update();
}

void ParametersModel::update() {
    std::vector<std::int64_t> ids;
    for (const Parameter& parameter : m_document.definition().space.parameters)
        ids.push_back(parameter.id.value);
    syncRows(ids);
}

int ParametersModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ParametersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Kind: return tr("Kind");
    case Range: return tr("Range or choices");
    case ScaleColumn: return tr("Scale");
    case Step: return tr("Step");
    case Unit: return tr("Unit");
    case Default: return tr("Default");
    case ActiveWhen: return tr("Active when");
    default: return {};
    }
}

QVariant ParametersModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SearchSpace& space = m_document.definition().space;
    const Parameter* parameter = space.find(parameterAt(index.row()));
    if (parameter == nullptr)
        return {};
    if (role == IdRole)
        return qint64(parameter->id.value);
    if (role == ProblemRole || role == Qt::ToolTipRole)
        return m_findings.textFor(QStringLiteral("parameters[%1]").arg(index.row()));
    if (role != Qt::DisplayRole && role != SortRole)
        return {};
    const auto* real = std::get_if<RealRange>(&parameter->domain);
    const auto* integer = std::get_if<IntegerRange>(&parameter->domain);
    switch (index.column()) {
    case Name: return QString::fromStdString(parameter->name);
    case Kind: return kindText(parameter->domain);
    case Range: return rangeText(parameter->domain);
    case ScaleColumn: return real ? scaleText(real->scale) : integer ? scaleText(integer->scale) : QString();
    case Step:
        if (real != nullptr)
            return real->step ? numberText(*real->step) : QString();
        return integer != nullptr ? valueText(integer->step) : QString();
    case Unit: return QString::fromStdString(parameter->unit);
    case Default: return parameter->defaultValue ? valueText(*parameter->defaultValue) : QString();
    case ActiveWhen: return conditionText(space, *parameter);
    default: return {};
    }
}

} // namespace alidade
