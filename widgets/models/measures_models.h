#pragma once

#include "models/id_table_model.h"
#include "study/definition.h"

namespace alidade {

class ProjectDocument;
class StudyFindings;

/// Objectives, editable in place; each edit is an undo step.
class ObjectivesModel : public IdTableModel {
    Q_OBJECT
public:
    enum Column { Name, GoalColumn, Unit, Reference, KnownOptimum, ColumnCount };

    ObjectivesModel(ProjectDocument& document, StudyFindings& findings, QObject* parent = nullptr);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    /// What was typed cannot be used; the text says why.
    void inputRefused(const QString& message);

private:
    void update();

    ProjectDocument& m_document;
    StudyFindings& m_findings;
};

/// Limits on measured quantities, editable in place.
class LimitsModel : public IdTableModel {
    Q_OBJECT
public:
    enum Column { Name, Lower, Upper, Unit, ColumnCount };

    LimitsModel(ProjectDocument& document, StudyFindings& findings, QObject* parent = nullptr);

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void inputRefused(const QString& message);

private:
    void update();

    ProjectDocument& m_document;
    StudyFindings& m_findings;
};

} // namespace alidade
