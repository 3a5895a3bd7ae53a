#include "pages/explore_bar.h"

#include "editors/help_tip.h"
#include "editors/help_topics.h"
#include "editors/widget_style.h"
#include "models/value_text.h"
#include "pages/explore_profiler.h"
#include "pages/explore_slices.h"
#include "plots/plot_menu.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace alidade {

ExploreBar::ExploreBar(ExploreProfiler& profiler, QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_row = new QHBoxLayout;
    column->addLayout(m_row);
    m_earlier = addStep(QStringLiteral("undo"), tr("Earlier setting"), QStringLiteral("Ctrl+["),
                        QStringLiteral("earlierSetting"), &ExploreBar::earlierWanted);
    m_later = addStep(QStringLiteral("redo"), tr("Later setting"), QStringLiteral("Ctrl+]"),
                      QStringLiteral("laterSetting"), &ExploreBar::laterWanted);
    m_best = addButton(tr("Go to &best"), {}, QStringLiteral("goToBest"), &ExploreBar::bestWanted);
    m_trial = addButton(tr("Set from &trial"), tr("Look at the selected trial's setting"),
                        QStringLiteral("setFromTrial"), &ExploreBar::trialWanted);
    m_optimum = addButton(tr("Maximise &desirability"), {}, QStringLiteral("maximiseDesirability"),
                          &ExploreBar::optimumWanted);
    m_add = addButton(tr("&Add trial here"), tr("Put this setting on the list of trials to measure"),
                      QStringLiteral("addTrialHere"), &ExploreBar::addWanted);
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("acquisitionKind"));
    m_kind->setAccessibleName(tr("Acquisition"));
    guardWheel(m_kind);
    for (const AcquisitionKind kind :
         {AcquisitionKind::LogEi, AcquisitionKind::LogNei, AcquisitionKind::Kg, AcquisitionKind::Mes,
          AcquisitionKind::Jes, AcquisitionKind::Pes, AcquisitionKind::Thompson, AcquisitionKind::Ucb,
          AcquisitionKind::Pi, AcquisitionKind::EiPerSecond, AcquisitionKind::Feasibility})
        m_kind->addItem(acquisitionText(kind, {}), static_cast<int>(kind));
    explainAcquisition();
    connect(m_kind, &QComboBox::activated, this, [this] {
        explainAcquisition();
        emit acquisitionChosen();
    });
    m_row->addWidget(m_kind);
    m_beliefs = new QCheckBox(tr("&Beliefs"), this);
    m_beliefs->setObjectName(QStringLiteral("withBeliefs"));
    m_beliefs->setToolTip(tr("Weigh what is shown by the beliefs, as suggestions do; dashed: without"));
    connect(m_beliefs, &QCheckBox::toggled, this, &ExploreBar::beliefsToggled);
    m_row->addWidget(m_beliefs);
    auto* share = new QToolButton(this);
    share->setText(tr("&Export"));
    share->setObjectName(QStringLiteral("exportProfiler"));
    share->setToolTip(tr("Copy or export the whole profiler"));
    share->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(share);
    ExportHooks hooks = fileDialogHooks();
    hooks.notify = [this](const QString& text) { emit noticed(text); };
    addExportActions(*menu, profiler, this, hooks);
    share->setMenu(menu);
    m_row->addWidget(share);
    m_row->addStretch(1);
    m_prediction = new QLabel(this);
    m_prediction->setObjectName(QStringLiteral("prediction"));
    m_prediction->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_prediction->setWordWrap(true);
    setHelp(m_prediction, QStringLiteral("prediction"),
            tr("Prediction at the setting, without measurement noise: mean ± standard deviation. D is the "
               "expected overall desirability."));
    column->addWidget(m_prediction);
    setSteps(false, false);
}

void ExploreBar::setDefinition(const Definition& definition) {
    setBeliefsOffered(beliefsAct(definition));
    for (int i = 0; i < m_kind->count(); ++i)
        m_kind->setItemText(
            i, acquisitionText(static_cast<AcquisitionKind>(m_kind->itemData(i).toInt()), definition));
}

QPushButton* ExploreBar::addButton(const QString& text, const QString& tip, const QString& name,
                                   void (ExploreBar::*wanted)()) {
    auto* result = new QPushButton(text, this);
    result->setToolTip(tip);
    result->setObjectName(name);
    connect(result, &QPushButton::clicked, this, wanted);
    m_row->addWidget(result);
    return result;
}

QToolButton* ExploreBar::addStep(const QString& icon, const QString& text, const QString& keys,
                                 const QString& name, void (ExploreBar::*wanted)()) {
    auto* result = new QToolButton(this);
    result->setIcon(themeIcon(icon));
    result->setAccessibleName(text);
    result->setToolTip(tr("%1 (%2)").arg(text, keys));
    result->setShortcut(QKeySequence(keys));
    result->setObjectName(name);
    connect(result, &QToolButton::clicked, this, wanted);
    m_row->addWidget(result);
    return result;
}

void ExploreBar::setState(const State& state) {
    m_best->setEnabled(state.best);
    m_best->setToolTip(state.bestTip);
    m_trial->setEnabled(state.trial);
    m_add->setEnabled(state.add);
    m_optimum->setEnabled(state.optimum);
    m_optimum->setToolTip(state.optimumTip);
}

void ExploreBar::setSteps(bool earlier, bool later) {
    m_earlier->setEnabled(earlier);
    m_later->setEnabled(later);
}

void ExploreBar::setPrediction(const QString& text) {
    m_prediction->setText(text);
}

void ExploreBar::setBeliefsOffered(bool offered) {
    m_beliefs->setVisible(offered);
}

AcquisitionKind ExploreBar::acquisitionKind() const {
    return static_cast<AcquisitionKind>(m_kind->currentData().toInt());
}

bool ExploreBar::beliefsChecked() const {
    return m_beliefs->isChecked();
}

void ExploreBar::explainAcquisition() {
    setHelp(m_kind, helpKey(acquisitionKind()), tr("What the last row of the profiler shows."));
}

} // namespace alidade

#include "moc_explore_bar.cpp"
