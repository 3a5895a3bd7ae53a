#include "document/project_document.h"
#include "editors/density_editor.h"
#include "models/study_findings.h"
#include "pages/space_environment.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTest>

using namespace alidade;

namespace {

Study studyOfThree() {
    Study study;
    const auto add = [&](const char* name, const Domain& domain) {
        Parameter parameter;
        parameter.id = {study.definition.nextId++};
        parameter.name = name;
        parameter.domain = domain;
        study.definition.space.parameters.push_back(parameter);
    };
    add("x", RealRange{0.0, 1.0, Scale::Linear, {}});
    add("heat", RealRange{10.0, 1000.0, Scale::Log, {}});
    add("batch", CategoricalChoices{{Value(std::string("a")), Value(std::string("b"))}});
    add("mix", MixtureParts{{"p", "q"}, {0.0, 0.0}, {}, 1.0});
    Objective objective;
    objective.id = {study.definition.nextId++};
    objective.name = "loss";
    study.definition.objectives.push_back(objective);
    return study;
}

struct Fixture {
    ProjectDocument document;
    std::unique_ptr<StudyFindings> findings;
    std::unique_ptr<SpaceEnvironment> form;
    QWidget window; ///< a page: the form hides itself

    Fixture() {
        document.openInMemory(studyOfThree());
        findings = std::make_unique<StudyFindings>(document);
        form = std::make_unique<SpaceEnvironment>(document, *findings, &window);
        window.resize(420, 420);
        form->resize(400, 400);
        window.show();
    }
    ~Fixture() { form.reset(); }
    [[nodiscard]] const std::vector<EnvironmentCondition>& environment() const {
        return document.definition().environment;
    }
    [[nodiscard]] QCheckBox* varies() const { return form->findChild<QCheckBox*>("environmentVaries"); }
    [[nodiscard]] DensityEditor* density() const {
        return form->findChild<DensityEditor*>("environmentDensity");
    }
};

} // namespace

class SpaceEnvironmentTest : public QObject {
    Q_OBJECT
private slots:
    void aParameterBeginsToVary();
    void theShapeIsEditedByKeys();
    void choicesHaveWeights();
    void sharesCannotVary();
    void problemsAreShown();
};

void SpaceEnvironmentTest::aParameterBeginsToVary() {
    Fixture f;
    f.form->setParameter(ParameterId{2});
    QVERIFY(!f.varies()->isChecked());
    QVERIFY(!f.density()->isVisible());
    f.varies()->click();
    QCOMPARE(f.environment().size(), std::size_t{1});
    QCOMPARE(f.environment().front().parameter, ParameterId{2});
    const auto& bell = std::get<NormalDensity>(f.environment().front().density);
    QVERIFY(std::abs(bell.center - 100.0) < 1e-9); // the middle of the logarithmic range
    QVERIFY(f.density()->isVisible());
    f.document.undoStack().undo();
    QVERIFY(f.environment().empty());
    QVERIFY(!f.varies()->isChecked());
    f.document.undoStack().redo();
    // Another parameter has its own answer.
    f.form->setParameter(ParameterId{1});
    QVERIFY(!f.varies()->isChecked());
    f.form->setParameter(ParameterId{2});
    QVERIFY(f.varies()->isChecked());
    f.varies()->click();
    QVERIFY(f.environment().empty());
}

void SpaceEnvironmentTest::theShapeIsEditedByKeys() {
    Fixture f;
    f.form->setParameter(ParameterId{1});
    f.varies()->click();
    const auto before = std::get<NormalDensity>(f.environment().front().density);
    QTest::keyClick(f.density(), Qt::Key_Right);
    QTest::keyClick(f.density(), Qt::Key_Up);
    const auto after = std::get<NormalDensity>(f.environment().front().density);
    QVERIFY(after.center > before.center);
    QVERIFY(after.spread > before.spread);
    auto* const family = f.form->findChild<QComboBox*>("environmentFamily");
    family->setCurrentIndex(1);
    emit family->activated(1);
    const auto flat = std::get<UniformDensity>(f.environment().front().density);
    QCOMPARE(flat.low, 0.25);
    QCOMPARE(flat.high, 0.75);
}

void SpaceEnvironmentTest::choicesHaveWeights() {
    Fixture f;
    f.form->setParameter(ParameterId{3});
    f.varies()->click();
    const auto weights = std::get<ChoiceWeights>(f.environment().front().density).weights;
    QCOMPARE(weights, (std::map<std::string, double>{{"a", 1.0}, {"b", 1.0}}));
    QVERIFY(!f.form->findChild<QComboBox*>("environmentFamily")->isVisible());
    QVERIFY(validate(f.document.definition()).empty());
}

void SpaceEnvironmentTest::sharesCannotVary() {
    Fixture f;
    f.form->setParameter(ParameterId{4});
    QVERIFY(!f.form->isVisible());
    f.form->setParameter(ParameterId{1});
    QVERIFY(f.form->isVisible());
}

void SpaceEnvironmentTest::problemsAreShown() {
    Fixture f;
    f.document.push(SetStrategy{[&] {
                        Strategy strategy = f.document.definition().strategy;
                        strategy.method = Method::Kg;
                        return strategy;
                    }()},
                    "method");
    f.form->setParameter(ParameterId{1});
    f.varies()->click();
    bool told = false;
    for (const QLabel* const label : f.form->findChildren<QLabel*>())
        told = told || (label->isVisible() && label->text().contains("count as parameters"));
    QVERIFY(told);
}

QTEST_MAIN(SpaceEnvironmentTest)
#include "tst_space_environment.moc"
