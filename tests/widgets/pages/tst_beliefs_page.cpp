#include "document/derived_cache.h"
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/density_editor.h"
#include "pages/beliefs_editor.h"
#include "pages/beliefs_page.h"
#include "pages/beliefs_pairs.h"
#include "pages/beliefs_preview.h"
#include "plots/bar_item.h"
#include "plots/plot_axis.h"
#include "plots/plot_view.h"
#include "plots/series_items.h"
#include "suggest/model_state.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>

using namespace alidade;

namespace {

Study sampleStudy() {
    Study study;
    Definition& d = study.definition;
    d.name = "sample";
    const auto add = [&](const char* name, Domain domain) {
        Parameter parameter;
        parameter.id = {d.nextId++};
        parameter.name = name;
        parameter.domain = std::move(domain);
        d.space.parameters.push_back(parameter);
    };
    add("x", RealRange{0.0, 1.0, Scale::Linear, std::nullopt});
    add("lr", RealRange{1e-5, 0.1, Scale::Log, std::nullopt});
    add("kind", CategoricalChoices{{Value(std::string("a")), Value(std::string("b"))}});
    Objective objective;
    objective.id = {d.nextId++};
    objective.name = "loss";
    objective.unit = "nat";
    d.objectives.push_back(objective);
    return study;
}

void addTrials(Study& study, int count) {
    for (int i = 0; i < count; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        const double x = std::fmod(0.37 * i + 0.1, 1.0);
        const double lr = std::pow(10.0, -5.0 + 4.0 * std::fmod(0.61 * i, 1.0));
        trial.setting = {{study.definition.space.parameters[0].id, Value(x)},
                         {study.definition.space.parameters[1].id, Value(lr)},
                         {study.definition.space.parameters[2].id, Value(std::string(i % 2 ? "a" : "b"))}};
        const double log = std::log10(lr) + 3.0;
        trial.values[study.definition.objectives[0].id].value = (x - 0.6) * (x - 0.6) + 0.1 * log * log + 0.2;
        study.trials.push_back(trial);
    }
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    TrialSelection selection;
    std::unique_ptr<DerivedCache> cache;
    std::unique_ptr<BeliefsPage> page;

    explicit Fixture(Study study) {
        document.openInMemory(std::move(study));
        cache = std::make_unique<DerivedCache>(document, jobs);
        page = std::make_unique<BeliefsPage>(document, jobs, *cache, selection);
        page->resize(1180, 760);
        page->show();
    }
    [[nodiscard]] const std::vector<Belief>& beliefs() const { return document.definition().beliefs; }
    [[nodiscard]] DensityEditor& density() const { return page->editor().density(); }
    /// Chooses an entry of the menu "Add belief" by its text; sub-menus by "menu/entry".
    void add(const QString& path) {
        auto* const menu = page->findChild<QToolButton*>("addBelief")->menu();
        emit menu->aboutToShow();
        QMenu* place = menu;
        const QStringList parts = path.split('/');
        for (const QString& part : parts)
            for (QAction* action : place->actions())
                if (QString(action->text()).remove('&').startsWith(part)) {
                    if (action->menu()) {
                        place = action->menu();
                        break;
                    }
                    action->trigger();
                    return;
                }
    }
    /// Drags within the density from one pixel to another in small steps.
    void drag(QPoint from, QPoint to) {
        hold(from, to);
        QTest::mouseRelease(&density(), Qt::LeftButton, {}, to);
    }
    /// Drags, and does not let go.
    void hold(QPoint from, QPoint to) {
        QTest::mousePress(&density(), Qt::LeftButton, {}, from);
        for (int i = 1; i <= 8; ++i) {
            const QPoint at = from + (to - from) * i / 8;
            QMouseEvent move(QEvent::MouseMove, at, density().mapToGlobal(QPointF(at)), Qt::NoButton,
                             Qt::LeftButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&density(), &move);
        }
    }
    template <typename D>
    [[nodiscard]] const D& shape(std::size_t belief = 0) const {
        return std::get<D>(std::get<OptimumBelief>(beliefs()[belief].claim).density);
    }
};

} // namespace

