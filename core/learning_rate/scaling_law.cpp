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

/// Both families of runs used AdamW and a loss averaged over tokens.
const char* const kConventions = "Peak rate of AdamW per update (one batch, loss averaged over its tokens); "
                                 "N without embeddings and output "
                                 "layer, D and batch in tokens";

} // namespace

ScalingLaw stepLaw() {
    ScalingLaw law;
    law.id = "step_law";
    law.name = "Step Law";
    law.source = "2503.04715";
    law.setup = "AdamW, cosine decay to a fixed final rate of 1e-5, sequence length 2048";
    law.conventions =
        std::string(kConventions) +
        ". The released runs span N from 2.2e8 to 1.1e9 and D from 4e9 to 1e11; the lower ends of "
        "the range told here, 6e7 and 2e9, could not be checked";
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
    law.id = "step_law_unrounded";
    law.name = "Step Law (unrounded)";
    law.rateFactor = std::exp(0.5863077907399267);
    law.rateModelExponent = -0.7129222911869904;
    law.rateDataExponent = 0.30749095041206964;
    law.batchFactor = std::exp(-0.5435421736103339);
    law.batchDataExponent = 0.5709443646895045;
    return law;
}

ScalingLaw deepSeekLaw() {
    ScalingLaw law;
    law.id = "deepseek";
    law.name = "DeepSeek LLM";
    law.source = "2401.02954";
    law.setup = "AdamW, multi-step decay, sequence length 4096; here with the compute budget C = 6 N D";
    law.conventions =
        std::string(kConventions) + "; the table of 2503.04715 prints 0.3188 instead of 0.3118 for this law";
    law.rateFactor = 0.3118 * std::pow(6.0, -0.1250);
    law.rateModelExponent = -0.1250;
    law.rateDataExponent = -0.1250;
    law.batchFactor = 0.2920 * std::pow(6.0, 0.3271);
    law.batchModelExponent = 0.3271;
    law.batchDataExponent = 0.3271;
    law.highestParameters = HUGE_VAL;
    law.highestTokens = HUGE_VAL;
    law.lowestCompute = 1e17;
    law.highestCompute = 2e19;
    return law;
}

const std::vector<ScalingLaw>& scalingLaws() {
    static const std::vector<ScalingLaw> laws{stepLaw(), stepLawUnrounded(), deepSeekLaw()};
    return laws;
}

Result<ScalingLaw> findScalingLaw(std::string_view id) {
    std::vector<std::string> ids;
    for (const ScalingLaw& law : scalingLaws()) {
        if (law.id == id)
            return law;
        ids.push_back(law.id);
    }
    return makeError(ErrorCode::InvalidArgument,
                     "\"" + std::string(id) + "\" is not a scaling law" + didYouMean(id, ids), "law");
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
    if (law.highestCompute > 0.0)
        warn("compute 6 N D", 6.0 * parameters * tokens, law.lowestCompute, law.highestCompute);
    return prediction;
}

} // namespace alidade
