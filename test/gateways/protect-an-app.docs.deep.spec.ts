import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import {
  describeIfInstalled,
  NGINX_MISSING,
  startNginx,
  type ExternalProgram,
} from '../support/external-programs.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { responseOnPage, withPlaceholders } from '../support/docs/response-on-page.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { FLASK_MISSING, runExpress, runFlask } from './recipes.js';

const PAGE = 'guides/protect-an-app.md';
const LATCHKEY = '127.0.0.1:3000';
/** Parts of the last two commands. */
const READ = '-sS -i -H';
const WRITE = '-i -X POST';

const APPS: {
  name: string;
  needs: string | null;
  run: (code: string) => Promise<ExternalProgram>;
  language: string;
}[] = [
  { name: 'Flask', needs: NGINX_MISSING ?? FLASK_MISSING, run: runFlask, language: 'python' },
  { name: 'Express', needs: NGINX_MISSING, run: runExpress, language: 'js' },
];

const hostOf = (url: string) => new URL(url).host;

/** Runs all commands of the page and stops what it started. */
async function follow(
  app: ExternalProgram,
  folder: string,
): Promise<{ read: string; write: string; page: CommandsOnPage }> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const latchkey = await ServerProcess.start(serverIn(folder, { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' }));
    stops.push(() => latchkey.stop());
    const server = hostOf(latchkey.client.baseUrl);
    const [nginx = ''] = codeOnPage(PAGE, 'nginx');
    const gateway = await startNginx((port) =>
      nginx
        .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
        .replace('127.0.0.1:8000', hostOf(app.baseUrl))
        .replace(LATCHKEY, server),
    );
    stops.push(() => gateway.stop());
    const page = new CommandsOnPage(
      PAGE,
      {},
      {
        [LATCHKEY]: server,
        '127.0.0.1:8080': hostOf(gateway.baseUrl),
        '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
        // The page prints the error; the test needs the tokens.
        '|| echo "$ADMIN"': '&& echo "$ADMIN"',
        "\\1/')": '\\1/\'); echo "$TOKEN"',
      },
    );
    const lastLine = (output: string) => output.trim().split('\n').at(-1)?.split('}').at(-1) ?? '';
    page.environment['ADMIN'] = lastLine(await page.run('/auth/login'));
    page.environment['TOKEN'] = lastLine(await page.run('/users/shop/tokens'));
    const read = await page.run(READ);
    const write = await page.run(WRITE);
    return { read, write, page };
  } finally {
    for (const stop of stops.toReversed()) {
      await stop();
    }
  }
}

for (const { name, needs, run, language } of APPS) {
  describeIfInstalled(needs, `the guide for a first app, with ${name}`, () => {
    it('reads with the token, and cannot write', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
      const [code = ''] = codeOnPage(PAGE, language);
      const app = await run(code);
      try {
        const { read, write, page } = await follow(app, folder);

        expect(withPlaceholders(read)).toMatch(responseOnPage(PAGE, READ));
        expect(withPlaceholders(write)).toMatch(responseOnPage(PAGE, WRITE));
        expect(page.notRun).toEqual([]);
      } finally {
        await app.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });
}
