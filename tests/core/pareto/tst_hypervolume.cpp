#include "pareto/dominance.h"
#include "pareto/hypervolume.h"
#include "pareto_data.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace alidade;
using namespace alidade::test;

namespace {

// Inclusion-exclusion over all subsets of the points inside the reference box.
double volumeByInclusionExclusion(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    const auto count = static_cast<std::size_t>(points.rows());
    double volume = 0.0;
    for (std::size_t subset = 1; subset < (std::size_t{1} << count); ++subset) {
        double overlap = 1.0;
        int members = 0;
        Eigen::VectorXd corner = Eigen::VectorXd::Constant(points.cols(), -HUGE_VAL);
        for (std::size_t i = 0; i < count; ++i) {
            if ((subset >> i) & 1U) {
                corner = corner.cwiseMax(points.row(static_cast<Eigen::Index>(i)).transpose());
                ++members;
            }
        }
        for (Eigen::Index k = 0; k < points.cols(); ++k)
            overlap *= std::max(0.0, reference[k] - corner[k]);
        volume += members % 2 == 1 ? overlap : -overlap;
    }
    return volume;
}

// Sum over the cells of the grid spanned by all coordinates.
double volumeByCells(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    const Eigen::Index objectives = points.cols();
    std::vector<std::vector<double>> cuts(static_cast<std::size_t>(objectives));
    for (Eigen::Index k = 0; k < objectives; ++k) {
        auto& axis = cuts[static_cast<std::size_t>(k)];
        axis.push_back(reference[k]);
        for (Eigen::Index i = 0; i < points.rows(); ++i) {
            if (points(i, k) < reference[k])
                axis.push_back(points(i, k));
        }
        std::sort(axis.begin(), axis.end());
        axis.erase(std::unique(axis.begin(), axis.end()), axis.end());
    }
    std::vector<std::size_t> cell(cuts.size(), 0);
    double volume = 0.0;
    for (bool more = true; more;) {
        double content = 1.0;
        Eigen::VectorXd corner(objectives);
        for (std::size_t k = 0; k < cuts.size(); ++k) {
            if (cell[k] + 1 >= cuts[k].size()) {
                content = 0.0;
                break;
            }
            corner[static_cast<Eigen::Index>(k)] = cuts[k][cell[k]];
            content *= cuts[k][cell[k] + 1] - cuts[k][cell[k]];
        }
        bool dominated = false;
        for (Eigen::Index i = 0; content > 0.0 && i < points.rows() && !dominated; ++i)
            dominated = (points.row(i).transpose().array() <= corner.array()).all();
        volume += dominated ? content : 0.0;
        more = false;
        for (std::size_t k = 0; k < cuts.size() && !more; ++k) {
            if (cell[k] + 2 < cuts[k].size()) {
                ++cell[k];
                more = true;
            } else {
                cell[k] = 0;
            }
        }
    }
    return volume;
}

double value(const ObjectiveMatrix& points, const Eigen::VectorXd& reference) {
    return hypervolume(points, reference).value();
}

} // namespace

class HypervolumeTest : public QObject {
    Q_OBJECT
private slots:
    void equalsReference_data();
    void equalsReference();
    void maximisedEqualsReference();
    void equalsInclusionExclusion_data();
    void equalsInclusionExclusion();
    void equalsCellSum_data();
    void equalsCellSum();
    void contributionsAreDifferences_data() { equalsInclusionExclusion_data(); }
    void contributionsAreDifferences();
    void isInvariant_data() { equalsInclusionExclusion_data(); }
    void isInvariant();
    void extremeScalesKeepTheirDigits();
    void badReferencesAreErrors();
};

