import { readdirSync } from 'node:fs';

/**
 * The floors of the API from top to bottom, as names in `apps/api/src`: a floor imports only floors below it.
 * Names in one bracket are rooms of one floor and do not import each other.
 */
export const API_FLOORS = [
  ['main.ts', 'latchkey.ts'],
  ['open-application.ts', 'listen.ts'],
  ['configure-app.ts', 'features.ts'],
  ['app.module.ts', 'create-server.ts', 'cors.ts'],
  ['cli'],
  ['api-document', 'console'],
  ['auth'],
  ['account'],
  ['administration'],
  ['health'],
  ['tokens'],
  ['users'],
  ['roles'],
  ['throttle'],
  ['audit'],
  ['revocation'],
  ['crypto', 'database'],
  ['connections', 'representation'],
  ['logging', 'metrics'],
  ['config'],
  ['common'],
];

/** What every feature of the console may use; all other folders in `apps/admin/src/app` are features. */
export const CONSOLE_GROUND = ['core', 'shared'];

/** The frame around the features: it may show any of them, and none of them knows it. */
export const CONSOLE_SHELL = 'shell';

const API = 'apps/api/src';
const CONSOLE = 'apps/admin/src/app';
const MODELS = 'libs/auth-models/src';

/** One zone a room: it may not import the floors above, nor the rooms beside it. */
export function apiZones() {
  return API_FLOORS.flatMap((rooms, level) =>
    rooms.map((room) => ({
      target: `${API}/${room}`,
      from: [...API_FLOORS.slice(0, level).flat(), ...rooms.filter((other) => other !== room)].map(
        (name) => `${API}/${name}`,
      ),
      message: `'${room}' imports only floors below it: see eslint.floors.js.`,
    })),
  ).filter(({ from }) => from.length > 0);
}

/** One zone a feature: it imports neither other features nor the shell, and the ground knows no feature at all. */
export function consoleZones() {
  const folders = readdirSync(CONSOLE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const aboveGround = folders.filter((name) => !CONSOLE_GROUND.includes(name));

  return folders
    .filter((name) => name !== CONSOLE_SHELL)
    .map((name) => ({
      target: `${CONSOLE}/${name}`,
      from: aboveGround.filter((other) => other !== name).map((other) => `${CONSOLE}/${other}`),
      message: `Features of the console do not import one another; what two of them share belongs to ${CONSOLE_GROUND.join(' or ')}.`,
    }))
    .filter(({ from }) => from.length > 0);
}

/** Neither app imports the other, and the shared models import neither. */
export function houseZones() {
  return [
    { target: 'apps/admin', from: 'apps/api', message: 'The console knows the API over HTTP only.' },
    {
      target: 'apps/api',
      from: 'apps/admin',
      message: 'The API serves the built console and imports nothing of it.',
    },
    { target: MODELS, from: 'apps', message: 'auth-models is the ground floor of the house.' },
  ];
}
