#pragma once

#include "base/ids.h"
#include "study/study.h"

#include <QAbstractTableModel>
#include <QVector>

#include <optional>
#include <vector>

namespace alidade {

class ProjectDocument;

/// All trials, one row each, ordered by id; columns follow the definition. Rows change one by one as the
/// document announces it. Values are typed in place; each edit is one undo step.
class TrialsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum class ColumnKind { Id, State, Parameter, Measure, Reason, Origin, Note };
    struct Column {
        ColumnKind kind = ColumnKind::Id;
        ParameterId parameter;
        MeasureId measure;
        bool operator==(const Column&) const = default;
    };
    enum Role {
        IdRole = Qt::UserRole, ///< qint64
        SortRole,              ///< number or text; invalid when missing
        StateRole,             ///< int of TrialState
        ExcludedRole           ///< bool
    };

    explicit TrialsModel(ProjectDocument& document, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    [[nodiscard]] const std::vector<Column>& columns() const { return m_columns; }
    [[nodiscard]] int columnOf(const Column& column) const; ///< -1: none
    [[nodiscard]] TrialId trialAt(int row) const { return m_ids.at(static_cast<std::size_t>(row)); }
    [[nodiscard]] std::optional<int> rowOf(TrialId id) const;
    [[nodiscard]] const Definition& definition() const;
    /// Nothing when the trial is gone.
    [[nodiscard]] const Trial* trial(int row) const;

    /// The trial after typing `text` into `column`; no change of state when it is not a value cell.
    [[nodiscard]] Result<Trial> edited(const Trial& trial, const Column& column, const QString& text) const;
    /// Text that edited() reads back.
    [[nodiscard]] QString editText(const Trial& trial, const Column& column) const;
    [[nodiscard]] QString columnTitle(const Column& column) const;

signals:
    /// What was typed cannot be used; the text says why.
    void inputRefused(const QString& message);
    /// The columns follow a new definition.
    void columnsChanged();

private:
    void rebuild();
    void refreshColumns();
    [[nodiscard]] std::vector<Column> wantedColumns() const;
    void applyChanged(const QVector<TrialId>& ids);
    void applyRemoved(const QVector<TrialId>& ids);
    [[nodiscard]] QVariant display(const Trial& trial, const Column& column) const;
    [[nodiscard]] QVariant raw(const Trial& trial, const Column& column) const;

    ProjectDocument& m_document;
    std::vector<Column> m_columns;
    std::vector<TrialId> m_ids; ///< ascending
};

/// Everything that a row shows, in lower case, for searching. Safe on any thread.
[[nodiscard]] QString searchText(const Definition& definition, const Trial& trial);

/// The state that follows from the measurements: complete when all measures are there, pending again when one
/// was taken away; a failed trial stays failed until it is measured completely.
void settleState(const Definition& definition, Trial& trial, std::int64_t nowMs);

} // namespace alidade
