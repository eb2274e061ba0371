// Compresses what was built, once and well, so that the server need not.
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
rmSync(new URL('manifest.json', dist), { force: true });
for (const path of readdirSync(dist, { recursive: true })) {
  if (!/\.(html|js|css|svg|json)$/.test(path)) continue;
  const file = new URL(path, dist);
  const plain = readFileSync(file);
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(plain, { level: 9 });
  if (brotli.length < plain.length) writeFileSync(new URL(`${path}.br`, dist), brotli);
  if (gzip.length < plain.length) writeFileSync(new URL(`${path}.gz`, dist), gzip);
}

// Cargo goes by the time of files: see build.rs.
utimesSync(new URL('../../build.rs', import.meta.url), new Date(), new Date());
