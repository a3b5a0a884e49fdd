// One connection: requests out, replies to those who wait for them. Owned by the pool.
//
//     a request's life:  send ─▶ pending ─▶ answered
//                                   └────▶ abandoned (its caller gave up) ─▶ answered, to nobody

import type { Socket } from "node:net";
import { ConnectionFailed, ForetasteError, isObject, ServerError } from "./errors.js";
import { cancellation, Decoder, frame } from "./frames.js";
import type { Reply } from "./reply.js";

/** What a server works on at a time for a connection; more would only wait in its socket. */
export const inFlightLimit = 128;

export interface Waiting {
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

export class Connection {
  private readonly decoder = new Decoder();
  private readonly pending = new Map<number, Waiting>();
  private readonly abandoned = new Set<number>();
  private nextId = 0;
  private isPaused = false;
  private lastReceived = performance.now();
  isGoingAway = false;
  /** Where `hello` said that the server knows how. */
  canCancel = false;
  failure: ForetasteError | undefined;

  constructor(private readonly socket: Socket, private readonly onChange: () => void) {
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.receive(chunk));
    socket.on("drain", () => {
      this.isPaused = false;
      this.onChange();
    });
    socket.on("end", () => this.ended());
    socket.on("error", (error) => this.close(new ConnectionFailed("CLOSED", `the connection broke: ${error.message}`)));
    socket.on("close", () => this.ended());
    socket.unref();
  }

  get inFlight(): number {
    return this.pending.size + this.abandoned.size;
  }

  get isUsable(): boolean {
    return this.failure === undefined && !this.isGoingAway;
  }

  get hasRoom(): boolean {
    return this.isUsable && !this.isPaused && this.inFlight < inFlightLimit;
  }

  send(body: Uint8Array, waiting: Waiting): number {
    const id = ++this.nextId;
    // Only a connection on which somebody waits keeps the process alive.
    if (this.inFlight === 0) this.socket.ref();
    this.pending.set(id, waiting);
    this.isPaused = !this.socket.write(frame(id, body)) || this.isPaused;
    return id;
  }

  /** Its caller waits no more. It keeps its place until the reply, which may tell that it was cancelled. */
  abandon(id: number): void {
    if (this.pending.delete(id)) {
      this.abandoned.add(id);
      if (this.canCancel) this.socket.write(cancellation(id));
    }
    if (this.pending.size === 0) this.socket.unref();
  }

  /** How long nothing has come, since this moment at the earliest. */
  silenceMs(since: number): number {
    return performance.now() - Math.max(since, this.lastReceived);
  }

  close(failure: ForetasteError): void {
    this.fail(failure);
    this.socket.destroy();
  }

  private receive(chunk: Uint8Array): void {
    this.lastReceived = performance.now();
    if (this.failure !== undefined) return;
    try {
      this.decoder.feed(chunk, (reply) => this.take(reply));
    } catch (error) {
      this.close(error instanceof ForetasteError ? error : new ConnectionFailed("PROTOCOL", String(error)));
    }
    if (this.pending.size === 0) this.socket.unref();
    this.onChange();
  }

  private ended(): void {
    // A server that said it stops has answered all it received, where it ended in good order.
    const wasNotReceived = this.isGoingAway && !this.decoder.isWithinFrame;
    this.close(new ConnectionFailed("CLOSED", "the server closed the connection", wasNotReceived));
  }

  private take(reply: { [name: string]: unknown }): void {
    if (!("result" in reply) && !("error" in reply)) {
      // A notice. Those of later versions mean nothing to this client.
      if (reply["method"] === "server.goingAway") this.isGoingAway = true;
      return;
    }
    const { id, error, result } = reply;
    const isError = error !== undefined && error !== null;
    if (isError && !isObject(error)) throw new ConnectionFailed("PROTOCOL", "the server's error is no JSON object");
    // About the connection, which the server closes: none of its requests has an answer.
    if (id === null && isError) throw new ServerError(error);
    if (typeof id !== "number") throw new ConnectionFailed("PROTOCOL", `the server answers no request of this client: id ${JSON.stringify(id)}`);
    if (this.abandoned.delete(id)) return;
    const waiting = this.pending.get(id);
    if (waiting === undefined) throw new ConnectionFailed("PROTOCOL", `the server answers no request of this client: id ${id}`);
    if (!isError && !isObject(result)) throw new ConnectionFailed("PROTOCOL", "the server's result is no JSON object");
    this.pending.delete(id);
    if (isError) waiting.reject(new ServerError(error));
    else waiting.resolve({ result: result as Reply["result"], meta: isObject(reply["meta"]) ? reply["meta"] : {} });
  }

  private fail(failure: ForetasteError): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    const everyone = [...this.pending.values()];
    this.pending.clear();
    this.abandoned.clear();
    for (const waiting of everyone) waiting.reject(failure);
    this.onChange();
  }
}
