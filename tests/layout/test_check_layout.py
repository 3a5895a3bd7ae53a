#!/usr/bin/env python3
"""Each rule of check_layout.py rejects a bad sample and lets a good one pass."""

import pathlib
import tempfile
import unittest

import check_layout


class Layout(unittest.TestCase):
    def violations(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return check_layout.Checker(root).run()

    def rejects(self, name, text, message, **others):
        found = self.violations({name: text, **others})
        self.assertTrue(any(violation.startswith(name + ":") and message in violation for violation in found),
                        "expected \"%s\", found %s" % (message, found))

    def accepts(self, name, text, **others):
        self.assertEqual(self.violations({name: text, **others}), [])

    def test_core_includes(self):
        self.rejects("core/math/a.cpp", '#include "study/study.h"\n', "core/math does not include study")
        self.rejects("core/base/a.cpp", '#include "math/b.h"\n', "core/base does not include math")
        self.rejects("core/extra/a.cpp", "int a;\n", 'core has no folder "extra"')
        self.accepts("core/exchange/a.cpp", '#include "space/b.h"\n#include "exchange/c.h"\n#include "own.h"\n')
        self.accepts("core/math/a.cpp", '// #include "study/study.h"\n/* #include "study/a.h" */\n')

    def test_no_qt_in_core(self):
        self.rejects("core/base/a.cpp", "#include <QString>\n", "no Qt in core")
        self.rejects("core/base/a.h", "#pragma once\n#include <QtCore/QString>\n", "no Qt in core")
        self.accepts("core/base/a.cpp", "#include <queue>\n#include <Eigen/QR>\n")

    def test_widgets_never_include_app(self):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {"app/runners/a.h": "#pragma once\n",
                               "widgets/pages/b.cpp": '#include "runners/a.h"\n'}.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True)
                path.write_text(text, encoding="utf-8")
            self.assertEqual(check_layout.Checker(root).run(),
                             ["widgets/pages/b.cpp:1: widgets do not include app: runners/a.h"])

    def test_widgets_includes(self):
        self.rejects("widgets/document/a.cpp", '#include "plots/b.h"\n', "widgets/document does not include")
        self.rejects("widgets/plots/a.cpp", '#include "pages/b.h"\n', "widgets/plots does not include")
        self.rejects("widgets/models/a.cpp", "#include <QTableView>\n", "no Qt Widgets in widgets/models")
        self.rejects("widgets/document/a.cpp", "#include <QtWidgets/QLabel>\n", "no Qt Widgets")
        self.accepts("widgets/models/a.cpp", "#include <QStringView>\n#include <QUndoStack>\n"
                                             '#include "study/study.h"\n#include "document/b.h"\n')
        self.accepts("widgets/pages/a.cpp", '#include <QWidget>\n#include "plots/b.h"\n')

    def test_sizes(self):
        self.rejects("core/base/a.cpp", "int a;\n" * 801, "801 lines; at most 800")
        self.rejects("core/base/a.cpp", "int a;\n" * 501, "Long because")
        self.rejects("app/main_window.cpp", "// Long because: it is.\n" + "int a;\n" * 501, "only wires")
        self.accepts("core/base/a.cpp", "// Long because: one table.\n" + "int a;\n" * 501)
        self.accepts("core/base/a.cpp", "int a;\n" * 500)

    def test_event_loops(self):
        self.rejects("widgets/pages/a.cpp", "QCoreApplication::processEvents();\n", "nested event loop")
        self.rejects("app/a.cpp", "QEventLoop loop;\n", "nested event loop")
        self.accepts("app/a.cpp", '// no QEventLoop here\nauto t = "QEventLoop";\n')

    def test_catch_all(self):
        self.rejects("core/math/a.cpp", "try { f(); } catch ( ... ) {}\n", "catch (...)")
        self.accepts("core/base/parallel.cpp", "try { f(); } catch (...) {}\n")
        self.accepts("core/math/a.cpp", "try { f(); } catch (const std::bad_alloc&) {}\n")

    def test_translation(self):
        self.rejects("widgets/pages/a.cpp", 'label->setText("Number of trials");\n', "tr()")
        self.rejects("app/a.cpp", 'auto* b = new QPushButton(QString("Run it"));\n', "tr()")
        self.accepts("widgets/pages/a.cpp", 'label->setText(tr("Trials"));\nlabel->setText("%");\n'
                                            'edit->setPlaceholderText(QStringLiteral("OMP_NUM_THREADS=1"));\n')

    def test_plurals(self):
        file = "<source>Suggest %n &quot;trial(s)&quot; now</source>"
        self.rejects("app/a.cpp", 'tr("%n trial(s)", nullptr, n);\n', "plurals",
                     **{"translations/alidade_en.ts": file})
        self.rejects("translations/alidade_en.ts", file + '<translation type="unfinished">', "not translated")
        self.accepts("app/a.cpp", 'tr("Suggest %n "\n   "more", nullptr, n);\n',
                     **{"translations/alidade_en.ts": file})

    def test_waits(self):
        lists = {"tests/widgets/pages/CMakeLists.txt": "alidade_test(a widgets)\n"}
        self.rejects("tests/widgets/pages/tst_a.cpp", "QTest::qWait(100);\n", "not for a time", **lists)
        self.accepts("tests/widgets/pages/tst_a.cpp", "QTRY_VERIFY(done);\n", **lists)

    def test_registration(self):
        self.rejects("tests/core/base/tst_a.cpp", "int a;\n", "not registered")
        self.rejects("tests/core/base/tst_a.cpp", "int a;\n", "not registered",
                     **{"tests/core/base/CMakeLists.txt": "alidade_test(ab core)\n"})
        self.accepts("tests/core/base/tst_a.cpp", "int a;\n",
                     **{"tests/core/base/CMakeLists.txt": "alidade_test(a core)\n"})

    def test_headers_and_names(self):
        self.rejects("core/base/a.h", "int a;\n", "#pragma once")
        self.rejects("core/base/a.h", "#pragma once\nusing namespace std;\n", "using namespace")
        self.rejects("core/base/BadName.cpp", "int a;\n", "lower case")

    def test_foreign_words(self):
        self.rejects("docs/a.md", "See /" + "home/me/notes.\n", "does not belong")
        self.rejects("core/base/a.cpp", "// TO" + "DO: later\n", "does not belong")
        self.rejects("README.md", "as ../" + "shared says\n", "does not belong")
        self.accepts("docs/a.md", "https://example.org/home/page and ~/.cache are fine\n")
        self.accepts("docs/a.md", "todo lists are a matter of taste\n")


if __name__ == "__main__":
    unittest.main()
