#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace alidade {

/// Peak learning rate of AdamW (without dimension: the change of a parameter in one update, that is after one
/// batch, in units of the normalised gradient; the loss is the mean over tokens) and, where the law says one
/// (batchFactor > 0), batch size from model and data size:
///     rate = rateFactor N^rateModelExponent D^rateDataExponent
///     batch = batchFactor N^batchModelExponent D^batchDataExponent (tokens)
struct ScalingLaw {
    std::string id; ///< for files and the protocol
    std::string name;
    std::string source;
    std::string setup; ///< conditions of the runs behind it
    /// What N, D, the rate and the batch count, and what the constants were compared with.
    std::string conventions;
    double rateFactor = 0.0;
    double rateModelExponent = 0.0;
    double rateDataExponent = 0.0;
    double batchFactor = 0.0;
    double batchModelExponent = 0.0;
    double batchDataExponent = 0.0;
    /// Range of the runs behind the fit; outside is extrapolation.
    double lowestParameters = 0.0;
    double highestParameters = 0.0;
    double lowestTokens = 0.0;
    double highestTokens = 0.0;
    /// Range of 6 N D, for laws in the compute budget; 0, 0: none.
    double lowestCompute = 0.0;
    double highestCompute = 0.0;
};

/// Step Law with its printed constants (2503.04715, equation 1). The range is that of the paper's runs as
/// reported; the released ones begin at N = 2.2e8 and D = 4e9, and the lower ends could not be checked.
[[nodiscard]] ScalingLaw stepLaw();
/// The same from the means of the bootstrap fits, before rounding; its rates are about 2 % higher.
[[nodiscard]] ScalingLaw stepLawUnrounded();

/// The fit of DeepSeek LLM (2401.02954, section 3.1) in the compute budget C, here with C = 6 N D:
/// rate = 0.3118 C^-0.1250, batch = 0.2920 C^0.3271 tokens. Its runs had budgets of 1e17 to 2e19. The paper's
/// own C is D times 72 layers width^2 + 12 layers width sequence length: with attention, without embeddings.
[[nodiscard]] ScalingLaw deepSeekLaw();

/// All laws, the preferred one first.
[[nodiscard]] const std::vector<ScalingLaw>& scalingLaws();
/// By id: "step_law", "step_law_unrounded", "deepseek"; the error names the nearest one.
[[nodiscard]] Result<ScalingLaw> findScalingLaw(std::string_view id);

struct ScalingPrediction {
    double rate = 0.0;
    double batchTokens = 0.0;
    double batchSequences = 0.0;       ///< batchTokens / sequenceLength
    std::vector<std::string> warnings; ///< outside the range of the runs
};

/// parameters: non-embedding parameters N > 0; tokens: training tokens D > 0; sequenceLength > 0 (2048 in the
/// runs).
[[nodiscard]] Result<ScalingPrediction> predict(const ScalingLaw& law, double parameters, double tokens,
                                                double sequenceLength = 2048.0);

} // namespace alidade
