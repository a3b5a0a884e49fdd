// Plays transcripts: see ../../README.md. Its argument is the folder of the built package.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";

const { Client, ConnectionFailed, InvalidRequest, ServerError, TimedOut } = await import(`${process.argv[2]}/dist/esm/index.js`);

function outcomeOf(error) {
  if (error instanceof ServerError) {
    const { reason, status, code, text, retryable, field } = error;
    return { reason, status, code, message: text, retryable, field };
  }
  if (error instanceof ConnectionFailed) return { failed: error.kind, message: error.message };
  if (error instanceof TimedOut) return { failed: "TIMED_OUT" };
  if (error instanceof InvalidRequest) return { failed: "INVALID", message: error.message };
  if (error?.name === "AbortError") return { failed: "CANCELLED" };
  return { failed: `OTHER ${error?.stack ?? error}` };
}

function clientOf({ tls, ...told }) {
  return new Client({
    ...told,
    silenceTimeoutMs: told.silenceMs,
    ...(tls && { tls: { ...(tls.ca && { ca: readFileSync(tls.ca) }), ...(tls.serverName && { serverName: tls.serverName }) } }),
  });
}

function paramsOf(call) {
  const params = { ...call.params };
  if (call.padBytes !== undefined) params.pad = "x".repeat(call.padBytes);
  if (call.padValues !== undefined) params.pad = new Array(call.padValues).fill(0);
  return params;
}

async function play({ id, options, calls }) {
  const client = clientOf(options);
  const outcomes = {};
  const done = Object.fromEntries(calls.map(({ tag }) => [tag, (() => { let end; const promise = new Promise((resolve) => (end = resolve)); return { promise, end }; })()]));

  async function run(call, signal) {
    if (call.method === "(close)") {
      client.close();
      return { result: {} };
    }
    try {
      const { deadlineMs, timeoutMs, traceparent, idempotent } = call;
      const { result, meta } = await client.request(call.method, paramsOf(call), { deadlineMs, timeoutMs, traceparent, idempotent, signal });
      return { result, meta };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  await Promise.all(calls.map(async (call) => {
    if (call.after !== undefined) await done[call.after].promise;
    const controller = new AbortController();
    const outcome = run(call, controller.signal);
    if (call.cancelWhen !== undefined) done[call.cancelWhen].promise.then(() => controller.abort());
    outcomes[call.tag] = await outcome;
    done[call.tag].end();
  }));
  client.close();
  return { id, outcomes };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await play(JSON.parse(line))));
}
