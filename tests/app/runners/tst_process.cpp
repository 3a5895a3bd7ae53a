#include "runners/process.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <thread>

using namespace alidade;

class ProcessTest : public QObject {
    Q_OBJECT
private slots:
    void runsAndMeasures();
    void tellsWhatWentWrong_data();
    void tellsWhatWentWrong();
    void endsWholeGroupAtTheLimit();
    void stopsOnRequest();
    void keepsBothEndsOfAFlood();
    void grandchildrenDoNotHoldIt();

private:
    static ProcessResult shell(const std::string& script, double timeout = 20.0) {
        ProcessRequest request;
        request.arguments = {"/bin/sh", "-c", script};
        request.timeoutSeconds = timeout;
        return runProcess(request);
    }
};

void ProcessTest::runsAndMeasures() {
    ProcessRequest request;
    request.arguments = {"/bin/sh", "-c",
                         "echo out; echo $WORD >&2; pwd; i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"};
    request.environment["WORD"] = "err or";
    request.directory = "/usr";
    const ProcessResult result = runProcess(request);
    QVERIFY(result.succeeded());
    QCOMPARE(result.output, std::string("out\n/usr\n"));
    QCOMPARE(result.errorOutput, std::string("err or\n"));
    QVERIFY(result.cpuSeconds > 0.0 && result.cpuSeconds <= result.wallSeconds * 1.5 + 0.05);
    QVERIFY(result.peakMemoryMiB > 0.1 && result.peakMemoryMiB < 1000.0);
}

void ProcessTest::tellsWhatWentWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("directory");
    QTest::addColumn<QString>("expected");
    QTest::newRow("status") << QStringList{"/bin/sh", "-c", "echo bad input >&2; exit 3"} << ""
                            << "exited with status 3: bad input";
    QTest::newRow("signal") << QStringList{"/bin/sh", "-c", "kill -SEGV $$"} << ""
                            << "killed by signal 11";
    QTest::newRow("missing") << QStringList{"zstdd-is-not-there"} << ""
                             << "not found: zstdd-is-not-there (is it installed?)";
    QTest::newRow("not a program") << QStringList{"/etc/passwd"} << ""
                                   << "/etc/passwd is not an executable program";
    QTest::newRow("directory") << QStringList{"/bin/true"} << "/no/such/place"
                               << "the working directory /no/such/place";
    QTest::newRow("empty") << QStringList{} << ""
                           << "the command is empty";
}

void ProcessTest::tellsWhatWentWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, directory);
    QFETCH(QString, expected);
    ProcessRequest request;
    for (const QString& argument : arguments)
        request.arguments.push_back(argument.toStdString());
    request.directory = directory.toStdString();
    const ProcessResult result = runProcess(request);
    QVERIFY(!result.succeeded());
    QVERIFY2(QString::fromStdString(result.failure).startsWith(expected), result.failure.c_str());
}

void ProcessTest::endsWholeGroupAtTheLimit() {
    // The program ignores SIGTERM and has a child; both must be gone afterwards.
    QElapsedTimer timer;
    timer.start();
    const ProcessResult result =
        shell("trap '' TERM; sleep 300 & echo $!; while true; do sleep 0.1; done", 0.3);
    QCOMPARE(result.end, ProcessResult::End::TimedOut);
    QVERIFY2(result.failure.starts_with("took longer than 0.3 s"), result.failure.c_str());
    const int child = std::stoi(result.output);
    QTRY_VERIFY(::kill(child, 0) != 0);
    QVERIFY(timer.elapsed() < 15000);
}

void ProcessTest::stopsOnRequest() {
    std::stop_source source;
    ProcessResult result;
    std::jthread worker([&] {
        ProcessRequest request;
        request.arguments = {"/bin/sleep", "300"};
        result = runProcess(request, Monitor(source.get_token()));
    });
    source.request_stop();
    worker.join();
    QCOMPARE(result.end, ProcessResult::End::Stopped);
}

void ProcessTest::keepsBothEndsOfAFlood() {
    ProcessRequest request;
    request.arguments = {"/bin/sh", "-c",
                         "echo first; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last"};
    request.outputLimit = 10000;
    const ProcessResult result = runProcess(request);
    QVERIFY(result.succeeded());
    QVERIFY(result.output.size() < 20000);
    QVERIFY(result.output.starts_with("first\n"));
    QVERIFY(result.output.ends_with("last\n"));
    QVERIFY(result.output.find("bytes left out") != std::string::npos);
}

void ProcessTest::grandchildrenDoNotHoldIt() {
    QElapsedTimer timer;
    timer.start();
    const ProcessResult result = shell("sleep 300 & echo done");
    QVERIFY(result.succeeded());
    QCOMPARE(result.output, std::string("done\n"));
    QVERIFY(timer.elapsed() < 15000);
}

QTEST_APPLESS_MAIN(ProcessTest)
#include "tst_process.moc"
