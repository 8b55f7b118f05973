import { readFileSync } from 'node:fs';

/**
 * Licences of packages that only have the obsolete member `licenses`, which npm does not copy to the lock
 * file.
 */
const LICENCES_BY_HAND = { 'passport-strategy': 'MIT', pause: 'MIT' };

const { packages: LOCKED } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Packages in the console's bundle: development dependencies whose code runs in browsers. */
const IN_THE_CONSOLE = /^(?:@angular\/(?:cdk|common|core|forms|material|platform-browser|router)|tslib|uqr)$/;

const nameOf = (path) => path.split('node_modules/').at(-1);

const production = () =>
  Object.entries(LOCKED).filter(([path, entry]) => {
    const isOurs = entry.resolved?.startsWith('file:') ?? false;
    // Its declarations are an optional peer, which only development installs.
    const isInstalled = !entry.dev && path !== 'node_modules/typescript';
    return path !== '' && !isOurs && (isInstalled || IN_THE_CONSOLE.test(nameOf(path)));
  });

/** Returns the paths of all production packages in the lock file, including duplicates. */
export const productionPaths = () => production().map(([path]) => path);

/**
 * Returns the production packages, sorted by name. Includes all platforms, so the result is the same on every
 * machine.
 */
export function productionPackages() {
  const found = new Map();
  for (const [path, entry] of production()) {
    const name = nameOf(path);
    const licence = entry.license ?? LICENCES_BY_HAND[name] ?? 'unknown';
    const isForOnePlatform = entry.os !== undefined || entry.cpu !== undefined;
    found.set(`${name}@${entry.version}`, { name, version: entry.version, licence, isForOnePlatform });
  }
  return [...found.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/**
 * Returns a licence in the form of CycloneDX: an id or expression of the given SPDX ids, otherwise a name.
 *
 * @throws if the licence is unknown.
 */
export function statedLicences({ name, version, licence }, spdxIds) {
  if (licence === 'unknown') {
    throw new Error(`The licence of ${name}@${version} is unknown. Find it and add it to LICENCES_BY_HAND.`);
  }
  if (spdxIds.has(licence)) {
    return [{ license: { id: licence } }];
  }
  const operands = licence.replace(/^\((.*)\)$/, '$1').split(/ (?:AND|OR) /);
  const isExpression = operands.every((operand) => spdxIds.has(operand));
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }];
}
