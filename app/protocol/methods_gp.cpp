#include "acquisition/analytic.h"
#include "base/text.h"
#include "protocol/methods.h"
#include "surrogate/fit.h"

#include <cmath>

namespace alidade {
namespace {

const std::vector<std::string> kKernels{"rbf", "matern12", "matern32", "matern52"};

Result<Eigen::MatrixXd> readMatrix(const JsonCursor& params, const std::string& key) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const auto rows, readRows(member));
    Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows.size()),
                           static_cast<Eigen::Index>(rows.front().size()));
    for (Eigen::Index i = 0; i < matrix.rows(); ++i)
        for (Eigen::Index j = 0; j < matrix.cols(); ++j)
            matrix(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    return matrix;
}

Result<Eigen::VectorXd> readVector(const JsonCursor& params, const std::string& key) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const std::vector<double> values, member.numbers());
    return Eigen::VectorXd(
        Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size())));
}

Result<KernelFamily> readKernel(const JsonCursor& params) {
    if (!params.has("kernel"))
        return KernelFamily::Matern52;
    ALIDADE_ASSIGN(const JsonCursor member, params.at("kernel"));
    ALIDADE_ASSIGN(const std::string name, member.string());
    const auto family = parseKernel(name);
    if (!family)
        return member.error("\"" + name + "\" is not a kernel" + didYouMean(name, kKernels));
    return *family;
}

Result<GpData> readData(const JsonCursor& params) {
    GpData data;
    ALIDADE_ASSIGN(data.x, readMatrix(params, "x"));
    ALIDADE_ASSIGN(data.y, readVector(params, "y"));
    if (data.y.size() != data.x.rows()) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("y"));
        return member.error("there are " + std::to_string(data.y.size()) + " outcomes for " +
                            std::to_string(data.x.rows()) + " points");
    }
    data.groups = oneGroupPerColumn(data.x.cols());
    return data;
}

Result<double> readPositive(const JsonCursor& params, const std::string& key, bool zeroAllowed) {
    ALIDADE_ASSIGN(const JsonCursor member, params.at(key));
    ALIDADE_ASSIGN(const double value, member.number());
    if (value < 0.0 || (value == 0.0 && !zeroAllowed))
        return member.error(zeroAllowed ? "must be at least 0" : "must be above 0");
    return value;
}

Result<Hyperparameters> readHyperparameters(const JsonCursor& params, Eigen::Index columns) {
    Hyperparameters hyper;
    ALIDADE_ASSIGN(hyper.lengthScales, readVector(params, "length_scales"));
    ALIDADE_ASSIGN(const JsonCursor scales, params.at("length_scales"));
    if (hyper.lengthScales.size() != columns)
        return scales.error("there are " + std::to_string(hyper.lengthScales.size()) + " length scales for " +
                            std::to_string(columns) + " dimensions");
    if (!(hyper.lengthScales.array() > 0.0).all())
        return scales.error("length scales must be above 0");
    ALIDADE_ASSIGN(hyper.outputVariance, readPositive(params, "output_variance", false));
    ALIDADE_ASSIGN(hyper.noiseVariance, readPositive(params, "noise_variance", true));
    if (params.has("mean")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("mean"));
        ALIDADE_ASSIGN(hyper.mean, member.number());
    }
    return hyper;
}

struct Posterior {
    GaussianProcess process;
    GpPrediction prediction;
};

Result<Posterior> readPosterior(const JsonCursor& params) {
    ALIDADE_ASSIGN(GpData data, readData(params));
    ALIDADE_ASSIGN(const KernelFamily family, readKernel(params));
    ALIDADE_ASSIGN(const Hyperparameters hyper, readHyperparameters(params, data.x.cols()));
    ALIDADE_ASSIGN(const Eigen::MatrixXd at, readMatrix(params, "at"));
    if (at.cols() != data.x.cols()) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("at"));
        return member.error("these points have " + std::to_string(at.cols()) + " dimensions, x has " +
                            std::to_string(data.x.cols()));
    }
    ALIDADE_ASSIGN(GaussianProcess process, GaussianProcess::condition(std::move(data), family, hyper));
    GpPrediction prediction = process.predict(at);
    return Posterior{std::move(process), std::move(prediction)};
}

Json toJson(const Eigen::VectorXd& values) {
    return numbersToJson({values.begin(), values.end()});
}

Result<Json> posteriorMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys(
        {"x", "y", "at", "kernel", "length_scales", "output_variance", "noise_variance", "mean"}));
    ALIDADE_ASSIGN(const Posterior posterior, readPosterior(params));
    ALIDADE_ASSIGN(const LikelihoodGradient likelihood,
                   logMarginalLikelihood(posterior.process.data(), posterior.process.family(),
                                         posterior.process.hyperparameters()));
    Json result{{"mean", toJson(posterior.prediction.mean)},
                {"variance", toJson(posterior.prediction.variance)},
                {"log_marginal_likelihood", numberToJson(likelihood.value)},
                {"gradient", Json{{"log_length_scales", toJson(likelihood.logLengthScales)},
                                  {"log_output_variance", numberToJson(likelihood.logOutputVariance)},
                                  {"log_noise_variance", numberToJson(likelihood.logNoiseVariance)}}}};
    if (posterior.process.jitter() > 0.0)
        result["jitter"] = posterior.process.jitter();
    return result;
}

