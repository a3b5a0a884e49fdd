// Compiles src twice, to ECMAScript modules and to CommonJS. Needs `tsc` on the PATH, nothing else.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
rmSync(dist, { recursive: true, force: true });

function build([folder, module, type]) {
  return new Promise((resolve, reject) => {
    execFile("tsc", ["-p", here, "--module", module, "--outDir", join(dist, folder)], (error, output) => {
      if (error) return reject(new Error(`tsc failed: ${output || error.message}`));
      mkdirSync(join(dist, folder), { recursive: true });
      writeFileSync(join(dist, folder, "package.json"), JSON.stringify({ type }) + "\n");
      resolve();
    });
  });
}

await Promise.all([["esm", "ES2022", "module"], ["cjs", "CommonJS", "commonjs"]].map(build));