void HypervolumeTest::equalsReference_data() {
    QTest::addColumn<int>("index");
    const auto cases = referenceValues()["hypervolume"]["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        QTest::newRow(cases[i]["id"].get<std::string>().c_str()) << static_cast<int>(i);
}

void HypervolumeTest::equalsReference() {
    QFETCH(int, index);
    const auto values = referenceValues()["hypervolume"]["cases"][static_cast<std::size_t>(index)];
    const ObjectiveMatrix points = matrixOf(values["points"]);
    const Eigen::VectorXd reference = vectorOf(values["ref"]);
    QVERIFY(close(value(points, reference), values["hv"].get<double>(), 1e-13));
    const ObjectiveMatrix inside = matrixOf(values["nondominated_inside"]);
    if (inside.rows() == 0)
        return;
    const auto contributions = exclusiveHypervolumes(inside, reference);
    QVERIFY(contributions.ok());
    const auto expected = values["exclusive_contributions"].get<std::vector<double>>();
    QCOMPARE(contributions.value().size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY(close(contributions.value()[i], expected[i], 1e-12, 1e-14));
}

void HypervolumeTest::maximisedEqualsReference() {
    const auto cases =
        nlohmann::json::parse(readFile(dataPath("gaussian_process.json")))["hypervolume"]["cases"];
    QCOMPARE(cases.size(), std::size_t{6});
    for (const auto& values : cases) {
        const auto objectives = values["m"].get<std::size_t>();
        const std::vector<Goal> goals(objectives, Goal::Maximize);
        const ObjectiveMatrix points = toMinimization(matrixOf(values["Y"]), goals).value();
        const Eigen::VectorXd reference = toMinimization(vectorOf(values["ref"]), goals).value();
        QVERIFY(close(value(points, reference), values["HV"].get<double>(), 1e-13));
        std::vector<bool> onFront(static_cast<std::size_t>(points.rows()), false);
        for (const int row : paretoFront(points))
            onFront[static_cast<std::size_t>(row)] = true;
        QVERIFY(onFront == values["non_dominated"].get<std::vector<bool>>());
    }
}

void HypervolumeTest::equalsInclusionExclusion_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<int>("levels");
    for (const int objectives : {1, 2, 3, 4, 5, 6, 8}) {
        for (const int levels : {0, 4})
            QTest::addRow("m=%d levels=%d", objectives, levels) << objectives << levels;
    }
}

void HypervolumeTest::equalsInclusionExclusion() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(21, "volume", static_cast<std::uint64_t>(10 * objectives + levels));
    for (int repeat = 0; repeat < 15; ++repeat) {
        const ObjectiveMatrix points =
            randomPoints(rng, static_cast<Eigen::Index>(rng.below(10)), objectives, levels);
        // Below 1, so that some points lie on or beyond the reference.
        const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, levels > 0 ? 0.75 : 0.9);
        const double expected = volumeByInclusionExclusion(points, reference);
        QVERIFY2(close(value(points, reference), expected, 1e-12, 1e-14),
                 qPrintable(QString::number(expected)));
    }
}

void HypervolumeTest::equalsCellSum_data() {
    QTest::addColumn<int>("objectives");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("levels");
    QTest::newRow("m=2, 300 points") << 2 << 300 << 0;
    QTest::newRow("m=2, grid") << 2 << 300 << 30;
    QTest::newRow("m=3, 40 points") << 3 << 40 << 0;
    QTest::newRow("m=3, grid") << 3 << 300 << 12;
    QTest::newRow("m=4, grid") << 4 << 100 << 8;
    QTest::newRow("m=5, grid") << 5 << 60 << 5;
    QTest::newRow("m=6, grid") << 6 << 40 << 4;
}

void HypervolumeTest::equalsCellSum() {
    QFETCH(int, objectives);
    QFETCH(int, count);
    QFETCH(int, levels);
    Rng rng(22, "cells", static_cast<std::uint64_t>(objectives));
    ObjectiveMatrix points = randomPoints(rng, count, objectives, levels);
    // Near the positive sphere sector, so that many points are on the front.
    if (levels == 0)
        points = (points.array() + 0.05).matrix().rowwise().normalized();
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 1.1);
    QVERIFY(close(value(points, reference), volumeByCells(points, reference), 1e-12));
}

