// The longest time that one event holds the GUI thread while a study of 500 trials in 10 parameters is
// opened, fitted, looked at on every page and gets new results. What a user feels is the longest one.
#include "../measured_application.h"
#include "exchange/study_json.h"
#include "main_window.h"
#include "project_file/project_file.h"
#include "space/sampling.h"
#include "theme.h"

#include <QPushButton>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

using namespace alidade;

namespace {

Trial measured(const Definition& definition, const Setting& setting) {
    Trial trial;
    trial.setting = setting;
    trial.state = TrialState::Complete;
    double sum = 0.0;
    for (const auto& [id, value] : setting)
        sum += std::pow(std::get<double>(value) - 0.3, 2);
    trial.values[definition.objectives[0].id].value = sum + 0.1 * std::sin(20.0 * sum);
    return trial;
}

} // namespace

int main(int argc, char** argv) {
    QStandardPaths::setTestModeEnabled(true);
    MeasuredApplication application(argc, argv);
    QApplication::setOrganizationName("Alidade");
    QApplication::setApplicationName("bench_window");
    applyTheme(application, Theme::Light);
    std::string text =
        R"({"alidade": 1, "name": "gap", "seed": 1, "objectives": [{"name": "y"}], "parameters": [)";
    for (int i = 0; i < 10; ++i)
        text += (i ? ", " : "") + std::string(R"({"name": "x)") + std::to_string(i) +
                R"(", "type": "real", "low": 0, "high": 1})";
    const Definition definition = definitionFromText(text + "]}").value();
    const QTemporaryDir folder;
    const std::string path = folder.filePath("gap.alidade").toStdString();
    {
        auto file = ProjectFile::create(path, definition);
        const auto settings = sampleFeasible(definition.space, 540, SamplingOptions{});
        if (!file || !settings)
            return 1;
        std::vector<Trial> trials;
        for (std::size_t i = 0; i < 500; ++i)
            trials.push_back(measured(definition, (*settings)[i]));
        if (!file->addTrials(trials))
            return 1;
    }
    MainWindow window;
    window.show();
    wait(500);
    application.report("start");
    window.openPath(QString::fromStdString(path));
    wait(3000);
    application.report("open 500 trials");
    for (const auto& [page, name] :
         {std::pair{MainWindow::Space, "Space"}, std::pair{MainWindow::Goals, "Goals"},
          std::pair{MainWindow::Trials, "Trials"}}) {
        window.showPage(page);
        wait(1500);
        application.report(name);
    }
    window.showPage(MainWindow::Explore);
    wait(8000);
    application.report("Explore, model being fitted");
    window.showPage(MainWindow::History);
    wait(2000);
    application.report("History");
    window.showPage(MainWindow::Trials);
    window.findChild<QPushButton*>("suggest")->click();
    wait(8000);
    application.report("suggestion being computed");
    // Another process adds ten results a second while Explore, then History is shown.
    auto other = ProjectFile::open(path);
    const auto settings = sampleFeasible(definition.space, 540, SamplingOptions{});
    std::size_t next = 500;
    for (const auto& [page, name] : {std::pair{MainWindow::Explore, "Explore, 10 results a second"},
                                     std::pair{MainWindow::History, "History, 10 results a second"}}) {
        window.showPage(page);
        for (int i = 0; i < 20; ++i) {
            if (!other->addTrials({measured(definition, (*settings)[next++])}))
                return 1;
            wait(100);
        }
        application.report(name);
    }
    return 0;
}
