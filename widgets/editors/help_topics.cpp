// The texts of the built-in help.
#include "editors/help_topics.h"

#include <QCoreApplication>

#include <algorithm>

namespace alidade {
namespace {

struct HelpText {
    Q_DECLARE_TR_FUNCTIONS(Help)
};

QString tr(const char* text) {
    return HelpText::tr(text);
}

std::vector<HelpTopic> modelTopics() {
    return {
        {"prediction", tr("What do the mean and the interval say?"),
         tr("The mean is what the model expects of the noise-free value at a setting. With a probability of "
            "95 % "
            "the value lies inside the band, as far as the model is right."),
         tr("<p>The model is a Gaussian process of each measure, fitted to all finished trials. The band is "
            "wide "
            "where nothing was measured, and narrow near trials. It does not hold the scatter of repeated "
            "measurements: a single result may lie outside.</p><p>Whether such bands can be believed is "
            "shown by "
            "<a href=\"help:leave-one-out\">leave-one-out checks</a>.</p>")},
        {"profiler", tr("How is the profiler read?"),
         tr("Each curve shows an objective along one parameter while all others stay at the present setting. "
            "Drag "
            "the vertical line, or type a value, and every curve follows."),
         tr("<p>Points are measured trials, seen along the parameter; the fainter, the farther their other "
            "parameters are from the setting. Hatched stretches violate a constraint. The last row shows how "
            "much "
            "a measurement is worth there, see <a href=\"help:acquisition\">acquisition</a>, or how likely "
            "it is to "
            "stay within the limits.</p><p>Lock a parameter with the button beside its value: “Go to best”, "
            "“Set "
            "from trial” and “Maximise desirability” then leave it as it is, and search over the "
            "others.</p>")},
        {"lock", tr("What does it mean to lock a parameter?"),
         tr("A locked parameter keeps its value: it cannot be dragged, and setting all from a trial, going "
            "to the "
            "best, or maximising the desirability leaves it as it is. The others are searched around it."),
         tr("<p>Use it to ask: given that this parameter has to be so, which setting of the others is best? "
            "Locks "
            "belong to this view; they change neither the study nor the suggestions.</p>")},
        {"map", tr("What does the map show?"),
         tr("One quantity over two parameters, all others as in the present setting. Lines join settings of "
            "equal "
            "value; the star is the setting, and a click moves it."),
         tr("<p>Rings are measured trials, fainter the farther away their other parameters are. Hatched "
            "regions "
            "violate a constraint. Besides the mean, the map shows the standard deviation, the probability "
            "of "
            "feasibility and every <a href=\"help:acquisition\">acquisition</a>.</p>")},
        {"feasibility", tr("What is the probability of feasibility?"),
         tr("The chance that a trial at this setting succeeds and stays within all limits on measured "
            "values. It "
            "comes from models of the limited quantities and of failed trials."),
         tr("<p>Suggestions weigh it in: a setting that promises much but probably fails is suggested "
            "late.</p>")},
        {"importance", tr("Which parameters matter?"),
         tr("A share is the part of the outcome's variance over the whole space that a parameter explains: "
            "alone "
            "(first order), and with its interactions (total). Thin lines are 90 % intervals over functions "
            "that "
            "agree with the measurements."),
         tr("<p>The shares are Sobol indices of the model. If total is much larger than alone, the parameter "
            "acts "
            "together with others: see <a href=\"help:interactions\">interactions</a>. A model that predicts "
            "badly "
            "explains little, so look at the <a href=\"help:leave-one-out\">diagnostics</a> too.</p>")},
        {"permutation", tr("What do shuffled values tell?"),
         tr("The values of one parameter are shuffled among the trials, and unseen measurements are "
            "predicted from "
            "that. The more the error grows, the more the predictions rest on the parameter."),
         tr("<p>Unlike <a href=\"help:importance\">variance shares</a> this looks at the settings that were "
            "measured, "
            "not at the whole space. Lines: one standard deviation over the shuffles.</p>")},
        {"interactions", tr("What is an interaction?"),
         tr("Two parameters interact when the effect of one depends on the value of the other. The matrix "
            "shows "
            "which share of the variance only the pair explains."),
         tr("<p>Look at a pair with a large share on the <a href=\"help:map\">map</a>: its lines are neither "
            "straight "
            "nor parallel to an axis.</p>")},
        {"leave-one-out", tr("Can the model be trusted?"),
         tr("Leave-one-out: each trial is predicted by a model that has not seen it, and compared with what "
            "was "
            "measured. On the dashed line both agree; bars are 95 % intervals, noise included."),
         tr("<p>R² is the share of the variation that such predictions explain: 1 is perfect, 0 is no better "
            "than the "
            "mean of the other trials. See also <a href=\"help:residuals\">residuals</a> and "
            "<a href=\"help:calibration\">calibration</a>.</p>")},
        {"residuals", tr("What are standardised residuals?"),
         tr("The measured value less the predicted one, divided by the standard deviation that was "
            "predicted; each "
            "trial is left out in turn. Of a right model 95 % lie between the dashed lines, without a "
            "pattern."),
         tr("<p>A trial far outside is worth a second look: a wrong entry, a failed instrument, or a place "
            "where the "
            "function does something that the model does not expect. A click selects it everywhere.</p>")},
        {"calibration", tr("What is calibration?"),
         tr("Of the intervals with a stated probability, how many hold what was measured. Below the dashed "
            "line the "
            "model is too sure of itself, above it too cautious."),
         tr("<p>The band is what chance allows with so many trials; inside it nothing is proved.</p>")},
    };
}

std::vector<HelpTopic> acquisitionTopics() {
    return {
        {"acquisition", tr("What is an acquisition?"),
         tr("A number for each setting that says how much measuring it next is worth. Suggestions are "
            "settings where "
            "it is largest, under the constraints and apart from trials that wait."),
         tr("<p>It trades the chance of something better against the wish to learn. The page Trials tells "
            "for each "
            "suggestion which acquisition chose it and why.</p>")},
        {"expected-improvement", tr("What is expected improvement?"),
         tr("By how much a measurement at this setting is expected to beat the best so far, counting what is "
            "worse "
            "as nothing. It is large where the prediction is good, and where it is uncertain."),
         tr("<p>Its logarithm is shown, because it spans many orders of magnitude: a difference of 2.3 is a "
            "factor of "
            "10. Where it is small everywhere, little is left to gain. With several objectives it is the "
            "improvement "
            "of the hypervolume, see <a href=\"help:hypervolume\">there</a>.</p>")},
        {"noisy-improvement", tr("What is noisy expected improvement?"),
         tr("Expected improvement over what the best trial may really be worth, not over what was measured. "
            "A lucky "
            "measurement then does not set the mark too high."),
         tr("<p>Use it where repeated measurements differ. Without noise it equals "
            "<a href=\"help:expected-improvement\">expected improvement</a>.</p>")},
        {"knowledge-gradient", tr("What is the knowledge gradient?"),
         tr("By how much the best predicted value is expected to rise once this setting has been measured. "
            "It also "
            "counts what a measurement teaches about other settings."),
         tr("<p>Good for few, noisy and expensive measurements.</p>")},
        {"entropy-search", tr("What is entropy search?"),
         tr("How much a measurement at this setting is expected to tell about the best value "
            "(max-value), about where it lies (predictive), or about both (joint). The unit is the nat."),
         tr("<p>It looks for information rather than for a good result at once.</p>")},
        {"thompson", tr("What is a sample function?"),
         tr("One function drawn from all those that agree with the measurements. Thompson sampling measures "
            "where "
            "such a function is best."),
         tr("<p>Every draw differs, which spreads several trials at once over the promising places.</p>")},
        {"confidence-bound", tr("What is a confidence bound?"),
         tr("The mean moved by a multiple of the standard deviation towards the better side: an optimistic "
            "guess. "
            "Measuring where it is best explores what is uncertain and promising."),
         tr("<p>It has the unit of the objective.</p>")},
        {"probability-of-improvement", tr("What is the probability of improvement?"),
         tr("The chance that a measurement at this setting beats the best so far. It does not ask by how "
            "much, so it "
            "prefers small safe steps."),
         tr("<p>See <a href=\"help:expected-improvement\">expected improvement</a> for the amount.</p>")},
        {"improvement-per-cost", tr("What is improvement per cost?"),
         tr("Expected improvement divided by the time that the trial is expected to take. Cheap settings "
            "come first "
            "when they promise as much."),
         tr("<p>The time is predicted from the trials that have run.</p>")},
    };
}

std::vector<HelpTopic> outcomeTopics() {
    return {
        {"best-so-far", tr("What is the best so far?"),
         tr("The best feasible value among all trials that had finished by then. Where settings were "
            "repeated it is a "
            "mean of repeats, and the band its 95 % interval (Student's t)."),
         tr("<p>Marks tell by shape and colour where a trial's setting came from. Triangles at the border "
            "are values "
            "far outside, which would press the rest flat; crosses are trials that failed. Where a target or "
            "a range is wanted there is no best value, only "
            "the best <a href=\"help:desirability\">desirability</a>.</p>")},
        {"regret", tr("What is regret?"),
         tr("How far the best so far is from the known optimum. On the logarithmic axis a straight line "
            "means that "
            "each trial removes the same share of what is left."),
         tr("<p>It needs a known optimum, which only test problems have.</p>")},
        {"timeline", tr("What does the timeline show?"),
         tr("A bar is a trial from its start to its end, a lane one place where trials run. Dotted bars were "
            "registered and waited for their start; hatched ones failed."),
         tr("<p>Gaps in the lanes are time in which nothing was measured.</p>")},
        {"learning-curves", tr("What are learning curves?"),
         tr("Intermediate measurements of a trial, step by step, as its program reported them. Curves that "
            "stop early "
            "were stopped, because others promised more."),
         tr("<p>Report a step with <tt>alidade report FILE ID loss=0.3 --step 5</tt>, or over the "
            "protocol.</p>")},
        {"comparison", tr("How are projects compared?"),
         tr("Each line is what a project had reached after so many finished trials. Repeated runs, whose "
            "names differ "
            "by a number at the end, become a median with a band between the quartiles."),
         tr("<p>Objectives are matched by name. The other projects are only read.</p>")},
        {"distribution", tr("What is an empirical distribution function?"),
         tr("The share of the measured trials at or below each value. A curve further on the better side "
            "means better "
            "trials all along, not only one lucky one."),
         tr("<p>EDF for short.</p>")},
        {"parallel", tr("How are parallel coordinates read?"),
         tr("One vertical axis for each quantity and one line for each trial. Drag along an axis to keep a "
            "range; what "
            "is inside is selected everywhere."),
         tr("<p>Drag a name to move its axis: a relation is seen best between neighbours. A click on an axis "
            "takes "
            "its range away, Escape takes all away. Keys: Left and Right choose an axis, Ctrl moves it; Up "
            "and Down "
            "move the upper end of its range, with Ctrl the lower one. Values that a trial does not have, "
            "because "
            "the parameter was not active, lie below the axis.</p>")},
        {"front", tr("What is a front?"),
         tr("The trials that no other trial beats in all objectives at once: the best compromises. "
            "Everything beyond "
            "the line is worse than one of them in every objective."),
         tr("<p>Objectives count in their direction, larger or smaller. An objective whose "
            "<a href=\"help:desirability\">desirability</a> has a target or a range is counted by its "
            "distance from "
            "that, because on both sides of it things get worse.</p>")},
        {"hypervolume", tr("What is hypervolume?"),
         tr("The area (with three objectives the volume) between the front and the reference point. It grows "
            "when the "
            "front moves on or becomes denser."),
         tr("<p>The reference point holds the worst acceptable values; drag it, or give each objective its "
            "own on the "
            "page Goals. Only trials better than it in all objectives count.</p>")},
        {"modelled-front", tr("What is the modelled front?"),
         tr("What the models believe the front to be, between and beyond the trials. In 95 of 100 functions "
            "that agree "
            "with the measurements the front runs inside the band."),
         tr("<p>Where the band lies ahead of the measured line there is something to gain.</p>")},
        {"desirability", tr("What is desirability?"),
         tr("A number from 0 (useless) to 1 (could not be better) for a measured value. The overall "
            "desirability D is "
            "the weighted geometric mean, so one useless value makes the whole useless."),
         tr("<p>Shape the curves on the page Goals. Explore shows the expected D of every setting and finds "
            "the one "
            "where it is largest.</p>")},
        {"belief", tr("What is a belief?"),
         tr("What you claim before measuring: where the optimum lies, how good it can get, which setting is "
            "better. "
            "Suggestions follow it at first, and the data overrule it as they come."),
         tr("<p>The Bayes factor tells how much more likely the data are with the beliefs than without; "
            "below 1 they "
            "mislead.</p>")},
    };
}

std::vector<HelpTopic> windowTopics() {
    return {
        {"plots", tr("What can be done with a plot?"),
         tr("Drag to zoom into a rectangle, double click to see all again, point at something to read it. "
            "The right "
            "button copies and exports."),
         tr("<p>Wheel: zoom, after a click or with Ctrl. Middle button, or Shift and drag: move. Alt+Left "
            "and "
            "Alt+Right: earlier and later view. Keys . and , step from trial to trial, Enter selects. A "
            "click on an "
            "entry of the legend hides it.</p><p>A trial that is selected anywhere is marked "
            "everywhere.</p>")},
        {"export", tr("How are pictures and results handed on?"),
         tr("Every plot is saved as SVG, PDF, PNG or the data behind it (right button), with size, font, "
            "resolution and "
            "colours of your choice. The menu File saves trials, the front, a setting and a report."),
         tr("<p>A setting can be written as JSON, YAML, .env, command line or Python dict. All of it works "
            "without a "
            "window too: <tt>alidade export FILE --what … --to …</tt>.</p>")},
    };
}

} // namespace

const std::vector<HelpTopic>& helpTopics() {
    static const std::vector<HelpTopic> topics = [] {
        std::vector<HelpTopic> all;
        for (std::vector<HelpTopic> part :
             {windowTopics(), modelTopics(), acquisitionTopics(), outcomeTopics()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return topics;
}

const HelpTopic* findHelpTopic(const QString& key) {
    const std::vector<HelpTopic>& topics = helpTopics();
    const auto found = std::find_if(topics.begin(), topics.end(),
                                    [&key](const HelpTopic& topic) { return topic.key == key; });
    return found == topics.end() ? nullptr : &*found;
}

QString helpKey(AcquisitionKind kind) {
    switch (kind) {
    case AcquisitionKind::LogEi:
    case AcquisitionKind::Ei: return QStringLiteral("expected-improvement");
    case AcquisitionKind::Pi:
    case AcquisitionKind::LogPi: return QStringLiteral("probability-of-improvement");
    case AcquisitionKind::Ucb: return QStringLiteral("confidence-bound");
    case AcquisitionKind::Feasibility: return QStringLiteral("feasibility");
    case AcquisitionKind::LogNei: return QStringLiteral("noisy-improvement");
    case AcquisitionKind::Kg: return QStringLiteral("knowledge-gradient");
    case AcquisitionKind::Mes:
    case AcquisitionKind::Jes:
    case AcquisitionKind::Pes: return QStringLiteral("entropy-search");
    case AcquisitionKind::Thompson: return QStringLiteral("thompson");
    case AcquisitionKind::EiPerSecond: return QStringLiteral("improvement-per-cost");
    }
    return QStringLiteral("acquisition");
}

} // namespace alidade
