#pragma once

#include "base/ids.h"

#include <QTableView>

namespace alidade {

class ProjectDocument;
class TrialSelection;
class TrialsFilter;
class TrialsModel;

/// The table of trials: selection shared with the other pages, copy and paste with spreadsheets, deletion.
class TrialsView : public QTableView {
    Q_OBJECT
public:
    TrialsView(ProjectDocument& document, TrialSelection& selection, QWidget* parent = nullptr);

    [[nodiscard]] TrialsModel& trials() { return *m_model; }
    [[nodiscard]] TrialsFilter& filter() { return *m_filter; }
    /// In the order shown.
    [[nodiscard]] QVector<TrialId> selectedTrials() const;

    void copy();
    void paste();
    /// Tab-separated text, as from a spreadsheet.
    void pasteText(const QString& text);
    void clearCells();

signals:
    /// Rows that describe whole trials (with a header, or all columns): to be added.
    void trialsPasted(const QString& textWithHeader);
    void inputRefused(const QString& message);
    void pasted(int cells);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void publishSelection();
    void followSelection();
    void adjustColumns();
    /// The column of reasons takes what room the others leave.
    void fillWidth();
    void pasteCells(const QVector<QStringList>& cells);

    ProjectDocument& m_document;
    TrialSelection& m_selection;
    TrialsModel* m_model = nullptr;
    TrialsFilter* m_filter = nullptr;
    bool m_following = false;
    bool m_publishing = false;
};

} // namespace alidade
