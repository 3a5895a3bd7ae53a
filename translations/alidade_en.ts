<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BeliefWords</name>
    <message numerus="yes">
        <source>%n good settings</source>
        <translation>
            <numerusform>%n good setting</numerusform>
            <numerusform>%n good settings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message numerus="yes">
        <source>%n parameter(s)</source>
        <translation>
            <numerusform>%n parameter</numerusform>
            <numerusform>%n parameters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::FrontScatter</name>
    <message numerus="yes">
        <source>Off the axes: %n trial(s)</source>
        <translation>
            <numerusform>Off the axes: %n trial</numerusform>
            <numerusform>Off the axes: %n trials</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::FrontsPage</name>
    <message numerus="yes">
        <source>The %n waiting trial(s) are expected to add &lt;b&gt;%1&lt;/b&gt;; the chance that they add anything is %2.</source>
        <translation>
            <numerusform>The %n waiting trial is expected to add &lt;b&gt;%1&lt;/b&gt;; the chance that it adds anything is %2.</numerusform>
            <numerusform>The %n waiting trials are expected to add &lt;b&gt;%1&lt;/b&gt;; the chance that they add anything is %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::LearningRateFields</name>
    <message numerus="yes">
        <source>One rate for each of the %n step(s).</source>
        <translation>
            <numerusform>One rate for the %n step.</numerusform>
            <numerusform>One rate for each of the %n steps.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rate(s), interpolated over the steps of the run.</source>
        <translation>
            <numerusform>%n rate, interpolated over the steps of the run.</numerusform>
            <numerusform>%n rates, interpolated over the steps of the run.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::LearningRateImport</name>
    <message numerus="yes">
        <source>%n rate(s) from the column “%1”; the largest is the base rate.</source>
        <translation>
            <numerusform>%n rate from the column “%1”; the largest is the base rate.</numerusform>
            <numerusform>%n rates from the column “%1”; the largest is the base rate.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n norm(s) from the column “%1”.</source>
        <translation>
            <numerusform>%n norm from the column “%1”.</numerusform>
            <numerusform>%n norms from the column “%1”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n loss(es) from the column “%1”.</source>
        <translation>
            <numerusform>%n loss from the column “%1”.</numerusform>
            <numerusform>%n losses from the column “%1”.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::LearningRateRunForm</name>
    <message numerus="yes">
        <source>G × %n norm(s) of %1</source>
        <translation>
            <numerusform>G × %n norm of %1</numerusform>
            <numerusform>G × %n norms of %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::MainWindow</name>
    <message numerus="yes">
        <source>Import %n trial(s)</source>
        <translation>
            <numerusform>Import %n trial</numerusform>
            <numerusform>Import %n trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trial(s) imported.</source>
        <translation>
            <numerusform>%n trial imported.</numerusform>
            <numerusform>%n trials imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) left out; line %1: %2</source>
        <translation>
            <numerusform>%n row left out; line %1: %2</numerusform>
            <numerusform>%n rows left out; line %1: %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::PairsDialog</name>
    <message numerus="yes">
        <source>By what you know: which of these two would do better? %n more pair(s) wait.</source>
        <translation>
            <numerusform>By what you know: which of these two would do better? %n more pair waits.</numerusform>
            <numerusform>By what you know: which of these two would do better? %n more pairs wait.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::SourcesForm</name>
    <message numerus="yes">
        <source>%n result(s) lie in today&apos;s space, too few to learn from</source>
        <translation>
            <numerusform>%n result lies in today&apos;s space, too few to learn from</numerusform>
            <numerusform>%n results lie in today&apos;s space, too few to learn from</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result(s) lie in today&apos;s space; whether they are related shows after the first trials here</source>
        <translation>
            <numerusform>%n result lies in today&apos;s space; whether it is related shows after the first trials here</numerusform>
            <numerusform>%n results lie in today&apos;s space; whether they are related shows after the first trials here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: its %n result(s) help to predict yours (correlation %2 at the same setting)</source>
        <translation>
            <numerusform>%1: its %n result helps to predict yours (correlation %2 at the same setting)</numerusform>
            <numerusform>%1: its %n results help to predict yours (correlation %2 at the same setting)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::TrialsPage</name>
    <message numerus="yes">
        <source>Suggest %n trial(s)</source>
        <translation>
            <numerusform>Suggest %n trial</numerusform>
            <numerusform>Suggest %n trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) could not be used. Line %1: %2</source>
        <translation>
            <numerusform>%n row could not be used. Line %1: %2</numerusform>
            <numerusform>%n rows could not be used. Line %1: %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paste %n trial(s)</source>
        <translation>
            <numerusform>Paste %n trial</numerusform>
            <numerusform>Paste %n trials</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n complete</source>
        <translation>
            <numerusform>%n complete</numerusform>
            <numerusform>%n complete</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pending</source>
        <translation>
            <numerusform>%n pending</numerusform>
            <numerusform>%n pending</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>alidade::TrialsView</name>
    <message numerus="yes">
        <source>%n line(s) too many for the rows below the current cell; nothing was pasted.</source>
        <translation>
            <numerusform>%n line too many for the rows below the current cell; nothing was pasted.</numerusform>
            <numerusform>%n lines too many for the rows below the current cell; nothing was pasted.</numerusform>
        </translation>
    </message>
</context>
</TS>
