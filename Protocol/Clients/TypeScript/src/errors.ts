// What can go wrong, by who can mend it.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Anything that this package throws, beside the reason of an aborted signal. */
export class ForetasteError extends Error {
  override name = "ForetasteError";
}

/** The request cannot be sent: an id that is no string, a value that is no JSON, too many bytes. Nothing was sent. */
export class InvalidRequest extends ForetasteError {
  override name = "InvalidRequest";
}

/** The call's time is over. The request may have acted. */
export class TimedOut extends ForetasteError {
  override name = "TimedOut";
}

/**
 * CONNECT: no server could be reached. CLOSED: the connection ended before the answer; the request may have acted.
 * PROTOCOL: what came is not of this protocol. CLIENT_CLOSED: this client was closed.
 */
export type FailureKind = "CONNECT" | "CLOSED" | "PROTOCOL" | "CLIENT_CLOSED";

/** No connection, none any more, or what answers does not speak this protocol. */
export class ConnectionFailed extends ForetasteError {
  override name = "ConnectionFailed";

  /** @param wasNotReceived the server never had the request, so that even one that may act once only can be sent again. */
  constructor(readonly kind: FailureKind, message: string, readonly wasNotReceived = false) {
    super(message);
  }
}

/** The server's answer is an error. Decide on `reason`, and on `status` where the reason is one you do not know. */
export class ServerError extends ForetasteError {
  override name = "ServerError";
  readonly code: number;
  readonly status: string;
  readonly reason: string;
  readonly text: string;
  readonly retryable: boolean;
  readonly details: { [name: string]: Json };
  /** The member at fault, such as params.recentItems[3].itemId. */
  readonly field: string | undefined;

  constructor(error: { [name: string]: unknown }) {
    const text = (name: string): string => (typeof error[name] === "string" ? (error[name] as string) : "");
    const details = isObject(error["details"]) ? error["details"] : {};
    const field = typeof details["field"] === "string" ? details["field"] : undefined;
    super(`${text("reason")}: ${text("message")}${field === undefined ? "" : ` (${field})`}`);
    this.code = typeof error["code"] === "number" ? error["code"] : 0;
    this.status = text("status");
    this.reason = text("reason");
    this.text = text("message");
    this.retryable = error["retryable"] === true;
    this.details = details as { [name: string]: Json };
    this.field = field;
  }
}

export function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
