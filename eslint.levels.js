import { readdirSync } from 'node:fs';

/**
 * Levels of the API from top to bottom, as names in `apps/api/src`. A file imports only from its own folder
 * and from levels below it. Names on one line are side by side and do not import each other.
 */
export const API_LEVELS = [
  ['main.ts', 'cli.ts'],
  ['open-application.ts', 'serve.ts', 'serve-verifier.ts', 'workers.ts'],
  ['configure-app.ts'],
  ['app.module.ts', 'features.ts', 'verifier'],
  ['cli', 'console', 'health'],
  ['events'],
  ['auth'],
  ['offers'],
  ['factors'],
  ['tokens'],
  ['users'],
  ['permissions'],
  ['throttle'],
  ['audit'],
  ['http'],
  ['platform'],
  ['common'],
];

/**
 * Folders of the console that every feature may import; all other folders in `apps/admin/src/app` are
 * features.
 */
export const CONSOLE_SHARED = ['core', 'shared'];

/** The frame around the console's features: it imports them, and no feature imports it. */
export const CONSOLE_SHELL = 'shell';

const API = 'apps/api/src';
const CONSOLE = 'apps/admin/src/app';
const MODELS = 'libs/auth-models/src';
const CLIENT = 'libs/client/src';

/** Returns one zone per name: it may not import the levels above, nor the names beside it. */
export function apiZones() {
  const names = API_LEVELS.flat();
  const missing = readdirSync(API).filter((name) => !name.endsWith('.spec.ts') && !names.includes(name));
  if (missing.length > 0) {
    throw new Error(
      `These files or folders of ${API} have no level in eslint.levels.js: ${missing.join(', ')}`,
    );
  }
  return API_LEVELS.flatMap((names, level) =>
    names.map((name) => ({
      target: `${API}/${name}`,
      from: [...API_LEVELS.slice(0, level).flat(), ...names.filter((other) => other !== name)].map(
        (other) => `${API}/${other}`,
      ),
      message: `'${name}' imports only levels below it: see eslint.levels.js.`,
    })),
  ).filter(({ from }) => from.length > 0);
}

/**
 * Returns one zone per feature: it imports neither other features nor the shell, and the shared folders
 * import no feature.
 */
export function consoleZones() {
  const folders = readdirSync(CONSOLE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const notShared = folders.filter((name) => !CONSOLE_SHARED.includes(name));

  return folders
    .filter((name) => name !== CONSOLE_SHELL)
    .map((name) => ({
      target: `${CONSOLE}/${name}`,
      from: notShared.filter((other) => other !== name).map((other) => `${CONSOLE}/${other}`),
      message: `Features of the console do not import one another; what two of them share belongs to ${CONSOLE_SHARED.join(' or ')}.`,
    }))
    .filter(({ from }) => from.length > 0);
}

/**
 * Returns the zones between projects: neither app imports the other, and the shared models import neither.
 */
export function projectZones() {
  return [
    { target: 'apps/admin', from: 'apps/api', message: 'The console knows the API over HTTP only.' },
    {
      target: 'apps/api',
      from: 'apps/admin',
      message: 'The API serves the built console and imports nothing from it.',
    },
    { target: MODELS, from: 'apps', message: 'auth-models imports neither of the apps.' },
    { target: CLIENT, from: 'apps', message: 'The client knows the API over HTTP only.' },
  ];
}
