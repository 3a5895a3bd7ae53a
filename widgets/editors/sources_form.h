#pragma once

#include "base/result.h"
#include "suggest/relatedness.h"

#include <QString>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace alidade {

class JobRunner;
class ProjectDocument;

/// Earlier studies that the strategy learns from: choosing and removing project files, and how related each
/// of them is. Their files are read, and the relation is computed, in the background while this is shown.
class SourcesForm : public QWidget {
    Q_OBJECT
public:
    SourcesForm(ProjectDocument& document, JobRunner& jobs, QWidget* parent = nullptr);

    /// As chosen in the dialog: an undoable edit of the strategy.
    void addFiles(const QStringList& paths);
    void remove(const std::string& path);

signals:
    void noticed(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Found {
        std::shared_ptr<const SourceStudies> sources;
        std::vector<Relatedness> related;
    };
    void chooseFiles();
    void schedule();
    void examine();
    void rebuild();
    void addCard(std::size_t index, const std::string& path);
    void setSources(std::vector<std::string> sources, const QString& what);
    [[nodiscard]] bool isExamined(std::size_t index, const std::string& path) const;

    ProjectDocument& m_document;
    JobRunner& m_jobs;
    QPushButton* m_again = nullptr;
    QVBoxLayout* m_cards = nullptr;
    QTimer m_delay;
    Found m_found;
    std::vector<std::string> m_shown;
};

/// One sentence on what became of the source, with its figures, in the user's language.
[[nodiscard]] QString relationText(const Relatedness& about);

} // namespace alidade
