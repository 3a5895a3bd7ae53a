#pragma once

#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/message_bar.h"
#include "pages/explore_page.h"
#include "pages/explore_profiler.h"
#include "plots/plot_axis.h"
#include "plots/profile_panel.h"

#include <QTest>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

/// The page over a small study with a logarithmic, a categorical and a conditional parameter.
namespace alidade::test {

inline ParameterId addParameter(Definition& definition, const char* name, Domain domain,
                                std::vector<Condition> conditions = {}) {
    Parameter parameter;
    parameter.id = {definition.nextId++};
    parameter.name = name;
    parameter.domain = std::move(domain);
    parameter.conditions = std::move(conditions);
    definition.space.parameters.push_back(parameter);
    return parameter.id;
}

/// rate (log), optimizer, momentum (for sgd only); loss smallest near rate = 0.01 with adam.
inline Study sampleStudy(int results) {
    Study study;
    Definition& definition = study.definition;
    const ParameterId rate = addParameter(definition, "rate", RealRange{1e-4, 1.0, Scale::Log, std::nullopt});
    const ParameterId optimizer =
        addParameter(definition, "optimizer", CategoricalChoices{{std::string("sgd"), std::string("adam")}});
    const ParameterId momentum =
        addParameter(definition, "momentum", RealRange{0.0, 0.9, Scale::Linear, std::nullopt},
                     {{optimizer, {std::string("sgd")}}});
    definition.space.parameters[0].unit = "1/step";
    Objective loss;
    loss.id = {definition.nextId++};
    loss.name = "loss";
    loss.unit = "nat";
    definition.objectives.push_back(loss);
    for (int i = 0; i < results; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        trial.origin = Origin::Initial;
        const bool adam = i % 2 == 0;
        const double exponent = -4.0 + 4.0 * (i + 0.5) / results;
        trial.setting[rate] = std::pow(10.0, exponent);
        trial.setting[optimizer] = std::string(adam ? "adam" : "sgd");
        if (!adam)
            trial.setting[momentum] = 0.1 * (i % 9);
        trial.values[loss.id] = {1.0 + 0.2 * (exponent + 2.0) * (exponent + 2.0) + (adam ? 0.0 : 0.3),
                                 std::nullopt};
        trial.finishedMs = 1000 + i;
        study.trials.push_back(trial);
    }
    return study;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<DerivedCache> cache;
    std::unique_ptr<ExplorePage> page;

    explicit Fixture(int results) : Fixture(sampleStudy(results)) {}
    explicit Fixture(Study study) {
        document.openInMemory(std::move(study));
        cache = std::make_unique<DerivedCache>(document, jobs);
        page = std::make_unique<ExplorePage>(document, jobs, *cache, selection);
        page->resize(1100, 700);
        page->show();
    }
    [[nodiscard]] ParameterId parameter(const char* name) const {
        return document.definition().space.find(name)->id;
    }
    [[nodiscard]] double rate() const { return std::get<double>(page->values().at(parameter("rate"))); }
    [[nodiscard]] ProfilePanel& panel(std::size_t column, std::size_t row = 0) const {
        return page->profiler().panel(column, row);
    }
    /// Perfect up to 1, useless from 3 on.
    void giveDesirability() {
        Objective objective = document.definition().objectives[0];
        objective.desirability = DesirabilityFunction{DesirabilityMin{1.0, 3.0, 1.0}, {}, {}, 1.0};
        document.push(PutObjective{objective, kKeepPlace}, QStringLiteral("desirability"));
    }
    [[nodiscard]] QString notice() const { return page->findChild<MessageBar*>("notice")->text(); }
};

inline QPoint at(const PlotView& view, double x, double y) {
    return view.mapFromScene(QPointF(view.xAxis().toPixel(x), view.yAxis().toPixel(y)));
}

inline void drag(QWidget* widget, const QPoint& from, const QPoint& to) {
    QTest::mousePress(widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

} // namespace alidade::test
