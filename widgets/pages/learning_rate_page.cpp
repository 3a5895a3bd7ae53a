#include "pages/learning_rate_page.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "editors/message_bar.h"
#include "editors/widget_style.h"
#include "pages/learning_rate_compare.h"
#include "pages/learning_rate_export.h"
#include "pages/learning_rate_extend.h"
#include "pages/learning_rate_fit.h"
#include "pages/learning_rate_form.h"
#include "pages/learning_rate_import.h"
#include "pages/learning_rate_list.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_refine.h"
#include "pages/learning_rate_scaling.h"
#include "pages/learning_rate_simulate.h"
#include "pages/learning_rate_study.h"
#include "pages/learning_rate_transfer.h"

#include <QDir>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

namespace alidade {

namespace {
constexpr int kLeftWidth = 332;
} // namespace

LearningRatePage::LearningRatePage(JobRunner& jobs, QWidget* parent)
    : QWidget(parent), m_model(std::make_unique<LearningRateModel>(jobs)) {
    setObjectName("learningRatePage");
    m_import = new LearningRateImport(*m_model, this);
    m_export = new LearningRateExport(*m_model, this);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(kGap, kGap, kGap, kGap);
    row->setSpacing(kGap);
    row->addWidget(buildLeft());
    auto* const right = new QVBoxLayout;
    right->setSpacing(kGap);
    m_notice = new MessageBar;
    m_notice->setObjectName("learningRateNotice");
    m_notice->dismiss();
    m_tabs = new QTabWidget;
    m_tabs->setObjectName("learningRateTabs");
    m_tabs->setDocumentMode(true);
    m_compare = new LearningRateCompare(*m_model);
    m_extend = new LearningRateExtend(*m_model);
    m_transfer = new LearningRateTransfer(*m_model);
    m_refine = new LearningRateRefine(*m_model);
    auto* const scaling = new LearningRateScaling(*m_model);
    m_simulate = new LearningRateSimulate(*m_model);
    auto* const fit = new LearningRateFit(*m_model);
    m_tabs->addTab(m_compare, tr("&Compare"));
    m_tabs->addTab(m_extend, tr("E&xtend"));
    m_tabs->addTab(m_transfer, tr("&Transfer"));
    m_tabs->addTab(m_refine, tr("&Refine"));
    m_tabs->addTab(scaling, tr("Scaling &law"));
    m_tabs->addTab(m_simulate, tr("S&imulate"));
    m_tabs->addTab(fit, tr("&Fit"));
    m_tabs->setCornerWidget(buildCorner());
    connect(m_compare, &LearningRateCompare::noticed, this, &LearningRatePage::showNotice);
    connect(m_extend, &LearningRateExtend::noticed, this, &LearningRatePage::showNotice);
    connect(m_transfer, &LearningRateTransfer::noticed, this, &LearningRatePage::showNotice);
    connect(scaling, &LearningRateScaling::noticed, this, &LearningRatePage::showNotice);
    connect(m_refine, &LearningRateRefine::noticed, this, &LearningRatePage::showNotice);
    connect(m_simulate, &LearningRateSimulate::noticed, this, &LearningRatePage::showNotice);
    connect(fit, &LearningRateFit::noticed, this, &LearningRatePage::showNotice);
    connect(m_refine, &LearningRateRefine::normsRequested, m_import, &LearningRateImport::askNorms);
    connect(m_refine, &LearningRateRefine::exampleRequested, this, [this](int power) {
        m_import->readNorms(QDir(m_examples).filePath("gradient_norms.csv"), power);
    });
    connect(fit, &LearningRateFit::lossesRequested, m_import, &LearningRateImport::askLosses);
    connect(m_import, &LearningRateImport::noticed, this, &LearningRatePage::showNotice);
    connect(m_import, &LearningRateImport::failed, this, &LearningRatePage::showError);
    connect(m_export, &LearningRateExport::noticed, this, &LearningRatePage::showNotice);
    connect(m_export, &LearningRateExport::failed, this, &LearningRatePage::showError);
    connect(m_model.get(), &LearningRateModel::changed, this, &LearningRatePage::refresh);
    refresh();
    right->addWidget(m_notice);
    right->addWidget(m_tabs, 1);
    row->addLayout(right, 1);
}

LearningRatePage::~LearningRatePage() {
    m_model->saveNow();
    // Widgets look at the model while they close.
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

QUndoStack& LearningRatePage::undoStack() const {
    return m_model->undoStack();
}

QWidget* LearningRatePage::buildLeft() {
    auto* const scroll = new QScrollArea;
    scroll->setObjectName("learningRateLeft");
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedWidth(kLeftWidth);
    auto* const content = new QWidget;
    auto* const column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, kGap, 0);
    column->setSpacing(kMargin);
    auto* const list = new LearningRateList(*m_model);
    auto* const form = new LearningRateForm(*m_model);
    column->addWidget(list);
    column->addWidget(form);
    connect(list, &LearningRateList::tableRequested, m_import, [this] { m_import->askRates(false); });
    connect(form, &LearningRateForm::tableRequested, m_import, [this] { m_import->askRates(true); });
    auto* const run = new LearningRateRunForm(*m_model);
    column->addWidget(run);
    for (QWidget* const part :
         {static_cast<QWidget*>(list), static_cast<QWidget*>(form), static_cast<QWidget*>(run)})
        part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(run, &LearningRateRunForm::normsRequested, m_import, [this] { m_import->askNorms(); });
    column->addStretch(1);
    scroll->setWidget(content);
    return scroll;
}

QWidget* LearningRatePage::buildCorner() {
    auto* const corner = new QWidget;
    auto* const row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 0, 0, 2);
    row->setSpacing(kGap);
    m_tune = textButton("flask", tr("T&une as a study"), "tuneAsStudy");
    m_tune->setToolTip(tr("Makes a new project that tunes base rate, cooldown and warm-up of the selected "
                          "schedule, with the theory's optima as beliefs"));
    auto* const hand = textButton("export", tr("Export"), "learningRateExport");
    hand->setToolTip(tr("Code, tables and files; plots have their own menu (right button)"));
    auto* const menu = new QMenu(hand);
    m_export->fill(*menu);
    hand->setMenu(menu);
    row->addWidget(hand);
    row->addWidget(m_tune);
    connect(m_tune, &QPushButton::clicked, this, &LearningRatePage::tune);
    return corner;
}

