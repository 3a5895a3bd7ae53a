#pragma once

#include <algorithm>
#include <cmath>

namespace alidade::test {

/// |a - b| <= relative * max(|a|, |b|) + absolute; infinities must be equal.
[[nodiscard]] inline bool near(double a, double b, double relative, double absolute = 0.0) {
    if (std::isinf(a) || std::isinf(b))
        return a == b;
    return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b)) + absolute;
}

} // namespace alidade::test

/// Compares with a relative tolerance and prints both numbers when it fails.
#define VERIFY_NEAR(actual, expected, relative)                                                              \
    do {                                                                                                     \
        const double verifyActual = (actual);                                                                \
        const double verifyExpected = (expected);                                                            \
        QVERIFY2(                                                                                            \
            alidade::test::near(verifyActual, verifyExpected, (relative)),                                   \
            qPrintable(                                                                                      \
                QString("%1 against %2").arg(verifyActual, 0, 'g', 17).arg(verifyExpected, 0, 'g', 17)));    \
    } while (false)
