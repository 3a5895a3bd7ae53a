#pragma once

#include "study/study.h"

#include <QObject>
#include <QString>

#include <vector>

namespace alidade {

class ProjectDocument;

/// What is wrong or doubtful in the definition, kept up to date for inline messages.
class StudyFindings : public QObject {
    Q_OBJECT
public:
    explicit StudyFindings(ProjectDocument& document, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<Finding>& all() const { return m_findings; }
    [[nodiscard]] bool hasProblems() const;
    /// Messages whose path starts with `prefix` ("parameters[2]"), problems first, one a line.
    [[nodiscard]] QString textFor(const QString& prefix) const;
    [[nodiscard]] bool hasProblems(const QString& prefix) const;

signals:
    void changed();

private:
    void update();

    ProjectDocument& m_document;
    std::vector<Finding> m_findings;
};

} // namespace alidade
