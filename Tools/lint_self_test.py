"""Made-up files for Tools/lint --self-test: for each rule some that must fail and some near them that must pass."""

# Paths and words that the rules look for are put together here, so that this file passes them.
HOME = "/" + "home/"
LATER = "TO" + "DO"

# rule: [(path, text that must be found)]
BAD = {
    "top-level": [("Scripts/build.sh", "true\n"), ("LICENCE.txt", "x\n")],
    "file-length": [("Sources/A/A.swift", "// x\n" * 501), ("Tools/check", "true\n" * 501)],
    "function-length": [
        ("Sources/A/A.swift", "struct A {\n    package func a(\n        _ b: Int = { 1 }()\n    ) {\n" + "        b()\n" * 68 + "    }\n}\n"),
        ("Tests/ATests/A.swift", "@Test func a() {\n" + "    #expect(true)\n" * 69 + "}\n"),
        ("Sources/A/A.swift", "    init(a: Int)\n    {\n" + "        a()\n" * 69 + "    }\n"),
    ],
    "forced": [("Sources/A/A.swift", "let a = try! b()\n"), ("Tests/ATests/A.swift", "let a = b as! C // #expect\n")],
    "fatal-error": [("Tools/foretaste/A.swift", 'fatalError("no")\n')],
    "unfinished": [("Sources/A/A.swift", f"// {LATER}: later\n"), ("Tools/check", f"# {LATER}\n"), ("README.md", LATER + "\n")],
    "sleep-in-test": [
        ("Tests/ATests/A.swift", "try await Task.sleep(for: .seconds(1))\n"), ("Tests/ATests/A.swift", "usleep(1)\n"),
        ("Tests/TestSupport/A.swift", "Thread.sleep(forTimeInterval: 1)\n"),
    ],
    "door-import": [
        ("Sources/EventLoop/A.swift", "import CLMDB\n"), ("Tests/KeyValueStoreTests/A.swift", "private import CLMDB\n"),
        ("Sources/EventLoop/A.swift", "import CNewDoor\n"), ("Tools/foretaste/A.swift", "@preconcurrency import CUV\n"),
    ],
    "foundation": [("Sources/A/A.swift", "import Foundation\n"), ("Sources/A/A.swift", "package import FoundationEssentials\n")],
    "one-version": [
        ("Sources/ServiceMethods/ServiceContext.swift", 'static let serverVersion = "999.0"\n'),
        ("Protocol/Clients/Python/pyproject.toml", 'version = "999.0"\n'),
    ],
    "catalogue-view": [
        ("Sources/ServiceMethods/A.swift", "let a = serving.index.items.index(of: id)\n"),
        ("Sources/RecommendationServer/A.swift", "let b = context.serving.segments\n"),
    ],
    "safety-note": [
        ("Sources/A/A.swift", "final class A: @unchecked Sendable {}\n"),
        ("Sources/A/A.swift", "// It is fine.\nnonisolated(unsafe) var a = 1\n"),
        ("Sources/A/A.swift", "// SAFETY: a lock\nlet b = 1\nfinal class A: @unchecked Sendable {}\n"),
    ],
    "machine-path": [("README.md", f"see {HOME}me/x\n"), ("Tools/check", f"cd {HOME}x\n"), ("Sources/A/A.swift", f'let a = "{HOME}b"\n')],
    "print": [("Sources/A/A.swift", '    print("x")\n'), ("Sources/RecommendationServer/A.swift", "debugPrint(a)\n")],
    "empty-catch": [("Sources/A/A.swift", "do { try a() } catch {}\n"), ("Sources/A/A.swift", "} catch let error as B {\n}\n")],
    "vague-name": [("Sources/A/StringUtils.swift", "\n"), ("Sources/A/ConnectionManager.swift", "\n"), ("Sources/A/Helpers.swift", "\n")],
    "placeholder": [("Sources/A/Placeholder.swift", "// Nothing.\n")],
    "commented-code": [("Sources/A/A.swift", "    // let a = 1\n"), ("Sources/A/A.swift", "// if a {\n//     b()\n// }\n")],
    "empty-test": [("Tests/ATests/A.swift", "@Test func a() { b() }\n")],
    "swallowed": [("Sources/A/A.swift", "let a = try? b()\n")],
}

