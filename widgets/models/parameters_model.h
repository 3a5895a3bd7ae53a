#pragma once

#include "models/id_table_model.h"

#include "base/ids.h"

namespace alidade {

class ProjectDocument;
class StudyFindings;

/// The search space as a table, for reading; parameters are edited in a form beside it.
class ParametersModel : public IdTableModel {
    Q_OBJECT
public:
    enum Column { Name, Kind, Range, ScaleColumn, Step, Unit, Default, ActiveWhen, ColumnCount };

    ParametersModel(ProjectDocument& document, StudyFindings& findings, QObject* parent = nullptr);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] ParameterId parameterAt(int row) const { return ParameterId{idAt(row)}; }

private:
    void update();

    ProjectDocument& m_document;
    StudyFindings& m_findings;
};

} // namespace alidade
