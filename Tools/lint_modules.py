"""The rules of Tools/lint that look at the modules together: what they import, what they declare, and what stands on what."""

import re

# Bottom up: a module depends on its own layer and on those below. Algorithms stand below storage, storage below what serves it, and
# nothing below a transport knows one.
LAYERS = [
    ("doors", "CCurl CExpat CLMDB CMicroHTTPD COpenBLAS COpenBLASThread COpenSSL CRdKafka CScoringKernels CSimdjson CSodium CUV CXGBoost CZip CZlib CZstd"),
    ("base", "AccessKeys EventLoop ForetasteClient HTTPServer KafkaTopics KeyValueStore LinearAlgebra Printing ProtocolVectors ScoringKernels SeededRandom "
             "Spelling StoredFiles Telemetry TransportSecurity WireProtocol Workbooks"),
    ("vocabulary", "Interactions"),
    ("algorithms", "CommandLineInterface Embeddings Evaluation HybridBlending ItemFilter Prediction Recommenders Reporting Segmentation SyntheticShop TimeSeries Trends Tuning"),
    ("storage", "AnalyticsArtefacts LiveStore Personas RecommendationIndex"),
    ("use cases", "AnalyticsService BehaviourAnalytics IndexBuilding Insights LanguageModels LiveData PersonaMessages RecommendationService ServerCheckup Summaries"),
    ("methods", "DashboardPages ServiceMethods"),
    ("transports", "RecommendationServer ServerClient"),
    ("configuration", "ServerConfiguration"),
    ("programs", "foretaste foretaste-client-driver foretaste-load foretaste-server"),
]
LAYER_OF = {name: place for place, (_, names) in enumerate(LAYERS) for name in names.split()}

# Linked for what they do at a program's start, not for names.
LINKED_ONLY = {"COpenBLASThread"}
# What every program has one of.
TYPES_OF_PROGRAMS = {"Main"}


class Module:
    def __init__(self, kind, name, folder, dependencies, line):
        self.kind, self.name, self.folder = kind, name, folder
        self.dependencies, self.line = dependencies, line


def modules(manifest):
    """The targets that Package.swift declares by `module`, `program` and `tests`; and the names of all, doors too."""
    text = re.sub(r"//[^\n]*", lambda comment: " " * len(comment.group(0)), manifest)
    found = []
    for match in re.finditer(r'\b(module|program|tests)\(\s*"([\w-]+)"((?:[^()]|\([^()]*\))*)\)', text):
        kind, name, rest = match.groups()
        path = re.search(r'path:\s*"([^"]+)"', rest)
        rest = re.sub(r'(?:exclude|resources):\s*\[[^\]]*\]|path:\s*"[^"]+"', "", rest)
        folder = path.group(1) if path else ("Tests/" if kind == "tests" else "Sources/") + name
        line = text.count("\n", 0, match.start()) + 1
        found.append(Module(kind, name, folder, re.findall(r'"([\w-]+)"', rest), line))
    others = set(re.findall(r'(?:\bdoor\(\s*|\bname:\s*)"([\w-]+)"', text))
    return found, others | {module.name for module in found}


def imports(file, names):
    """Line and name of each import of a module of this package."""
    for number, line in enumerate(file.code, 1):
        match = re.match(r"\s*(?:@\w+\s+|public\s+|package\s+|internal\s+|private\s+)*import\s+(?:\w+\s+)?(\w+)", line)
        if match and match.group(1) in names:
            yield number, match.group(1)


def top_level_types(file):
    """Line and name of each type that other files of the module see."""
    for number, line in enumerate(file.code, 1):
        match = re.match(r"((?:@\w+(?:\([^)]*\))?\s+|\w+\s+)*?)(?:struct|class|enum|actor|protocol)\s+(\w+)\b", line)
        if match and "private" not in match.group(1):
            yield number, match.group(2)


def findings(files, manifest):
    """(rule, path, line, what to do), for `files` as Tools/lint has them."""
    declared, names = modules(manifest)
    owners = {}
    for module in declared:
        own = [file for file in files if file.is_swift and file.path.startswith(module.folder + "/")]
        yield from check_imports(module, own, names)
        yield from check_layers(module)
        # The client is for other packages, and no module of this one stands on it.
        is_client = module.folder.startswith("Protocol/Clients/")
        if module.kind != "tests" and module.name != "TestSupport" and not is_client:
            yield from check_types(module, own, owners)


def check_imports(module, own, names):
    allowed = set(module.dependencies) | {module.name} | ({"TestSupport"} if module.kind == "tests" else set())
    used = set()
    for file in own:
        for number, name in imports(file, names):
            used.add(name)
            if name not in allowed:
                yield "declared-import", file.path, number, f"{module.name} does not declare {name} in Package.swift"
    for name in module.dependencies:
        # Tests have programs built that they run.
        runs_it = module.kind == "tests" and LAYER_OF.get(name) == len(LAYERS) - 1
        if name not in used and name not in LINKED_ONLY and not runs_it:
            yield "unused-dependency", "Package.swift", module.line, f"{module.name} imports {name} nowhere"


def check_layers(module):
    if module.kind == "tests" or module.name == "TestSupport":
        return
    place = LAYER_OF.get(module.name)
    if place is None:
        yield "layers", "Package.swift", module.line, f"{module.name} stands in no layer: add it to LAYERS in Tools/lint_modules.py"
        return
    for name in module.dependencies:
        other = LAYER_OF.get(name)
        if other is not None and other > place:
            yield "layers", "Package.swift", module.line, (
                f"{module.name} ({LAYERS[place][0]}) depends on {name} ({LAYERS[other][0]}), which stands above it")


def check_types(module, own, owners):
    for file in own:
        for number, name in top_level_types(file):
            owner = owners.setdefault(name, module.name)
            if owner != module.name and name not in TYPES_OF_PROGRAMS:
                yield "unique-type", file.path, number, f"{owner} has a {name} too: one of them needs its own name"


RULES = ["declared-import", "unused-dependency", "layers", "unique-type"]
