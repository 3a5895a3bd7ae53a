#pragma once

#include "random.h"

#include <cstddef>
#include <vector>

namespace classifier {

enum class Activation { Relu, Tanh };
enum class Optimizer { Sgd, Adam };

struct TrainingOptions {
    double learningRate = 1e-3;
    Optimizer optimizer = Optimizer::Adam;
    double momentum = 0.9;    ///< of Sgd, in [0, 1)
    double weightDecay = 0.0; ///< decoupled from the gradient, times the learning rate
    double dropout = 0.0;     ///< share of hidden units left out in each step, in [0, 1)
};

/// A fully connected network: inputs, `layers` hidden layers of `width` units, softmax over the classes.
/// Trained on the mean cross-entropy of mini-batches.
class Network {
public:
    Network(std::size_t inputs, std::size_t layers, std::size_t width, std::size_t classes,
            Activation activation, Random& random);

    /// One step on the examples `rows` of `features` (row-major, `inputs` columns); returns their mean
    /// cross-entropy in nat before the step.
    double step(const std::vector<float>& features, const std::vector<int>& labels,
                const std::vector<std::size_t>& rows, const TrainingOptions& options, Random& random);
    /// The most probable class of one example.
    [[nodiscard]] int classify(const float* features);
    [[nodiscard]] std::size_t parameterCount() const;

private:
    struct Layer {
        std::size_t inputs = 0;
        std::size_t outputs = 0;
        std::vector<float> weights; ///< outputs x inputs, then one bias per output
        std::vector<float> gradient;
        std::vector<float> first;  ///< momentum (Sgd) or mean of gradients (Adam)
        std::vector<float> second; ///< mean of squared gradients (Adam)
        std::vector<float> values; ///< activations of the current example
        std::vector<float> errors; ///< derivative of the loss by the pre-activations
        std::vector<float> keep;   ///< dropout: 0 or 1 / (1 - share)
    };

    void forward(const float* features);
    void backward(const float* features, int label);
    void update(const TrainingOptions& options, float scale);

    Activation m_activation;
    std::vector<Layer> m_layers;
    double m_steps = 0.0;
};

} // namespace classifier
