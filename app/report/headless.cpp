#include "report/headless.h"

#include "translations.h"

namespace alidade {

std::unique_ptr<QApplication> headlessApplication() {
    if (QCoreApplication::instance() != nullptr)
        return nullptr;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    static int argc = 1; // the application keeps a reference
    static char name[] = "alidade";
    static char* argv[] = {name, nullptr};
    // What it says about a missing session is of no interest in a terminal.
    const QtMessageHandler before =
        qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
    auto application = std::make_unique<QApplication>(argc, argv);
    qInstallMessageHandler(before);
    QApplication::setStyle(QStringLiteral("Fusion"));
    installTranslations(*application);
    return application;
}

} // namespace alidade
