#include "plots/export_dialog.h"

#include "document/error_text.h"
#include "plots/plot_table.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <array>
#include <cmath>

namespace alidade {

namespace {

constexpr double kMmPerPixel = 25.4 / 96.0;
constexpr double kSmallestMm = 15.0;
constexpr double kLargestMm = 2000.0;

struct Preset {
    const char* text;
    double width; ///< mm; 0: as on the screen
    double height;
    double font; ///< points; 0: as on the screen
};
constexpr std::array<Preset, 5> kPresets{{
    {QT_TRANSLATE_NOOP("alidade::ExportDialog", "As on the screen"), 0.0, 0.0, 0.0},
    {QT_TRANSLATE_NOOP("alidade::ExportDialog", "One column of a journal"), 85.0, 65.0, 8.0},
    {QT_TRANSLATE_NOOP("alidade::ExportDialog", "Two columns of a journal"), 175.0, 90.0, 8.0},
    {QT_TRANSLATE_NOOP("alidade::ExportDialog", "Slide"), 254.0, 143.0, 14.0},
    {QT_TRANSLATE_NOOP("alidade::ExportDialog", "Own size"), -1.0, -1.0, -1.0},
}};
constexpr int kOwnSize = static_cast<int>(kPresets.size()) - 1;

QString settingsKey(const char* name) {
    return QStringLiteral("export/") + QLatin1String(name);
}

} // namespace

ExportDialog::ExportDialog(PlotSource& source, QWidget* parent, ExportHooks hooks)
    : QDialog(parent), m_source(source), m_hooks(std::move(hooks)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export %1").arg(source.plotName()));
    build();
    restore();
    connectAll();
    updateFields();
    showPreview();
}

void ExportDialog::build() {
    auto* form = new QFormLayout;
    m_kind = new QComboBox(this);
    m_kind->setObjectName(QStringLiteral("kind"));
    m_kind->addItem(tr("Vector graphics (SVG)"), QStringLiteral("svg"));
    m_kind->addItem(tr("PDF document"), QStringLiteral("pdf"));
    m_kind->addItem(tr("Image (PNG)"), QStringLiteral("png"));
    m_kind->addItem(tr("Data behind the plot (CSV)"), QStringLiteral("csv"));
    m_preset = new QComboBox(this);
    m_preset->setObjectName(QStringLiteral("preset"));
    for (const Preset& preset : kPresets)
        m_preset->addItem(tr(preset.text));
    const auto millimetres = [this](const char* name) {
        auto* box = new QDoubleSpinBox(this);
        box->setObjectName(QLatin1String(name));
        box->setRange(kSmallestMm, kLargestMm);
        box->setDecimals(0);
        box->setSuffix(tr(" mm"));
        return box;
    };
    m_width = millimetres("width");
    m_height = millimetres("height");
    auto* size = new QHBoxLayout;
    size->addWidget(m_width);
    size->addWidget(new QLabel(QStringLiteral("×"), this));
    size->addWidget(m_height);
    m_font = new QDoubleSpinBox(this);
    m_font->setObjectName(QStringLiteral("font"));
    m_font->setRange(0.0, 72.0);
    m_font->setDecimals(1);
    m_font->setSuffix(tr(" pt"));
    m_font->setSpecialValueText(tr("as on the screen"));
    m_dpi = new QSpinBox(this);
    m_dpi->setObjectName(QStringLiteral("dpi"));
    m_dpi->setRange(50, 1200);
    m_dpi->setSuffix(tr(" dpi"));
    m_theme = new QComboBox(this);
    m_theme->setObjectName(QStringLiteral("theme"));
    m_theme->addItems({tr("Light"), tr("Dark")});
    m_transparent = new QCheckBox(tr("&Transparent background"), this);
    m_transparent->setObjectName(QStringLiteral("transparent"));
    form->addRow(tr("&Kind:"), m_kind);
    form->addRow(tr("&Format:"), m_preset);
    form->addRow(tr("Size:"), size);
    form->addRow(tr("F&ont:"), m_font);
    form->addRow(tr("&Resolution:"), m_dpi);
    form->addRow(tr("&Colours:"), m_theme);
    form->addRow(QString(), m_transparent);
    m_about = new QLabel(this);
    m_about->setObjectName(QStringLiteral("about"));
    m_about->setWordWrap(true);
    form->addRow(m_about);

    m_preview = new QLabel(this);
    m_preview->setObjectName(QStringLiteral("preview"));
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setMinimumSize(420, 300);
    m_preview->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_preview->setAccessibleName(tr("Preview"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* write = buttons->addButton(tr("&Export…"), QDialogButtonBox::AcceptRole);
    write->setObjectName(QStringLiteral("write"));
    write->setDefault(true);
    connect(write, &QPushButton::clicked, this, &ExportDialog::choosePath);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* row = new QHBoxLayout;
    row->addLayout(form);
    row->addSpacing(8);
    row->addWidget(m_preview, 1);
    auto* column = new QVBoxLayout(this);
    column->addLayout(row, 1);
    column->addWidget(buttons);
    resize(880, 460);
}

void ExportDialog::connectAll() {
    const auto changed = [this] {
        updateFields();
        showPreview();
    };
    connect(m_kind, &QComboBox::currentIndexChanged, this, changed);
    connect(m_preset, &QComboBox::currentIndexChanged, this, [this, changed] {
        choosePreset();
        changed();
    });
    for (QDoubleSpinBox* box : {m_width, m_height}) {
        connect(box, &QDoubleSpinBox::valueChanged, this, [this, changed] {
            const QSignalBlocker blocker(m_preset);
            m_preset->setCurrentIndex(kOwnSize);
            changed();
        });
    }
    connect(m_font, &QDoubleSpinBox::valueChanged, this, changed);
    connect(m_dpi, &QSpinBox::valueChanged, this, changed);
    connect(m_theme, &QComboBox::currentIndexChanged, this, changed);
    connect(m_transparent, &QCheckBox::toggled, this, changed);
}

void ExportDialog::choosePreset() {
    const Preset& preset = kPresets[static_cast<std::size_t>(m_preset->currentIndex())];
    if (preset.width < 0.0)
        return;
    const QSignalBlocker width(m_width);
    const QSignalBlocker height(m_height);
    const QSignalBlocker font(m_font);
    const QSizeF screen = m_source.plotSize() * kMmPerPixel;
    m_width->setValue(preset.width > 0.0 ? preset.width : screen.width());
    m_height->setValue(preset.width > 0.0 ? preset.height : screen.height());
    m_font->setValue(preset.font);
}

void ExportDialog::restore() {
    const QSettings settings;
    m_kind->setCurrentIndex(
        std::max(0, m_kind->findData(settings.value(settingsKey("kind"), QStringLiteral("svg")))));
    m_preset->setCurrentIndex(std::clamp(settings.value(settingsKey("preset"), 0).toInt(), 0, kOwnSize));
    m_dpi->setValue(settings.value(settingsKey("dpi"), 300).toInt());
    m_theme->setCurrentIndex(settings.value(settingsKey("dark"), false).toBool() ? 1 : 0);
    m_transparent->setChecked(settings.value(settingsKey("transparent"), false).toBool());
    if (m_preset->currentIndex() == kOwnSize) {
        m_width->setValue(settings.value(settingsKey("width"), 160.0).toDouble());
        m_height->setValue(settings.value(settingsKey("height"), 90.0).toDouble());
        m_font->setValue(settings.value(settingsKey("font"), 0.0).toDouble());
    } else {
        choosePreset();
    }
}

void ExportDialog::remember() const {
    QSettings settings;
    settings.setValue(settingsKey("kind"), suffix());
    settings.setValue(settingsKey("preset"), m_preset->currentIndex());
    settings.setValue(settingsKey("width"), m_width->value());
    settings.setValue(settingsKey("height"), m_height->value());
    settings.setValue(settingsKey("font"), m_font->value());
    settings.setValue(settingsKey("dpi"), m_dpi->value());
    settings.setValue(settingsKey("dark"), m_theme->currentIndex() == 1);
    settings.setValue(settingsKey("transparent"), m_transparent->isChecked());
}

QString ExportDialog::suffix() const {
    return m_kind->currentData().toString();
}

PlotExportOptions ExportDialog::options() const {
    PlotExportOptions options;
    if (m_preset->currentIndex() != 0)
        options.sizeMm = {m_width->value(), m_height->value()};
    options.fontPoints = m_font->value();
    options.dpi = m_dpi->value();
    options.dark = m_theme->currentIndex() == 1;
    options.transparent = m_transparent->isChecked();
    return options;
}

void ExportDialog::updateFields() {
    const bool isData = suffix() == QLatin1String("csv");
    for (QWidget* field :
         std::initializer_list<QWidget*>{m_preset, m_width, m_height, m_font, m_theme, m_transparent})
        field->setEnabled(!isData);
    m_dpi->setEnabled(suffix() == QLatin1String("png"));
    if (isData) {
        const PlotTable table = m_source.table();
        m_about->setText(
            tr("%1 rows: %2").arg(table.rows.size()).arg(table.header.join(QStringLiteral(", "))));
    } else if (m_dpi->isEnabled()) {
        m_about->setText(tr("%1 × %2 pixels")
                             .arg(std::lround(m_width->value() / 25.4 * m_dpi->value()))
                             .arg(std::lround(m_height->value() / 25.4 * m_dpi->value())));
    } else {
        m_about->setText(tr("Lines and text stay sharp at any size."));
    }
}

void ExportDialog::showPreview() {
    PlotExportOptions shown = options();
    // Laid out at the size of the file, drawn as large as fits.
    if (shown.sizeMm.isEmpty())
        shown.sizeMm = m_source.plotSize() * kMmPerPixel;
    const double fit =
        std::min(m_preview->width() / shown.sizeMm.width(), m_preview->height() / shown.sizeMm.height());
    shown.dpi = std::max(10.0, fit * 25.4 * devicePixelRatioF());
    QPixmap picture = QPixmap::fromImage(plotImage(m_source, shown));
    picture.setDevicePixelRatio(devicePixelRatioF());
    m_preview->setPixmap(picture);
}

void ExportDialog::resizeEvent(QResizeEvent* event) {
    QDialog::resizeEvent(event);
    showPreview();
}

bool ExportDialog::exportTo(const QString& path) {
    remember();
    PlotExportOptions chosen = options();
    chosen.description = m_source.plotName();
    const Result<void> written = exportPlot(m_source, path, chosen);
    if (m_hooks.notify)
        m_hooks.notify(written.ok() ? tr("Written: %1").arg(path) : errorText(written.error()));
    return written.ok();
}

void ExportDialog::choosePath() {
    const QString ending = QLatin1Char('.') + suffix();
    const QDir folder(QSettings().value(settingsKey("folder")).toString());
    auto* dialog = new QFileDialog(this, tr("Export plot"), folder.filePath(m_source.plotName() + ending),
                                   QStringLiteral("%1 (*%2)").arg(m_kind->currentText(), ending));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave); // asks before it replaces
    dialog->setDefaultSuffix(suffix());
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        QSettings().setValue(settingsKey("folder"), QFileInfo(path).absolutePath());
        if (exportTo(path))
            accept();
    });
    dialog->open();
}

} // namespace alidade

#include "moc_export_dialog.cpp"