class BeliefsPageTest : public QObject {
    Q_OBJECT
private slots:
    void emptyStudySaysWhatToDo();
    void dragsACentreAsOneStep();
    void dragsASpread();
    void keysShapeADensity();
    void drawsFreely();
    void dragsBars();
    void confidenceIsASlider();
    void bestValueAndTrend();
    void pairsBecomePreferences();
    void removesAndUndoes();
    void showsWhatIsClaimed();
    void choicesHaveBars();
    void saysWhatDoesNotAct();
    void draggingNeedsNoFit();
    void undoneBeliefsShowTheSameFigures();
};

void BeliefsPageTest::emptyStudySaysWhatToDo() {
    Fixture f{Study{}};
    QVERIFY(!f.page->editor().isVisible());
    QVERIFY(f.beliefs().empty());
}

void BeliefsPageTest::dragsACentreAsOneStep() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/lr");
    QCOMPARE(f.beliefs().size(), std::size_t{1});
    QVERIFY(f.density().isVisible());
    QVERIFY(std::abs(std::log10(f.shape<NormalDensity>().center) + 3.0) < 1e-9); // middle of the log scale
    const int undo = f.document.undoStack().count();
    const int y = f.density().height() / 2;
    const int from = qRound(f.density().pixelOf(1e-3));
    const int to = qRound(f.density().pixelOf(1e-2));
    f.drag({from, y}, {to, y});
    QVERIFY2(std::abs(std::log10(f.shape<NormalDensity>().center) + 2.0) < 0.05,
             qPrintable(QString::number(f.shape<NormalDensity>().center)));
    QCOMPARE(f.document.undoStack().count(), undo + 1);
    f.document.undoStack().undo();
    QVERIFY(std::abs(std::log10(f.shape<NormalDensity>().center) + 3.0) < 1e-9);
}

void BeliefsPageTest::dragsASpread() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/x");
    const double spread = f.shape<NormalDensity>().spread;
    QVERIFY(std::abs(spread - 0.2) < 1e-9);
    const int y = f.density().height() / 2;
    f.drag({qRound(f.density().pixelOf(0.7)), y}, {qRound(f.density().pixelOf(0.6)), y});
    QVERIFY2(std::abs(f.shape<NormalDensity>().spread - 0.1) < 0.02,
             qPrintable(QString::number(f.shape<NormalDensity>().spread)));
    QVERIFY(std::abs(f.shape<NormalDensity>().center - 0.5) < 1e-9);
}

void BeliefsPageTest::keysShapeADensity() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/x");
    f.density().setFocus();
    QTest::keyClick(&f.density(), Qt::Key_Right);
    QVERIFY(std::abs(f.shape<NormalDensity>().center - 0.51) < 1e-9);
    QTest::keyClick(&f.density(), Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(std::abs(f.shape<NormalDensity>().center - 0.46) < 1e-9);
    QTest::keyClick(&f.density(), Qt::Key_Up);
    QVERIFY(std::abs(f.shape<NormalDensity>().spread - 0.22) < 1e-9);
    QVERIFY(f.density().summary().contains("0.46"));
}

void BeliefsPageTest::drawsFreely() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/x");
    QComboBox& family = f.page->editor().family();
    family.setCurrentIndex(family.findText("drawn freely"));
    emit family.activated(family.currentIndex());
    const std::size_t knots = f.shape<DrawnDensity>().x.size();
    QVERIFY(knots > 20);
    // A hill on the left, drawn from its foot to the top and down again.
    const int bottom = f.density().height() - 50;
    f.drag({qRound(f.density().pixelOf(0.0)), bottom - 10}, {qRound(f.density().pixelOf(0.2)), 40});
    f.drag({qRound(f.density().pixelOf(0.2)), 40}, {qRound(f.density().pixelOf(1.0)), bottom});
    const DrawnDensity& drawn = f.shape<DrawnDensity>();
    const auto peak = std::max_element(drawn.height.begin(), drawn.height.end()) - drawn.height.begin();
    QVERIFY2(std::abs(drawn.x[static_cast<std::size_t>(peak)] - 0.2) < 0.06,
             qPrintable(QString::number(drawn.x[static_cast<std::size_t>(peak)])));
    QVERIFY(checkedDefinition(f.document.definition()).ok());
}

