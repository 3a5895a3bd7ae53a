#pragma once

#include <QApplication>

#include <memory>

namespace alidade {

/// Makes it possible to draw pictures without a display: an application on Qt's offscreen platform. Null
/// when there is an application already, which then serves as well.
[[nodiscard]] std::unique_ptr<QApplication> headlessApplication();

} // namespace alidade
