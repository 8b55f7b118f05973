import { readFileSync } from 'node:fs';

/** What two packages say of their licence in `licenses`, a member that npm and the lock file no longer know. */
const LICENCES_BY_HAND = { 'passport-strategy': 'MIT', pause: 'MIT' };

const { packages: LOCKED } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** The packages whose code the console's build holds: they are installed for the build only. */
const IN_THE_CONSOLE = /^(?:@angular\/(?:cdk|common|core|forms|material|platform-browser|router)|tslib)$/;

/**
 * What of the lock file runs at those who run Latchkey, each name and version once, by name: of every platform, so that the
 * answer does not depend on the machine.
 */
export function productionPackages() {
  const found = new Map();
  for (const [path, entry] of Object.entries(LOCKED)) {
    const name = path.split('node_modules/').at(-1);
    const isInstalled = !entry.dev && !entry.devOptional;
    if (path !== '' && !entry.link && (isInstalled || IN_THE_CONSOLE.test(name))) {
      const licence = entry.license ?? LICENCES_BY_HAND[name] ?? 'unknown';
      found.set(`${name}@${entry.version}`, { name, version: entry.version, licence });
    }
  }
  return [...found.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}
