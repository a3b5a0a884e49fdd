// When a call is over without an answer: its time, or its caller.

import { TimedOut } from "./errors.js";
import type { Signal } from "./options.js";

type Settle<Value> = [resolve: (value: Value) => void, reject: (error: unknown) => void];

/** Belongs to one call; `stop` at its end. */
export class Limit {
  private ended: { readonly reason: unknown } | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly timer: unknown;
  private readonly onAbort = (): void => this.end(this.signal?.reason ?? new Error("aborted"));

  constructor(readonly milliseconds: number, private readonly signal: Signal | undefined, what: string) {
    this.timer = setTimeout(() => this.end(new TimedOut(`${what}: no answer within ${milliseconds} ms`)), milliseconds);
    if (signal?.aborted) this.onAbort();
    else signal?.addEventListener("abort", this.onAbort);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.onAbort);
  }

  check(): void {
    if (this.ended !== undefined) throw this.ended.reason;
  }

  /** A promise of what `begin` settles, or of the end of the call, which then calls what `begin` returned. */
  wait<Value>(begin: (...settle: Settle<Value>) => () => void): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended.reason);
      const giveUp = (): void => {
        undo();
        reject(this.ended?.reason);
      };
      this.listeners.add(giveUp);
      const undo = begin(
        (value) => {
          this.listeners.delete(giveUp);
          resolve(value);
        },
        (error) => {
          this.listeners.delete(giveUp);
          reject(error);
        },
      );
    });
  }

  pause(milliseconds: number): Promise<void> {
    return this.wait<void>((resolve) => {
      const timer = setTimeout(() => resolve(), milliseconds);
      return () => clearTimeout(timer);
    });
  }

  private end(reason: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = { reason };
    this.stop();
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }
}
