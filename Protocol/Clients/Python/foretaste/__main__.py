"""From a shell: python3 -m foretaste [HOST:PORT] METHOD ['{"params": ...}']"""

from __future__ import annotations

import json
import os
import sys

from . import Client, ForetasteError
from ._frames import printable


def main(arguments: list[str]) -> int:
    server = "127.0.0.1:7411"
    if len(arguments) > 1 and not arguments[1].startswith("{") or (arguments and ":" in arguments[0]):
        server, arguments = arguments[0], arguments[1:]
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        params = json.loads(arguments[1]) if len(arguments) == 2 else None
        # One attempt: a person sees what happened, and decides.
        with Client(server, retries=0, connections=1, key=os.environ.get("FORETASTE_KEY")) as client:
            print(printable(json.dumps(client.call(arguments[0], params), ensure_ascii=False, indent=2)))
    except (ForetasteError, ValueError) as error:
        print(printable(f"foretaste: {error}"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