void BeliefsPageTest::dragsBars() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/kind");
    const auto share = [&] {
        const auto& weights = f.shape<ChoiceWeights>().weights;
        return weights.at("b") / (weights.at("a") + weights.at("b"));
    };
    QVERIFY(std::abs(share() - 0.5) < 1e-9);
    const int x = qRound(f.density().pixelOf(1.0));
    f.drag({x, f.density().height() / 3}, {x, f.density().height() * 3 / 5});
    QVERIFY(share() < 0.45 && share() > 0.05);
    f.density().setFocus();
    const double before = share();
    QTest::keyClick(&f.density(), Qt::Key_Up);
    QVERIFY(share() > before);
}

void BeliefsPageTest::confidenceIsASlider() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/x");
    QCOMPARE(f.beliefs()[0].confidence, 0.8);
    QSlider& slider = f.page->editor().confidence();
    slider.setFocus();
    QTest::keyClick(&slider, Qt::Key_Right);
    QVERIFY(std::abs(f.beliefs()[0].confidence - 0.81) < 1e-9);
    QTest::keyClick(&slider, Qt::Key_Home);
    QCOMPARE(f.beliefs()[0].confidence, 0.0);
    QVERIFY(f.page->findChild<QListWidget*>("beliefList")->item(0)->text().contains("not sure"));
}

void BeliefsPageTest::bestValueAndTrend() {
    Study study = sampleStudy();
    addTrials(study, 10);
    Fixture f(std::move(study));
    f.add("How good loss can get");
    QVERIFY(std::holds_alternative<BestValueBelief>(f.beliefs()[0].claim));
    const double center =
        std::get<NormalDensity>(std::get<BestValueBelief>(f.beliefs()[0].claim).density).center;
    QVERIFY(center < 0.2); // better than what is measured
    f.add("Rising or falling with a parameter/lr");
    const auto& trend = std::get<TrendBelief>(f.beliefs()[1].claim);
    QVERIFY(!trend.rises);
    auto* const direction = f.page->findChild<QComboBox*>("beliefDirection");
    direction->setCurrentIndex(1);
    emit direction->activated(1);
    QVERIFY(std::get<TrendBelief>(f.beliefs()[1].claim).rises);
    QVERIFY(checkedDefinition(f.document.definition()).ok());
}

void BeliefsPageTest::pairsBecomePreferences() {
    Study study = sampleStudy();
    addTrials(study, 10);
    Fixture f(std::move(study));
    f.add("Which of two is better");
    auto* const dialog = f.page->findChild<PairsDialog*>();
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->present().has_value());
    const SettingPair asked = *dialog->present();
    QTest::mouseClick(dialog->findChild<QPushButton*>("rightBetter"), Qt::LeftButton);
    QCOMPARE(f.beliefs().size(), std::size_t{1});
    const auto& preference = std::get<PreferenceBelief>(f.beliefs()[0].claim);
    QVERIFY(preference.better == asked.second && preference.worse == asked.first);
    QVERIFY(dialog->present() && dialog->present()->first != asked.first);
    QTest::mouseClick(dialog->findChild<QPushButton*>("skipPair"), Qt::LeftButton);
    QCOMPARE(f.beliefs().size(), std::size_t{1});
    dialog->reject();
    // Two selected trials make a pair as well: the current one is better.
    f.selection.setSelection({TrialId{2}, TrialId{5}}, TrialId{5});
    f.add("One of the two selected trials");
    QVERIFY(std::get<PreferenceBelief>(f.beliefs()[1].claim).better == f.document.study().trials[4].setting);
}

void BeliefsPageTest::removesAndUndoes() {
    Fixture f(sampleStudy());
    f.add("Where a parameter is best/x");
    f.add("Where a parameter is best/lr");
    QTest::mouseClick(f.page->findChild<QToolButton*>("removeBelief"), Qt::LeftButton);
    QCOMPARE(f.beliefs().size(), std::size_t{1});
    f.document.undoStack().undo();
    QCOMPARE(f.beliefs().size(), std::size_t{2});
    QCOMPARE(f.page->findChild<QListWidget*>("beliefList")->count(), 2);
}

