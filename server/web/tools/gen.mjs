// The client's types, from what the binary says its interface is. `--check` compares and changes nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const page = new URL('..', import.meta.url);
const target = new URL('src/api/schema.gen.ts', page);
const built = new URL('../../target/debug/muster', page).pathname;
const binary = process.env.MUSTER ?? built;
if (!existsSync(binary)) {
  console.error(`there is no ${binary}: cargo build -p muster makes it, or MUSTER names another`);
  process.exit(1);
}

const description = JSON.parse(execFileSync(binary, ['openapi'], { maxBuffer: 64 << 20 }).toString());
// The client goes by paths.
for (const methods of Object.values(description.paths)) {
  for (const operation of Object.values(methods)) delete operation.operationId;
}
const types = astToString(await openapiTS(description));
const text = `// @generated from the description of the interface by \`make page-types\`; not written by hand.\n\n${types}`;

if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error('src/api/schema.gen.ts does not say what the server says: make page-types writes it anew');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
