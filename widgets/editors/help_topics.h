#pragma once

#include "suggest/study_model.h"

#include <QString>

#include <vector>

class QWidget;

namespace alidade {

/// A page of the built-in help: what a word or a picture means.
struct HelpTopic {
    QString key;   ///< "expected-improvement"
    QString title; ///< "What is expected improvement?"
    QString brief; ///< two sentences, for tool tips
    QString text;  ///< rich text: what to do with it, what to beware of; links are "help:KEY"
};

/// All of them, in reading order.
[[nodiscard]] const std::vector<HelpTopic>& helpTopics();
/// Null when there is none.
[[nodiscard]] const HelpTopic* findHelpTopic(const QString& key);
/// The topic about an acquisition.
[[nodiscard]] QString helpKey(AcquisitionKind kind);

} // namespace alidade
