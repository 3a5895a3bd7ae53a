#pragma once

#include "pages/fronts_data.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace alidade {

class ProjectDocument;
class TrialSelection;

/// What the selected point of the front means and what can be done with it: its layer and desirability, its
/// neighbours on the front, its setting as a configuration or as a further trial.
class FrontsPick : public QWidget {
    Q_OBJECT
public:
    FrontsPick(ProjectDocument& document, TrialSelection& selection, QWidget* parent = nullptr);

    /// `x`: objective along which neighbours are counted.
    void setData(const FrontsData& collected, std::size_t x);
    void refresh();
    [[nodiscard]] QString text() const;

    void copyConfiguration();
    void saveConfiguration();
    void addAgain();

signals:
    void noticed(const QString& text);

private:
    [[nodiscard]] QString describe(const Trial& trial) const;

    ProjectDocument& m_document;
    TrialSelection& m_selection;
    FrontsData m_data;
    FrontNeighbours m_neighbours;
    std::size_t m_x = 0;
    QLabel* m_text = nullptr;
    QPushButton* m_before = nullptr;
    QPushButton* m_after = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_again = nullptr;
};

/// The setting as the JSON object that programs and the command line read: parameter name to value.
[[nodiscard]] QString configurationText(const Definition& definition, const Setting& setting);

} // namespace alidade
