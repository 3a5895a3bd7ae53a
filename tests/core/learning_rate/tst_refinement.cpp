#include "base/rng.h"
#include "learning_rate/refinement.h"
#include "near.h"
#include "test_paths.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace alidade;
using Golden = nlohmann::json;

class RefinementTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithReference_data();
    void agreesWithReference();
    void publishedSyntheticNorms_data();
    void publishedSyntheticNorms();
    void filterWidths();
    void filterAgreesWithSorting();
    void constantNormsGiveLinearDecay();
    void doesNotDependOnTheUnit();
    void cleansTheLog();
    void rejectsBadInput();

private:
    static Golden golden() { return Golden::parse(test::readFile(test::dataPath("learning_rate.json"))); }
};

void RefinementTest::agreesWithReference_data() {
    QTest::addColumn<QString>("key");
    for (const char* key : {"A10_sgd", "const100_sgd", "const100_sgd_tau0.1", "B50_sgd_tau0.1",
                            "B50_sgd_tau0.3", "B50_adam_tau0.1", "B50_adam_tau0.3"})
        QTest::newRow(key) << QString(key);
}

void RefinementTest::agreesWithReference() {
    QFETCH(QString, key);
    const Golden all = golden();
    const Golden& entry = all["refinement"][key.toStdString()];
    RefinementOptions options;
    options.power = entry["power"].get<int>();
    options.smoothing = entry["tau"].is_null() ? 0.0 : entry["tau"].get<double>();
    const RefinedSchedule refined = refineSchedule(entry["G"].get<std::vector<double>>(), options).value();
    QCOMPARE(refined.cleaning.filterWidth, entry["filter_width"].get<std::size_t>());
    const auto smoothed = entry["G_filtered"].get<std::vector<double>>();
    const auto expected = entry["eta_normalised"].get<std::vector<double>>();
    QCOMPARE(refined.rates.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        VERIFY_NEAR(refined.smoothedNorms[i], smoothed[i], 1e-15);
        VERIFY_NEAR(refined.rates[i], expected[i], 1e-12);
    }
    const auto largest = std::max_element(refined.rates.begin(), refined.rates.end()) - refined.rates.begin();
    QCOMPARE(largest, entry["argmax_0based"].get<std::ptrdiff_t>());
    VERIFY_NEAR(refined.sgdBound, entry["sgd_bound_D_over_sqrt_sum_Gm2"].get<double>(), 1e-12);
}

void RefinementTest::publishedSyntheticNorms_data() {
    QTest::addColumn<QString>("key");
    for (const char* key : {"authors_synthetic_grid_1_sgd_n2000", "authors_synthetic_grid_2_sgd_n2000"})
        QTest::newRow(key) << QString(key);
}

void RefinementTest::publishedSyntheticNorms() {
    // Broken line through given points, smoothed by a Gaussian of 40 samples cut at 4 widths, ends repeated.
    QFETCH(QString, key);
    const Golden all = golden();
    const Golden& entry = all["refinement"][key.toStdString()];
    const auto x = entry["generator"]["interp_x"].get<std::vector<double>>();
    const auto y = entry["generator"]["interp_y"].get<std::vector<double>>();
    constexpr int kCount = 2000;
    std::vector<double> line(kCount);
    for (int i = 0; i < kCount; ++i) {
        const double u = i / (kCount - 1.0);
        std::size_t k = 0;
        while (k + 2 < x.size() && u > x[k + 1])
            ++k;
        line[static_cast<std::size_t>(i)] = y[k] + (y[k + 1] - y[k]) * (u - x[k]) / (x[k + 1] - x[k]);
    }
    std::vector<double> norms(kCount);
    for (int i = 0; i < kCount; ++i) {
        double sum = 0.0;
        double weights = 0.0;
        for (int j = -160; j <= 160; ++j) {
            const double weight = std::exp(-0.5 * j * j / 1600.0);
            sum += weight * line[static_cast<std::size_t>(std::clamp(i + j, 0, kCount - 1))];
            weights += weight;
        }
        norms[static_cast<std::size_t>(i)] = sum / weights;
    }
    const RefinedSchedule refined = refineSchedule(norms, {2, 0.0}).value();
    for (const auto& [index, value] : entry["G_filtered"].items())
        VERIFY_NEAR(refined.smoothedNorms[std::stoul(index)], value.get<double>(), 1e-9);
    for (const auto& [index, value] : entry["eta_normalised"].items())
        QVERIFY(test::near(refined.rates[std::stoul(index)], value.get<double>(), 1e-9, 1e-15));
    VERIFY_NEAR(refined.sgdBound, entry["sgd_bound_D_over_sqrt_sum_Gm2"].get<double>(), 1e-9);
}

