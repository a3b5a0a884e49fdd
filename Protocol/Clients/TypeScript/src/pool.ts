// Which connection a request takes; opens what is missing, and lets go what is over.

import * as net from "node:net";
import * as tls from "node:tls";
import { Connection, inFlightLimit } from "./connection.js";
import { ConnectionFailed, ForetasteError, ServerError } from "./errors.js";
import { encodeBody } from "./frames.js";
import type { Limit } from "./limit.js";
import type { Address, Settings } from "./options.js";
import type { Reply } from "./reply.js";

interface Place {
  resolve(): void;
  reject(error: unknown): void;
}

export class Pool {
  private open: Connection[] = [];
  /** Told to go, with answers still to come. */
  private leaving: Connection[] = [];
  private readonly connecting = new Set<Connection>();
  private openingCount = 0;
  private readonly waiting = new Set<Place>();
  private turn = 0;
  private isClosed = false;

  constructor(private readonly settings: Settings) {}

  /** One attempt: waits for a connection with room, sends, waits for the answer. */
  async request(body: Uint8Array, limit: Limit): Promise<Reply> {
    for (;;) {
      limit.check();
      if (this.isClosed) throw closedFailure();
      const best = this.best();
      if ((best === undefined || best.inFlight > 0) && this.open.length + this.openingCount < this.settings.connections) this.add();
      // Sent in this turn of the loop, while the room is certain.
      if (best !== undefined) return this.exchange(best, body, limit);
      await limit.wait<void>((resolve, reject) => {
        const place = { resolve, reject };
        this.waiting.add(place);
        return () => this.waiting.delete(place);
      });
    }
  }

  close(): void {
    this.isClosed = true;
    for (const connection of [...this.open, ...this.leaving, ...this.connecting]) connection.close(closedFailure());
    this.rejectWaiting(closedFailure());
  }

  private exchange(connection: Connection, body: Uint8Array, limit: Limit): Promise<Reply> {
    const sent = performance.now();
    return limit.wait<Reply>((resolve, reject) => {
      const id = connection.send(body, { resolve, reject });
      return () => {
        connection.abandon(id);
        // A dead peer says nothing to anybody: who waited long enough in vain spares others the wait.
        const silence = connection.silenceMs(sent);
        if (silence >= this.settings.silenceTimeoutMs) {
          connection.close(new ConnectionFailed("CLOSED", `nothing came from the server for ${Math.round(silence)} ms`));
        }
      };
    });
  }

  private best(): Connection | undefined {
    let best: Connection | undefined;
    for (const connection of this.open) {
      if (connection.hasRoom && (best === undefined || connection.inFlight < best.inFlight)) best = connection;
    }
    return best;
  }

  /** A connection answered, has room again, failed, or is going. */
  private changed(): void {
    for (const connection of this.open.filter((each) => !each.isUsable)) {
      this.open = this.open.filter((each) => each !== connection);
      if (connection.failure === undefined) this.leaving.push(connection);
    }
    if (this.leaving.length > 0) this.leaving = this.leaving.filter((each) => each.failure === undefined);
    if (this.waiting.size === 0) return;
    let room = 0;
    for (const connection of this.open) if (connection.hasRoom) room += inFlightLimit - connection.inFlight;
    // Nobody else would open a connection for those who wait.
    if (this.open.length === 0 && this.openingCount === 0) room = 1;
    for (const place of this.waiting) {
      if (room-- <= 0) return;
      this.waiting.delete(place);
      place.resolve();
    }
  }

  private add(): void {
    this.openingCount += 1;
    this.openAny().then(
      (connection) => {
        this.openingCount -= 1;
        if (this.isClosed) return connection.close(closedFailure());
        if (connection.isUsable) this.open.push(connection);
        this.changed();
      },
      (failure: unknown) => {
        this.openingCount -= 1;
        if (this.open.length === 0 && this.openingCount === 0) this.rejectWaiting(failure);
      },
    );
  }

  private rejectWaiting(failure: unknown): void {
    const everyone = [...this.waiting];
    this.waiting.clear();
    for (const place of everyone) place.reject(failure);
  }

  /** The next server, or the one after it: each once. */
  private async openAny(): Promise<Connection> {
    const failures: ForetasteError[] = [];
    for (let count = 0; count < this.settings.addresses.length; count++) {
      const address = this.settings.addresses[this.turn++ % this.settings.addresses.length] as Address;
      try {
        return await this.openOne(address);
      } catch (error) {
        if (this.isClosed || !(error instanceof ForetasteError) || (error instanceof ServerError && !error.retryable)) throw error;
        failures.push(error);
      }
    }
    const [first] = failures;
    if (first !== undefined && failures.length === 1) throw first;
    throw new ConnectionFailed("CONNECT", failures.map((failure) => failure.message).join("; "), true);
  }

  private openOne(address: Address): Promise<Connection> {
    return new Promise<Connection>((resolve, reject) => {
      const where = `${address.host}:${address.port}`;
      const socket = this.socket(address);
      const connection = new Connection(socket, () => this.changed());
      this.connecting.add(connection);
      socket.ref();
      const settle = (failure?: ForetasteError): void => {
        clearTimeout(timer);
        this.connecting.delete(connection);
        if (failure === undefined) return resolve(connection);
        connection.close(failure);
        reject(failure);
      };
      const fail = (text: string): void => settle(new ConnectionFailed("CONNECT", `cannot connect to ${where}: ${text}`, true));
      const timer = setTimeout(() => fail(`no answer within ${this.settings.connectTimeoutMs} ms`), this.settings.connectTimeoutMs);
      socket.on("error", (error) => fail(error.message));
      socket.on("close", () => fail("the server closed the connection"));
      socket.on(this.settings.tls === undefined ? "connect" : "secureConnect", () => this.greet(connection, settle));
    });
  }

  /** Key, name and strictness travel in `hello`, before anything else; without them there is nothing to say. */
  private greet(connection: Connection, settle: (failure?: ForetasteError) => void): void {
    const { key, name, strict } = this.settings;
    if (key === undefined && name === undefined && !strict) return settle();
    connection.send(encodeBody("hello", { key, client: name, strictParams: strict || undefined }, {}), {
      resolve: ({ result: { methods } }) => {
        connection.canCancel = Array.isArray(methods) && methods.includes("cancel");
        settle();
      },
      reject: (error) => {
        if (error instanceof ServerError) settle(error);
        else settle(new ConnectionFailed(error instanceof ConnectionFailed ? error.kind : "CONNECT", String(error), true));
      },
    });
  }

  private socket(address: Address): net.Socket {
    const { tls: options } = this.settings;
    if (options === undefined) return net.connect({ host: address.host, port: address.port });
    // An address of numbers is no name to ask for; the certificate is then checked for the address.
    const servername = options.serverName ?? (net.isIP(address.host) === 0 ? address.host : undefined);
    return tls.connect({
      host: address.host,
      port: address.port,
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
      ...(servername === undefined ? {} : { servername }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.certificate === undefined ? {} : { cert: options.certificate }),
      ...(options.privateKey === undefined ? {} : { key: options.privateKey }),
    });
  }
}

function closedFailure(): ConnectionFailed {
  return new ConnectionFailed("CLIENT_CLOSED", "this client is closed", true);
}
