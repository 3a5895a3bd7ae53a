#include "runners/study_runner.h"

#include "project_file/project_file.h"
#include "project_file/source_reader.h"
#include "runners/command_template.h"
#include "runners/output_parser.h"
#include "runners/process.h"
#include "suggest/suggest.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace alidade {
namespace {

constexpr int kSameFailures = 5;
constexpr int kSuggestTries = 5;

/// What a worker hands back.
struct Outcome {
    Trial trial;
    ProcessResult process;
    std::optional<Error> error; ///< the command could not be made
    std::filesystem::path temporary;
};

/// Results of workers on their way to the coordinating thread, the only one that writes the file.
class Mailbox {
public:
    void post(Outcome outcome) {
        {
            const std::lock_guard lock(m_mutex);
            m_outcomes.push_back(std::move(outcome));
        }
        m_ready.notify_one();
    }
    std::optional<Outcome> take(std::chrono::milliseconds wait) {
        std::unique_lock lock(m_mutex);
        m_ready.wait_for(lock, wait, [&] { return !m_outcomes.empty(); });
        if (m_outcomes.empty())
            return std::nullopt;
        Outcome outcome = std::move(m_outcomes.front());
        m_outcomes.pop_front();
        return outcome;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<Outcome> m_outcomes;
};

Result<std::filesystem::path> makeTemporary() {
    std::error_code failure;
    const std::filesystem::path base = std::filesystem::temp_directory_path(failure);
    std::string pattern =
        ((failure ? std::filesystem::path("/tmp") : base) / "alidade-trial-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
        return makeError(ErrorCode::InputOutput, "no directory for the trial can be made", pattern);
    return std::filesystem::path(pattern);
}

Result<ProcessRequest> requestFor(const Definition& definition, const Trial& trial, Outcome& outcome) {
    const RunnerConfiguration& runner = *definition.runner;
    CommandContext context;
    context.trial = trial.id;
    context.seed = definition.seed + static_cast<std::uint64_t>(trial.id.value);
    context.examples = examplesDirectory();
    context.programs = programsDirectory();
    ProcessRequest request;
    if (runner.directory.empty()) {
        ALIDADE_ASSIGN(outcome.temporary, makeTemporary());
        request.directory = outcome.temporary;
    } else {
        ALIDADE_ASSIGN(request.directory,
                       expandText(runner.directory, definition.space, trial.setting, context));
        std::error_code failure;
        std::filesystem::create_directories(request.directory, failure);
        if (failure)
            return makeError(ErrorCode::InputOutput, failure.message(), request.directory.string());
    }
    context.directory = request.directory;
    ALIDADE_ASSIGN(request.arguments,
                   expandCommand(runner.command, runner.shell, definition.space, trial.setting, context));
    for (const auto& [name, value] : runner.environment) {
        ALIDADE_ASSIGN(request.environment[name],
                       expandText(value, definition.space, trial.setting, context));
    }
    request.timeoutSeconds = runner.timeoutSeconds;
    return request;
}

void measure(const Definition& definition, Trial trial, Mailbox& mailbox, std::stop_token stop) {
    Outcome outcome;
    auto request = requestFor(definition, trial, outcome);
    if (request)
        outcome.process = runProcess(*request, Monitor(std::move(stop)));
    else
        outcome.error = request.error();
    outcome.trial = std::move(trial);
    mailbox.post(std::move(outcome));
}

class Runner {
public:
    Runner(ProjectFile file, const RunOptions& options, const Monitor& monitor,
           const std::function<void(const RunEvent&)>& report)
        : m_file(std::move(file)), m_options(options), m_monitor(monitor), m_report(report) {}

    Result<RunSummary> run() {
        ALIDADE_ASSIGN(m_study, m_file.load());
        ALIDADE_ASSIGN(m_revision, m_file.revision());
        ALIDADE_CHECK(checkedDefinition(m_study.definition));
        if (!m_study.definition.runner)
            return makeError(
                ErrorCode::InvalidConfiguration,
                "the study has no command to measure with; add a runner, or report results by hand",
                "runner");
        tell(RunEvent::Kind::Started, {}, "measuring \"" + m_study.definition.name + "\"");
        auto ended = loop();
        // Whatever happened, no program may outlive the run and no trial may stay "running".
        m_stop.request_stop();
        while (m_running > 0)
            if (auto outcome = m_mailbox.take(std::chrono::milliseconds(200)))
                if (auto put = giveBack(*outcome); !put && ended)
                    ended = std::move(put).error();
        m_workers.clear();
        if (!ended)
            return std::move(ended).error();
        tell(RunEvent::Kind::Finished, {}, m_summary.reason);
        return m_summary;
    }

private:
    void tell(RunEvent::Kind kind, TrialId trial, std::string text) const {
        if (m_report)
            m_report({kind, trial, std::move(text)});
    }

    [[nodiscard]] const RunnerConfiguration& configuration() const { return *m_study.definition.runner; }
    [[nodiscard]] int jobs() const { return std::max(1, m_options.jobs.value_or(configuration().jobs)); }
    [[nodiscard]] std::optional<int> budget() const {
        return m_options.budget ? m_options.budget : m_study.definition.strategy.budget;
    }

    [[nodiscard]] int finished() const {
        return static_cast<int>(
            std::count_if(m_study.trials.begin(), m_study.trials.end(), [](const Trial& trial) {
                return trial.state == TrialState::Complete || trial.state == TrialState::Failed;
            }));
    }

    Result<void> refresh() {
        ALIDADE_ASSIGN(Changes changes, m_file.changesSince(m_revision));
        m_revision = changes.revision;
        if (changes.definition)
            m_study.definition = std::move(*changes.definition);
        for (Trial& trial : changes.trials) {
            if (Trial* known = m_study.find(trial.id)) {
                *known = std::move(trial);
            } else {
                const auto place =
                    std::lower_bound(m_study.trials.begin(), m_study.trials.end(), trial.id,
                                     [](const Trial& other, TrialId id) { return other.id < id; });
                m_study.trials.insert(place, std::move(trial));
            }
        }
        for (const TrialId id : changes.removed)
            std::erase_if(m_study.trials, [&](const Trial& trial) { return trial.id == id; });
        if (!m_study.definition.runner)
            return makeError(ErrorCode::InvalidConfiguration, "the study's command was removed while it ran",
                             "runner");
        return {};
    }

    Result<void> loop() {
        for (;;) {
            while (auto outcome = m_mailbox.take(std::chrono::milliseconds(0))) {
                ALIDADE_CHECK(record(*outcome));
            }
            ALIDADE_CHECK(refresh());
            const bool used = budget() && finished() + m_running >= *budget();
            if (m_monitor.stopRequested()) {
                m_summary.stopped = true;
                m_summary.reason = "stopped on request";
                return {};
            }
            if (used && m_running == 0) {
                m_summary.reason = "the budget of " + std::to_string(*budget()) + " trials is used";
                return {};
            }
            if (m_exhausted && m_running == 0) {
                m_summary.reason = "every setting of the space has been tried";
                return {};
            }
            if (!used && m_running < jobs()) {
                ALIDADE_ASSIGN(const bool started, startOne());
                if (started)
                    continue;
            }
            if (auto outcome = m_mailbox.take(std::chrono::milliseconds(100))) {
                ALIDADE_CHECK(record(*outcome));
            }
        }
    }

    Result<bool> startOne() {
        ALIDADE_ASSIGN(std::optional<Trial> trial, m_file.claim(currentProcess()));
        if (!trial) {
            if (m_exhausted)
                return false;
            ALIDADE_CHECK(askForSuggestions());
            return !m_exhausted;
        }
        ++m_running;
        tell(RunEvent::Kind::TrialStarted, trial->id, "");
        const TrialId id = trial->id;
        m_workers.insert_or_assign(id, std::jthread([this, definition = m_study.definition,
                                                     taken = std::move(*trial)](std::stop_token) {
                                       measure(definition, taken, m_mailbox, m_stop.get_token());
                                   }));
        return true;
    }

    Result<void> askForSuggestions() {
        for (int attempt = 0; attempt < kSuggestTries && !m_monitor.stopRequested(); ++attempt) {
            ALIDADE_CHECK(refresh());
            auto suggested = suggest(
                m_study, static_cast<std::size_t>(std::max(1, m_study.definition.strategy.batch)),
                {m_options.threads, readSources(m_study.definition.strategy, m_options.file)}, m_monitor);
            if (!suggested) {
                m_exhausted = suggested.error().code == ErrorCode::Exhausted;
                if (m_exhausted || suggested.error().code == ErrorCode::Cancelled)
                    return {};
                return std::move(suggested).error();
            }
            std::vector<Trial> trials;
            for (const Suggestion& suggestion : suggested->suggestions) {
                Trial trial;
                trial.origin = suggestion.origin;
                trial.reason = suggestion.reason;
                trial.setting = suggestion.setting;
                trials.push_back(std::move(trial));
            }
            const auto added = m_file.addTrials(trials, m_revision);
            if (!added && added.error().code == ErrorCode::Conflict)
                continue; // somebody else wrote meanwhile: think again with what they wrote
            if (!added)
                return added.error();
            for (std::size_t i = 0; i < added->size(); ++i)
                tell(RunEvent::Kind::Suggested, (*added)[i], trials[i].reason);
            return {};
        }
        return {};
    }

    Result<void> keepOutput(const Outcome& outcome) {
        ALIDADE_CHECK(
            m_file.storeOutput(outcome.trial.id, OutputStream::StandardOutput, outcome.process.output));
        return m_file.storeOutput(outcome.trial.id, OutputStream::StandardError, outcome.process.errorOutput);
    }

    static void removeTemporary(const Outcome& outcome) {
        std::error_code ignored; // a directory left in the temporary folder does no harm
        if (!outcome.temporary.empty())
            std::filesystem::remove_all(outcome.temporary, ignored);
    }

    Result<void> giveBack(const Outcome& outcome) {
        if (outcome.process.succeeded())
            return record(outcome); // it finished just in time
        --m_running;
        m_workers.erase(outcome.trial.id);
        removeTemporary(outcome);
        return m_file.release(outcome.trial.id);
    }

    Result<void> record(const Outcome& outcome) {
        --m_running;
        m_workers.erase(outcome.trial.id); // joins: it has posted its last word
        const TrialId id = outcome.trial.id;
        ALIDADE_CHECK(keepOutput(outcome));
        std::string failure;
        Measurements values;
        std::vector<std::string> remarks;
        if (outcome.error) {
            failure = outcome.error->text();
        } else if (!outcome.process.succeeded()) {
            failure = outcome.process.failure;
        } else {
            auto read =
                readMeasurements(m_study.definition, outcome.trial.setting, configuration(), outcome.process);
            if (read) {
                values = std::move(read->values);
                remarks = std::move(read->remarks);
            } else {
                failure = read.error().message;
            }
        }
        removeTemporary(outcome);
        if (failure.empty()) {
            ALIDADE_CHECK(m_file.complete(id, values));
            ++m_summary.completed;
            std::string text;
            for (const auto& [measure, measurement] : values) {
                char figure[40];
                const int length = std::snprintf(figure, sizeof figure, "%.6g", measurement.value);
                text += (text.empty() ? "" : ", ") + m_study.definition.measureName(measure) + " " +
                        std::string(figure, static_cast<std::size_t>(std::max(0, length)));
            }
            for (const std::string& remark : remarks)
                text += "; " + remark;
            tell(RunEvent::Kind::TrialFinished, id, text);
            return {};
        }
        if (outcome.trial.attempt <= configuration().retries && !outcome.error) {
            ALIDADE_CHECK(m_file.release(id));
            tell(RunEvent::Kind::Message, id,
                 "attempt " + std::to_string(outcome.trial.attempt) + " failed (" + failure +
                     "); trying again");
            return {};
        }
        ALIDADE_CHECK(m_file.fail(id, failure));
        ++m_summary.failed;
        tell(RunEvent::Kind::TrialFailed, id, failure);
        m_sameFailures = m_summary.completed == 0 && failure == m_lastFailure ? m_sameFailures + 1 : 1;
        m_lastFailure = failure;
        if (m_summary.completed == 0 && m_sameFailures >= kSameFailures)
            return makeError(ErrorCode::Process, "the first " + std::to_string(kSameFailures) +
                                                     " trials all failed in the same way (" + failure +
                                                     "); check the command and run again");
        return {};
    }

    ProjectFile m_file;
    const RunOptions& m_options;
    const Monitor& m_monitor;
    const std::function<void(const RunEvent&)>& m_report;
    Study m_study;
    Revision m_revision = 0;
    RunSummary m_summary;
    Mailbox m_mailbox;
    std::stop_source m_stop;
    std::map<TrialId, std::jthread> m_workers;
    int m_running = 0;
    int m_sameFailures = 0;
    std::string m_lastFailure;
    bool m_exhausted = false;
};

} // namespace

Result<RunSummary> runStudy(const RunOptions& options, const Monitor& monitor,
                            const std::function<void(const RunEvent&)>& report) {
    ALIDADE_ASSIGN(ProjectFile file, ProjectFile::open(options.file));
    if (file.isReadOnly())
        return makeError(ErrorCode::ReadOnly, file.notice(), options.file.string());
    Runner runner(std::move(file), options, monitor, report);
    return runner.run();
}

} // namespace alidade