void HypervolumeTest::contributionsAreDifferences() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(23, "contributions", static_cast<std::uint64_t>(10 * objectives + levels));
    ObjectiveMatrix points = randomPoints(rng, 14, objectives, levels);
    points(3, 0) = std::nan("");
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.9);
    const double whole = value(points, reference);
    const auto contributions = exclusiveHypervolumes(points, reference).value();
    const auto history = hypervolumeHistory(points, reference).value();
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
        ObjectiveMatrix others(points.rows() - 1, points.cols());
        others << points.topRows(i), points.bottomRows(points.rows() - i - 1);
        const double expected = whole - value(others, reference);
        QVERIFY(close(contributions[static_cast<std::size_t>(i)], expected, 1e-12, 1e-14));
        const Eigen::VectorXd candidate = points.row(i).transpose();
        QVERIFY(close(hypervolumeImprovement(others, reference, candidate).value(), expected, 1e-12, 1e-14));
        const double soFar = value(points.topRows(i + 1), reference);
        QVERIFY(close(history[static_cast<std::size_t>(i)], soFar, 1e-12, 1e-14));
    }
}

void HypervolumeTest::isInvariant() {
    QFETCH(int, objectives);
    QFETCH(int, levels);
    Rng rng(24, "invariance", static_cast<std::uint64_t>(10 * objectives + levels));
    const ObjectiveMatrix points = randomPoints(rng, 20, objectives, levels);
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 0.95);
    const double expected = value(points, reference);
    std::vector<int> rows(20);
    std::iota(rows.rbegin(), rows.rend(), 0);
    QVERIFY(close(value(selectPoints(points, rows), reference), expected, 1e-13));
    QVERIFY(close(value(points.rowwise().reverse(), reference), expected, 1e-13));
    Eigen::RowVectorXd shift(objectives);
    Eigen::RowVectorXd scale(objectives);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        shift[k] = rng.uniform(-3.0, 3.0);
        scale[k] = std::exp(rng.uniform(-5.0, 5.0));
    }
    const ObjectiveMatrix moved = (points.array().rowwise() * scale.array()).matrix().rowwise() + shift;
    const Eigen::VectorXd movedReference =
        (reference.array() * scale.transpose().array()).matrix() + shift.transpose();
    QVERIFY(close(value(moved, movedReference), expected * scale.prod(), 1e-10));
    const auto front = paretoFront(points);
    QVERIFY(close(value(selectPoints(points, front), reference), expected, 1e-13));
}

void HypervolumeTest::extremeScalesKeepTheirDigits() {
    ObjectiveMatrix points(2, 4);
    points << 1.0, 2.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0;
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(4, 3.0);
    const double expected = value(points, reference);
    QCOMPARE(expected, 7.0);
    ObjectiveMatrix scaled = points;
    Eigen::VectorXd scaledReference = reference;
    const Eigen::Vector4d factor(0x1p-400, 0x1p-600, 0x1p500, 0x1p510);
    for (Eigen::Index k = 0; k < 4; ++k) {
        scaled.col(k) *= factor[k];
        scaledReference[k] *= factor[k];
    }
    QCOMPARE(value(scaled, scaledReference), std::ldexp(expected, 10));
    const auto tooLarge = hypervolume(points * 0x1p300, reference * 0x1p300);
    QCOMPARE(tooLarge.error().code, ErrorCode::Numerical);
}

void HypervolumeTest::badReferencesAreErrors() {
    const ObjectiveMatrix points = ObjectiveMatrix::Zero(2, 2);
    const Eigen::VectorXd shorter = Eigen::VectorXd::Ones(1);
    QCOMPARE(hypervolume(points, shorter).error().context, std::string("reference"));
    Eigen::VectorXd infinite = Eigen::VectorXd::Ones(2);
    infinite[1] = HUGE_VAL;
    QCOMPARE(hypervolume(points, infinite).error().context, std::string("reference[1]"));
    const auto candidate = hypervolumeImprovement(points, Eigen::VectorXd::Ones(2), shorter);
    QCOMPARE(candidate.error().context, std::string("candidate"));
}

QTEST_APPLESS_MAIN(HypervolumeTest)
#include "tst_hypervolume.moc"
