#include "../../../resources/examples/classifier/network.h"
#include "belief/transfer.h"
#include "exchange/study_json.h"
#include "suggest/suggest.h"
#include "test_paths.h"
#include "test_problems.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <sstream>

// What knowledge is worth when a real network is trained: the classifier of the examples by SGD, each setting
// judged by its loss on held-out images, the mean over fixed random weights. Beliefs come from textbooks, or
// from an earlier project that trained for a quarter of the epochs. Prints how many evaluations log EI with
// beliefs needs to reach what log EI without them has reached at the end.

using namespace alidade;

namespace {

constexpr std::size_t kPixels = 64;
constexpr std::size_t kTrainingRows = 1200;
constexpr std::size_t kEpochs = 8;
constexpr std::size_t kEarlierEpochs = 2;
constexpr int kEarlierTrials = 40;
constexpr int kWeights = 2;    ///< random weights that a loss is the mean over
constexpr double kWorst = 5.0; ///< nat; what has diverged counts as that

constexpr const char* kSpace = R"({"alidade": 1, "name": "training", "parameters": [
    {"name": "learning_rate", "type": "real", "low": 1e-5, "high": 3, "scale": "log"},
    {"name": "momentum", "type": "real", "low": 0, "high": 0.99},
    {"name": "weight_decay", "type": "real", "low": 1e-6, "high": 1, "scale": "log"},
    {"name": "dropout", "type": "real", "low": 0, "high": 0.8},
    {"name": "batch", "type": "integer", "low": 4, "high": 256, "scale": "log"}],
    "objectives": [{"name": "loss"}], "strategy": {"method": "log_ei", "initial": 6, "budget": 40}})";

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

/// Mean cross-entropy in nat on the held-out images, of networks trained with this setting.
double lossOf(const Images& images, const Study& study, const Setting& setting, std::size_t epochs) {
    const auto at = [&](std::size_t i) { return setting.at(study.definition.space.parameters[i].id); };
    classifier::TrainingOptions options;
    options.optimizer = classifier::Optimizer::Sgd;
    options.learningRate = std::get<double>(at(0));
    options.momentum = std::get<double>(at(1));
    options.weightDecay = std::get<double>(at(2));
    options.dropout = std::get<double>(at(3));
    const auto batch = static_cast<std::size_t>(std::get<std::int64_t>(at(4)));
    double loss = 0.0;
    for (int seed = 1; seed <= kWeights; ++seed) {
        classifier::Random random(static_cast<std::uint64_t>(seed));
        classifier::Network network(kPixels, 1, 48, 10, classifier::Activation::Relu, random);
        std::vector<std::size_t> order(kTrainingRows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
            random.shuffle(order);
            for (std::size_t start = 0; start < order.size(); start += batch) {
                const auto first = order.begin() + static_cast<std::ptrdiff_t>(start);
                const std::vector<std::size_t> rows(
                    first, first + static_cast<std::ptrdiff_t>(std::min(batch, order.size() - start)));
                network.step(images.pixels, images.labels, rows, options, random);
            }
        }
        std::vector<std::size_t> heldOut(images.labels.size() - kTrainingRows);
        std::iota(heldOut.begin(), heldOut.end(), kTrainingRows);
        classifier::TrainingOptions still; // a step of length 0 changes nothing and tells the loss
        still.optimizer = classifier::Optimizer::Sgd;
        still.learningRate = 0.0;
        const double one = network.step(images.pixels, images.labels, heldOut, still, random);
        loss += (std::isfinite(one) ? std::min(one, kWorst) : kWorst) / kWeights;
    }
    return loss;
}

Study makeStudy(std::uint64_t seed) {
    Json json = parseJson(kSpace).value();
    json["seed"] = seed;
    Study study;
    study.definition = definitionFromConfiguration(json).value();
    return study;
}

/// Smallest loss so far after each evaluation.
std::vector<double> run(const Images& images, Study& study, std::size_t epochs, int evaluations) {
    std::vector<double> best;
    for (int i = 0; i < evaluations; ++i) {
        const auto report = suggest(study, 1);
        if (!report) {
            std::printf("%s\n", report.error().text().c_str());
            break;
        }
        const Suggestion& suggestion = report->suggestions.front();
        const double loss = lossOf(images, study, suggestion.setting, epochs);
        best.push_back(best.empty() ? loss : std::min(best.back(), loss));
        test::addResult(study, suggestion.setting, suggestion.origin, loss);
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
        Study without = makeStudy(number);
        const std::vector<double> plain = run(images, without, kEpochs, evaluations);
        const auto tell = [&](const char* name, const std::vector<double>& best) {
            const auto reached =
                std::find_if(best.begin(), best.end(), [&](double loss) { return loss <= plain.back(); });
            std::printf("seed %d  %-20s", seed, name);
            for (std::size_t n = 9; n < best.size(); n += 10)
                std::printf(" %zu: %.4f", n + 1, best[n]);
            if (reached == best.end())
                std::printf("   plain final loss not reached\n");
            else
                std::printf("   plain final loss reached after %td\n", reached - best.begin() + 1);
            std::fflush(stdout);
        };
        tell("log EI", plain);
        Study earlier = makeStudy(number + 100);
        (void)run(images, earlier, kEarlierEpochs, kEarlierTrials);
        for (const BeliefUse use : {BeliefUse::ColaBo, BeliefUse::PiBo}) {
            Study study = makeStudy(number);
            study.definition.strategy.beliefs = use;
            for (const Edit& edit : beliefsFrom(earlier, study.definition).edits)
                if (!apply(edit, study))
                    std::printf("a belief was refused\n");
            tell(use == BeliefUse::ColaBo ? "earlier, ColaBO" : "earlier, piBO",
                 run(images, study, kEpochs, evaluations));
        }
        Json json = parseJson(kSpace).value();
        json["seed"] = seed;
        json["beliefs"] = parseJson(kKnowledge).value();
        Study taught;
        taught.definition = definitionFromConfiguration(json).value();
        tell("textbook, ColaBO", run(images, taught, kEpochs, evaluations));
    }
    return 0;
}
