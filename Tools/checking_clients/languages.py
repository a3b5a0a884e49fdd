"""How each client is built, and which programs of it are run. One class a language, alike from outside:

    has(program)  a function that tells whether that program is installed
    build()       into the folder of this run
    drivers()     name to the command that plays transcripts
    smoke(addr)   runs the README's example and the language's own live test against a server
"""

import os
import shutil
import sys

from .live import example, run


class Language:
    def __init__(self, clients, folder):
        self.folder = os.path.join(folder, self.name)
        self.source = os.path.join(clients, self.name)
        self.readme = os.path.join(self.source, "README.md")
        os.makedirs(self.folder, exist_ok=True)

    def has(self, program):
        return lambda: shutil.which(program) is not None

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path


class Python(Language):
    name = "Python"
    programs = ("python3",)

    def has(self, program):
        return lambda: debian_python() is not None

    def build(self):
        """A wheel by setuptools without a network; the wheel itself is what is run."""
        copy = os.path.join(self.folder, "source")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        build = "from setuptools import build_meta; print(build_meta.build_wheel('..'))"
        self.wheel = os.path.join(self.folder, run([debian_python(), "-c", build], cwd=copy).splitlines()[-1])
        self.environment = {**os.environ, "PYTHONPATH": self.wheel, "PYTHONDONTWRITEBYTECODE": "1"}

    def drivers(self):
        driver = os.path.join(self.source, "tests", "driver.py")
        command = ["env", f"PYTHONPATH={self.wheel}", "PYTHONDONTWRITEBYTECODE=1", sys.executable, driver]
        return {"Python, asyncio": command, "Python, threads": [*command, "sync"]}

    def smoke(self, address):
        code = self.write("example.py", example(self.readme, "python", address))
        run([sys.executable, code], env=self.environment)
        run([sys.executable, os.path.join(self.source, "tests", "live.py"), address], env=self.environment)
        run([sys.executable, "-m", "foretaste", address, "ping", '{"echo":"x"}'], env=self.environment)
        if shutil.which("mypy"):
            settings = os.path.join(self.source, "pyproject.toml")
            run(["mypy", "--config-file", settings, "--cache-dir", os.path.join(self.folder, "mypy"), os.path.join(self.source, "foretaste"), code], env={**os.environ, "MYPYPATH": self.source})


def debian_python():
    """One that has setuptools and wheel, or None."""
    for candidate in ("/usr/bin/python3", sys.executable):
        if os.path.exists(candidate) and os.system(f"{candidate} -c 'import setuptools, wheel' 2>/dev/null") == 0:
            return candidate
    return None


class TypeScript(Language):
    name = "TypeScript"
    programs = ("node", "tsc")

    def build(self):
        self.package = os.path.join(self.folder, "node_modules", "foretaste-client")
        shutil.rmtree(self.package, ignore_errors=True)
        shutil.copytree(self.source, self.package, ignore=shutil.ignore_patterns("dist", "tests"))
        run(["node", "build.mjs"], cwd=self.package)
        if shutil.which("npm"):
            packed = run(["npm", "pack", "--dry-run", "--ignore-scripts"], cwd=self.package)
            if "dist/esm/index.d.ts" not in packed or "src/" in packed:
                raise RuntimeError(f"the package does not hold what it should:\n{packed}")

    def drivers(self):
        return {"TypeScript": ["node", os.path.join(self.source, "tests", "driver.mjs"), self.package]}

    def smoke(self, address):
        # As a user of the package has it: checked strictly, found by its name, run.
        self.write("tsconfig.json", '{"compilerOptions":{"target":"ES2022","module":"ES2022","moduleResolution":"node","lib":["ES2022","DOM"],"types":[],"strict":true,"outDir":"out"},"files":["example.ts"]}')
        self.write("package.json", '{"type":"module"}')
        self.write("example.ts", example(self.readme, "ts", address))
        run(["tsc", "-p", self.folder])
        run(["node", os.path.join(self.folder, "out", "example.js")])
        common = self.write("common.cjs", 'const { Client } = require("foretaste-client"); if (typeof new Client().recommendUser !== "function") process.exit(1);\n')
        run(["node", common])
        run(["node", os.path.join(self.source, "tests", "live.mjs"), self.package, address])


class Java(Language):
    name = "Java"
    programs = ("javac", "java", "jar")

    def build(self):
        run([os.path.join(self.source, "build.sh"), self.folder])
        self.jar = os.path.join(self.folder, "foretaste-client-0.1.0.jar")
        self.tests = os.path.join(self.folder, "tests")
        folder = os.path.join(self.source, "src", "test", "java", "foretaste")
        sources = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        sources.append(self.write("Example.java", example(self.readme, "java")))
        run(["javac", "--release", "17", "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-cp", self.jar, "-d", self.tests, *sources])

    def command(self, program, *arguments):
        return ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", f"{self.jar}:{self.tests}", program, *arguments]

    def drivers(self):
        return {"Java": self.command("foretaste.Driver")}

    def smoke(self, address):
        run(self.command("foretaste.LiveTest", address))
        # Compiled above with the address of the text; a file of one class is run as it is.
        run(["java", "-cp", self.jar, self.write("Example.java", example(self.readme, "java", address))])


class Swift(Language):
    name = "Swift"
    programs = ("swift",)
    product = "foretaste-client-driver"

    def build(self):
        """The whole package's folder of debug builds, so that nothing is compiled twice where its tests are built too."""
        package = os.path.normpath(os.path.join(self.source, "..", "..", ".."))
        given = os.environ.get("FORETASTE_CLIENT_DRIVER")
        if given is None:
            run(["swift", "build", "--package-path", package, "--product", self.product])
            given = os.path.join(package, ".build", "debug", self.product)
        self.driver = given
        self.check_example()

    def check_example(self):
        """A block of code in a text is compiled as a part of the driver: both must say the same."""
        with open(os.path.join(self.source, "Tests", "Driver", "Example.swift"), encoding="utf-8") as stream:
            compiled = [line.strip() for line in stream]
        shown = [line.strip() for line in example(self.readme, "swift", "").splitlines()]
        lines = [line.replace('servers: ""', "servers: address") for line in shown if line]
        missing = [line for line in lines if line not in compiled]
        if missing:
            raise RuntimeError(f"{self.readme} shows what Tests/Driver/Example.swift does not have: {missing[0]}")

    def drivers(self):
        return {"Swift": [self.driver]}

    def smoke(self, address):
        run([self.driver, "live", address])


class Perl(Language):
    """The example that was written from the specification alone: no transcripts, only a live server."""

    name = "Perl"
    programs = ("perl",)

    def build(self):
        self.script = os.path.join(self.source, "foretaste.pl")
        run(["perl", "-c", self.script])

    def drivers(self):
        return {}

    def smoke(self, address):
        ask = [self.script, "--server", address]
        if run([*ask, "ping", '{"echo":"é🧀"}']) != '{"echo":"é🧀"}\n':
            raise RuntimeError("foretaste.pl does not echo")
        lines = "".join(f'{{"userId":"u{number}","count":50}}\n' for number in range(1000))
        answers = run([*ask, "--pipeline", "recommend.user"], input=lines).splitlines()
        if len(answers) != 1000 or not all(answer.startswith('{"fallbackUsed":') for answer in answers):
            raise RuntimeError(f"foretaste.pl has {len(answers)} answers to 1000 requests, or not the right ones")


ALL = (Python, TypeScript, Java, Swift, Perl)
