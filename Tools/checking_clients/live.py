"""A real server with a sample shop, for the smoke tests and the examples of the READMEs."""

import os
import re
import subprocess
import time

START_SECONDS = 60


class LiveServer:
    """`foretaste-server` on a small made-up shop; `programs` is the folder of the release programs."""

    def __init__(self, programs, folder):
        shop = os.path.join(folder, "shop")
        index = os.path.join(folder, "shop.index")
        foretaste = os.path.join(programs, "foretaste")
        if not os.path.isdir(index):
            run([foretaste, "synthesize", "--users", "300", "--items", "120", "--seed", "7", "--out", shop])
            run([foretaste, "build", "--interactions", f"{shop}/interactions.csv", "--items", f"{shop}/items.jsonl", "--index", index])
        self.log = os.path.join(folder, "server.log")
        with open(self.log, "wb") as stream:
            self.process = subprocess.Popen(
                [os.path.join(programs, "foretaste-server"), "--index", index, "--listen", "127.0.0.1:0"], stdout=stream, stderr=subprocess.STDOUT
            )
        self.address = self.find_address()

    def find_address(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with open(self.log, encoding="utf-8", errors="replace") as stream:
                found = re.search(r"listening.*?(127\.0\.0\.1:\d+)", stream.read())
            if found:
                return found.group(1)
            time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"the server does not listen; see {self.log}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def run(command, **options):
    """Its output; where it fails, an error that holds what it said."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


def example(path, language, address=None):
    """The first block of code of this language in a README, with the address of the running server."""
    with open(path, encoding="utf-8") as stream:
        found = re.search(rf"^```{language}\n(.*?)^```", stream.read(), re.MULTILINE | re.DOTALL)
    if found is None:
        raise RuntimeError(f"{path} has no example in {language}")
    code = found.group(1)
    if address is not None and "127.0.0.1:7411" not in code:
        raise RuntimeError(f"the example of {path} does not name 127.0.0.1:7411")
    return code if address is None else code.replace("127.0.0.1:7411", address)