void LearningRatePage::refresh() {
    m_tune->setEnabled(m_model->state().selected() != nullptr);
}

void LearningRatePage::tune() {
    const LearningRateState state = m_model->state();
    m_model->jobs().start(
        {"learning-rate-study", tr("Making the study"), 0}, this,
        [state](const Monitor& monitor) { return tuningStudy(*state.selected(), state, monitor); },
        [this](const Result<Definition>& definition, quint64) {
            if (definition)
                emit studyRequested(*definition);
            else
                showError(errorText(definition.error()));
        });
}

void LearningRatePage::setFile(const QString& path) {
    if (const auto read = m_model->setFile(path); !read)
        showError(tr("The schedules of the last time in %1 cannot be used. %2")
                      .arg(QDir::toNativeSeparators(path), errorText(read.error())));
}

void LearningRatePage::setExamples(const QString& folder) {
    m_examples = folder;
    const QDir directory(folder);
    if (directory.exists("gradient_norms.csv"))
        m_refine->offerExample();
    if (directory.exists("digits.csv"))
        m_simulate->setImages(directory.filePath("digits.csv"));
}

void LearningRatePage::showNotice(const QString& text) {
    m_notice->showMessage(MessageBar::Kind::Info, text);
}

void LearningRatePage::showError(const QString& text) {
    m_notice->showMessage(MessageBar::Kind::Error, text);
}

} // namespace alidade

#include "moc_learning_rate_page.cpp"
