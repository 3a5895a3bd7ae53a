#pragma once

#include <QDir>
#include <QFileInfo>
#include <QString>

namespace alidade::test {

/// Template for a QTemporaryDir in memory where there is such a place: what is tested does not depend on the
/// disk, and flushing thousands of times would take minutes.
[[nodiscard]] inline QString fastTemplate() {
    const QFileInfo memory(QStringLiteral("/dev/shm"));
    const QString parent = memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath();
    return parent + QStringLiteral("/alidade-XXXXXX");
}

} // namespace alidade::test
