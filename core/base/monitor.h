#pragma once

#include <functional>
#include <stop_token>
#include <string_view>
#include <utility>

namespace alidade {

/// How long work reports and is stopped: a stop token and a progress sink, both optional.
/// Core functions ask stopRequested() once per outer iteration and then return their best result so far.
class Monitor {
public:
    /// `fraction` in [0, 1]; `stage` is a short English phrase for the log. May be called from any thread.
    using Sink = std::function<void(double fraction, std::string_view stage)>;

    Monitor() = default;
    explicit Monitor(std::stop_token token, Sink sink = {})
        : m_token(std::move(token)), m_sink(std::move(sink)) {}

    [[nodiscard]] bool stopRequested() const noexcept { return m_token.stop_requested(); }
    [[nodiscard]] const std::stop_token& token() const noexcept { return m_token; }
    void progress(double fraction, std::string_view stage) const {
        if (m_sink)
            m_sink(fraction, stage);
    }

private:
    std::stop_token m_token;
    Sink m_sink;
};

} // namespace alidade
