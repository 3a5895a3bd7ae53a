#include "job_bar.h"

#include "document/job_runner.h"
#include "editors/widget_style.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

namespace alidade {

JobBar::JobBar(JobRunner& jobs, QWidget* parent) : QWidget(parent), m_jobs(jobs) {
    auto* const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_text = new QLabel;
    m_progress = new QProgressBar;
    m_progress->setFixedWidth(120);
    m_progress->setTextVisible(false);
    m_cancel = iconButton("close", tr("Stop this work; the best result so far is kept"), "cancelJob");
    layout->addWidget(m_text);
    layout->addWidget(m_progress);
    layout->addWidget(m_cancel);
    connect(m_cancel, &QToolButton::clicked, this, [this] { m_jobs.cancel(m_shown); });
    connect(&m_jobs, &JobRunner::jobsChanged, this, &JobBar::refresh);
    connect(&m_jobs, &JobRunner::jobProgress, this, &JobBar::refresh);
    refresh();
}

void JobBar::refresh() {
    for (const JobInfo& job : m_jobs.jobs()) {
        if (job.title.isEmpty())
            continue;
        m_shown = job.id;
        m_text->setText(job.stopping ? tr("%1 (stopping)").arg(job.title) : job.title);
        m_progress->setRange(0, job.fraction > 0.0 ? 100 : 0);
        m_progress->setValue(static_cast<int>(100.0 * job.fraction));
        m_cancel->setEnabled(!job.stopping);
        show();
        return;
    }
    hide();
}

} // namespace alidade
