import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLES } from '../../apps/api/src/config/variables.js';

interface Service {
  environment?: Record<string, string>;
  volumes?: string[];
}

const { services } = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
};
const replicas = Object.entries(services).filter(([name]) => name.startsWith('latchkey'));

describe('compose.yaml', () => {
  it('sets variables that the server has, alike for both replicas', () => {
    const [first, second] = replicas.map(([, { environment = {} }]) => environment);

    expect(Object.keys(first ?? {}).filter((name) => !(name in VARIABLES))).toEqual([]);
    expect(second).toEqual(first);
  });

  it('has nginx ask the replicas that there are', () => {
    const asked = [...readFileSync('deploy/nginx.conf', 'utf8').matchAll(/^ *server ([\w-]+):3000/gm)];

    expect(asked.map(([, name]) => name)).toEqual(replicas.map(([name]) => name));
  });

  it('mounts files that there are', () => {
    const files = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0] ?? ''),
    );

    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    expect(files).not.toEqual([]);
  });

  it('has the replicas log in as somebody else than the administrator of PostgreSQL', () => {
    const [, { environment = {} }] = replicas[0] ?? ['', {}];
    const { username = '', pathname } = new URL((environment['DATABASE_URL'] ?? '').replace(/\$\{.*\}/, 'x'));

    expect(services['database']?.environment).toEqual({ POSTGRES_PASSWORD: expect.any(String) });
    expect([username, pathname]).toEqual(['latchkey', '/latchkey']);
    expect(services['database']?.volumes).toContain(
      './deploy/database.sql:/docker-entrypoint-initdb.d/database.sql:ro',
    );
  });
});
