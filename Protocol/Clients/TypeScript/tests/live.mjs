// Asks a real server by every method's own function: none may be unknown to it. Arguments: the folder of the built package, HOST:PORT.
import assert from "node:assert/strict";

const [, , folder, address] = process.argv;
const { Client, InvalidRequest, ServerError } = await import(`${folder}/dist/esm/index.js`);
const { methodTable } = await import(`${folder}/dist/esm/generated/table.js`);

// Mistakes of the client or of the server; every other reason is about the sample shop, or about what is asked here.
const wrong = ["METHOD_NOT_FOUND", "INVALID_REQUEST", "PARSE_ERROR", "FRAME_TOO_LARGE", "BUG"];
const values = { "recommend.user": { userId: "u00001" }, "recommend.item": { itemId: "i00001" }, "recommend.session": { items: ["i00001"] }, "personas.top": { dimension: "brand" } };

const client = new Client({ servers: address, name: "live test" });
const { methods } = await client.hello();
for (const method of methodTable.keys()) {
  if (!methods.includes(method)) continue;
  const name = method.replace(/\.(\w)/g, (_, letter) => letter.toUpperCase());
  try {
    assert.equal(typeof await client[name](values[method] ?? {}), "object");
  } catch (error) {
    assert(error instanceof ServerError && !wrong.includes(error.reason), `${method}: ${error.stack}`);
  }
}
const answer = await client.recommendUser({ userId: "u00001", count: 5, explain: "full", fields: ["*"], weights: { content: 1 }, recentItems: ["i00001", { itemId: "i00002", weight: 2 }] });
assert.equal(answer.items.length, 5);
assert.notEqual(answer.items[0].contributions, undefined);
for (const params of [{ itemId: 17 }, { itemId: "\ud83e" }]) {
  await assert.rejects(client.recommendItem(params), InvalidRequest);
}
await assert.rejects(client.call("ping", { echo: 1n }), InvalidRequest);
await assert.rejects(client.call("ping", []), InvalidRequest);
assert.deepEqual(await client.ping({ echo: "\\ud83e \\\\ud83e 🧀" }), { echo: "\\ud83e \\\\ud83e 🧀" });
const lists = await Promise.all(Array.from({ length: 1000 }, (_, number) => client.recommendUser({ userId: `u${number}`, count: 20 })));
assert(lists.every(({ items }) => items.length === 20));
// Not closed: connections on which nobody waits must not keep the process alive.