GOOD = [
    ("README.md", "# Foretaste\nIts homepage is at example/home/x, and ../work is beside it.\n"),
    (".github-like/file", "dot-files are free\n"),
    ("Sources/A/A.swift", "// x\n" * 500),
    ("Sources/A/A.swift", "func a() {\n" + "    b()\n" * 68 + "}\n" + "func c() {\n" + "    d()\n" * 60 + "}\n"),
    ("Sources/A/A.swift", "protocol A {\n    func a() -> Int\n    func b()\n}\n" + "struct B {\n" + "    let a = 1\n" * 100 + "}\n"),
    ("Sources/A/A.swift", '/// Never `try!` or `fatalError(`.\nlet a = "as! \\(b("try!")) print("\n'),
    ("Sources/A/A.swift", 'let a = #"a "try! b" \\c"#\nlet b = """\n    try! "x" print(\n    """\n/* try! /* as! */ try! */\n'),
    ("Sources/A/A.swift", "func fatalErrorText() {}\nlog.print(1)\nsprint(2)\n"),
    ("Sources/CommandLineInterface/A.swift", "print(1)\n"),
    ("Sources/A/A.swift", "// Nothing is there to remove the second time.\ntry? remove()\n"),
    ("Sources/Embeddings/VectorFile/A.swift", "import FoundationEssentials\n"),
    ("Tools/foretaste/A.swift", "print(1)\nimport FoundationEssentials\n"),
    ("Sources/KeyValueStore/A.swift", "internal import CLMDB\n"),
    ("Sources/A/A.swift", "import CommandLineInterface\n"),
    ("Sources/A/A.swift", "/// Words.\n// SAFETY: `lock` guards it.\n@frozen\nfinal class A: @unchecked Sendable {}\n"),
    ("Sources/A/A.swift", "do { try a() } catch { log(error) }\nlet b = try c()\n"),
    ("Sources/A/A.swift", "// For the first of them, if any, the rest is as before.\n// return codes are in the header\n"),
    ("Tests/ATests/A.swift", "import Foundation\n@Test func a() { #expect(b == 1); let c = try? d() }\n"),
    ("Tests/ATests/A.swift", 'let a = "sleep(1)"\nlet sleeper = 1\n'),
    ("Sources/A/HelperThread.swift", "\n"),
    ("Protocol/A/A.swift", "// Generated by Tools/generate-clients: do not edit.\n" + "// x\n" * 501),
]


MANIFEST = """
door("CLMDB", pkgConfig: "lmdb", apt: "liblmdb-dev", brew: "lmdb"),
module("KeyValueStore", ["CLMDB"]),
module("Telemetry"),
module("Interactions", ["Telemetry"]),
program("foretaste", path: "Tools/foretaste", ["Interactions"]),
module("TestSupport", path: "Tests/TestSupport"),
tests("InteractionsTests", ["Interactions", "foretaste"], exclude: ["Goldens"]),
"""
TOGETHER = [
    ("Sources/KeyValueStore/A.swift", "internal import CLMDB\nstruct A {}\nprivate struct Shared {}\n"),
    ("Sources/Telemetry/A.swift", "package struct Shared {\n    struct Inner {}\n}\n"),
    ("Sources/Interactions/A.swift", "package import Telemetry\nstruct Inner {}\n"),
    ("Tools/foretaste/A.swift", "import struct Interactions.A\n@main struct Main {}\n"),
    ("Tests/InteractionsTests/A.swift", "import TestSupport\n@testable import Interactions\nstruct A {}\n"),
]

# What is changed of the good files or the manifest, so that a rule fails.
BAD_TOGETHER = {
    "declared-import": [(("Sources/Telemetry/B.swift", "import KeyValueStore\n"), None)],
    "unused-dependency": [(None, ('module("Telemetry")', 'module("Telemetry", ["KeyValueStore"])'))],
    "layers": [
        (None, ('module("Telemetry")', 'module("Telemetry", ["Interactions"])')),
        (("Sources/Newcomer/A.swift", "struct B {}\n"), ('module("Telemetry")', 'module("Telemetry"), module("Newcomer")')),
    ],
    "unique-type": [
        (("Sources/Interactions/B.swift", "/// Words.\npackage final class Shared {}\n"), None),
        (("Sources/Interactions/B.swift", "@frozen public enum A: Int { case a }\n"), None),
    ],
}


def rule_of(finding):
    return finding.split(": ")[1]


def together(File, findings, files, manifest):
    return list(findings([File(path, text) for path, text in files], manifest))


def run(File, findings, rules, findings_together, rules_together):
    """0 where every rule fails on each of its bad files and none fails on the good ones."""
    failures = []
    for name in rules:
        if not BAD.get(name):
            failures.append(f"{name}: there is no file that proves it can fail")
        for path, text in BAD.get(name, []):
            if name not in [rule_of(finding) for finding in findings(File(path, text))]:
                failures.append(f"{name}: not found in {path}: {text[:60]!r}")
    for path, text in GOOD:
        failures += [f"found in a good file: {finding} {text[:60]!r}" for finding in findings(File(path, text))]
    failures += failures_together(File, findings_together, rules_together)
    failures += [f"{name}: is no rule" for name in [*BAD, *BAD_TOGETHER] if name not in rules + rules_together]
    print("\n".join(failures), end="\n" if failures else "")
    count = sum(len(files) for files in [*BAD.values(), *BAD_TOGETHER.values()])
    good = len(GOOD) + len(TOGETHER)
    print(f"self-test: {len(rules + rules_together)} rules, {count} bad files, {good} good files, {len(failures)} failures")
    return 1 if failures else 0


def failures_together(File, findings, rules):
    failures = [f"found in good modules: {finding}" for finding in together(File, findings, TOGETHER, MANIFEST)]
    for name in rules:
        if not BAD_TOGETHER.get(name):
            failures.append(f"{name}: there is nothing that proves it can fail")
        for file, change in BAD_TOGETHER.get(name, []):
            files = TOGETHER + ([file] if file else [])
            manifest = MANIFEST.replace(*change) if change else MANIFEST
            if name not in [rule_of(finding) for finding in together(File, findings, files, manifest)]:
                failures.append(f"{name}: not found with {file or change}")
    return failures
