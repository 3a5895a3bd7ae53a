#pragma once

#include "suggest/study_model.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace alidade {

class ExploreProfiler;

/// Above the tabs of Explore: where to go, which acquisition is shown, and the prediction at the setting.
class ExploreBar : public QWidget {
    Q_OBJECT
public:
    /// `profiler` is what Export hands on.
    explicit ExploreBar(ExploreProfiler& profiler, QWidget* parent = nullptr);

    /// What can be done now.
    struct State {
        bool best = false;
        QString bestTip;
        bool trial = false;
        bool add = false;
        bool optimum = false;
        QString optimumTip;
    };
    void setState(const State& state);
    /// Whether there are earlier and later settings.
    void setSteps(bool earlier, bool later);
    void setPrediction(const QString& text);
    /// Whether beliefs are offered, and what improves.
    void setDefinition(const Definition& definition);

    [[nodiscard]] AcquisitionKind acquisitionKind() const;
    [[nodiscard]] bool beliefsChecked() const;

signals:
    void bestWanted();
    void trialWanted();
    void optimumWanted();
    void addWanted();
    void earlierWanted();
    void laterWanted();
    void acquisitionChosen();
    void beliefsToggled();
    void noticed(const QString& text);

private:
    QPushButton* addButton(const QString& text, const QString& tip, const QString& name,
                           void (ExploreBar::*wanted)());
    QToolButton* addStep(const QString& icon, const QString& text, const QString& keys, const QString& name,
                         void (ExploreBar::*wanted)());
    void explainAcquisition();
    void setBeliefsOffered(bool offered);

    QHBoxLayout* m_row = nullptr;
    QPushButton* m_best = nullptr;
    QPushButton* m_trial = nullptr;
    QPushButton* m_optimum = nullptr;
    QPushButton* m_add = nullptr;
    QToolButton* m_earlier = nullptr;
    QToolButton* m_later = nullptr;
    QComboBox* m_kind = nullptr;    ///< what the profiler's last row shows
    QCheckBox* m_beliefs = nullptr; ///< whether curves and map are weighted by the beliefs
    QLabel* m_prediction = nullptr;
};

} // namespace alidade
