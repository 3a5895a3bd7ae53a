#include "network.h"

#include <algorithm>
#include <cmath>

namespace classifier {

Network::Network(std::size_t inputs, std::size_t layers, std::size_t width, std::size_t classes,
                 Activation activation, Random& random)
    : m_activation(activation), m_layers(layers + 1) {
    for (std::size_t index = 0; index < m_layers.size(); ++index) {
        Layer& layer = m_layers[index];
        layer.inputs = index == 0 ? inputs : width;
        layer.outputs = index == layers ? classes : width;
        const std::size_t count = layer.outputs * (layer.inputs + 1);
        layer.weights.assign(count, 0.0F);
        layer.gradient.assign(count, 0.0F);
        layer.first.assign(count, 0.0F);
        layer.second.assign(count, 0.0F);
        layer.values.assign(layer.outputs, 0.0F);
        layer.errors.assign(layer.outputs, 0.0F);
        layer.keep.assign(layer.outputs, 1.0F);
        // He et al. for ReLU, Glorot and Bengio for tanh; biases start at 0.
        const double gain = activation == Activation::Relu ? 2.0 : 1.0;
        const double spread = std::sqrt(gain / static_cast<double>(layer.inputs));
        for (std::size_t i = 0; i < layer.outputs * layer.inputs; ++i)
            layer.weights[i] = static_cast<float>(spread * random.normal());
    }
}

std::size_t Network::parameterCount() const {
    std::size_t count = 0;
    for (const Layer& layer : m_layers)
        count += layer.weights.size();
    return count;
}

void Network::forward(const float* features) {
    const float* input = features;
    for (Layer& layer : m_layers) {
        const bool last = &layer == &m_layers.back();
        const float* weights = layer.weights.data();
        const float* biases = weights + layer.outputs * layer.inputs;
        for (std::size_t unit = 0; unit < layer.outputs; ++unit, weights += layer.inputs) {
            float sum = biases[unit];
            for (std::size_t i = 0; i < layer.inputs; ++i)
                sum += weights[i] * input[i];
            if (!last)
                sum = layer.keep[unit] *
                      (m_activation == Activation::Relu ? std::max(sum, 0.0F) : std::tanh(sum));
            layer.values[unit] = sum;
        }
        input = layer.values.data();
    }
    // Softmax, shifted by the largest logit against overflow.
    std::vector<float>& logits = m_layers.back().values;
    const float largest = *std::max_element(logits.begin(), logits.end());
    float total = 0.0F;
    for (float& logit : logits) {
        logit = std::exp(logit - largest);
        total += logit;
    }
    for (float& logit : logits)
        logit /= total;
}

void Network::backward(const float* features, int label) {
    Layer& output = m_layers.back();
    output.errors = output.values;
    output.errors[static_cast<std::size_t>(label)] -= 1.0F;
    for (std::size_t index = m_layers.size(); index-- > 0;) {
        Layer& layer = m_layers[index];
        const float* input = index == 0 ? features : m_layers[index - 1].values.data();
        float* gradient = layer.gradient.data();
        float* biases = gradient + layer.outputs * layer.inputs;
        for (std::size_t unit = 0; unit < layer.outputs; ++unit, gradient += layer.inputs) {
            const float error = layer.errors[unit];
            biases[unit] += error;
            for (std::size_t i = 0; i < layer.inputs; ++i)
                gradient[i] += error * input[i];
        }
        if (index == 0)
            break;
        Layer& before = m_layers[index - 1];
        std::fill(before.errors.begin(), before.errors.end(), 0.0F);
        const float* weights = layer.weights.data();
        for (std::size_t unit = 0; unit < layer.outputs; ++unit, weights += layer.inputs)
            for (std::size_t i = 0; i < layer.inputs; ++i)
                before.errors[i] += layer.errors[unit] * weights[i];
        for (std::size_t i = 0; i < before.outputs; ++i) {
            const float keep = before.keep[i];
            const float value = before.values[i];
            if (m_activation == Activation::Relu)
                before.errors[i] *= value > 0.0F ? keep : 0.0F;
            else // values = keep * tanh, and tanh' = 1 - tanh^2
                before.errors[i] *= keep > 0.0F ? keep * (1.0F - value * value / (keep * keep)) : 0.0F;
        }
    }
}

void Network::update(const TrainingOptions& options, float scale) {
    m_steps += 1.0;
    const auto rate = static_cast<float>(options.learningRate);
    const auto shrink = static_cast<float>(1.0 - options.learningRate * options.weightDecay);
    constexpr float firstDecay = 0.9F;
    constexpr float secondDecay = 0.999F;
    // Bias corrections of Adam (arXiv 1412.6980, algorithm 1).
    const auto firstCorrection = static_cast<float>(1.0 / (1.0 - std::pow(0.9, m_steps)));
    const auto secondCorrection = static_cast<float>(1.0 / (1.0 - std::pow(0.999, m_steps)));
    const auto momentum = static_cast<float>(options.momentum);
    for (Layer& layer : m_layers) {
        const std::size_t biases = layer.outputs * layer.inputs;
        for (std::size_t i = 0; i < layer.weights.size(); ++i) {
            const float gradient = layer.gradient[i] * scale;
            layer.gradient[i] = 0.0F;
            if (i < biases)
                layer.weights[i] *= shrink;
            if (options.optimizer == Optimizer::Sgd) {
                layer.first[i] = momentum * layer.first[i] + gradient;
                layer.weights[i] -= rate * layer.first[i];
            } else {
                layer.first[i] = firstDecay * layer.first[i] + (1.0F - firstDecay) * gradient;
                layer.second[i] = secondDecay * layer.second[i] + (1.0F - secondDecay) * gradient * gradient;
                layer.weights[i] -= rate * layer.first[i] * firstCorrection /
                                    (std::sqrt(layer.second[i] * secondCorrection) + 1e-8F);
            }
        }
    }
}

double Network::step(const std::vector<float>& features, const std::vector<int>& labels,
                     const std::vector<std::size_t>& rows, const TrainingOptions& options, Random& random) {
    const std::size_t inputs = m_layers.front().inputs;
    const auto kept = static_cast<float>(1.0 / (1.0 - options.dropout));
    double loss = 0.0;
    for (const std::size_t row : rows) {
        for (std::size_t index = 0; index + 1 < m_layers.size(); ++index)
            for (float& keep : m_layers[index].keep)
                keep = options.dropout > 0.0 && random.uniform() < options.dropout ? 0.0F : kept;
        forward(&features[row * inputs]);
        const auto label = static_cast<std::size_t>(labels[row]);
        loss -= std::log(std::max(static_cast<double>(m_layers.back().values[label]), 1e-30));
        backward(&features[row * inputs], labels[row]);
    }
    update(options, 1.0F / static_cast<float>(rows.size()));
    return loss / static_cast<double>(rows.size());
}

int Network::classify(const float* features) {
    for (Layer& layer : m_layers)
        std::fill(layer.keep.begin(), layer.keep.end(), 1.0F);
    forward(features);
    const std::vector<float>& output = m_layers.back().values;
    return static_cast<int>(std::max_element(output.begin(), output.end()) - output.begin());
}

} // namespace classifier
