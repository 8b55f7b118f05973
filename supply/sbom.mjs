// Writes a bill of materials (CycloneDX) of the production packages to dist/sbom.cdx.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { productionPackages, statedLicences } from './production-packages.mjs';

const FILE = process.argv[2] ?? 'dist/sbom.cdx.json';

// Without `--omit dev`: npm would also omit production packages that a development dependency requires, such
// as Nest (npm/cli #7909).
const sbom = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
);
const kept = new Map(productionPackages().map((entry) => [`${entry.name}@${entry.version}`, entry]));
const keptOf = (component) => kept.get(`${component.name}@${component.version}`);
const isOfDevelopment = ({ name }) => name === 'cdx:npm:package:development';
// npm writes only ids that are on SPDX's list.
const spdxIds = new Set(
  sbom.components.flatMap(({ licenses = [] }) => licenses.flatMap(({ license }) => license?.id ?? [])),
);

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
// npm uses the name of the folder.
sbom.metadata.component.name = name;
sbom.components = sbom.components.filter(keptOf).map((component) => ({
  ...component,
  // npm marks development dependencies and their duplicates as optional. Here all packages run in production,
  // except binaries for other platforms.
  scope: keptOf(component).isForOnePlatform ? 'optional' : 'required',
  properties: component.properties?.filter((property) => !isOfDevelopment(property)),
  licenses: component.licenses ?? statedLicences(keptOf(component), spdxIds),
}));
const references = new Set([
  sbom.metadata.component['bom-ref'],
  ...sbom.components.map((component) => component['bom-ref']),
]);
sbom.dependencies = sbom.dependencies
  .filter(({ ref }) => references.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => references.has(other)) }));

mkdirSync(dirname(FILE), { recursive: true });
writeFileSync(FILE, `${JSON.stringify(sbom, null, 2)}\n`);
console.log(`${FILE}: ${sbom.components.length} packages`);
