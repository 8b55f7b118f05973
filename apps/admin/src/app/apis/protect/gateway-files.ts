/** Gateways in front of an API, and frameworks, with a tested configuration in `docs/guides`. */
export const GUARDS = {
  nginx: 'nginx',
  caddy: 'Caddy',
  haproxy: 'HAProxy',
  apache: 'Apache httpd',
  traefik: 'Traefik',
  express: 'Express',
  fastify: 'Fastify',
  nest: 'NestJS',
};

export type Guard = keyof typeof GUARDS;

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

/** Example values in the guides. `drafts` comes after the permissions and paths that contain it. */
const EXAMPLES: Readonly<Record<string, keyof GuardValues>> = {
  'drafts:read': 'read',
  'orders:read': 'read',
  'drafts:write': 'write',
  '/drafts': 'path',
  drafts: 'api',
  '127.0.0.1:8080': 'listen',
  'api.example.com': 'listen',
  '127.0.0.1:8000': 'upstream',
  '127.0.0.1:3000': 'latchkey',
};

const ANY_EXAMPLE = new RegExp(Object.keys(EXAMPLES).join('|').replaceAll('.', '\\.'), 'g');

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

/**
 * Returns the configuration on a page of the guides, with other values. Each file is a code block that names
 * it, as in `nginx=/etc/nginx/conf.d/drafts.conf`. The values must match their patterns.
 */
export function guardFiles(guard: Guard, page: string, values: GuardValues): GuardFile[] {
  const blocks = page.matchAll(new RegExp(`^\`\`\`\\w+ ${guard}=(\\S+)\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, name = '', text = '']) => ({
    name: name.replace('drafts', identifier(values.api)),
    text: text.replace(ANY_EXAMPLE, (example) => {
      const member = EXAMPLES[example] ?? 'api';
      return member === 'api' ? identifier(values.api) : values[member];
    }),
  }));
}

/** Names in the configurations that an API may have too. */
const TAKEN = ['api', 'reads'];

/** Returns a name for variables, rules and files of a configuration. */
function identifier(api: string): string {
  const name = api.replaceAll('-', '_');
  return TAKEN.includes(name) ? `${name}_` : name;
}
