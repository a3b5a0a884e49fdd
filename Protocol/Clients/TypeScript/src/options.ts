// How a client connects, waits and tries again: all defaults are here.

/** As the platform's AbortSignal. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** TLS to the servers. Texts or bytes are PEM. Without `ca` Node's authorities are trusted; the server's name is always checked. */
export interface TLSOptions {
  ca?: string | Uint8Array;
  /** The name to look for in the server's certificate, where it is not the address's. */
  serverName?: string;
  certificate?: string | Uint8Array;
  privateKey?: string | Uint8Array;
}

/** See the package's README for what each is for. Times are in milliseconds. */
export interface ClientOptions {
  servers?: string | readonly string[];
  key?: string;
  /** Name and version of the program, for the server's log. */
  name?: string;
  tls?: TLSOptions | true;
  /** The server refuses members that nobody knows, which it otherwise only tells in `meta.ignored`: for tests. */
  strict?: boolean;
  connections?: number;
  timeoutMs?: number;
  connectTimeoutMs?: number;
  silenceTimeoutMs?: number;
  retries?: number;
  backoffMs?: number;
  backoffLimitMs?: number;
  /** Numbers from 0 to 1 for the jitter; to be replaced in tests. */
  random?: () => number;
}

export interface CallOptions {
  /** Travels to the server. */
  deadlineMs?: number | undefined;
  /** For the call with all its attempts. */
  timeoutMs?: number | undefined;
  traceparent?: string | undefined;
  signal?: Signal | undefined;
  /** Whether the request may be sent again after a failure; methods of the protocol are known. */
  idempotent?: boolean | undefined;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Settings {
  readonly addresses: readonly Address[];
  readonly key: string | undefined;
  readonly name: string | undefined;
  readonly tls: TLSOptions | undefined;
  readonly strict: boolean;
  readonly connections: number;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly retries: number;
  readonly backoffMs: number;
  readonly backoffLimitMs: number;
  readonly random: () => number;
}

export const defaultPort = 7411;

export function settingsOf(options: ClientOptions): Settings {
  const servers = options.servers ?? `127.0.0.1:${defaultPort}`;
  const texts = typeof servers === "string" ? [servers] : servers;
  if (texts.length === 0) throw new RangeError("servers names no server");
  return {
    addresses: texts.map(parseAddress),
    key: options.key,
    name: options.name,
    tls: options.tls === true ? {} : options.tls,
    strict: options.strict ?? false,
    connections: atLeast(1, "connections", options.connections ?? 4),
    timeoutMs: atLeast(1, "timeoutMs", options.timeoutMs ?? 10_000),
    connectTimeoutMs: atLeast(1, "connectTimeoutMs", options.connectTimeoutMs ?? 5_000),
    silenceTimeoutMs: atLeast(1, "silenceTimeoutMs", options.silenceTimeoutMs ?? 5_000),
    retries: atLeast(0, "retries", options.retries ?? 3),
    backoffMs: atLeast(1, "backoffMs", options.backoffMs ?? 50),
    backoffLimitMs: atLeast(1, "backoffLimitMs", options.backoffLimitMs ?? 2_000),
    random: options.random ?? Math.random,
  };
}

/** Before the next attempt, counted from 0: twice as long each time, half of it by chance. */
export function pauseMs(settings: Settings, attempt: number): number {
  const longest = Math.min(settings.backoffLimitMs, settings.backoffMs * 2 ** Math.min(attempt, 30));
  return longest * (0.5 + 0.5 * settings.random());
}

function atLeast(minimum: number, name: string, value: number): number {
  // Longer times than a timer of Node can count would be none at all.
  if (!(value >= minimum && value <= 2_147_483_647)) throw new RangeError(`${name} is a number from ${minimum} on, not ${value}`);
  return value;
}

/** HOST, HOST:PORT, [V6]:PORT or a bare V6 address. */
export function parseAddress(text: string): Address {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? bracketed;
  const bare = plain === null && (text.match(/:/g)?.length ?? 0) > 1 && /^[0-9a-fA-F:.%\w]+$/.test(text);
  const host = bare ? text : plain?.[1];
  const port = bare || plain?.[2] === undefined ? defaultPort : Number(plain[2]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new RangeError(`an address is HOST:PORT with a port of 1 to 65535, not ${JSON.stringify(text)}`);
  }
  return { host, port };
}
