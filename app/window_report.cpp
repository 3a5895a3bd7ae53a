// File > Export report: computed in the background, drawn a picture at a time, so that the window never
// waits.
#include "document/error_text.h"
#include "editors/message_bar.h"
#include "main_window.h"
#include "report/report.h"

#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QTimer>
#include <QUrl>

namespace alidade {

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
        [study = m_document.snapshot(), project = QFileInfo(m_document.path()).fileName()](
            const Monitor& monitor) { return makeReport(study, project, monitor); },
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
