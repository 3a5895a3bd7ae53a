// Trains a small neural network on images of handwritten digits and reports its error on images that it has
// not seen: one line of JSON per epoch, the last one with the result.

#include "network.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

using namespace classifier;

constexpr std::size_t kPixels = 64;
constexpr std::size_t kClasses = 10;
/// The first rows train, the rest is held out, in the order of the file.
constexpr std::size_t kTrainingRows = 1200;

struct Images {
    std::vector<float> pixels; ///< row-major, in [0, 1]
    std::vector<int> labels;
};

Images readImages(const std::string& path) {
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    Images images;
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream cells(line);
        std::string cell;
        for (std::size_t i = 0; i <= kPixels; ++i) {
            if (!std::getline(cells, cell, ','))
                throw std::runtime_error(path + ": a line has fewer than 65 numbers");
            if (i < kPixels)
                images.pixels.push_back(std::stof(cell) / 16.0F);
            else
                images.labels.push_back(std::stoi(cell));
        }
    }
    if (images.labels.size() <= kTrainingRows)
        throw std::runtime_error(path + ": more than 1200 lines are needed");
    return images;
}

class Arguments {
public:
    /// --name value or --name=value
    Arguments(int count, char** values) {
        for (int i = 1; i < count; ++i) {
            const std::string argument = values[i];
            const std::size_t equals = argument.find('=');
            const std::string name = argument.substr(0, equals);
            if (!m_values.contains(name))
                throw std::invalid_argument("unknown option " + name);
            if (equals != std::string::npos)
                m_values[name] = argument.substr(equals + 1);
            else if (++i < count)
                m_values[name] = values[i];
            else
                throw std::invalid_argument(name + " needs a value");
        }
    }
    [[nodiscard]] const std::string& text(const std::string& name) const { return m_values.at(name); }
    [[nodiscard]] double number(const std::string& name, double low, double high) const {
        const std::string& text = m_values.at(name);
        double value = 0.0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
            throw std::invalid_argument(name + " \"" + text + "\" is not a number in its range");
        return value;
    }
    [[nodiscard]] std::size_t count(const std::string& name, double high) const {
        return static_cast<std::size_t>(number(name, 1, high));
    }
    [[nodiscard]] bool choice(const std::string& name, const std::string& yes, const std::string& no) const {
        if (text(name) != yes && text(name) != no)
            throw std::invalid_argument(name + " is " + yes + " or " + no);
        return text(name) == yes;
    }

private:
    std::map<std::string, std::string> m_values{{"--data", "digits.csv"}, {"--learning-rate", "0.001"},
                                                {"--optimizer", "adam"},  {"--momentum", "0.9"},
                                                {"--layers", "1"},        {"--width", "32"},
                                                {"--batch", "32"},        {"--activation", "relu"},
                                                {"--weight-decay", "0"},  {"--dropout", "0"},
                                                {"--epochs", "20"},       {"--seed", "1"}};
};

int train(const Arguments& arguments) {
    TrainingOptions options;
    options.learningRate = arguments.number("--learning-rate", 1e-8, 100.0);
    options.optimizer = arguments.choice("--optimizer", "sgd", "adam") ? Optimizer::Sgd : Optimizer::Adam;
    options.momentum = arguments.number("--momentum", 0.0, 0.9999);
    options.weightDecay = arguments.number("--weight-decay", 0.0, 10.0);
    options.dropout = arguments.number("--dropout", 0.0, 0.95);
    const bool relu = arguments.choice("--activation", "relu", "tanh");
    const std::size_t batch = arguments.count("--batch", kTrainingRows);
    const std::size_t epochs = arguments.count("--epochs", 10000);
    const Images images = readImages(arguments.text("--data"));

    Random random(static_cast<std::uint64_t>(arguments.number("--seed", 0, 1e15)));
    Network network(kPixels, arguments.count("--layers", 20), arguments.count("--width", 4096), kClasses,
                    relu ? Activation::Relu : Activation::Tanh, random);
    std::vector<std::size_t> order(kTrainingRows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t held = images.labels.size() - kTrainingRows;
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch) {
        random.shuffle(order);
        double loss = 0.0;
        for (std::size_t start = 0; start < order.size(); start += batch) {
            const std::size_t end = std::min(start + batch, order.size());
            const std::vector<std::size_t> rows(order.begin() + static_cast<std::ptrdiff_t>(start),
                                                order.begin() + static_cast<std::ptrdiff_t>(end));
            loss += network.step(images.pixels, images.labels, rows, options, random) *
                    static_cast<double>(rows.size());
        }
        loss /= static_cast<double>(kTrainingRows);
        if (!std::isfinite(loss)) {
            std::cerr << "training diverged in epoch " << epoch << ": the loss is not a number\n";
            return 1;
        }
        std::size_t wrong = 0;
        for (std::size_t row = kTrainingRows; row < images.labels.size(); ++row)
            wrong += network.classify(&images.pixels[row * kPixels]) != images.labels[row] ? 1 : 0;
        std::cout << R"({"epoch": )" << epoch << R"(, "loss": )" << loss << R"(, "error": )"
                  << 100.0 * static_cast<double>(wrong) / static_cast<double>(held) << R"(, "weights": )"
                  << network.parameterCount() << "}\n";
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return train(Arguments(argc, argv));
    } catch (const std::exception& error) {
        std::cerr << "alidade-example-classifier: " << error.what() << '\n';
        return 2;
    }
}
