#include "window_main.h"

#include "examples.h"
#include "main_window.h"
#include "theme.h"
#include "translations.h"
#include "verbs/verbs.h"
#include "version.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QSettings>

#include <iostream>

namespace alidade {

int runWindow(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setOrganizationName("Alidade");
    QApplication::setApplicationName("Alidade");
    QApplication::setApplicationVersion(QString::fromStdString(version()));
    QApplication::setDesktopFileName("org.alidade.Alidade");
    QApplication::setWindowIcon(QIcon(":/icons/alidade.svg"));
    installTranslations(application);
    QCommandLineParser parser;
    const QCommandLineOption example("example", "Opens a new project from a bundled example.", "NAME");
    const QCommandLineOption start("start", "Starts measuring with the study's command at once.");
    parser.addOptions({example, start});
    parser.addPositionalArgument("FILE", "A project, configuration or CSV file.", "[FILE]");
    if (!parser.parse(QApplication::arguments())) {
        std::cerr << "alidade: " << parser.errorText().toStdString() << "\nTry: alidade --help" << std::endl;
        return kUsage;
    }
    QString configuration;
    if (parser.isSet(example)) {
        configuration = exampleConfiguration(parser.value(example));
        if (configuration.isEmpty()) {
            std::cerr << "alidade: there is no bundled example \"" << parser.value(example).toStdString()
                      << "\"" << std::endl;
            return kUsage;
        }
    }
    applyTheme(application, themeFromKey(QSettings().value("theme").toString()));
    MainWindow window;
    window.show();
    if (!configuration.isEmpty())
        window.openExample(configuration, parser.isSet(start));
    else if (!parser.positionalArguments().isEmpty())
        window.openPath(parser.positionalArguments().first(), parser.isSet(start));
    return QApplication::exec();
}

} // namespace alidade
