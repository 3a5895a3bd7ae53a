#!/usr/bin/env python3
"""Checks the rules of the house that a compiler does not see: docs/architecture.md says why they hold.

usage: check_layout.py [ROOT]     prints one line per violation and exits with 1 when there is any
"""

import html
import pathlib
import re
import sys

# Folder of core -> the folders of core that it may include besides itself.
CORE_MAY_INCLUDE = {
    "base": "",
    "math": "base",
    "optim": "base math",
    "space": "base math",
    "study": "base space",
    "surrogate": "base math optim space study",
    "belief": "base math optim space study surrogate",
    "desirability": "base math study",
    "pareto": "base math",
    "acquisition": "base math optim space study surrogate belief desirability pareto",
    "suggest": "base math optim space study surrogate belief desirability pareto acquisition",
    "learning_rate": "base math",
    "fidelity": "base study suggest",
    "exchange": "base space study",
    "project_file": "base space study exchange",
}
# Folder of widgets -> the folders of widgets that it may include besides itself; all may include core.
WIDGETS_MAY_INCLUDE = {
    "document": "",
    "models": "document",
    "plots": "document",
    "editors": "document models plots",
    "pages": "document models plots editors dialogs",
    "dialogs": "document models plots editors",
}
NO_QT_WIDGETS = ("document", "models")
QT_WIDGET_HEADER = re.compile(
    r"^(QtWidgets|QtCharts|QWidget\w*|QMainWindow|Q\w*Dialog|QMessageBox|QApplication|QLabel|QMenu|QMenuBar|"
    r"Q(AbstractItem|Table|Tree|List|Graphics|Column|Header|Chart|Undo)View|Q(Table|Tree|List)Widget|"
    r"Q\w*Layout|Q\w*Button|QComboBox|QCheckBox|Q\w*SpinBox|QLineEdit|Q\w*TextEdit|QStyle|QStyledItemDelegate|"
    r"QGraphics\w+|QToolTip|QChart\w*|QSplitter|QTabWidget|QToolBar|QStatusBar|QDockWidget|QCompleter|QHeaderView)$")

LINES_WITH_REASON = 500
LINES_AT_MOST = 800
MAY_CATCH_ALL = ("app/main.cpp", "core/base/parallel.cpp", "widgets/document/job_runner.cpp",
                 "widgets/document/job_runner.h")
# Things that belong to a developer's machine or desk and not into the project.
FOREIGN = re.compile(r"(?<![\w.~$}])/(?:work|root|home)/\w|\.\./shared\b|\b(?:DESIGN|STYLE|BRIEF)\.md\b|\b(?:TODO|FIXME|XXX|HACK)\b")
UNTRANSLATED = re.compile(
    r'\b(?:set(?:Text|ToolTip|StatusTip|WhatsThis|WindowTitle|PlaceholderText|Title|TitleText|AccessibleName)|'
    r'addAction|addMenu|addTab|addRow|QLabel|QPushButton|QCheckBox|QAction|QGroupBox)\(\s*'
    r'(?:QString\()?u?"[^"]*[A-Za-z]{3}')
FIXED_WAIT = re.compile(r"\bqWait\(|\bqSleep\(|\bsleep_for\(|\busleep\(|\bmsleep\(")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SOURCES = (".cpp", ".h")
TEXTS = SOURCES + (".py", ".md", ".json", ".txt", ".cmake", ".svg", ".desktop", ".sh", ".yml", ".qrc", ".ts", "")
TOP_FOLDERS = ("core", "widgets", "app", "tests", "tools", "docs", "resources", "translations", ".ci")


