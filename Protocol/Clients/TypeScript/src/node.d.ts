// What this client uses of Node, so that it compiles without other packages. Nothing of it reaches the declarations of the package.

declare module "node:net" {
  export interface Socket {
    on(event: "connect" | "secureConnect" | "end" | "drain" | "close", listener: () => void): this;
    on(event: "data", listener: (chunk: Uint8Array) => void): this;
    on(event: "error", listener: (error: Error) => void): this;
    write(bytes: Uint8Array): boolean;
    destroy(): this;
    setNoDelay(noDelay: boolean): this;
    ref(): this;
    unref(): this;
  }
  export function connect(options: { host: string; port: number }): Socket;
  export function isIP(text: string): number;
}

declare module "node:tls" {
  import type { Socket } from "node:net";
  export interface ConnectionOptions {
    host: string;
    port: number;
    servername?: string;
    ca?: string | Uint8Array;
    cert?: string | Uint8Array;
    key?: string | Uint8Array;
    minVersion?: "TLSv1.2";
    rejectUnauthorized: true;
  }
  export function connect(options: ConnectionOptions): Socket;
}

declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}
declare function setTimeout(action: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const performance: { now(): number };