/// Functions may have their optimum where beliefs point: after a drag and its undoing, where they pointed
/// first.
void BeliefsPageTest::undoneBeliefsShowTheSameFigures() {
    Study study = sampleStudy();
    addTrials(study, 14);
    Fixture f(std::move(study));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), 60000);
    f.add("Where a parameter is best/x");
    const auto settled = [&] {
        return f.page->isUpToDate() && f.page->sketch() && f.page->sketch()->measured &&
               f.cache->isCurrent() && !f.page->sketch()->claims.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
    const double first = f.page->sketch()->model->weights().logBayesFactor;
    const int y = f.density().height() / 2;
    const QPoint to(qRound(f.density().pixelOf(0.1)), y);
    f.hold({qRound(f.density().pixelOf(0.5)), y}, to);
    // A hand is slower than the model is handed on: functions are drawn for the belief where it lets go.
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->isCurrent() && !f.cache->isFitting(), 60000);
    QTest::mouseRelease(&f.density(), Qt::LeftButton, {}, to);
    QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
    QVERIFY(f.page->sketch()->model->weights().logBayesFactor != first);
    f.document.undoStack().undo();
    QTRY_VERIFY_WITH_TIMEOUT(settled(), 60000);
    QCOMPARE(f.page->sketch()->model->weights().logBayesFactor, first);
}

void BeliefsPageTest::showsWhatIsClaimed() {
    Study study = sampleStudy();
    addTrials(study, 14);
    Fixture f(std::move(study));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), 60000);
    f.add("Where a parameter is best/x");
    f.density().setFocus();
    for (int i = 0; i < 9; ++i)
        QTest::keyClick(&f.density(), Qt::Key_Left, Qt::ShiftModifier); // to 0.05: not what was measured
    for (int i = 0; i < 8; ++i)
        QTest::keyClick(&f.density(), Qt::Key_Down);
    QTRY_VERIFY_WITH_TIMEOUT(f.page->isUpToDate() && f.page->sketch() && f.page->sketch()->measured &&
                                 f.cache->isCurrent() && !f.page->sketch()->claims.empty(),
                             60000);
    QTRY_VERIFY_WITH_TIMEOUT(f.page->sketch()->claims.front().logBayesFactor < 0.0, 60000);
    QVERIFY(f.page->preview().verdict().text().contains("Bayes factor"));
    QVERIFY(f.page->preview().details().text().contains("effective"));
    QVERIFY(f.page->preview().functions().message().isEmpty());
    const BeliefsSketch& sketch = *f.page->sketch();
    QVERIFY(sketch.before.size() > 5 && sketch.after.size() > 5);
    double area = 0.0;
    for (const double density : sketch.optimumAfter)
        area += density / static_cast<double>(sketch.optimumAfter.size());
    QVERIFY(std::abs(area - 1.0) < 0.05);
    // It lies where the sampled functions have their optima (an axis of [0, 1]).
    double center = 0.0;
    for (std::size_t i = 0; i < sketch.optimumAfter.size(); ++i)
        center += sketch.optimumPositions[i] * sketch.optimumAfter[i] /
                  static_cast<double>(sketch.optimumAfter.size());
    double truth = 0.0;
    const auto& candidates = sketch.model->candidates();
    for (std::size_t i = 0; i < candidates.size(); ++i)
        truth += sketch.model->beliefOptimumShares()(static_cast<Eigen::Index>(i)) *
                 std::get<double>(candidates[i].at(f.document.definition().space.parameters[0].id));
    QVERIFY2(std::abs(center - truth) < 0.02, qPrintable(QString("%1, %2").arg(center).arg(truth)));
    if (qEnvironmentVariableIsSet("ALIDADE_SHOT"))
        f.page->grab().save(qEnvironmentVariable("ALIDADE_SHOT"));
}

