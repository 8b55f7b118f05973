import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { NEWEST_POSTGRES } from '../../apps/api/src/platform/database/postgres/postgres-data-source.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { describeIfInstalled } from '../support/external-programs.js';

interface Service {
  image?: string;
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  extra_hosts?: string[];
  networks?: string[] | { inside: { ipv4_address: string } };
  stop_grace_period?: string;
  restart?: string;
  secrets?: string[];
  security_opt?: string[];
  logging?: { options: Record<string, string> };
}

const text = readFileSync('compose.yaml', 'utf8');
const {
  name: project,
  services,
  secrets,
  networks,
} = parse(text, { merge: true }) as {
  name: string;
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  networks: { inside: { ipam: { config: { subnet: string; gateway: string; ip_range: string }[] } } };
};

/** Returns the fixed address of a service, or `undefined`. */
function addressOf(name: string): string | undefined {
  const { networks: joined } = services[name] ?? {};
  return joined === undefined || Array.isArray(joined) ? undefined : joined.inside.ipv4_address;
}

function isWithin(address: string, block: string): boolean {
  const [network = '', bits] = block.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}

/** An image with an exact version and a digest. */
const PINNED = /^[a-z]+:\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/;

const replicas = Object.entries(services).filter(([name]) => name.startsWith('latchkey'));
const drainSeconds = Number(replicas[0]?.[1].environment?.['LATCHKEY_DRAIN_SECONDS']);

