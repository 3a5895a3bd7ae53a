#include "examples.h"

#include "runners/command_template.h"

#include <QDir>
#include <QFile>
#include <QTextStream>

namespace alidade {

QVector<ExampleInfo> bundledExamples() {
    QVector<ExampleInfo> examples;
    const QDir folder(QString::fromStdString(examplesDirectory().string()));
    for (const QString& name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        ExampleInfo example;
        example.configuration = folder.filePath(name + "/study.json");
        if (!QFile::exists(example.configuration))
            continue;
        example.title = name;
        QFile readme(folder.filePath(name + "/README.md"));
        if (readme.open(QIODevice::ReadOnly | QIODevice::Text)) {
            QTextStream text(&readme);
            QString paragraph;
            for (QString line = text.readLine(); !line.isNull(); line = text.readLine()) {
                if (line.startsWith("# "))
                    example.title = line.mid(2).trimmed();
                else if (!line.trimmed().isEmpty() && !line.startsWith('#'))
                    paragraph += (paragraph.isEmpty() ? "" : " ") + line.trimmed();
                else if (!paragraph.isEmpty())
                    break;
            }
            const qsizetype end = paragraph.indexOf(". ");
            example.description = (end > 0 ? paragraph.left(end + 1) : paragraph).remove('`').remove('*');
        }
        examples.push_back(example);
    }
    return examples;
}

QString exampleConfiguration(const QString& name) {
    const QString path =
        QDir(QString::fromStdString(examplesDirectory().string())).filePath(name + "/study.json");
    return QFile::exists(path) ? path : QString();
}

} // namespace alidade
