#include "suggest/parameter_importance.h"

#include "suggest/model_state.h"
#include "surrogate/importance.h"
#include "surrogate/pathwise.h"
#include "surrogate/sized_posterior.h"

#include <algorithm>
#include <cmath>

namespace alidade {
namespace {

/// A point of the unit cube as an encoded setting: choices in equal stretches, shares uniform on the simplex.
Eigen::RowVectorXd encodedPoint(const Encoding& encoding, const Eigen::RowVectorXd& cube) {
    const std::vector<Coordinate>& coordinates = encoding.coordinates();
    Eigen::RowVectorXd point = cube;
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
        const auto column = static_cast<Eigen::Index>(i);
        if (coordinates[i].kind == CoordinateKind::Category) {
            const auto levels = static_cast<double>(coordinates[i].levels);
            point(column) = std::min(std::floor(cube(column) * levels), levels - 1.0);
        } else if (coordinates[i].kind == CoordinateKind::Share) {
            point(column) = -std::log1p(-cube(column)); // exponential; its share is uniform on the simplex
        }
    }
    for (std::size_t i = 0; i < coordinates.size();) {
        std::size_t end = i + 1;
        if (coordinates[i].kind == CoordinateKind::Share) {
            while (end < coordinates.size() && coordinates[end].parameter == coordinates[i].parameter)
                ++end;
            auto shares = point.segment(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(end - i));
            const double sum = shares.sum();
            if (sum > 0.0)
                shares /= sum;
            else
                shares.setConstant(1.0 / static_cast<double>(end - i));
        }
        i = end;
    }
    return point;
}

Eigen::MatrixXd featuresOf(const StudyModel::State& state, const Eigen::MatrixXd& cube) {
    Eigen::MatrixXd features(cube.rows(), state.features.columns());
    for (Eigen::Index i = 0; i < cube.rows(); ++i)
        features.row(i) =
            state.features.row(state.encoding.decode(encodedPoint(state.encoding, cube.row(i))));
    return features;
}

/// Columns of the cube, or of the features, that belong to each parameter.
struct Columns {
    InputGroups cube;
    InputGroups features;
};

Columns columnsByParameter(const StudyModel::State& state) {
    const std::vector<Coordinate>& coordinates = state.encoding.coordinates();
    const ColumnGroups& groups = state.features.groups();
    Columns columns;
    for (const Parameter& parameter : state.definition.space.parameters) {
        std::vector<Eigen::Index> ofCube;
        std::vector<Eigen::Index> ofFeatures;
        for (std::size_t i = 0; i < coordinates.size(); ++i) {
            if (coordinates[i].parameter != parameter.id)
                continue;
            ofCube.push_back(static_cast<Eigen::Index>(i));
            for (std::size_t c = 0; c < groups.size(); ++c)
                if (groups[c] == static_cast<int>(i))
                    ofFeatures.push_back(static_cast<Eigen::Index>(c));
        }
        columns.cube.push_back(std::move(ofCube));
        columns.features.push_back(std::move(ofFeatures));
    }
    return columns;
}

ShareInterval interval(const Eigen::RowVectorXd& shares) {
    std::vector<double> sorted(shares.data(), shares.data() + shares.size());
    std::sort(sorted.begin(), sorted.end());
    const auto quantile = [&sorted](double q) {
        const double place = q * static_cast<double>(sorted.size() - 1);
        const auto below = static_cast<std::size_t>(place);
        const std::size_t above = std::min(below + 1, sorted.size() - 1);
        const double part = place - static_cast<double>(below);
        return std::clamp((1.0 - part) * sorted[below] + part * sorted[above], 0.0, 1.0);
    };
    return {quantile(0.5), quantile(0.05), quantile(0.95)};
}

} // namespace

Result<ImportanceReport> parameterImportance(const StudyModel& model, MeasureId measure,
                                             const ImportanceOptions& options, const Monitor& monitor) {
    const StudyModel::State& state = *model.state();
    const auto found = state.processes.find(measure);
    if (found == state.processes.end())
        return makeError(ErrorCode::UnknownName,
                         "there is no model of \"" + state.definition.measureName(measure) + "\"");
    GaussianProcess process = found->second.process;
    // Permutations and interactions solve with all results at once.
    if (process.local()) {
        ALIDADE_ASSIGN(process, GaussianProcess::condition(evenSubset(process.data(), kMostExact),
                                                           process.family(), process.hyperparameters()));
    }
    const Columns columns = columnsByParameter(state);
    const Eigen::Index dimension = state.encoding.dimension();

    PathwiseOptions drawn;
    drawn.paths = options.paths;
    drawn.seed = options.seed;
    drawn.stream = "importance";
    ALIDADE_ASSIGN(const PathwiseSamples paths, PathwiseSamples::draw(process, drawn));
    const CubeFunctions samples = [&](const Eigen::MatrixXd& cube) {
        return paths.values(featuresOf(state, cube));
    };
    monitor.progress(0.05, "variance shares");
    ALIDADE_ASSIGN(const SobolIndices indices,
                   sobolIndices(samples, dimension, columns.cube, options.points, options.seed, monitor));
    monitor.progress(0.6, "permutations");
    ALIDADE_ASSIGN(const PermutationImportance permutation,
                   permutationImportance(process, columns.features, options.shuffles, options.seed, monitor));

    ImportanceReport report;
    report.measure = measure;
    report.leaveOneOutError = permutation.error;
    report.warped = found->second.transform.warped();
    for (std::size_t i = 0; i < state.definition.space.parameters.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        const ShareInterval total = interval(indices.total.row(row));
        ShareInterval first = interval(indices.first.row(row));
        first.value = std::min(first.value, total.value); // true of each function, not of its estimates
        report.parameters.push_back({state.definition.space.parameters[i].id, first, total,
                                     permutation.increase(row), permutation.standardDeviation(row)});
    }
    if (options.interactionPoints > 0) {
        monitor.progress(0.7, "interactions");
        ALIDADE_ASSIGN(const std::vector<Eigen::MatrixXd> pairs,
                       sobolInteractions(samples, dimension, columns.cube, options.interactionPoints,
                                         options.seed, monitor));
        report.interactions = pairs.front();
        for (Eigen::Index i = 0; i < report.interactions.size(); ++i) {
            Eigen::RowVectorXd shares(std::ssize(pairs));
            for (std::size_t k = 0; k < pairs.size(); ++k)
                shares(static_cast<Eigen::Index>(k)) = pairs[k](i);
            report.interactions(i) = interval(shares).value;
        }
    }
    monitor.progress(1.0, "done");
    return report;
}

} // namespace alidade
