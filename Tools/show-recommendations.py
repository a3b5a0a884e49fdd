#!/usr/bin/env python3
"""Prints the answer of `foretaste call recommend.*`, from standard input, in lines for people."""

import json
import sys


def main():
    text = sys.stdin.read()
    try:
        answer = json.loads(text)
    except ValueError as error:
        sys.exit(f"the answer is not JSON ({error}): {text[:200]!r}")
    if "error" in answer:
        sys.exit(f"the server refused: {json.dumps(answer['error'], ensure_ascii=False)}")
    result = answer.get("result", answer)
    items = result.get("items")
    if not items:
        sys.exit(f"the answer holds no items: {text[:200]!r}")
    for rank, item in enumerate(items, start=1):
        fields = item.get("fields") or {}
        title = fields.get("title", item["id"])
        brand = fields.get("brand", "")
        price = fields.get("price")
        cost = f"{price:.2f}" if isinstance(price, (int, float)) else ""
        print(f"  {rank}. {title:<48.48} {brand:<18.18} {cost:>8}   {item['score']:.3f}  {item.get('source', '')}")
    if "fallbackUsed" in result:
        print(f"     fallback used: {'yes' if result['fallbackUsed'] else 'no'}")


if __name__ == "__main__":
    main()
