// Requests to bytes, bytes to replies. No sockets.
//
//     +--------------------------+------------------------+
//     | N: 32 bits, big-endian   | N bytes: a JSON object |
//     +--------------------------+------------------------+

import { ConnectionFailed, InvalidRequest, isObject } from "./errors.js";
import { methodTable } from "./generated/table.js";
import type { CallOptions } from "./options.js";

export const requestLimit = 4 << 20;
export const replyLimit = 16 << 20;
const depthLimit = 32;
const valueLimit = 32_768;
/** An id's digits, added in front of a body that is made before the connection is known. */
const idRoom = 32;

/** Half a pair of surrogates is all that JSON.stringify writes as such an escape. */
const halfPair = /(?:^|[^\\])(?:\\\\)*\\u[dD][89a-fA-F]/;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The members of a request without its id and its braces. */
export function encodeBody(method: string, params: object | undefined, options: CallOptions): Uint8Array {
  if (typeof method !== "string" || method === "" || encoder.encode(method).length > 64) {
    throw new InvalidRequest(`a method is a string of 1 to 64 bytes, not ${JSON.stringify(method)}`);
  }
  const { deadlineMs, traceparent } = options;
  if (deadlineMs !== undefined && !(Number.isInteger(deadlineMs) && deadlineMs >= 1 && deadlineMs <= 600_000)) {
    throw new InvalidRequest(`deadlineMs is an integer, 1 to 600000, not ${deadlineMs}`);
  }
  if (params !== undefined) checkParams(method, params);
  let text: string;
  try {
    text = JSON.stringify({ method, params, deadlineMs, traceparent });
  } catch (error) {
    throw new InvalidRequest(`${method}: the parameters are no JSON: ${String(error)}`);
  }
  // The server would end the connection.
  if (halfPair.test(text)) throw new InvalidRequest(`${method}: a text holds half a surrogate pair`);
  checkShape(method, text);
  const body = encoder.encode(text.slice(1, -1));
  if (body.length > requestLimit - idRoom) {
    throw new InvalidRequest(`${method}: the request has ${body.length} bytes; a frame has at most ${requestLimit}`);
  }
  return body;
}

export function frame(id: number, body: Uint8Array): Uint8Array {
  const head = encoder.encode(`{"id":${id},`);
  const length = head.length + body.length + 1;
  const bytes = new Uint8Array(4 + length);
  new DataView(bytes.buffer).setUint32(0, length);
  bytes.set(head, 4);
  bytes.set(body, 4 + head.length);
  bytes[bytes.length - 1] = 0x7d;
  return bytes;
}

/** A notification: it has no id of its own, and no reply. */
export function cancellation(id: number): Uint8Array {
  const payload = encoder.encode(`{"method":"cancel","params":{"id":${id}}}`);
  const bytes = new Uint8Array(4 + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length);
  bytes.set(payload, 4);
  return bytes;
}

/** Collects bytes as they come; gives whole replies. */
export class Decoder {
  private chunks: Uint8Array[] = [];
  private byteCount = 0;
  /** How many bytes must be there before it is worth looking. */
  private needed = 4;

  get isWithinFrame(): boolean {
    return this.byteCount > 0;
  }

  /** Throws ConnectionFailed, once and for all, where the bytes are not of this protocol. */
  feed(chunk: Uint8Array, take: (reply: { [name: string]: unknown }) => void): void {
    this.chunks.push(chunk);
    this.byteCount += chunk.length;
    if (this.byteCount < this.needed) return;
    const bytes = this.chunks.length === 1 ? chunk : joined(this.chunks, this.byteCount);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let position = 0;
    this.needed = 4;
    while (bytes.length - position >= 4) {
      const length = view.getUint32(position);
      if (length === 0 || length > replyLimit) {
        throw new ConnectionFailed("PROTOCOL", `not a Foretaste server: it announces a frame of ${length} bytes`);
      }
      const end = position + 4 + length;
      if (bytes.length < end) {
        this.needed = 4 + length;
        break;
      }
      const reply = decode(bytes.subarray(position + 4, end));
      position = end;
      take(reply);
    }
    this.byteCount = bytes.length - position;
    this.chunks = this.byteCount > 0 ? [bytes.subarray(position)] : [];
  }
}

function joined(chunks: Uint8Array[], byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

function decode(payload: Uint8Array): { [name: string]: unknown } {
  let reply: unknown;
  try {
    const text = decoder.decode(payload);
    reply = JSON.parse(text);
    if (text.includes("\\u") && halfPair.test(JSON.stringify(reply))) throw new SyntaxError("half a surrogate pair");
  } catch (error) {
    throw new ConnectionFailed("PROTOCOL", `the server's frame is no JSON: ${String(error)}`);
  }
  if (!isObject(reply)) throw new ConnectionFailed("PROTOCOL", "the server's frame is no JSON object");
  return reply;
}

function checkParams(method: string, params: object): void {
  if (!isObject(params)) throw new InvalidRequest(`${method}: params is an object, not ${String(params)}`);
  for (const path of methodTable.get(method)?.idPaths ?? []) checkId(params, path.split("."), "params");
}

/** Ids are strings: numbers above 2^53 are not what they seem. */
function checkId(value: unknown, parts: readonly string[], place: string): void {
  const part = parts[0];
  if (!isObject(value) || part === undefined) return;
  const isList = part.endsWith("[]");
  const name = isList ? part.slice(0, -2) : part;
  const found = value[name];
  const elements: unknown[] = isList ? (Array.isArray(found) ? found : []) : [found];
  elements.forEach((element, index) => {
    const here = isList ? `${place}.${name}[${index}]` : `${place}.${name}`;
    if (parts.length > 1) checkId(element, parts.slice(1), here);
    else if (typeof element === "number" || typeof element === "bigint" || typeof element === "boolean") {
      throw new InvalidRequest(`${here} is an id, which is a string: send "${element}", not ${element}`);
    }
  });
}

/** What the server answers by ending the connection, and the other requests on it: too deep, or too many values. */
function checkShape(method: string, text: string): void {
  if (text.length <= depthLimit * 2) return;
  let depth = 0;
  let values = 0;
  for (let position = 0; position < text.length; position++) {
    switch (text.charCodeAt(position)) {
      case 0x22: // "
        for (position++; text.charCodeAt(position) !== 0x22; position++) {
          if (text.charCodeAt(position) === 0x5c) position++;
        }
        break;
      case 0x5b: // [
      case 0x7b: // {
        values++;
        if (++depth > depthLimit) throw new InvalidRequest(`${method}: the request is nested deeper than ${depthLimit}`);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      case 0x2c: // ,
        values++;
        break;
      default:
    }
  }
  // The id's comma comes to it.
  if (values + 1 > valueLimit) throw new InvalidRequest(`${method}: the request has more than ${valueLimit} values`);
}
