#pragma once

#include "base/ids.h"
#include "study/trial.h"

#include <QDialog>

#include <vector>

class QLabel;
class QTableWidget;

namespace alidade {

class ProjectDocument;

/// The slopes that were measured with one trial: a row per real parameter that is active in it, a column per
/// measure that has a finite value. OK is one edit of the trial.
class SlopesDialog : public QDialog {
    Q_OBJECT
public:
    SlopesDialog(ProjectDocument& document, const Trial& trial, QWidget* parent = nullptr);

    /// Why a trial can have no slopes, to be shown; empty when it can.
    [[nodiscard]] static QString refusal(const Definition& definition, const Trial& trial);

    void accept() override;

private:
    void fill(const Trial& trial);
    void showError(const QString& text, int row, int column);

    ProjectDocument& m_document;
    TrialId m_trial;
    std::vector<ParameterId> m_rows;
    std::vector<MeasureId> m_columns;
    QTableWidget* m_table = nullptr;
    QLabel* m_error = nullptr;
};

} // namespace alidade
