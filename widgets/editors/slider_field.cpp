#include "editors/slider_field.h"

#include "editors/number_edit.h"
#include "editors/widget_style.h"
#include "models/value_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr int kPositions = 1000;

/// Three significant digits: what a slider of this many pixels can mean.
double threeDigits(double value) {
    return QString::number(value, 'g', 3).toDouble();
}

} // namespace

SliderField::SliderField(const QString& title, const Range& range, const QString& name, QWidget* parent)
    : QWidget(parent), m_range(range) {
    setObjectName(name);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGap);
    m_label = new QLabel(title);
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(name + ".slider");
    m_slider->setAccessibleName(title);
    m_slider->setRange(0, kPositions);
    m_slider->setSingleStep(kPositions / 100);
    m_slider->setPageStep(kPositions / 10);
    guardWheel(m_slider);
    m_field = new NumberEdit;
    m_field->setObjectName(name + ".field");
    m_field->setAccessibleName(title);
    m_field->setWholeNumbers(range.whole);
    m_field->setFixedWidth(84);
    m_label->setBuddy(m_field);
    row->addWidget(m_label);
    row->addWidget(m_slider, 1);
    row->addWidget(m_field);
    connect(m_slider, &QSlider::sliderPressed, this, &SliderField::dragStarted);
    connect(m_slider, &QSlider::valueChanged, this, [this](int position) {
        m_value = fromSlider(position);
        m_field->setValue(m_value);
        emit edited(m_value, m_slider->isSliderDown());
    });
    connect(m_field, &NumberEdit::valueEdited, this, [this](std::optional<double> value) { typed(*value); });
}

void SliderField::setRange(const Range& range) {
    m_range = range;
    m_field->setWholeNumbers(range.whole);
    showOnSlider();
}

void SliderField::setHint(const QString& hint) {
    m_label->setToolTip(hint);
    m_slider->setToolTip(hint);
    setToolTip(hint);
}

void SliderField::setLabelWidth(int width) {
    m_label->setFixedWidth(width);
}

void SliderField::setValue(double value) {
    if (value == m_value && m_field->value() == value)
        return;
    m_value = value;
    m_field->setValue(value);
    if (!m_slider->isSliderDown())
        showOnSlider();
}

void SliderField::showOnSlider() {
    const auto place = [this](double value) {
        return m_range.logarithmic ? std::log(std::max(value, 1e-300)) : value;
    };
    const double low = place(m_range.low);
    const double high = place(m_range.high);
    const double share = high > low ? (place(m_value) - low) / (high - low) : 0.0;
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(kPositions * std::clamp(share, 0.0, 1.0))));
}

double SliderField::fromSlider(int position) const {
    const double share = double(position) / kPositions;
    const double value = m_range.logarithmic ? m_range.low * std::pow(m_range.high / m_range.low, share)
                                             : m_range.low + share * (m_range.high - m_range.low);
    const double rounded = m_range.logarithmic ? threeDigits(value) : std::round(value * 1000.0) / 1000.0;
    return std::clamp(m_range.whole ? std::round(rounded) : rounded, m_range.least, m_range.most);
}

void SliderField::typed(double value) {
    if (!(value >= m_range.least && value <= m_range.most)) {
        markProblem(
            m_field,
            tr("Must be between %1 and %2.").arg(numberText(m_range.least), numberText(m_range.most)));
        return;
    }
    m_value = value;
    showOnSlider();
    emit edited(value, false);
}

} // namespace alidade

#include "moc_slider_field.cpp"
