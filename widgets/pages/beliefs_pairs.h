#pragma once

#include "belief/informative_pairs.h"
#include "suggest/study_model.h"

#include <QDialog>

#include <memory>
#include <optional>
#include <vector>

class QLabel;
class QPushButton;
class QSlider;

namespace alidade {

/// Pairs of a study of which the user's word would teach most about its first objective; `model` may be
/// missing.
[[nodiscard]] Result<std::vector<SettingPair>> pairsToAsk(const std::shared_ptr<const Study>& study,
                                                          const std::optional<StudyModel>& model,
                                                          const Monitor& monitor);

/// "Which is better?": shows one pair after the other; the owner hands in pairs and records answers.
class PairsDialog : public QDialog {
    Q_OBJECT
public:
    explicit PairsDialog(const Definition& definition, QWidget* parent = nullptr);

    void setPairs(std::vector<SettingPair> pairs);
    void setProblem(const QString& text);
    [[nodiscard]] const std::optional<SettingPair>& present() const { return m_present; }

signals:
    void answered(const alidade::Setting& better, const alidade::Setting& worse, double confidence);

private:
    void next();
    void choose(bool first);

    Definition m_definition;
    std::vector<SettingPair> m_pairs; ///< still to ask, the next one last
    std::optional<SettingPair> m_present;
    QLabel* m_question = nullptr;
    QLabel* m_first = nullptr;
    QLabel* m_second = nullptr;
    QPushButton* m_firstButton = nullptr;
    QPushButton* m_secondButton = nullptr;
    QPushButton* m_skip = nullptr;
    QSlider* m_confidence = nullptr;
};

} // namespace alidade
