#pragma once

#include "base/result.h"

#include <QTest>

/// The value of a Result, or a failed test that shows the error.
#define TAKE(declaration, expression)                                                                        \
    auto ALIDADE_CONCAT(taken, __LINE__) = (expression);                                                     \
    QVERIFY2(ALIDADE_CONCAT(taken, __LINE__).ok(),                                                           \
             ALIDADE_CONCAT(taken, __LINE__).ok() ? ""                                                       \
                                                  : ALIDADE_CONCAT(taken, __LINE__).error().text().c_str()); \
    declaration = std::move(ALIDADE_CONCAT(taken, __LINE__)).value()
#define SUCCEED(expression)                                                                                  \
    do {                                                                                                     \
        const auto succeeded = (expression);                                                                 \
        QVERIFY2(succeeded.ok(), succeeded.ok() ? "" : succeeded.error().text().c_str());                    \
    } while (false)
#define REFUSE(expression, expectedCode)                                                                     \
    do {                                                                                                     \
        const auto refused = (expression);                                                                   \
        QVERIFY(!refused.ok());                                                                              \
        QVERIFY2(refused.error().code == (expectedCode), refused.error().text().c_str());                    \
        QVERIFY(!refused.error().message.empty());                                                           \
    } while (false)
