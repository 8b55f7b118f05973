// Writes docs/operations/licences.md from the lock file.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { productionPackages } from './production-packages.mjs';

const PAGE = 'docs/operations/licences.md';
const HEAD = `# Licences

The packages that run in production, or that the console is built from. \`npm run lab -- licences\` writes this page from the lock
file. A test fails if the page is out of date, or if a licence is not compatible with [MIT](../../LICENSE). See also
[Supply chain](supply-chain.md).

| package | version | licence |
| --- | --- | --- |
`;

const packages = productionPackages();
const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
const text = await format(`${HEAD}${rows.join('\n')}\n`, { ...(await resolveConfig(PAGE)), filepath: PAGE });
const file = process.argv[2] ?? PAGE;
writeFileSync(file, text);
console.log(`${file}: ${packages.length} packages`);
