#pragma once

#include <QLocale>
#include <QString>

namespace alidade {

/// Numbers as a reader of a journal expects them, in the user's locale: 0.0123, 4.2×10⁻⁷, 1,250,000.

/// "⁻¹²"
[[nodiscard]] QString superscript(int exponent);

/// `significant` digits, trailing zeros dropped; whole numbers below 10^7 are written out. Powers of ten from
/// 10^7 upwards and below 10^-4. "∞" and "−∞" for infinities, "–" for NaN.
[[nodiscard]] QString formatNumber(double value, int significant = 4, const QLocale& locale = QLocale());

/// A fixed number of decimals, no power of ten; group separators from 10,000 on.
[[nodiscard]] QString formatFixed(double value, int decimals, const QLocale& locale = QLocale());

/// mantissa×10^exponent with the mantissa's decimals given; "10^exponent" for a mantissa of 1 without
/// decimals.
[[nodiscard]] QString formatPower(double mantissa, int decimals, int exponent,
                                  const QLocale& locale = QLocale());

/// "0.312 ± 0.009": the deviation with two significant digits, the mean to the same place. The unit follows
/// where given; large and small numbers share one power of ten.
[[nodiscard]] QString formatUncertain(double mean, double standardDeviation, const QString& unit = {},
                                      const QLocale& locale = QLocale());

/// "5 nat", or the number alone.
[[nodiscard]] QString withUnit(const QString& number, const QString& unit);

} // namespace alidade
