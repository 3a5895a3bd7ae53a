// What stands on the screen after the window has painted it bit by bit is what it paints at once.
#include "document/project_document.h"
#include "exchange/study_json.h"
#include "main_window.h"
#include "pages/beliefs_page.h"
#include "pages/explore_page.h"

#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTest>

#include <cmath>
#include <utility>

using namespace alidade;

namespace {

constexpr const char* kSixParameters = R"({"alidade": 1, "name": "six", "parameters": [
        {"name": "x1", "type": "real", "low": 0, "high": 1}, {"name": "x2", "type": "real", "low": 0, "high": 1},
        {"name": "x3", "type": "real", "low": 0, "high": 1}, {"name": "x4", "type": "real", "low": 0, "high": 1},
        {"name": "x5", "type": "real", "low": 0, "high": 1}, {"name": "x6", "type": "real", "low": 0, "high": 1}],
    "objectives": [{"name": "value"}]})";

Study measuredStudy() {
    Study study;
    study.definition = definitionFromText(kSixParameters).value();
    for (int i = 0; i < 25; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        double sum = 0.0;
        for (std::size_t k = 0; k < 6; ++k) {
            const double u = std::fmod(0.5 + 0.6180339887 * (i + 1) * static_cast<double>(k + 1), 1.0);
            trial.setting[study.definition.space.parameters[k].id] = u;
            sum += (u - 0.4) * (u - 0.4);
        }
        trial.values[study.definition.objectives[0].id].value = -3.0 * std::exp(-2.0 * sum);
        study.trials.push_back(trial);
    }
    return study;
}

} // namespace

class PaintingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void exploreAfterBeliefs();
};

void PaintingTest::initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("AlidadePaintingTest");
    QSettings().clear();
}

void PaintingTest::exploreAfterBeliefs() {
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.document().openInMemory(measuredStudy());
    const auto go = [&](int page) {
        QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + page), Qt::ControlModifier);
    };
    const auto rgb = [](const QPixmap& picture) {
        return picture.toImage().convertToFormat(QImage::Format_RGB32);
    };
    QImage screen;
    const auto atRest = [&] { // the same as at the last look
        const QImage last = std::exchange(screen, rgb(window.screen()->grabWindow(window.winId())));
        return screen == last;
    };
    go(MainWindow::Beliefs);
    auto* const beliefs = window.findChild<BeliefsPage*>();
    QTRY_VERIFY_WITH_TIMEOUT(beliefs->isVisible() && beliefs->isUpToDate() && beliefs->sketch() &&
                                 beliefs->sketch()->measured && atRest(),
                             60000);
    go(MainWindow::Explore);
    auto* const explore = window.findChild<ExplorePage*>();
    QTRY_VERIFY_WITH_TIMEOUT(explore->isVisible() && explore->isUpToDate() && atRest(), 60000);
    // Once only: a picture painted at once would mend what is on the screen.
    const QImage atOnce = rgb(window.grab());
    if (screen != atOnce && qEnvironmentVariableIsSet("ALIDADE_SHOT"))
        screen.save(qEnvironmentVariable("ALIDADE_SHOT"));
    QVERIFY(screen == atOnce);
}

QTEST_MAIN(PaintingTest)
#include "tst_painting.moc"
