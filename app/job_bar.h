#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace alidade {

class JobRunner;

/// Running work in the status bar: what, how far, and a button to stop it.
class JobBar : public QWidget {
    Q_OBJECT

public:
    explicit JobBar(JobRunner& jobs, QWidget* parent = nullptr);

private:
    void refresh();

    JobRunner& m_jobs;
    QLabel* m_text = nullptr;
    QProgressBar* m_progress = nullptr;
    QToolButton* m_cancel = nullptr;
    quint64 m_shown = 0;
};

} // namespace alidade
