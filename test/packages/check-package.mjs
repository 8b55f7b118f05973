// Prints the problems of a packed library as JSON:
// node test/packages/check-package.mjs latchkey-client-0.1.0.tgz
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';

const bytes = new Uint8Array(readFileSync(process.argv[2]));

const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
const { types, problems } = await checkPackage(createPackageFromTarballData(bytes), {
  // Like Angular itself, it is an ES module only.
  excludeEntrypoints: ['./angular'],
});
console.log(JSON.stringify({ messages, types: types.kind, problems }));
