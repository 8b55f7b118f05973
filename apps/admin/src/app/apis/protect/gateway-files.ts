/** Gateways in front of an API, and frameworks, with a tested configuration in `docs/guides`. */
export const GUARDS = [
  'nginx',
  'caddy',
  'haproxy',
  'apache',
  'traefik',
  'express',
  'fastify',
  'nest',
] as const;

export type Guard = (typeof GUARDS)[number];

/** Values of a configuration. */
export interface GuardValues {
  /** Name of the API. */
  readonly api: string;
  /** Start of the paths that require the permissions. */
  readonly path: string;
  /** Permission for GET and HEAD. */
  readonly read: string;
  /** Permission for all other methods. */
  readonly write: string;
  /** Address at which clients reach the gateway. Traefik needs a host name. */
  readonly listen: string;
  /** Address of the API. */
  readonly upstream: string;
  /** Address of Latchkey. */
  readonly latchkey: string;
}

/** A file of a configuration. */
export interface GuardFile {
  /** Path, or name of a file in the user's project. */
  readonly name: string;
  readonly text: string;
}

/** Code blocks of a page by language, in order. */
type Blocks = Readonly<Record<string, readonly string[]>>;

interface Recipe {
  /** Values of the guide that this configuration replaces. */
  readonly values: Partial<GuardValues>;
  /** Returns the files with the values of the guide. */
  readonly files: (blocks: Blocks) => GuardFile[];
  /** Returns the commands that load the files. */
  readonly commands: (values: GuardValues) => string;
}

const ADDRESSES = {
  path: '/drafts',
  read: 'drafts:read',
  write: 'drafts:write',
  listen: '127.0.0.1:8080',
  upstream: '127.0.0.1:8000',
  latchkey: '127.0.0.1:3000',
};
const GATEWAY = { api: 'drafts', ...ADDRESSES };
const FRAMEWORK = { read: 'orders:read' };

const runs = (command: string) => (values: GuardValues) =>
  `export AUTH_URL=http://${values.latchkey} AUTH_TOKEN=…\n${command}`;

const RECIPES: Readonly<Record<Guard, Recipe>> = {
  nginx: {
    values: GATEWAY,
    files: ({ nginx: [server = '', methods = '', locations = ''] = [] }) => [
      {
        name: '/etc/nginx/conf.d/NAME.conf',
        text: `${methods}\n${inserted(server, /\}\n$/, `\n${indented(locations, '  ')}`)}`,
      },
    ],
    commands: () => 'sudo nginx -t && sudo systemctl reload nginx',
  },
  caddy: {
    values: GATEWAY,
    files: ({ caddyfile: [site = '', check = ''] = [] }) => [
      {
        name: '/etc/caddy/Caddyfile',
        text: inserted(site, /^\t\t@unverified /m, `${indented(check, '\t\t')}\n`),
      },
    ],
    commands: () =>
      'caddy validate --adapter caddyfile --config /etc/caddy/Caddyfile && sudo systemctl reload caddy',
  },
  haproxy: {
    values: GATEWAY,
    files: ({ lua: [script = ''] = [], haproxy: [main = '', rules = ''] = [] }) => [
      { name: '/etc/haproxy/latchkey.lua', text: script },
      {
        name: '/etc/haproxy/haproxy.cfg',
        text: inserted(main, /^ {2}http-request lua\.latchkey-verify/m, rules),
      },
    ],
    commands: () => 'sudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl restart haproxy',
  },
  apache: {
    values: ADDRESSES,
    files: ({ lua: [script = ''] = [], apache: [site = '', rules = ''] = [] }) => [
      { name: '/etc/apache2/latchkey.lua', text: script },
      {
        name: '/etc/apache2/sites-enabled/NAME.conf',
        text: inserted(site, /<\/VirtualHost>/, `\n${rules}`),
      },
    ],
    commands: () =>
      'sudo a2enmod lua headers proxy_http\nsudo apache2ctl configtest && sudo systemctl restart apache2',
  },
  traefik: {
    values: { ...GATEWAY, listen: 'api.example.com' },
    files: ({ yaml: [text = ''] = [] }) => [{ name: '/etc/traefik/dynamic/NAME.yml', text }],
    commands: () => '',
  },
  express: {
    values: FRAMEWORK,
    files: ({ js: [text = ''] = [] }) => [{ name: 'server.mjs', text }],
    commands: runs('node server.mjs'),
  },
  fastify: {
    values: FRAMEWORK,
    files: ({ js: [, text = ''] = [] }) => [{ name: 'server.mjs', text }],
    commands: runs('node server.mjs'),
  },
  nest: {
    values: FRAMEWORK,
    files: ({ ts: [text = ''] = [] }) => [{ name: 'main.ts', text }],
    commands: runs('npx tsc && node dist/main.js'),
  },
};

/** Host name or IPv4 address. */
const HOST = String.raw`(?=.{1,253}(?::|$))[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*`;

/** Forms of the typed values. No accepted character has a meaning in the configurations. */
export const VALUE_PATTERNS = {
  host: new RegExp(`^${HOST}$`),
  address: new RegExp(
    `^${HOST}:(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])$`,
  ),
  // Gateways compare paths as text. With a slash at the end, they would not check the path without it.
  path: /^(?=.{1,100}$)\/(?:[a-z0-9_-]+(?:\/[a-z0-9_-]+)*)?$/,
};

/** Returns the values of the guide that a configuration replaces. */
export function guideValues(guard: Guard): Partial<GuardValues> {
  return RECIPES[guard].values;
}

/** Returns the commands that load the files. */
export function loadCommands(guard: Guard, values: GuardValues): string {
  return RECIPES[guard].commands(values);
}

/** Returns the configuration on a page of the guides, with other values. The values must match their patterns. */
export function guardFiles(guard: Guard, page: string, values: GuardValues): GuardFile[] {
  const { values: replaced, files } = RECIPES[guard];
  return files(codeBlocks(page)).map(({ name, text }) => ({
    name: name.replace('NAME', identifier(values.api)),
    text: replaceValues(text, replaced, values),
  }));
}

/** Replaces the values of a guide in one pass, so that no replacement is replaced again. */
function replaceValues(text: string, of: Partial<GuardValues>, by: GuardValues): string {
  const names = new Map(Object.entries(of).map(([member, value]) => [value, member as keyof GuardValues]));
  // The longest first: the name of the API is a part of its permissions and paths.
  const longestFirst = [...names.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map((value) => value.replaceAll('.', '\\.')).join('|'), 'g');
  return text.replace(pattern, (value) => {
    const member = names.get(value) ?? 'api';
    return member === 'api' ? identifier(by.api) : by[member];
  });
}

/** Names in the configurations that an API may have too. */
const TAKEN = ['api', 'reads'];

/** Returns a name for variables, rules and files of a configuration. */
function identifier(api: string): string {
  const name = api.replaceAll('-', '_');
  return TAKEN.includes(name) ? `${name}_` : name;
}

function codeBlocks(page: string): Blocks {
  const blocks: Record<string, string[]> = {};
  for (const [, language = '', code = ''] of page.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    (blocks[language] ??= []).push(code);
  }
  return blocks;
}

/** Inserts a text before the place that a pattern finds. */
function inserted(text: string, place: RegExp, part: string): string {
  const index = text.search(place);
  return `${text.slice(0, index)}${part}${text.slice(index)}`;
}

function indented(text: string, margin: string): string {
  return text.replace(/^(?=.)/gm, margin);
}
