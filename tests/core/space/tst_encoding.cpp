#include "base/rng.h"
#include "space/encoding.h"

#include <QTest>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

using namespace alidade;

class EncodingTest : public QObject {
    Q_OBJECT
private slots:
    void decodedSettingsAreAllowedAndComeBack();
    void onlyActiveParametersAreDecoded();
    void keysAreEqualExactlyWhenSettingsAre();
    void realsAreTheNearestShortDecimals();

private:
    enum Id : std::int64_t { Rate = 1, Layers, Size, Kind, Parts, Momentum };

    static SearchSpace space(bool conditional) {
        const auto parameter = [](Id id, const char* name, Domain domain) {
            Parameter result;
            result.id = ParameterId{id};
            result.name = name;
            result.domain = std::move(domain);
            return result;
        };
        SearchSpace result;
        // The child stands before its parent, so that the order matters.
        result.parameters = {
            parameter(Momentum, "momentum", RealRange{0.5, 0.99, Scale::Logit, std::nullopt}),
            parameter(Rate, "rate", RealRange{1e-5, 1.0, Scale::Log, std::nullopt}),
            parameter(Layers, "layers", IntegerRange{1, 9, Scale::Linear, 2}),
            parameter(Size, "size", OrdinalChoices{{std::int64_t{16}, std::int64_t{32}, std::int64_t{64}}}),
            parameter(Kind, "kind", CategoricalChoices{{std::string("sgd"), std::string("adam")}}),
            parameter(Parts, "parts", MixtureParts{{"a", "b", "c"}, {}, {}, 2.0})};
        if (conditional)
            result.parameters[0].conditions = {{ParameterId{Kind}, {std::string("sgd")}}};
        return result;
    }
    static Eigen::RowVectorXd randomPoint(const Encoding& encoding, Rng& rng) {
        Eigen::RowVectorXd point(encoding.dimension());
        for (Eigen::Index i = 0; i < point.size(); ++i)
            point(i) = rng.uniform();
        return point;
    }
};

void EncodingTest::decodedSettingsAreAllowedAndComeBack() {
    for (const bool conditional : {false, true}) {
        const Encoding encoding(space(conditional));
        QCOMPARE(validate(encoding.space()).ok(), true);
        Rng rng(1, "points");
        for (int i = 0; i < 300; ++i) {
            const Setting setting = encoding.decode(randomPoint(encoding, rng));
            const auto checked = checkedSetting(encoding.space(), setting);
            QVERIFY2(checked.ok(), checked ? "" : checked.error().text().c_str());
            QVERIFY(*checked == setting);
            QVERIFY(encoding.decode(encoding.encode(setting)) == setting);
        }
    }
}

void EncodingTest::onlyActiveParametersAreDecoded() {
    const Encoding conditional(space(true));
    const Encoding plain(space(false));
    Rng rng(2, "points");
    int active = 0;
    for (int i = 0; i < 100; ++i) {
        const Eigen::RowVectorXd point = randomPoint(conditional, rng);
        Setting expected = plain.decode(point);
        QCOMPARE(expected.size(), std::size_t{6});
        if (std::get<std::string>(expected.at(ParameterId{Kind})) == "adam")
            expected.erase(ParameterId{Momentum});
        else
            ++active;
        QVERIFY(conditional.decode(point) == expected);
    }
    QVERIFY(active > 20 && active < 80);
}

void EncodingTest::keysAreEqualExactlyWhenSettingsAre() {
    const ParameterId a{1};
    const ParameterId b{2};
    // Pairwise different; several would look alike when only written one after the other.
    const std::vector<Setting> settings{{},
                                        {{a, 1.0}},
                                        {{b, 1.0}},
                                        {{a, std::int64_t{1}}},
                                        {{a, true}},
                                        {{a, false}},
                                        {{a, 0.0}},
                                        {{a, 0.1 + 0.2}},
                                        {{a, 0.3}},
                                        {{a, std::string("1")}},
                                        {{a, std::string()}},
                                        {{a, std::string("x")}, {b, std::string("yz")}},
                                        {{a, std::string("xy")}, {b, std::string("z")}},
                                        {{a, std::vector<double>{0.25, 0.75}}},
                                        {{a, std::vector<double>{0.75, 0.25}}},
                                        {{a, 1.0}, {b, 1.0}}};
    std::set<std::string> keys;
    for (const Setting& setting : settings)
        keys.insert(settingKey(setting));
    QCOMPARE(keys.size(), settings.size());
    QCOMPARE(settingKey({{a, -0.0}}), settingKey({{a, 0.0}}));
    QCOMPARE(settingKey({{b, 2.0}, {a, 1.0}}), settingKey({{a, 1.0}, {b, 2.0}}));
}

void EncodingTest::realsAreTheNearestShortDecimals() {
    // What the system's own printing and reading make of the exact value, from tiny to huge ranges.
    const auto throughText = [](double value, char form, int digits) {
        std::array<char, 800> text{};
        std::snprintf(text.data(), text.size(), form == 'f' ? "%.*f" : "%.*e", digits, value);
        return std::strtod(text.data(), nullptr);
    };
    Parameter parameter;
    Rng rng(3, "positions");
    int compared = 0;
    for (const double width : {3e-30, 2e-9, 0.02, 1.0, 15.0, 7e5, 4e12, 6e40}) {
        for (const double low : {0.0, -0.37 * width, 123.0 * width}) {
            const RealRange linear{low, low + width, Scale::Linear, std::nullopt};
            const RealRange log{width, 5000.0 * width, Scale::Log, std::nullopt};
            const int decimals = 11 - static_cast<int>(std::floor(std::log10(linear.high - linear.low)));
            for (int i = 0; i < 200; ++i) {
                const double p = rng.uniform();
                parameter.domain = linear;
                const double value = std::get<double>(Encoding::valueAt(parameter, p));
                const double unit = std::pow(10.0, -decimals);
                const double rounding = 4e-16 * std::abs(value);
                QVERIFY2(std::abs(value - (low + p * width)) <= 0.5001 * unit + 4.0 * rounding,
                         qPrintable(QString::number(value, 'g', 17)));
                if (decimals >= 0) {
                    QCOMPARE(value, throughText(value, 'f', decimals));
                    ++compared;
                }
                parameter.domain = log;
                const double magnitude = std::get<double>(Encoding::valueAt(parameter, p));
                const double exact = width * std::exp(p * std::log(5000.0));
                QVERIFY(std::abs(magnitude / exact - 1.0) <= 5.1e-12);
                // One digit less than 12 just below a power of ten would be as good.
                QCOMPARE(magnitude, throughText(magnitude, 'e', 11));
            }
        }
    }
    QVERIFY(compared > 3000);
}

QTEST_MAIN(EncodingTest)
#include "tst_encoding.moc"
