// The client: what a caller sees, and when a request is sent again.

import { ConnectionFailed, ServerError } from "./errors.js";
import { encodeBody } from "./frames.js";
import { Methods } from "./generated/methods.js";
import { methodTable } from "./generated/table.js";
import { Limit } from "./limit.js";
import { pauseMs, settingsOf } from "./options.js";
import type { CallOptions, ClientOptions, Settings } from "./options.js";
import { Pool } from "./pool.js";
import type { Reply } from "./reply.js";

/** A pool of connections to one or several servers that answer alike. */
export class Client extends Methods {
  private readonly settings: Settings;
  private readonly pool: Pool;

  constructor(options: ClientOptions = {}) {
    super();
    this.settings = settingsOf(options);
    this.pool = new Pool(this.settings);
  }

  /** Ends the connections; calls that wait for an answer fail. */
  close(): void {
    this.pool.close();
  }

  /** The result of any method. */
  async call<Result = { [name: string]: unknown }>(method: string, params?: object, options?: CallOptions): Promise<Result> {
    const reply = await this.request(method, params, options);
    return reply.result as unknown as Result;
  }

  /** As `call`, with the reply's `meta`. */
  async request(method: string, params?: object, options: CallOptions = {}): Promise<Reply> {
    // A `hello` that did not say so would end the strictness of its connection.
    if (method === "hello" && this.settings.strict) params = { strictParams: true, ...params };
    // Made once before anything is sent: what is no JSON never reaches a connection.
    let body = encodeBody(method, params, options);
    const isIdempotent = options.idempotent ?? methodTable.get(method)?.isIdempotent ?? false;
    const limit = new Limit(options.timeoutMs ?? this.settings.timeoutMs, options.signal, method);
    const begin = performance.now();
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await this.pool.request(body, limit);
        } catch (failure) {
          const pause = pauseMs(this.settings, attempt);
          const time = Math.min(limit.milliseconds, options.deadlineMs ?? Infinity);
          const isInTime = performance.now() - begin + pause < time;
          if (attempt >= this.settings.retries || !isInTime || !maySendAgain(failure, isIdempotent)) throw failure;
          await limit.pause(pause);
        }
        if (options.deadlineMs !== undefined) {
          const left = Math.max(1, Math.floor(options.deadlineMs - (performance.now() - begin)));
          body = encodeBody(method, params, { ...options, deadlineMs: left });
        }
      }
    } finally {
      limit.stop();
    }
  }
}

function maySendAgain(failure: unknown, isIdempotent: boolean): boolean {
  if (failure instanceof ServerError) {
    // A deadline is the whole call's: where the server says that it is over, there is no time for another attempt.
    return isIdempotent && failure.retryable && failure.reason !== "DEADLINE_EXCEEDED";
  }
  if (!(failure instanceof ConnectionFailed) || failure.kind === "PROTOCOL" || failure.kind === "CLIENT_CLOSED") return false;
  return isIdempotent || failure.wasNotReceived;
}