Result<Json> fitProcessMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"x", "y", "kernel", "priors"}));
    ALIDADE_ASSIGN(GpData data, readData(params));
    FitOptions options;
    ALIDADE_ASSIGN(options.family, readKernel(params));
    options.restarts = 8;
    options.priors = false;
    if (params.has("priors")) {
        ALIDADE_ASSIGN(const JsonCursor member, params.at("priors"));
        ALIDADE_ASSIGN(options.priors, member.boolean());
    }
    // Fitted on standardised outcomes, reported in the units of y.
    const double center = data.y.mean();
    const double deviation = std::sqrt((data.y.array() - center).square().mean());
    const double scale = deviation > 0.0 ? deviation : 1.0;
    data.y = (data.y.array() - center) / scale;
    ALIDADE_ASSIGN(const FitReport report, fitHyperparameters(data, options));
    const double count = static_cast<double>(data.y.size());
    return Json{
        {"kernel", kernelName(options.family)},
        {"length_scales", toJson(report.hyper.lengthScales)},
        {"output_variance", report.hyper.outputVariance * scale * scale},
        {"noise_variance", report.hyper.noiseVariance * scale * scale},
        {"mean", center + scale * report.hyper.mean},
        {"log_marginal_likelihood", numberToJson(report.logMarginalLikelihood - count * std::log(scale))}};
}

Result<Json> acquisitionValueMethod(Session&, const JsonCursor& params) {
    ALIDADE_CHECK(params.checkKeys({"x", "y", "at", "kernel", "length_scales", "output_variance",
                                    "noise_variance", "mean", "acquisition", "goal", "best", "beta"}));
    ALIDADE_ASSIGN(const JsonCursor member, params.at("acquisition"));
    ALIDADE_ASSIGN(const std::string name, member.string());
    const auto kind = parseAcquisition(name);
    constexpr std::array kClosedForms{AcquisitionKind::Ei, AcquisitionKind::LogEi, AcquisitionKind::Pi,
                                      AcquisitionKind::LogPi, AcquisitionKind::Ucb};
    if (!kind || std::find(kClosedForms.begin(), kClosedForms.end(), *kind) == kClosedForms.end())
        return member.error("\"" + name + "\" is not an acquisition" +
                            didYouMean(name, {"ei", "log_ei", "pi", "log_pi", "ucb"}));
    Improvement improvement;
    if (params.has("goal")) {
        ALIDADE_ASSIGN(const JsonCursor goal, params.at("goal"));
        ALIDADE_ASSIGN(const Goal value, readGoal(goal));
        improvement.maximise = value == Goal::Maximize;
    }
    double beta = 4.0;
    if (params.has("beta")) {
        ALIDADE_ASSIGN(beta, readPositive(params, "beta", true));
    }
    ALIDADE_ASSIGN(const Posterior posterior, readPosterior(params));
    const Eigen::VectorXd& y = posterior.process.data().y;
    improvement.best = improvement.maximise ? y.maxCoeff() : y.minCoeff();
    if (params.has("best")) {
        ALIDADE_ASSIGN(const JsonCursor best, params.at("best"));
        ALIDADE_ASSIGN(improvement.best, best.number());
    }
    std::vector<double> values;
    for (Eigen::Index i = 0; i < posterior.prediction.mean.size(); ++i) {
        const double mean = posterior.prediction.mean(i);
        const double sd = std::sqrt(posterior.prediction.variance(i));
        switch (*kind) {
        case AcquisitionKind::Ei: values.push_back(expectedImprovement(improvement, mean, sd).value); break;
        case AcquisitionKind::LogEi:
            values.push_back(logExpectedImprovement(improvement, mean, sd).value);
            break;
        case AcquisitionKind::Pi:
            values.push_back(probabilityOfImprovement(improvement, mean, sd).value);
            break;
        case AcquisitionKind::LogPi:
            values.push_back(logProbabilityOfImprovement(improvement, mean, sd).value);
            break;
        default: values.push_back(confidenceBound(improvement.maximise, beta, mean, sd).value); break;
        }
    }
    return Json{{"values", numbersToJson(values)}};
}

} // namespace

std::vector<ProtocolMethod> gpMethods() {
    return {{"gp.posterior", posteriorMethod},
            {"gp.fit", fitProcessMethod},
            {"acquisition.value", acquisitionValueMethod}};
}

} // namespace alidade
