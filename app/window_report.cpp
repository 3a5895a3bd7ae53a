// File > Export: computed in the background, a report drawn a picture at a time, so that the window never
// waits.
#include "document/error_text.h"
#include "editors/message_bar.h"
#include "main_window.h"
#include "report/report.h"
#include "report/study_export.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QSaveFile>
#include <QTimer>
#include <QUrl>

#include <map>

namespace alidade {

void MainWindow::exportText(const QString& what) {
    if (!m_document.isOpen())
        return showError(tr("Open a project first; then its results can be exported."));
    struct Part {
        QString title;
        QString name; ///< of the file, behind that of the project
        QString filters;
    };
    const QString tables = tr("Table (*.csv);;JSON (*.json)");
    const std::map<QString, Part> parts{
        {"trials", {tr("Export trials"), "-trials.csv", tables}},
        {"front", {tr("Export front"), "-front.csv", tables}},
        {"config", {tr("Export configuration"), ".json", tr("Configuration (*.json)")}},
        {"best",
         {tr("Export setting"), "-setting.json",
          tr("JSON (*.json);;YAML (*.yaml);;Environment (*.env);;Command line (*.txt);;Python (*.py)")}}};
    const Part& part = parts.at(what);
    const QFileInfo project(m_document.path());
    auto* const dialog =
        new QFileDialog(this, part.title,
                        project.absoluteDir().filePath(project.completeBaseName() + part.name), part.filters);
    dialog->setObjectName("exportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(part.name).suffix());
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        static const QRegularExpression suffix(R"(\*\.(\w+))");
        dialog->setDefaultSuffix(suffix.match(filter).captured(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, what](const QString& path) { writeText(what, path); });
    dialog->open();
}

std::optional<TrialId> MainWindow::selectedTrial() const {
    const TrialId current = m_selection.current();
    return m_document.study().find(current) != nullptr ? std::optional(current) : std::nullopt;
}

void MainWindow::writeText(const QString& what, const QString& path) {
    const std::optional<TrialId> trial = what == "best" ? selectedTrial() : std::nullopt;
    m_jobs.start(
        {"export", tr("Exporting"), m_document.revision()}, this,
        [study = m_document.snapshot(), what, path, trial,
         project = m_document.path().toStdString()](const Monitor&) -> Result<void> {
            ALIDADE_ASSIGN(const std::string text,
                           exportedText(*study, what.toStdString(),
                                        '.' + QFileInfo(path).suffix().toLower().toStdString(), trial,
                                        project));
            QSaveFile file(path);
            const auto size = static_cast<qint64>(text.size());
            if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), size) != size || !file.commit())
                return makeError(ErrorCode::InputOutput, file.errorString().toStdString(),
                                 path.toStdString());
            return {};
        },
        [this, path](const Result<void>& written, quint64) {
            if (!written)
                return showError(errorText(written.error()));
            m_message->showMessage(MessageBar::Kind::Info,
                                   tr("Written to %1.").arg(QDir::toNativeSeparators(path)));
        });
}

void MainWindow::copySetting(const QString& suffix) {
    m_jobs.start(
        {"copy", tr("Copying the setting"), m_document.revision()}, this,
        [study = m_document.snapshot(), suffix, trial = selectedTrial(),
         project = m_document.path().toStdString()](const Monitor&) {
            return exportedText(*study, "best", suffix.toStdString(), trial, project);
        },
        [this](const Result<std::string>& text, quint64) {
            if (!text)
                return showError(errorText(text.error()));
            QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
            m_message->showMessage(MessageBar::Kind::Info, tr("The setting is on the clipboard."));
        });
}

void MainWindow::exportReport() {
    if (!m_document.isOpen()) {
        showError(tr("Open a project first; then its report can be made."));
        return;
    }
    const QFileInfo project(m_document.path());
    auto* const dialog = new QFileDialog(this, tr("Export report"),
                                         project.absoluteDir().filePath(project.completeBaseName() + ".html"),
                                         tr("Web page (*.html);;PDF (*.pdf)"));
    dialog->setObjectName("reportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog](const QString& path) {
        const bool named = !QFileInfo(path).suffix().isEmpty();
        const bool pdf = dialog->selectedNameFilter().contains("pdf");
        makeReportFile(named ? path : path + (pdf ? ".pdf" : ".html"));
    });
    dialog->open();
}

void MainWindow::makeReportFile(const QString& path) {
    m_jobs.start(
        {"report", tr("Making the report"), m_document.revision()}, this,
        [study = m_document.snapshot(), project = m_document.path()](const Monitor& monitor) {
            return makeReport(study, project, monitor);
        },
        [this, path](Result<Report> report, quint64) {
            if (!report) {
                if (report.error().code != ErrorCode::Cancelled)
                    showError(errorText(report.error()));
                return;
            }
            drawReport(std::make_shared<Report>(std::move(report).value()), 0, path);
        });
}

void MainWindow::drawReport(const std::shared_ptr<Report>& report, std::size_t next, const QString& path) {
    while (next < report->blocks.size() && !std::holds_alternative<ReportFigure>(report->blocks[next]))
        ++next;
    if (next < report->blocks.size()) {
        std::get<ReportFigure>(report->blocks[next]).prepare();
        QTimer::singleShot(0, this, [this, report, next, path] { drawReport(report, next + 1, path); });
        return;
    }
    const auto written = writeReport(*report, path);
    if (!written) {
        showError(errorText(written.error()));
        return;
    }
    m_message->showMessage(MessageBar::Kind::Info,
                           tr("The report is in %1.").arg(QDir::toNativeSeparators(path)), tr("Open"),
                           [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
}

} // namespace alidade