describe('compose.yaml', () => {
  it('sets known variables, with the same values for both replicas', () => {
    const [first, second] = replicas.map(([, { environment = {} }]) => environment);

    expect(Object.keys(first ?? {}).filter((name) => !(name.replace(/_FILE$/, '') in VARIABLES))).toEqual([]);
    expect(second).toEqual(first);
  });

  it('sends requests to the existing replicas', () => {
    const upstreams = [...readFileSync('deploy/nginx.conf', 'utf8').matchAll(/^ *server ([\w-]+):3000/gm)];

    expect([...new Set(upstreams.map(([, name]) => name))]).toEqual(replicas.map(([name]) => name));
  });

  it('mounts existing files', () => {
    const files = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0] ?? ''),
    );

    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    expect(files).not.toEqual([]);
  });

  it('publishes its port on this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);

    expect(ports).toEqual(['127.0.0.1:8080:8080']);
  });

  it('restarts each service, and limits its log', () => {
    const all = Object.values(services).map(({ restart, logging }) => [restart, logging?.options]);

    expect(all).toEqual(all.map(() => ['unless-stopped', { 'max-size': '20m', 'max-file': '5' }]));
  });

  it('makes the replicas trust nginx only', () => {
    const trusted = replicas.map(([, { environment = {} }]) => environment['LATCHKEY_TRUSTED_PROXIES']);

    expect(trusted).toEqual([addressOf('proxy'), addressOf('proxy')]);
    expect(trusted).not.toContain(undefined);
  });

  it('gives nginx and the replicas reserved addresses, which nginx uses', () => {
    const [{ subnet, gateway, ip_range: forOthers } = { subnet: '', gateway: '', ip_range: '' }] =
      networks.inside.ipam.config;
    const names = ['proxy', ...replicas.map(([name]) => name)];
    const addresses = names.map((name) => addressOf(name) ?? '');

    expect(new Set([gateway, ...addresses]).size).toBe(4);
    expect(addresses.filter((each) => !isWithin(each, subnet) || isWithin(each, forOthers))).toEqual([]);
    expect(services['proxy']?.extra_hosts).toEqual(replicas.map(([name]) => `${name}:${addressOf(name)}`));
  });

  it('uses the gateway address of docs/operations/containers.md', () => {
    const [{ gateway } = { gateway: '' }] = networks.inside.ipam.config;

    expect(codeOnPage('operations/containers.md', 'nginx')).toEqual([
      expect.stringContaining(`set_real_ip_from ${gateway};`),
    ]);
  });

  it('uses the network and volume names of docs/operations/containers.md', () => {
    const blocks = codeOnPage('operations/containers.md', 'sh').join('\n');

    expect(Object.keys(networks)).toEqual(['inside']);
    expect(blocks).toContain(`--network ${project}_inside `);
    expect(blocks).toContain(`--volume "${project}_$data:/data"`);
    expect(replicas.flatMap(([, { volumes }]) => volumes)).toEqual(['data-a:/data', 'data-b:/data']);
  });

  it('runs the version of PostgreSQL that all tests run on, and keeps its data', () => {
    const { image, volumes } = services['database'] ?? {};
    const supported = readFileSync('docs/get-started.md', 'utf8');

    expect(image).toMatch(new RegExp(`^postgres:${NEWEST_POSTGRES}\\.\\d+@`));
    expect(supported).toMatch(
      new RegExp(`^\\| PostgreSQL ${NEWEST_POSTGRES} +\\|[^|]+\\| all tests +\\|$`, 'm'),
    );
    // Version 17 and earlier use /var/lib/postgresql/data. With that volume, later ones would lose their
    // data.
    expect(volumes).toContain('database:/var/lib/postgresql');
  });

  it('names a version and a digest of each image that it does not build', () => {
    const images = ['proxy', 'database'].map((name) => services[name]?.image);

    expect(
      Object.keys(services)
        .filter((name) => !name.startsWith('latchkey'))
        .sort(),
    ).toEqual(['database', 'proxy']);
    expect(images).toEqual(images.map(() => expect.stringMatching(PINNED)));
  });

  it('connects the replicas with another role than the administrator', () => {
    expect(services['database']?.environment).toEqual({ POSTGRES_PASSWORD_FILE: expect.any(String) });
    expect(services['database']?.volumes).toContain(
      './deploy/database.sql:/docker-entrypoint-initdb.d/database.sql:ro',
    );
  });

  it('waits longer than a server needs to stop', () => {
    const { shutdownSeconds } = Config.read({});

    expect(replicas.map(([, { stop_grace_period: period = '' }]) => parseInt(period, 10))).toEqual([25, 25]);
    expect(2 * drainSeconds + 2 + shutdownSeconds).toBeLessThan(25);
  });

  it('drains the replicas longer than nginx keeps idle connections', () => {
    const [, kept] = /^ *keepalive_timeout (\d+)s;/m.exec(readFileSync('deploy/nginx.conf', 'utf8')) ?? [];

    expect(Number(kept)).toBeGreaterThan(0);
    expect(Number(kept)).toBeLessThan(drainSeconds);
  });

  it('passes each secret as a file, and no secret in the environment', () => {
    for (const { secrets: names = [], environment = {} } of Object.values(services)) {
      const files = Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));

      expect(files.map(([, path]) => path).sort()).toEqual(
        names.map((name) => `/run/secrets/${name}`).sort(),
      );
      expect(Object.keys(environment).filter((name) => /(PASSWORD|KEY|DATABASE_URL)$/.test(name))).toEqual(
        [],
      );
    }
    expect(replicas[0]?.[1].secrets).toEqual(['database-url', 'audit-key', 'seal-key']);
  });

  it('denies new privileges to each service', () => {
    const options = Object.values(services).map((service) => service.security_opt);

    expect(options).toEqual(options.map(() => ['no-new-privileges:true']));
  });

  it.each(['openssl rand -base64 32 >', 'cat /data/audit.key'])(
    'gets its secrets from the private folder that the block with %p writes',
    (containing) => {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-compose-'));
      const key = Buffer.alloc(32, 7).toString('base64');
      try {
        const [block = ''] = codeOnPage('operations/containers.md', 'sh').filter((code) =>
          code.includes(containing),
        );
        const [commands = ''] = block.split(/^docker compose/m);
        execFileSync('bash', ['-euc', `docker() { echo ${key}; }\n${commands}`], { cwd: folder });
        const contentOf = (name: string) =>
          readFileSync(join(folder, secrets[name]?.file ?? ''), 'utf8').trim();
        const { username, password, pathname } = new URL(contentOf('database-url'));

        expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
        expect(Object.values(secrets).map(({ file }) => statSync(join(folder, file)).mode & 0o777)).toEqual(
          Array(4).fill(0o444),
        );
        expect([username, password, pathname]).toEqual([
          'latchkey',
          contentOf('postgres-password'),
          '/latchkey',
        ]);
        expect(
          Config.read({
            DATABASE_URL: contentOf('database-url'),
            LATCHKEY_AUDIT_KEY: contentOf('audit-key'),
            LATCHKEY_SEAL_KEY: contentOf('seal-key'),
          }),
        ).toMatchObject({ sealKeys: [expect.any(String)] });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

const missing =
  spawnSync('docker-compose', ['version']).status === 0
    ? null
    : 'docker-compose: apt-get install docker-compose';

/** Reads a file with Compose, which needs no engine for this. */
function readWithCompose(content: string) {
  const words = ['--file', '-', '--project-directory', '.', 'config', '--format', 'json'];
  return spawnSync('docker-compose', words, {
    encoding: 'utf8',
    input: content,
    env: { PATH: process.env['PATH'] },
  });
}

describeIfInstalled(missing, 'Compose', () => {
  it('reads the file, and passes the secrets', () => {
    const { stdout, stderr } = readWithCompose(text);
    const read = JSON.parse(stdout || '{}') as {
      services: Record<string, { secrets?: { source: string }[] }>;
      secrets: Record<string, { file: string }>;
    };

    expect(stderr).toBe('');
    expect(Object.keys(read.services).sort()).toEqual(Object.keys(services).sort());
    expect(replicas.map(([name]) => read.services[name]?.secrets?.map(({ source }) => source))).toEqual(
      Array(2).fill(['database-url', 'audit-key', 'seal-key']),
    );
    expect(read.secrets['audit-key']?.file).toBe(resolve('secrets/audit-key'));
  });

  it('finds misspelled keys', () => {
    const { status, stderr } = readWithCompose(text.replace('read_only:', 'readonly:'));

    expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining('readonly')]);
    expect(status).not.toBe(0);
  });
});
