// Writes a bill of materials (CycloneDX) of what runs at those who run Latchkey to dist/sbom.cdx.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { productionPackages } from './production-packages.mjs';
import { statedLicences } from './stated-licences.mjs';

const FILE = process.argv[2] ?? 'dist/sbom.cdx.json';

// Not `--omit dev`: npm then leaves out what a development dependency asks for as well, Nest itself among it (npm/cli #7909).
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
// npm checks what it writes as an id against SPDX's list.
const spdxIds = new Set(
  sbom.components.flatMap(({ licenses = [] }) => licenses.flatMap(({ license }) => license?.id ?? [])),
);

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
// npm calls it by the folder it lies in.
sbom.metadata.component.name = name;
sbom.components = sbom.components.filter(keptOf).map((component) => ({
  ...component,
  // npm calls optional what is installed for the build only, and what another copy of is. All of it runs at those who run
  // Latchkey, but of the binaries only one.
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
