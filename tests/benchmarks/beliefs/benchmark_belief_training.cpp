#include "../../../resources/examples/classifier/network.h"
#include "exchange/study_json.h"
#include "suggest/suggest.h"
#include "test_paths.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

// What common knowledge is worth when a real network is trained: the classifier of the examples by SGD, each
// setting judged by its error on held-out images, the mean over fixed random weights. Prints how many
// evaluations log EI with beliefs needs to reach what log EI without them has reached at the end.

using namespace alidade;

namespace {

constexpr std::size_t kPixels = 64;
constexpr std::size_t kTrainingRows = 1200;
constexpr std::size_t kEpochs = 8;
constexpr int kWeights = 2; ///< random weights that an error is the mean over

constexpr const char* kSpace = R"({"alidade": 1, "name": "training", "parameters": [
    {"name": "learning_rate", "type": "real", "low": 1e-5, "high": 3, "scale": "log"},
    {"name": "momentum", "type": "real", "low": 0, "high": 0.99},
    {"name": "weight_decay", "type": "real", "low": 1e-6, "high": 1, "scale": "log"},
    {"name": "dropout", "type": "real", "low": 0, "high": 0.8},
    {"name": "batch", "type": "integer", "low": 4, "high": 256, "scale": "log"}],
    "objectives": [{"name": "error"}], "strategy": {"method": "log_ei", "initial": 6, "budget": 40}})";

/// What textbooks say of SGD, written down before anything was measured: a rate of a few hundredths, momentum
/// 0.9, little weight decay, little dropout, batches of 32; each within a factor or a width.
constexpr const char* kKnowledge = R"([
    {"about": "optimum", "parameter": "learning_rate", "confidence": 0.9,
     "density": {"family": "normal", "center": 0.03, "spread": 1.1}},
    {"about": "optimum", "parameter": "momentum", "confidence": 0.9,
     "density": {"family": "normal", "center": 0.9, "spread": 0.1}},
    {"about": "optimum", "parameter": "weight_decay", "confidence": 0.9,
     "density": {"family": "normal", "center": 1e-4, "spread": 2.3}},
    {"about": "optimum", "parameter": "dropout", "confidence": 0.9,
     "density": {"family": "normal", "center": 0.1, "spread": 0.1}},
    {"about": "optimum", "parameter": "batch", "confidence": 0.9,
     "density": {"family": "normal", "center": 32, "spread": 0.7}}])";

struct Images {
    std::vector<float> pixels; ///< row-major, in [0, 1]
    std::vector<int> labels;
};

Images readImages() {
    Images images;
    std::istringstream lines(test::readFile(test::sourcePath("resources/examples/classifier/digits.csv")));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line);
        std::string cell;
        for (std::size_t i = 0; i <= kPixels && std::getline(cells, cell, ','); ++i)
            if (i < kPixels)
                images.pixels.push_back(std::stof(cell) / 16.0F);
            else
                images.labels.push_back(std::stoi(cell));
    }
    return images;
}

/// Percentage of held-out images that a network trained with this setting gets wrong.
double errorOf(const Images& images, const Study& study, const Setting& setting) {
    const auto at = [&](std::size_t i) { return setting.at(study.definition.space.parameters[i].id); };
    classifier::TrainingOptions options;
    options.optimizer = classifier::Optimizer::Sgd;
    options.learningRate = std::get<double>(at(0));
    options.momentum = std::get<double>(at(1));
    options.weightDecay = std::get<double>(at(2));
    options.dropout = std::get<double>(at(3));
    const auto batch = static_cast<std::size_t>(std::get<std::int64_t>(at(4)));
    std::size_t wrong = 0;
    for (int seed = 1; seed <= kWeights; ++seed) {
        classifier::Random random(static_cast<std::uint64_t>(seed));
        classifier::Network network(kPixels, 1, 48, 10, classifier::Activation::Relu, random);
        std::vector<std::size_t> order(kTrainingRows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t epoch = 0; epoch < kEpochs; ++epoch) {
            random.shuffle(order);
            for (std::size_t start = 0; start < order.size(); start += batch) {
                const auto first = order.begin() + static_cast<std::ptrdiff_t>(start);
                const std::vector<std::size_t> rows(
                    first, first + static_cast<std::ptrdiff_t>(std::min(batch, order.size() - start)));
                network.step(images.pixels, images.labels, rows, options, random);
            }
        }
        for (std::size_t i = kTrainingRows; i < images.labels.size(); ++i)
            wrong += network.classify(images.pixels.data() + i * kPixels) != images.labels[i] ? 1 : 0;
    }
    return 100.0 * static_cast<double>(wrong) /
           (kWeights * static_cast<double>(images.labels.size() - kTrainingRows));
}

/// Smallest error so far after each evaluation.
std::vector<double> run(const Images& images, std::uint64_t seed, const char* beliefs, const char* use,
                        int evaluations) {
    Json json = parseJson(kSpace).value();
    json["seed"] = seed;
    json["beliefs"] = parseJson(beliefs).value();
    json["strategy"]["beliefs"] = use;
    Study study;
    study.definition = definitionFromConfiguration(json).value();
    std::vector<double> best;
    for (int i = 0; i < evaluations; ++i) {
        const auto report = suggest(study, 1);
        if (!report) {
            std::printf("%s\n", report.error().text().c_str());
            break;
        }
        const Suggestion& suggestion = report->suggestions.front();
        const double error = errorOf(images, study, suggestion.setting);
        best.push_back(best.empty() ? error : std::min(best.back(), error));
        test::addResult(study, suggestion.setting, suggestion.origin, error);
    }
    return best;
}

} // namespace

int main(int argc, char** argv) {
    const int seeds = argc > 1 ? std::atoi(argv[1]) : 3;
    const int evaluations = argc > 2 ? std::atoi(argv[2]) : 40;
    const Images images = readImages();
    for (int seed = 1; seed <= seeds; ++seed) {
        const auto number = static_cast<std::uint64_t>(seed);
        const std::vector<double> plain = run(images, number, "[]", "off", evaluations);
        const auto tell = [&](const char* name, const std::vector<double>& best) {
            const auto reached =
                std::find_if(best.begin(), best.end(), [&](double error) { return error <= plain.back(); });
            std::printf("seed %d  %-14s", seed, name);
            for (std::size_t n = 9; n < best.size(); n += 10)
                std::printf(" %zu: %.2f %%", n + 1, best[n]);
            if (reached == best.end())
                std::printf("   plain final error not reached\n");
            else
                std::printf("   plain final error reached after %td\n", reached - best.begin() + 1);
            std::fflush(stdout);
        };
        tell("log EI", plain);
        tell("with ColaBO", run(images, number, kKnowledge, "colabo", evaluations));
        tell("with piBO", run(images, number, kKnowledge, "pibo", evaluations));
    }
    return 0;
}
