#include "models/study_findings.h"

#include "document/project_document.h"

#include <algorithm>

namespace alidade {

namespace {

bool isAt(const Finding& finding, const QString& prefix) {
    const QString path = QString::fromStdString(finding.path);
    if (!path.startsWith(prefix))
        return false;
    return path.size() == prefix.size() || prefix.isEmpty() || prefix.endsWith(u']') ||
           !path.at(prefix.size()).isLetterOrNumber();
}

} // namespace

StudyFindings::StudyFindings(ProjectDocument& document, QObject* parent)
    : QObject(parent), m_document(document) {
    connect(&document, &ProjectDocument::definitionChanged, this, &StudyFindings::update);
    connect(&document, &ProjectDocument::reset, this, &StudyFindings::update);
    update();
}

void StudyFindings::update() {
    m_findings = m_document.isOpen() ? validate(m_document.definition()) : std::vector<Finding>{};
    std::stable_sort(m_findings.begin(), m_findings.end(), [](const Finding& a, const Finding& b) {
        return a.severity == Finding::Severity::Problem && b.severity != Finding::Severity::Problem;
    });
    emit changed();
}

bool StudyFindings::hasProblems() const {
    return hasProblems({});
}

bool StudyFindings::hasProblems(const QString& prefix) const {
    return std::any_of(m_findings.begin(), m_findings.end(), [&](const Finding& finding) {
        return finding.severity == Finding::Severity::Problem && isAt(finding, prefix);
    });
}

QString StudyFindings::textFor(const QString& prefix) const {
    QStringList lines;
    for (const Finding& finding : m_findings)
        if (isAt(finding, prefix))
            lines.append(QString::fromStdString(finding.message));
    return lines.join(u'\n');
}

} // namespace alidade
