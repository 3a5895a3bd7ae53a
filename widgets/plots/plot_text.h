#pragma once

#include <QCoreApplication>

namespace alidade {

/// Translation context of plots' free functions and items.
struct PlotText {
    Q_DECLARE_TR_FUNCTIONS(Plot)
};

} // namespace alidade
