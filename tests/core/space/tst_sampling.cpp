#include "base/rng.h"
#include "space/sampling.h"
#include "space/simplex.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace alidade;

namespace {

SearchSpace spaceOf(MixtureParts mixture) {
    Parameter parameter;
    parameter.id = ParameterId{1};
    parameter.name = "mix";
    parameter.domain = std::move(mixture);
    SearchSpace space;
    space.parameters.push_back(std::move(parameter));
    return space;
}

/// Shares drawn evenly from the whole simplex until they lie within all bounds.
std::vector<double> byRejection(const MixtureParts& mixture, Rng& rng) {
    for (;;) {
        std::vector<double> shares(mixture.parts.size());
        double sum = 0.0;
        for (double& share : shares)
            sum += share = -std::log1p(-rng.uniform());
        bool within = true;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i] *= mixture.total / sum;
            within = within && shares[i] >= lowestShare(mixture, i) && shares[i] <= highestShare(mixture, i);
        }
        if (within)
            return shares;
    }
}

} // namespace

class SamplingTest : public QObject {
    Q_OBJECT
private slots:
    void sharesAreEvenBetweenTheirBounds_data();
    void sharesAreEvenBetweenTheirBounds();
    void extremeBoundsAreKept();
};

void SamplingTest::sharesAreEvenBetweenTheirBounds_data() {
    QTest::addColumn<QList<double>>("low");
    QTest::addColumn<QList<double>>("high");
    QTest::addColumn<double>("total");
    QTest::newRow("alloy") << QList<double>{20, 0, 0, 0} << QList<double>{90, 40, 30, 5} << 100.0;
    QTest::newRow("one bound") << QList<double>{0, 0, 0} << QList<double>{1, 1, 0.1} << 1.0;
    QTest::newRow("two parts") << QList<double>{0.1, 0.2} << QList<double>{0.5, 0.8} << 1.0;
    QTest::newRow("all bounds") << QList<double>{0.1, 0.1, 0.1, 0.05, 0}
                                << QList<double>{0.4, 0.5, 0.3, 0.3, 0.4} << 1.0;
}

void SamplingTest::sharesAreEvenBetweenTheirBounds() {
    QFETCH(QList<double>, low);
    QFETCH(QList<double>, high);
    QFETCH(double, total);
    MixtureParts mixture;
    for (qsizetype i = 0; i < low.size(); ++i)
        mixture.parts.push_back(std::string(1, static_cast<char>('a' + i)));
    mixture.low = {low.begin(), low.end()};
    mixture.high = {high.begin(), high.end()};
    mixture.total = total;
    const std::size_t parts = mixture.parts.size();
    constexpr std::size_t kCount = 2000;
    const auto settings = sampleFeasible(spaceOf(mixture), kCount, {}).value();
    Rng rng(5, "rejection");
    // First and second moments of each share, against independent draws.
    std::vector<std::array<double, 2>> own(parts);
    std::vector<std::array<double, 2>> truth(parts);
    constexpr int kDraws = 40000;
    for (int i = 0; i < kDraws; ++i) {
        const std::vector<double> shares = byRejection(mixture, rng);
        for (std::size_t part = 0; part < parts; ++part)
            for (const std::size_t k : {0U, 1U})
                truth[part][k] += std::pow(shares[part] / total, static_cast<int>(k + 1)) / kDraws;
    }
    std::size_t atBounds = 0;
    for (const Setting& setting : settings) {
        const auto& shares = std::get<std::vector<double>>(setting.at(ParameterId{1}));
        double sum = 0.0;
        for (std::size_t part = 0; part < parts; ++part) {
            sum += shares[part];
            QVERIFY(shares[part] >= lowestShare(mixture, part) &&
                    shares[part] <= highestShare(mixture, part));
            atBounds += shares[part] == highestShare(mixture, part) ? 1 : 0;
            for (const std::size_t k : {0U, 1U})
                own[part][k] += std::pow(shares[part] / total, static_cast<int>(k + 1)) / kCount;
        }
        QVERIFY(std::abs(sum - total) < 1e-9 * total);
    }
    QVERIFY(atBounds <= kCount / 100);
    for (std::size_t part = 0; part < parts; ++part) {
        const double sd = std::sqrt(truth[part][1] - truth[part][0] * truth[part][0]);
        QVERIFY2(std::abs(own[part][0] - truth[part][0]) < 0.03 * sd,
                 qPrintable(QStringLiteral("%1: %2, %3").arg(part).arg(own[part][0]).arg(truth[part][0])));
        const double ownSd = std::sqrt(own[part][1] - own[part][0] * own[part][0]);
        QVERIFY2(std::abs(ownSd / sd - 1.0) < 0.03,
                 qPrintable(QStringLiteral("%1: %2, %3").arg(part).arg(ownSd).arg(sd)));
    }
}

void SamplingTest::extremeBoundsAreKept() {
    MixtureParts mixture;
    for (int i = 0; i < 14; ++i) {
        mixture.parts.push_back("p" + std::to_string(i));
        mixture.low.push_back(0.0);
        mixture.high.push_back(0.1);
    }
    mixture.total = 1.0;
    const auto settings = sampleFeasible(spaceOf(mixture), 200, {}).value();
    for (const Setting& setting : settings)
        for (const double share : std::get<std::vector<double>>(setting.at(ParameterId{1})))
            QVERIFY(share >= 0.0 && share <= 0.1);
    // Bounds that leave next to nothing.
    MixtureParts narrow{{"a", "b", "c", "d"}, {0.1, 0.1, 0.1, 0.1}, std::vector<double>(4, 0.25 + 1e-9), 1.0};
    const auto close = sampleFeasible(spaceOf(narrow), 50, {}).value();
    for (const Setting& setting : close)
        for (const double share : std::get<std::vector<double>>(setting.at(ParameterId{1})))
            QVERIFY(std::abs(share - 0.25) < 4e-9 && share <= 0.25 + 1e-9);
}

QTEST_APPLESS_MAIN(SamplingTest)
#include "tst_sampling.moc"
