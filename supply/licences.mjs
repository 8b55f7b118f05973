// Writes docs/reference/licences.md from the lock file.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { productionPackages } from './production-packages.mjs';

const PAGE = 'docs/reference/licences.md';
const HEAD = `# Licences

What runs with Latchkey, on any platform, and what the console is built from, with the licence of each. \`npm run licences\`
writes this page from the lock file; a test fails if it is out of date or if a licence asks for more than [MIT](../../LICENSE)
users expect. How the list is kept: [supply.md](../operations/supply-chain.md).

| package | version | licence |
| --- | --- | --- |
`;

const packages = productionPackages();
const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
const text = await format(`${HEAD}${rows.join('\n')}\n`, { ...(await resolveConfig(PAGE)), filepath: PAGE });
const file = process.argv[2] ?? PAGE;
writeFileSync(file, text);
console.log(`${file}: ${packages.length} packages`);
