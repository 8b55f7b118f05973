import { readFileSync } from 'node:fs';

/** What two packages say of their licence in `licenses`, a member that npm and the lock file no longer know. */
const LICENCES_BY_HAND = { 'passport-strategy': 'MIT', pause: 'MIT' };

const { packages: LOCKED } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** The packages whose code the console's build holds: they are installed for the build only. */
const IN_THE_CONSOLE = /^(?:@angular\/(?:cdk|common|core|forms|material|platform-browser|router)|tslib)$/;

const nameOf = (path) => path.split('node_modules/').at(-1);

/** Where in the lock file lies what runs at those who run Latchkey, with what stands there. */
const production = () =>
  Object.entries(LOCKED).filter(([path, entry]) => {
    const isInstalled = !entry.dev && !entry.devOptional;
    return path !== '' && !entry.link && (isInstalled || IN_THE_CONSOLE.test(nameOf(path)));
  });

/** The folders of `productionPackages`, each copy of them. */
export const productionPaths = () => production().map(([path]) => path);

/**
 * What of the lock file runs at those who run Latchkey, each name and version once, by name: of every platform, so that the
 * answer does not depend on the machine.
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
