// The package's door.

export { Client } from "./client.js";
export type { Reply } from "./reply.js";
export { ConnectionFailed, ForetasteError, InvalidRequest, ServerError, TimedOut } from "./errors.js";
export type { FailureKind, Json } from "./errors.js";
export * as types from "./generated/types.js";
export type { CallOptions, ClientOptions, Signal, TLSOptions } from "./options.js";
