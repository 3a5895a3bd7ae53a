#pragma once

#include "study/study.h"
#include "suggest/study_model.h"

#include <QString>

#include <optional>
#include <vector>

namespace alidade {

/// Numbers and values as the user reads and types them: in the user's locale, units where asked for. What
/// the user types may also use a decimal point whatever the locale; group separators are refused, because
/// "1.234" must never become 1234.

/// At most `digits` significant digits.
[[nodiscard]] QString numberText(double value, int digits = 6);
/// All digits that are needed to get the same number back.
[[nodiscard]] QString exactNumberText(double value);
[[nodiscard]] QString optionalNumberText(const std::optional<double>& value);
[[nodiscard]] std::optional<double> numberFromUser(const QString& text);

/// "0.32", "0.32 ± 0.01"; with `exact` all digits.
[[nodiscard]] QString measurementText(const Measurement& measurement, bool exact = false);
/// Accepts "0.32", "0.32 ± 0.01", "0.32 +- 0.01", "inf"; the error says what is expected.
[[nodiscard]] Result<Measurement> measurementFromUser(const QString& text);

/// A measured slope: "∂loss/∂lr" and its value with its unit.
struct SlopeText {
    QString name;
    QString value;
};
/// Those of one measure along parameters that the study has, in their order.
[[nodiscard]] std::vector<SlopeText> slopeTexts(const Definition& definition, const Trial& trial,
                                                MeasureId measure);

[[nodiscard]] QString valueText(const Value& value);
[[nodiscard]] QString exactValueText(const Value& value);
/// Numbers in the user's locale, the rest as parseValue() reads it.
[[nodiscard]] Result<Value> valueFromUser(const Parameter& parameter, const QString& text);
[[nodiscard]] QString withUnit(const QString& text, const std::string& unit);

/// Choices as one line, "16, 32, adam, true"; a choice with a comma or that must stay a text is "quoted".
[[nodiscard]] QString choicesText(const std::vector<Value>& choices);
[[nodiscard]] std::vector<Value> choicesFromUser(const QString& text);

[[nodiscard]] QString kindText(const Domain& domain);
[[nodiscard]] QString scaleText(Scale scale);
/// "1e-05 … 0.1", "sgd, adam", "web + code + books = 1".
[[nodiscard]] QString rangeText(const Domain& domain);
/// "optimizer = sgd or adam and layers = 2"; empty without conditions.
[[nodiscard]] QString conditionText(const SearchSpace& space, const Parameter& parameter);
[[nodiscard]] QString stateText(TrialState state);
[[nodiscard]] QString originText(Origin origin);
[[nodiscard]] QString goalText(Goal goal);
/// "↓", "↑", or "◎" where the desirability wants neither end.
[[nodiscard]] QString goalSign(const Objective& objective);
[[nodiscard]] QString methodText(Method method);
/// What the method does, in one line.
[[nodiscard]] QString methodExplanation(Method method);
/// What improves is the hypervolume or the overall desirability where a study goes by these.
[[nodiscard]] QString acquisitionText(AcquisitionKind kind, const Definition& definition);
/// Short, for axes: "log EI"; "log EHVI" or "log EI of D" where that is what improves.
[[nodiscard]] QString acquisitionSymbol(AcquisitionKind kind, const Definition& definition);
/// Local date and time; empty for 0.
[[nodiscard]] QString timeText(std::int64_t ms);
/// "0.8 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] QString durationText(std::int64_t ms);

} // namespace alidade
