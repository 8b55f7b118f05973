import { createRequire } from 'node:module';
import { types } from 'node:util';

const packageRequire = createRequire(import.meta.url);
const NODE_MODULES = /node_modules[\\/]/;

/**
 * Files of packages that are not in the bundle, because Latchkey never calls them. Their exports throw when
 * called. With them, the bundle would be twice as large. Before adding an entry, check which code calls the
 * file.
 *
 * - `files`: matches paths below node_modules.
 * - `reason`: why nothing calls them.
 */
const LEFT_OUT = [
  {
    files: /^typeorm\/driver\/(?!postgres\/|better-sqlite3\/|sqlite-abstract\/|types\/)[^/]+\/\w+Driver\.js$/,
    reason: 'Latchkey uses SQLite and PostgreSQL only',
  },
  {
    files: /^typeorm\/(?:entity-manager|repository)\/(?:Mongo|Sqljs)\w+\.js$/,
    reason: 'Latchkey uses SQLite and PostgreSQL only',
  },
  {
    files: /^tinyglobby\//,
    reason:
      'TypeORM finds entities and migrations by file name with it. The data sources list them as classes',
  },
  {
    files: /^(?:@sqltools\/formatter|sql-highlight)\//,
    reason: 'The logger of TypeORM prints no formatted SQL',
  },
  {
    files:
      /^class-validator\/cjs\/decorator\/string\/(?:Is(?:IBAN|IdentityCard|MobilePhone|PassportNumber|PhoneNumber|PostalCode|StrongPassword)|is-tax-id)\.js$/,
    reason:
      'No class uses this decorator. It contains the formats of all countries, or imports those that do',
  },
  {
    files: /^@fastify\/ajv-compiler\/(?:standalone|lib\/\w+-compiler)\.js$/,
    reason: 'The routes have no JSON schemas: ApiValidationPipe validates requests',
  },
  {
    files: /^fast-json-stringify\/index\.js$/,
    reason: 'The routes have no JSON schemas',
  },
  {
    files: /^glob\//,
    reason: '@fastify/static lists the files of a folder with it only with the option `wildcard: false`',
  },
  {
    files:
      /^@simplewebauthn\/server\/esm\/(?:registration\/verifications\/.+|metadata\/.+|services\/metadataService|helpers\/(?:convertX509PublicKeyToCOSE|getCertificateInfo|isCertRevoked|mapX509SignatureAlgToCOSEAlg|validateCertificatePath|validateExtFIDOGenCEAAGUID))\.js$/,
    reason:
      'It verifies attestations, which the server removes, and would follow the addresses in their certificates',
  },
];

/**
 * Replaces the functions of these files by functions that throw. The build fails if an entry matches no file.
 */
export const leaveOut = (entries = LEFT_OUT) => ({
  name: 'leave-out',
  setup: ({ onLoad, onEnd }) => {
    const used = new Set();
    for (const entry of entries) {
      onLoad({ filter: NODE_MODULES }, ({ path }) => {
        const name = path.split(NODE_MODULES).at(-1).replaceAll('\\', '/');
        if (!entry.files.test(name)) {
          return undefined;
        }
        used.add(entry);
        return { contents: replacement(name, packageRequire(path), entry.reason) };
      });
    }
    onEnd(() => ({
      errors: entries
        .filter((entry) => !used.has(entry))
        .map(({ files }) => ({
          text: `No file in the bundle matches ${files}. Remove the entry from left-out.mjs.`,
        })),
    }));
  },
});

function replacement(file, original, reason) {
  const problem = `${file} is not in the bundle. ${reason}. If that has changed, edit apps/api/build/left-out.mjs.`;
  const thrower = `function () { throw new Error(${JSON.stringify(problem)}); }`;
  const valueOf = (member) => (typeof member === 'function' ? thrower : JSON.stringify(member));
  if (types.isModuleNamespaceObject(original)) {
    return Object.keys(original)
      .map((name) => `export const ${name} = ${valueOf(original[name])};`)
      .join('\n');
  }
  const members = Object.keys(original).map((name) => `${JSON.stringify(name)}: ${valueOf(original[name])}`);
  return `module.exports = Object.assign(${typeof original === 'function' ? thrower : '{}'}, {
    ${[...members, `__esModule: ${original.__esModule === true}`].join(',\n')}
  });`;
}
