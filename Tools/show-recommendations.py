#!/usr/bin/env python3
"""Prints the answer of `foretaste call recommend.*`, from standard input, in lines for people."""

import json
import re
import sys

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text):
    """Text of others without what would control a terminal or turn the direction of what follows; JSON stays the same value."""
    return UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def main():
    text = sys.stdin.read()
    try:
        answer = json.loads(text)
    except ValueError as error:
        sys.exit(f"the answer is not JSON ({error}): {text[:200]!r}")
    if "error" in answer:
        sys.exit(f"the server refused: {printable(json.dumps(answer['error'], ensure_ascii=False))}")
    result = answer.get("result", answer)
    items = result.get("items")
    if not items:
        sys.exit(f"the answer holds no items: {text[:200]!r}")
    for rank, item in enumerate(items, start=1):
        fields = item.get("fields") or {}
        title = printable(str(fields.get("title", item["id"])).replace("\n", " "))
        brand = printable(str(fields.get("brand", "")).replace("\n", " "))
        price = fields.get("price")
        cost = f"{price:.2f}" if isinstance(price, (int, float)) else ""
        print(f"  {rank}. {title:<48.48} {brand:<18.18} {cost:>8}   {item['score']:.3f}  {item.get('source', '')}")
    if "fallbackUsed" in result:
        print(f"     fallback used: {'yes' if result['fallbackUsed'] else 'no'}")


if __name__ == "__main__":
    main()
