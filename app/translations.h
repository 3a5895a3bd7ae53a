#pragma once

class QCoreApplication;

namespace alidade {

/// Texts in the user's language where there is a translation, and English plurals ("1 trial", "3 trials")
/// where there is none. Once per application, before the first widget.
void installTranslations(QCoreApplication& application);

} // namespace alidade
