#pragma once

#include <QWidget>

class QLabel;
class QSlider;

namespace alidade {

class NumberEdit;

/// A number with a slider for its usual range and a field for an exact value within its limits.
class SliderField : public QWidget {
    Q_OBJECT
public:
    struct Range {
        double low = 0.0; ///< of the slider
        double high = 1.0;
        bool logarithmic = false;
        bool whole = false;
        double least = 0.0; ///< that the field accepts
        double most = 1.0;
    };
    /// `name` is the object name; its parts are NAME.slider and NAME.field.
    SliderField(const QString& title, const Range& range, const QString& name, QWidget* parent = nullptr);

    void setRange(const Range& range);
    /// Does not emit; not while the user is typing here.
    void setValue(double value);
    [[nodiscard]] double value() const { return m_value; }
    void setHint(const QString& hint);
    void setLabelWidth(int width);
    [[nodiscard]] QLabel* label() const { return m_label; }

signals:
    void edited(double value, bool dragging); ///< dragging: more is likely to come
    void dragStarted();

private:
    void showOnSlider();
    void typed(double value);
    [[nodiscard]] double fromSlider(int position) const;

    Range m_range;
    double m_value = 0.0;
    QLabel* m_label = nullptr;
    QSlider* m_slider = nullptr;
    NumberEdit* m_field = nullptr;
};

} // namespace alidade
