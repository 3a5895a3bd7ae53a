#pragma once

#include "base/ids.h"
#include "study/trial.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace alidade {

class ProjectDocument;
class TrialSelection;

/// Explains the selected trial: state, values with units, parameters, why it was suggested, failure, timing,
/// note.
class TrialDetails : public QWidget {
    Q_OBJECT
public:
    TrialDetails(ProjectDocument& document, TrialSelection& selection, QWidget* parent = nullptr);

private:
    void refresh();
    void showTrial(const Trial& trial);
    [[nodiscard]] QString html(const Trial& trial) const;

    ProjectDocument& m_document;
    TrialSelection& m_selection;
    QLabel* m_text = nullptr;
    QLabel* m_noteLabel = nullptr;
    QLineEdit* m_note = nullptr;
    QPushButton* m_slopes = nullptr;
};

} // namespace alidade
