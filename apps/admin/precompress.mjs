// Writes a brotli and a gzip file beside each file of the build, so that the server need not compress them
// per request. Leaves out index.html, which the server renders for each request.
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const FOLDER = 'dist/apps/admin/browser';
const TEXT = /\.(js|css|svg|json|txt|webmanifest)$/;

const FORMATS = [
  {
    extension: 'br',
    compress: (content) =>
      promisify(brotliCompress)(content, {
        params: {
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        },
      }),
  },
  {
    extension: 'gz',
    compress: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  },
];

const paths = readdirSync(FOLDER, { recursive: true })
  .filter((path) => TEXT.test(path))
  .map((path) => join(FOLDER, path));

await Promise.all(
  paths.map(async (path) => {
    const content = await readFile(path);
    for (const { extension, compress } of FORMATS) {
      const compressed = await compress(content);
      // The server sends files that grow uncompressed.
      if (compressed.length < content.length) {
        await writeFile(`${path}.${extension}`, compressed);
      }
    }
  }),
);