void RefinementTest::filterWidths() {
    const Golden all = golden();
    for (const auto& [count, width] : all["refinement_filter_width_examples"].items())
        QCOMPARE(medianFilterWidth(std::stoul(count), 0.1), width.get<std::size_t>());
}

void RefinementTest::filterAgreesWithSorting() {
    Rng rng(2, "filter");
    std::vector<double> values(57);
    for (double& value : values)
        value = static_cast<double>(rng.below(20)); // ties
    for (const std::size_t width : {1U, 3U, 9U, 57U, 113U}) {
        const auto filtered = medianFilter(values, width);
        const auto half = static_cast<std::ptrdiff_t>(width / 2);
        for (std::ptrdiff_t i = 0; i < std::ssize(values); ++i) {
            std::vector<double> window;
            for (std::ptrdiff_t j = i - half; j <= i + half; ++j) {
                // Left: first sample; right: mirrored at the last sample.
                const std::ptrdiff_t k = j < 0 ? 0 : (j < 57 ? j : 112 - j);
                window.push_back(values[static_cast<std::size_t>(k)]);
            }
            std::sort(window.begin(), window.end());
            QCOMPARE(filtered[static_cast<std::size_t>(i)], window[width / 2]);
        }
    }
}

void RefinementTest::constantNormsGiveLinearDecay() {
    for (const int power : {1, 2}) {
        const auto refined = refineSchedule(std::vector<double>(101, 3.0), {power, 0.0}).value();
        for (std::size_t i = 0; i < 101; ++i)
            VERIFY_NEAR(refined.rates[i], static_cast<double>(100 - i) / 100.0, 1e-14);
    }
}

void RefinementTest::doesNotDependOnTheUnit() {
    Rng rng(4, "unit");
    std::vector<double> norms(200);
    for (double& norm : norms)
        norm = std::exp(rng.normal());
    auto scaled = norms;
    for (double& norm : scaled)
        norm *= 1e-200;
    const auto first = refineSchedule(norms).value();
    const auto second = refineSchedule(scaled).value();
    for (std::size_t i = 0; i < norms.size(); ++i)
        VERIFY_NEAR(first.rates[i], second.rates[i], 1e-12);
}

void RefinementTest::cleansTheLog() {
    std::vector<double> norms(30, 2.0);
    norms[3] = NAN;
    norms[7] = INFINITY;
    norms[9] = 0.0;
    const auto raw = refineSchedule(norms, {2, 0.0}).value();
    QCOMPARE(raw.cleaning.dropped, std::size_t{2});
    QCOMPARE(raw.cleaning.floored, std::size_t{1});
    QCOMPARE(raw.rates.size(), std::size_t{28});
    // A median filter removes the single zero.
    const auto smooth = refineSchedule(norms, {2, 0.2}).value();
    QCOMPARE(smooth.cleaning.floored, std::size_t{0});
}

void RefinementTest::rejectsBadInput() {
    QCOMPARE(refineSchedule({1.0, 2.0}, {3, 0.0}).error().context, std::string("power"));
    QCOMPARE(refineSchedule({1.0, 2.0}, {2, 1.5}).error().context, std::string("smoothing"));
    QCOMPARE(refineSchedule({1.0, -2.0}, {2, 0.0}).error().context, std::string("gradient_norms[1]"));
    QCOMPARE(refineSchedule({1.0, NAN}, {2, 0.0}).error().context, std::string("gradient_norms"));
    QCOMPARE(refineSchedule({0.0, 0.0}, {2, 0.0}).error().context, std::string("gradient_norms"));
}

QTEST_APPLESS_MAIN(RefinementTest)
#include "tst_refinement.moc"
