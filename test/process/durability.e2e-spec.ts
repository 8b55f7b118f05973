import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { digestOf } from '../../apps/api/src/crypto/secrets.js';
import { ADMIN } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';

let folder: string;
let server: ServerProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
  server = await start();
});

afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true });
});

const start = () => ServerProcess.start(serverIn(folder));
const login = () => server.client.login(ADMIN.name, ADMIN.password);
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Reads the database of a server that has ended, as SQLite leaves it to the next one. */
function read<Row>(sql: string): Row[] {
  const database = new Database(join(folder, 'latchkey.sqlite'));
  try {
    return database.prepare(sql).all() as Row[];
  } finally {
    database.close();
  }
}

async function statusesOf(tokens: Iterable<string>): Promise<Set<number>> {
  const answers = await Promise.all([...tokens].map((token) => server.client.verify(bearer(token))));
  return new Set(answers.map(({ status }) => status));
}

/** What clients were told, written down only when the answer was whole. */
class Ledger {
  readonly issued = new Set<string>();
  readonly revoked = new Set<string>();
  /** Log-outs that were asked for and never answered: either outcome is right. */
  readonly unknown = new Set<string>();
  readonly oddities: string[] = [];
  answers = 0;

  /** Logs in and out, and in again, until the server is gone. */
  async run(): Promise<void> {
    for (let round = 0; ; round += 1) {
      try {
        const { status, body, text } = await login();
        if (status !== 200 || body.token === undefined) {
          this.oddities.push(text);
          return;
        }
        this.issued.add(body.token);
        this.answers += 1;
        if (round % 2 === 0) {
          await this.logOut(body.token);
        }
      } catch {
        return;
      }
    }
  }

  private async logOut(token: string): Promise<void> {
    this.unknown.add(token);
    const { status, text } = await server.client.logout(bearer(token));
    this.unknown.delete(token);
    if (status === 200) {
      this.revoked.add(token);
      this.answers += 1;
    } else {
      this.oddities.push(text);
    }
  }

  /** Tokens that must work. */
  get alive(): string[] {
    return [...this.issued].filter((token) => !this.revoked.has(token) && !this.unknown.has(token));
  }
}

describe('a hundred log-ins at once', () => {
  it('are each answered with 200 or 503, and every token that was given is kept over a restart', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, login));

    const refused = answers.filter(({ status }) => status !== 200);
    const tokens = answers.flatMap(({ status, body }) => (status === 200 ? [body.token ?? ''] : []));
    expect(
      refused.filter(({ status, headers }) => status !== 503 || !(Number(headers.get('retry-after')) > 0)),
    ).toEqual([]);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThan(50);
    expect(await server.stop()).toBe(0);
    const digests = read<{ digest: string }>('SELECT digest FROM tokens').map(({ digest }) => digest);
    expect(digests.sort()).toEqual(tokens.map(digestOf).sort());
    server = await start();
    expect(await statusesOf(tokens)).toEqual(new Set([200]));
  });
});

describe('kill -9', () => {
  it('undoes no log-in and no log-out that was acknowledged, in five rounds', async () => {
    const ledger = new Ledger();
    for (let round = 1; round <= 5; round += 1) {
      const { answers } = ledger;
      const clients = Array.from({ length: 8 }, () => ledger.run());
      while (ledger.answers < answers + 20 + 3 * round) {
        await new Promise(setImmediate);
      }
      await server.kill();
      await Promise.all(clients);

      server = await start();
      expect(await statusesOf(ledger.alive)).toEqual(new Set([200]));
      expect(await statusesOf(ledger.revoked)).toEqual(new Set([401]));
    }

    expect(ledger.oddities).toEqual([]);
    expect(ledger.revoked.size).toBeGreaterThan(20);
    expect(ledger.alive.length).toBeGreaterThan(20);
    await server.stop();
    expect(read('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(read('PRAGMA foreign_key_check')).toEqual([]);
    // Nothing is there without its audit entry, and the other way round.
    const unaudited = `SELECT id FROM tokens WHERE NOT EXISTS
      (SELECT 1 FROM audit_events WHERE action = 'authn_login_success' AND instr("after", tokens.id) > 0)`;
    const unlogged = `SELECT id FROM tokens WHERE ("revocationTime" IS NOT NULL) <>
      EXISTS (SELECT 1 FROM audit_events WHERE action = 'authn_logout' AND "subjectId" = tokens.id)`;
    expect([read(unaudited), read(unlogged)]).toEqual([[], []]);
    const entries = read<{ sequence: number }>('SELECT sequence FROM audit_events ORDER BY sequence');
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
  });
});
