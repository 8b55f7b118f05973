import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { CommandsOnPage } from './commands-on-page.js';

let folder: string;
let server: ServerProcess;
let page: CommandsOnPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  server = await ServerProcess.start(serverIn(folder));
  const asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  page = new CommandsOnPage(
    'operations/metrics.md',
    { TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    {
      'http://127.0.0.1:3000': server.client.baseUrl,
    },
  );
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('docs/operations/metrics.md', () => {
  it('creates a token for Prometheus that reads every series of the page', async () => {
    const answers = await page.run('"name":"scraper"');

    const [, token = ''] = /"token":"([^"]+)"/.exec(answers) ?? [];
    const { status, text } = await server.client.request('GET', '/metrics', {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(status).toBe(200);
    const families = [
      ...readFileSync('docs/operations/metrics.md', 'utf8').matchAll(
        /`((?:latchkey|nodejs|process)_\w+)[`{*]/g,
      ),
    ].map(([, name = '']) => name);
    expect(families.length).toBeGreaterThan(6);
    expect(families.filter((name) => !text.includes(`\n# TYPE ${name}`))).toEqual([]);
    const served = [...text.matchAll(/^# TYPE (latchkey_\w+)/gm)].map(([, name = '']) => name);
    expect(served.filter((name) => !families.includes(name))).toEqual([]);
  });
});
