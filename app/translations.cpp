#include "translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

namespace alidade {

void installTranslations(QCoreApplication& application) {
    const QString folder(":/translations");
    auto* const english = new QTranslator(&application);
    if (english->load("alidade_en", folder))
        QCoreApplication::installTranslator(english);
    // Asked first, because it comes last.
    auto* const own = new QTranslator(&application);
    if (QLocale().language() != QLocale::English && own->load(QLocale(), "alidade", "_", folder))
        QCoreApplication::installTranslator(own);
}

} // namespace alidade
