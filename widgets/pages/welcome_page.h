#pragma once

#include <QVector>
#include <QWidget>

class QLabel;
class QVBoxLayout;
class QGridLayout;

namespace alidade {

/// One bundled example that can be opened.
struct ExampleInfo {
    QString title;
    QString description;
    QString configuration; ///< path of its study.json
};

/// Where one starts: a new study, a file, a configuration, a bundled example, a recent project.
class WelcomePage : public QWidget {
    Q_OBJECT

public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void setRecent(const QStringList& paths);
    void setExamples(const QVector<ExampleInfo>& examples);

signals:
    void newRequested();
    void openRequested();
    void configurationRequested();
    void exampleRequested(const QString& configuration);
    void recentRequested(const QString& path);

private:
    QVBoxLayout* m_recent = nullptr;
    QGridLayout* m_examples = nullptr;
};

} // namespace alidade