/// Between two choices there is nothing: the optimum's shares are bars, not a curve.
void BeliefsPageTest::choicesHaveBars() {
    Study study = sampleStudy();
    addTrials(study, 14);
    Fixture f(std::move(study));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), 60000);
    f.add("Where a parameter is best/kind");
    Belief belief = f.beliefs()[0];
    std::get<ChoiceWeights>(std::get<OptimumBelief>(belief.claim).density).weights["a"] = 6.0;
    f.document.push(PutBelief{belief}, QStringLiteral("weights"));
    PlotView& optimum = f.page->preview().optimum();
    QTRY_VERIFY_WITH_TIMEOUT(
        f.page->isUpToDate() && f.cache->isCurrent() && optimum.yAxis().kind() == AxisKind::Category, 60000);
    std::vector<const BarItem*> bars;
    std::vector<const LineItem*> lines;
    for (const QGraphicsItem* item : optimum.scene()->items()) {
        if (const auto* bar = dynamic_cast<const BarItem*>(item))
            bars.push_back(bar);
        if (const auto* line = dynamic_cast<const LineItem*>(item))
            lines.push_back(line);
    }
    QCOMPARE(bars.size(), std::size_t{2});
    for (const BarItem* bar : bars) {
        QCOMPARE(bar->bars().size(), std::size_t{2});
        QCOMPARE(bar->legendCount(), 1);
        QVERIFY(std::abs(bar->bars()[0].value + bar->bars()[1].value - 2.0) < 1e-6); // relative to even
    }
    for (const LineItem* line : lines)
        QVERIFY(line->x().empty() && line->legendCount() == 0);
    if (qEnvironmentVariableIsSet("ALIDADE_SHOT_BARS"))
        f.page->grab().save(qEnvironmentVariable("ALIDADE_SHOT_BARS"));
    QComboBox* const axis = f.page->findChild<QComboBox*>("previewAxis");
    axis->setCurrentIndex(0);
    emit axis->activated(0);
    QTRY_VERIFY_WITH_TIMEOUT(f.page->isUpToDate() && optimum.xAxis().kind() != AxisKind::Category &&
                                 optimum.yAxis().kind() != AxisKind::Category,
                             60000);
    for (const BarItem* bar : bars)
        QVERIFY(bar->bars().empty() && bar->legendCount() == 0);
}

void BeliefsPageTest::saysWhatDoesNotAct() {
    Study study = sampleStudy();
    study.definition.strategy.beliefs = BeliefUse::PiBo;
    Fixture f(std::move(study));
    f.add("How good loss can get");
    QCOMPARE(f.beliefs().size(), std::size_t{1});
    QListWidget* const list = f.page->findChild<QListWidget*>("beliefList");
    QVERIFY2(list->item(0)->text().contains("piBO"), qPrintable(list->item(0)->text()));
    Strategy strategy = f.document.definition().strategy;
    strategy.beliefs = BeliefUse::ColaBo;
    f.document.push(SetStrategy{strategy}, QStringLiteral("strategy"));
    QVERIFY2(!list->item(0)->text().contains("piBO"), qPrintable(list->item(0)->text()));
}

/// While a density is dragged, functions are weighed again and again; the model stays the one that was
/// fitted.
void BeliefsPageTest::draggingNeedsNoFit() {
    Study study = sampleStudy();
    addTrials(study, 14);
    Fixture f(std::move(study));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->model().has_value(), 60000);
    const auto fit = f.cache->model()->state();
    f.add("Where a parameter is best/x");
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->isCurrent() && f.page->isUpToDate() && f.page->sketch()->measured,
                             60000);
    const double y = 0.5 * f.density().height();
    const auto move = [&](double value) {
        const QPointF at(f.density().pixelOf(value), y);
        QMouseEvent event(QEvent::MouseMove, at, f.density().mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                          Qt::NoModifier);
        QCoreApplication::sendEvent(&f.density(), &event);
    };
    QTest::mousePress(&f.density(), Qt::LeftButton, {}, QPoint(qRound(f.density().pixelOf(0.5)), qRound(y)));
    int sketches = 0;
    std::shared_ptr<const BeliefModel> last = f.page->sketch()->model;
    for (int i = 0; sketches < 3 && i < 20000; ++i) {
        move(0.3 + 0.001 * (i % 400)); // never still
        QCoreApplication::processEvents();
        sketches += f.page->sketch()->model != last ? 1 : 0;
        last = f.page->sketch()->model;
    }
    QVERIFY(sketches >= 3);
    QTest::mouseRelease(&f.density(), Qt::LeftButton, {},
                        QPoint(qRound(f.density().pixelOf(0.4)), qRound(y)));
    QTRY_VERIFY_WITH_TIMEOUT(f.cache->isCurrent() && f.page->isUpToDate(), 60000);
    QVERIFY(f.cache->model()->state() != fit); // it knows today's belief
    QVERIFY(f.cache->model()->state()->fitted == fit);
    QVERIFY(f.cache->model()->state()->definition.beliefs == f.beliefs());
}

QTEST_MAIN(BeliefsPageTest)
#include "tst_beliefs_page.moc"
