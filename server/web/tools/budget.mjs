// How many bytes of scripts each page loads at first, compressed; more than the budget is an error.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Bytes of gzip: what a phone on a slow network loads in about a second. */
const SCRIPTS_MAX = 250 * 1024;

const dist = new URL('../dist/', import.meta.url);
const chunks = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
const entry = Object.keys(chunks).find((key) => chunks[key].isEntry);

/** A chunk and all that it imports at once. */
function withImports(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const other of chunks[key].imports ?? []) withImports(other, found);
  return found;
}

const size = (key) => gzipSync(readFileSync(new URL(chunks[key].file, dist)), { level: 9 }).length;
let isTooMuch = false;
for (const route of chunks[entry].dynamicImports ?? []) {
  const keys = withImports(route, withImports(entry));
  const bytes = [...keys].filter((key) => chunks[key].file.endsWith('.js')).reduce((sum, key) => sum + size(key), 0);
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} kB of scripts  ${route}`);
  isTooMuch ||= bytes > SCRIPTS_MAX;
}
if (isTooMuch) {
  console.error(`a page may load at most ${SCRIPTS_MAX / 1024} kB of scripts, compressed with gzip`);
  process.exit(1);
}
