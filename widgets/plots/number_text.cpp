#include "plots/number_text.h"

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr double kPlainBelow = 1e7;
constexpr double kPlainFrom = 1e-4;

/// floor(log10 |value|) that survives rounding of the mantissa to `significant` digits (9.9996 -> 1 at 4).
int exponentOf(double value, int significant) {
    const double size = std::abs(value);
    int exponent = static_cast<int>(std::floor(std::log10(size)));
    const double mantissa = size / std::pow(10.0, exponent);
    const double unit = std::pow(10.0, significant - 1);
    if (std::round(mantissa * unit) / unit >= 10.0)
        ++exponent;
    return exponent;
}

QString special(double value) {
    if (std::isnan(value))
        return QStringLiteral("–");
    return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
}

/// A true minus sign instead of the hyphen.
QString typographic(QString text) {
    text.replace(QLatin1Char('-'), QChar(0x2212));
    return text;
}

QString withoutTrailingZeros(QString text, const QLocale& locale) {
    const QString point = locale.decimalPoint();
    if (!text.contains(point))
        return text;
    while (text.endsWith(locale.zeroDigit()))
        text.chop(locale.zeroDigit().size());
    if (text.endsWith(point))
        text.chop(point.size());
    return text;
}

} // namespace

QString superscript(int exponent) {
    static const QString kDigits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text;
    const QString plain = QString::number(exponent);
    for (const QChar c : plain)
        text += c == QLatin1Char('-') ? QChar(0x207b) : kDigits.at(c.digitValue());
    return text;
}

QString formatFixed(double value, int decimals, const QLocale& locale) {
    if (!std::isfinite(value))
        return special(value);
    const double unit = std::pow(10.0, decimals);
    if (std::abs(value) * unit < 0.5)
        value = 0.0; // no "-0.00"
    QLocale grouped = locale;
    const bool large = std::abs(value) >= 10000.0;
    grouped.setNumberOptions(large ? QLocale::DefaultNumberOptions : QLocale::OmitGroupSeparator);
    return typographic(grouped.toString(value, 'f', std::max(0, decimals)));
}

QString formatPower(double mantissa, int decimals, int exponent, const QLocale& locale) {
    if (decimals == 0 && mantissa == 1.0)
        return QStringLiteral("10") + superscript(exponent);
    return formatFixed(mantissa, decimals, locale) + QStringLiteral("×10") + superscript(exponent);
}

QString formatNumber(double value, int significant, const QLocale& locale) {
    if (!std::isfinite(value))
        return special(value);
    if (value == 0.0)
        return formatFixed(0.0, 0, locale);
    const double size = std::abs(value);
    if (size < kPlainBelow && std::round(value) == value)
        return formatFixed(value, 0, locale);
    const int exponent = exponentOf(value, significant);
    if (size < kPlainFrom || size >= kPlainBelow) {
        const QString mantissa = withoutTrailingZeros(
            formatFixed(value / std::pow(10.0, exponent), significant - 1, locale), locale);
        return mantissa + QStringLiteral("×10") + superscript(exponent);
    }
    const int decimals = std::max(0, significant - 1 - exponent);
    return withoutTrailingZeros(formatFixed(value, decimals, locale), locale);
}

QString withUnit(const QString& number, const QString& unit) {
    return unit.isEmpty() ? number : number + QChar(0x00a0) + unit;
}

QString formatUncertain(double mean, double standardDeviation, const QString& unit, const QLocale& locale) {
    const QString sign = QStringLiteral(" ± ");
    if (!std::isfinite(mean) || !std::isfinite(standardDeviation) || standardDeviation <= 0.0)
        return withUnit(formatNumber(mean, 4, locale) + sign + formatNumber(standardDeviation, 2, locale),
                        unit);
    const int last = exponentOf(standardDeviation, 2) - 1; // place of the last digit shown
    const double largest = std::max(std::abs(mean), standardDeviation);
    const int exponent = exponentOf(largest, 4);
    const bool plain = largest < kPlainBelow && (last >= -6 || exponent == 0) && (last <= 0 || largest < 1e5);
    if (plain) {
        // Digits left of the point that the deviation does not support are rounded, not shown.
        const double unitPlace = std::pow(10.0, std::max(0, last));
        const int decimals = std::max(0, -last);
        const auto text = [&](double v) {
            return formatFixed(std::round(v / unitPlace) * unitPlace, decimals, locale);
        };
        if (last <= 0)
            return withUnit(formatFixed(mean, decimals, locale) + sign +
                                formatFixed(standardDeviation, decimals, locale),
                            unit);
        return withUnit(text(mean) + sign + text(standardDeviation), unit);
    }
    const int decimals = std::max(0, exponent - last);
    const double power = std::pow(10.0, exponent);
    return withUnit(QStringLiteral("(%1 ± %2)×10%3")
                        .arg(formatFixed(mean / power, decimals, locale),
                             formatFixed(standardDeviation / power, decimals, locale), superscript(exponent)),
                    unit);
}

} // namespace alidade
