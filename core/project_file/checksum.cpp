#include "project_file/checksum.h"

#include "project_file/vocabulary.h"

#include <bit>

namespace alidade {
namespace {

/// FNV-1a over the fields of one row, each preceded by a byte for its type, and a final mix so that sums of
/// rows do not cancel.
class RowHash {
public:
    explicit RowHash(char table) { byte(static_cast<unsigned char>(table)); }

    void integer(std::int64_t value) {
        byte('i');
        word(static_cast<std::uint64_t>(value));
    }
    void number(double value) {
        byte('f');
        // SQLite does not keep the sign of zero.
        word(std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value));
    }
    void text(std::string_view value) {
        byte('t');
        word(value.size());
        bytes(value);
    }
    void bytes(std::string_view value) {
        for (const char c : value)
            byte(static_cast<unsigned char>(c));
    }
    [[nodiscard]] std::uint64_t mixed() const {
        std::uint64_t z = m_hash;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

private:
    void byte(unsigned char value) {
        m_hash ^= value;
        m_hash *= 0x100000001b3U;
    }
    void word(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8)
            byte(static_cast<unsigned char>((value >> shift) & 0xffU));
    }
    std::uint64_t m_hash = 0xcbf29ce484222325U;
};

std::uint64_t headHash(const Trial& trial) {
    RowHash hash('t');
    hash.integer(trial.id.value);
    hash.text(storedState(trial.state));
    hash.text(storedOrigin(trial.origin));
    hash.text(trial.reason);
    hash.text(trial.failure);
    hash.text(trial.note);
    hash.integer(trial.excluded ? 1 : 0);
    hash.integer(trial.attempt);
    hash.integer(trial.createdMs);
    hash.integer(trial.startedMs);
    hash.integer(trial.finishedMs);
    return hash.mixed();
}

std::uint64_t valueHash(ParameterId parameter, const Value& value) {
    RowHash hash('v');
    hash.integer(parameter.value);
    struct Visitor {
        RowHash& hash;
        void operator()(bool flag) const {
            hash.bytes("b");
            hash.integer(flag ? 1 : 0);
        }
        void operator()(std::int64_t whole) const { hash.integer(whole); }
        void operator()(double number) const { hash.number(number); }
        void operator()(const std::string& text) const { hash.text(text); }
        void operator()(const std::vector<double>& shares) const {
            for (const double share : shares)
                hash.number(share);
            hash.bytes("s");
        }
    };
    std::visit(Visitor{hash}, value);
    return hash.mixed();
}

std::uint64_t measurementHash(RowHash hash, MeasureId measure, const Measurement& measurement) {
    hash.integer(measure.value);
    hash.number(measurement.value);
    if (measurement.noiseSd)
        hash.number(*measurement.noiseSd);
    return hash.mixed();
}

std::uint64_t slopeHash(MeasureId measure, ParameterId parameter, const Slope& slope) {
    RowHash hash('g');
    hash.integer(measure.value);
    hash.integer(parameter.value);
    hash.number(slope.value);
    if (slope.noiseSd)
        hash.number(*slope.noiseSd);
    return hash.mixed();
}

std::uint64_t stepHash(const StepReport& report, std::int64_t number) {
    RowHash head('s');
    head.integer(number);
    head.number(report.step);
    std::uint64_t sum = head.mixed();
    for (const auto& [measure, measurement] : report.values) {
        RowHash hash('r');
        hash.integer(number);
        sum += measurementHash(hash, measure, measurement);
    }
    return sum;
}

} // namespace

std::int64_t definitionChecksum(std::string_view text) {
    RowHash hash('d');
    hash.bytes(text);
    return static_cast<std::int64_t>(hash.mixed());
}

std::int64_t trialChecksum(const Trial& trial) {
    std::uint64_t sum = headHash(trial);
    for (const auto& [parameter, value] : trial.setting)
        sum += valueHash(parameter, value);
    for (const auto& [measure, measurement] : trial.values) {
        sum += measurementHash(RowHash('m'), measure, measurement);
        for (const auto& [parameter, slope] : measurement.slopes)
            sum += slopeHash(measure, parameter, slope);
    }
    std::int64_t number = 0;
    for (const StepReport& report : trial.steps)
        sum += stepHash(report, ++number);
    return static_cast<std::int64_t>(sum);
}

std::int64_t stepChecksum(const StepReport& report, std::int64_t number) {
    return static_cast<std::int64_t>(stepHash(report, number));
}

std::int64_t addedChecksums(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

} // namespace alidade
