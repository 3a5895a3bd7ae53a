#include "base/rng.h"
#include "suggest/transfer.h"
#include "test_problems.h"

#include <QTest>

#include <cmath>

using namespace alidade;

class SourceNoiseTest : public QObject {
    Q_OBJECT
private slots:
    void noiseOfASourceIsInTodaysUnits_data();
    void noiseOfASourceIsInTodaysUnits();
};

void SourceNoiseTest::noiseOfASourceIsInTodaysUnits_data() {
    QTest::addColumn<bool>("known");
    QTest::newRow("given with the results") << true;
    QTest::newRow("found by a fit") << false;
}

void SourceNoiseTest::noiseOfASourceIsInTodaysUnits() {
    // Three times today's outcomes, with noise of standard deviation 60: 20 of today's.
    QFETCH(const bool, known);
    const test::Problem problem = test::branin();
    Rng rng(4, "noise");
    Study source = test::randomStudy(problem, 80, 5, [&](const std::vector<double>& x) {
        return 3.0 * problem.value(x) - 40.0 + 60.0 * rng.normal();
    });
    if (known)
        for (Trial& trial : source.trials)
            trial.values[source.definition.objectives.front().id].noiseSd = 60.0;
    const Study today = test::randomStudy(problem, 12, 6, problem.value);
    const Encoding encoding(today.definition.space);
    const FeatureMap features(encoding);
    const SourceResults own = sourceResults(today.definition.space, features, today, "y");
    std::vector<Relatedness> related(1);
    related[0].name = "earlier";
    OutcomeModelOptions options; // without a goal: nothing is warped
    const TaughtModel taught =
        fitWithSources({own.features, own.outcomes, features.groups(), {}},
                       {sourceResults(today.definition.space, features, source, "y")}, options, related)
            .value();
    QVERIFY2(related[0].used(), related[0].text.c_str());
    const GpData& data = taught.model.process.data();
    const double scale = taught.model.transform.scale;
    QCOMPARE(data.extraNoise.size(), data.y.size());
    QCOMPARE(data.extraNoise.head(12).maxCoeff(), 0.0); // today's results have none of it
    for (Eigen::Index i = 12; i < data.y.size(); ++i) {
        const double sd = scale * std::sqrt(data.extraNoise(i));
        QVERIFY2(sd > 13.0 && sd < 27.0, qPrintable(QString::number(sd)));
    }
}

QTEST_APPLESS_MAIN(SourceNoiseTest)
#include "tst_source_noise.moc"
