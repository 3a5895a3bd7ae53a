#include "learning_rate/scaling_law.h"

#include "base/text.h"

#include <cmath>

namespace alidade {
namespace {

Result<void> checkPositive(const char* name, double value) {
    if (!(value > 0.0) || !std::isfinite(value))
        return makeError(ErrorCode::InvalidArgument,
                         std::string(name) + " is " + formatDouble(value) + " but must be finite and above 0",
                         name);
    return {};
}

} // namespace

ScalingLaw stepLaw() {
    ScalingLaw law;
    law.name = "Step Law";
    law.source = "2503.04715";
    law.setup = "AdamW, cosine decay to a fixed final rate of 1e-5, sequence length 2048";
    law.rateFactor = 1.79;
    law.rateModelExponent = -0.713;
    law.rateDataExponent = 0.307;
    law.batchFactor = 0.58;
    law.batchDataExponent = 0.571;
    law.lowestParameters = 6e7;
    law.highestParameters = 1.1e9;
    law.lowestTokens = 2e9;
    law.highestTokens = 1e11;
    return law;
}

ScalingLaw stepLawUnrounded() {
    ScalingLaw law = stepLaw();
    law.name = "Step Law (unrounded)";
    law.rateFactor = std::exp(0.5863077907399267);
    law.rateModelExponent = -0.7129222911869904;
    law.rateDataExponent = 0.30749095041206964;
    law.batchFactor = std::exp(-0.5435421736103339);
    law.batchDataExponent = 0.5709443646895045;
    return law;
}

Result<ScalingPrediction> predict(const ScalingLaw& law, double parameters, double tokens,
                                  double sequenceLength) {
    ALIDADE_CHECK(checkPositive("parameters", parameters));
    ALIDADE_CHECK(checkPositive("tokens", tokens));
    ALIDADE_CHECK(checkPositive("sequence_length", sequenceLength));
    ScalingPrediction prediction;
    prediction.rate =
        law.rateFactor * std::pow(parameters, law.rateModelExponent) * std::pow(tokens, law.rateDataExponent);
    prediction.batchTokens = law.batchFactor * std::pow(parameters, law.batchModelExponent) *
                             std::pow(tokens, law.batchDataExponent);
    prediction.batchSequences = prediction.batchTokens / sequenceLength;
    const auto warn = [&](const char* name, double value, double low, double high) {
        if (value < low || value > high)
            prediction.warnings.push_back(std::string(name) + " " + formatDouble(value) +
                                          " is outside the range of the runs behind this law (" +
                                          formatDouble(low) + " to " + formatDouble(high) + ")");
    };
    warn("parameters", parameters, law.lowestParameters, law.highestParameters);
    warn("tokens", tokens, law.lowestTokens, law.highestTokens);
    return prediction;
}

} // namespace alidade