def without_comments(text):
    """The text with comments blanked (strings kept), line breaks in place."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)

    def blank(match):
        token = match.group(0)
        return token if token[0] in "\"'" else re.sub(r"[^\n]", " ", token)

    return pattern.sub(blank, text)


def without_strings(text):
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


class Checker:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.violations = []

    def report(self, path, line, message):
        self.violations.append("%s:%d: %s" % (path, line, message))

    def run(self):
        for top in TOP_FOLDERS:
            for path in sorted((self.root / top).rglob("*")):
                relative = path.relative_to(self.root).as_posix()
                if path.is_file() and "__pycache__" not in relative and not relative.startswith("tests/data/"):
                    self.check_file(path, relative)
        for path in sorted(self.root.glob("*")):
            if path.is_file() and path.name not in ("LICENSE", ".git"):
                self.check_text(path, path.name)
        self.check_registration()
        self.check_plurals()
        return self.violations

    def check_file(self, path, relative):
        self.check_text(path, relative)
        if path.suffix not in SOURCES:
            return
        if not re.fullmatch(r"[a-z0-9_]+\.(cpp|h)", path.name):
            self.report(relative, 1, "file names are lower case with underscores")
        text = path.read_text(encoding="utf-8")
        self.check_size(relative, text)
        code = without_comments(text)
        self.check_includes(relative, code)
        self.check_code(relative, without_strings(code), code)

    def check_text(self, path, relative):
        if path.suffix not in TEXTS or relative.startswith("tests/layout/"):
            return
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError:
            self.report(relative, 1, "text must be UTF-8")
            return
        for number, line in enumerate(lines, 1):
            found = FOREIGN.search(line)
            if found:
                self.report(relative, number, '"%s" does not belong into the project' % found.group(0))

    def check_size(self, relative, text):
        count = text.count("\n")
        if relative.startswith("resources/"):
            return
        if count > LINES_AT_MOST:
            self.report(relative, 1, "%d lines; at most %d" % (count, LINES_AT_MOST))
        elif count > LINES_WITH_REASON:
            if pathlib.PurePosixPath(relative).stem == "main_window":
                self.report(relative, 1, "%d lines; the main window only wires: at most %d" %
                            (count, LINES_WITH_REASON))
            elif not any(line.startswith("// Long because: ") for line in text.split("\n")[:5]):
                self.report(relative, 1, '%d lines; above %d the top says "// Long because: ..."' %
                            (count, LINES_WITH_REASON))

    def check_includes(self, relative, code):
        parts = relative.split("/")
        top = parts[0]
        folder = parts[1] if len(parts) > 2 else ""
        if top == "core" and folder not in CORE_MAY_INCLUDE:
            self.report(relative, 1, "core has no folder \"%s\"" % folder)
            return
        for number, line in enumerate(code.split("\n"), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, target = match.group(1) == '"', match.group(2)
            target_folder = target.split("/")[0] if "/" in target else ""
            if top == "core":
                if re.match(r"Qt|Q[A-Z]\w*$", target):
                    self.report(relative, number, "no Qt in core: %s" % target)
                elif quoted and target_folder and target_folder != folder and \
                        target_folder not in CORE_MAY_INCLUDE[folder].split():
                    self.report(relative, number, "core/%s does not include %s" % (folder, target))
            elif top == "widgets" and folder in WIDGETS_MAY_INCLUDE:
                if quoted and (self.root / "app" / target).exists():
                    self.report(relative, number, "widgets do not include app: %s" % target)
                elif quoted and target_folder in WIDGETS_MAY_INCLUDE and target_folder != folder and \
                        target_folder not in WIDGETS_MAY_INCLUDE[folder].split():
                    self.report(relative, number, "widgets/%s does not include %s" % (folder, target))
                elif folder in NO_QT_WIDGETS and not quoted and \
                        any(QT_WIDGET_HEADER.match(part) for part in target.split("/")):
                    self.report(relative, number, "no Qt Widgets in widgets/%s: %s" % (folder, target))

    def check_code(self, relative, bare, code):
        top = relative.split("/")[0]
        rules = []
        if relative.endswith(".h") and "#pragma once" not in bare:
            self.report(relative, 1, "headers begin with #pragma once")
        if relative.endswith(".h"):
            rules.append((re.compile(r"^\s*using namespace\b"), bare, "no using namespace in headers"))
        if top in ("app", "widgets"):
            rules.append((re.compile(r"\bprocessEvents\s*\(|\bQEventLoop\b"), bare, "no nested event loop"))
            rules.append((UNTRANSLATED, code, "text that users see goes through tr()"))
        if top in ("app", "widgets", "core") and relative not in MAY_CATCH_ALL:
            rules.append((re.compile(r"\bcatch\s*\(\s*\.\.\.\s*\)"), bare,
                          "catch (...) belongs into the job runner, main and parallel only"))
        if top == "tests" and relative.startswith(("tests/widgets/", "tests/app/", "tests/workflow/")):
            rules.append((FIXED_WAIT, bare, "tests wait for a condition, not for a time"))
        for pattern, text, message in rules:
            for number, line in enumerate(text.split("\n"), 1):
                if pattern.search(line):
                    self.report(relative, number, message)

    def check_registration(self):
        """A test that no CMakeLists.txt names would silently never run."""
        for path in sorted((self.root / "tests").rglob("tst_*.cpp")):
            lists = path.parent / "CMakeLists.txt"
            name = path.stem[len("tst_"):]
            if not lists.is_file() or not re.search(r"\b%s\b" % name, lists.read_text(encoding="utf-8")):
                self.report(path.relative_to(self.root).as_posix(), 1, "the test is not registered")

    def check_plurals(self):
        """English plurals of every text with %n, and no text half translated."""
        path = self.root / "translations" / "alidade_en.ts"
        name = "translations/alidade_en.ts"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        known = [html.unescape(source) for source in re.findall(r"<source>(.*?)</source>", text, re.DOTALL)]
        if 'type="unfinished"' in text or "<numerusform></numerusform>" in text:
            self.report(name, 1, "a text is not translated")
        for top in ("widgets", "app"):
            for source in sorted((self.root / top).rglob("*.cpp")):
                code = without_comments(source.read_text(encoding="utf-8"))
                for found in re.finditer(r'\btr\(\s*"((?:\\.|[^"\\\n])*%n(?:\\.|[^"\\\n])*)"', code):
                    if not any(other.startswith(found.group(1)) for other in known):
                        self.report(source.relative_to(self.root).as_posix(),
                                    code.count("\n", 0, found.start()) + 1,
                                    'the plurals of "%s" are missing in %s' % (found.group(1), name))


def main(arguments):
    root = arguments[1] if len(arguments) > 1 else pathlib.Path(__file__).resolve().parents[2]
    violations = Checker(root).run()
    for violation in violations:
        print(violation)
    print("layout: %d violation(s)" % len(violations))
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
