import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { ExampleProcess } from '../support/example-process.js';
import { useServer } from '../support/use-server.js';
import { waitUntil } from '../support/wait-until.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'guides/verify-locally.md';

const latchkey = useServer();

it('docs/guides/verify-locally.md guards a service, and revokes a token', async () => {
  let service: ExampleProcess | undefined;
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-verify-locally-'));
  try {
    const page = new CommandsOnPage(
      PAGE,
      {},
      {
        'http://127.0.0.1:3000': latchkey.client.baseUrl,
        '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
        $PWD: folder,
        'export AUTH_TOKEN': 'printf "\\n$AUTH_TOKEN\\n$ADMIN"; export AUTH_TOKEN',
      },
    );
    const [token = '', admin = ''] = (await page.run('/auth/login')).split('\n').slice(-2);
    service = await ExampleProcess.start(
      'express',
      latchkey.client.baseUrl,
      token,
      join(folder, 'auth-token'),
    );
    await waitUntil(
      async () => service?.health(),
      (health) => health?.connected,
    );
    page.replacements['http://127.0.0.1:8080'] = service.url;
    // Each block runs in a shell of its own. Bash imports a function from such a variable.
    const functions = codeOnPage(PAGE, 'sh')
      .join('\n')
      .matchAll(/^(\w+)\(\) (.*)$/gm);
    for (const [, name, body] of functions) {
      page.environment[`BASH_FUNC_${name}%%`] = `() ${body}`;
    }
    page.environment['ADMIN'] = admin;

    await page.run('/apis');
    const output = await page.run('OTHER=');

    const statuses = [...output.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
    expect(statuses).toEqual([200, 401, 403, 401]);
    expect(output).toContain('error="token_revoked"');
    expect(await page.run('/verifiers')).toContain('"verifiers":1');
    expect(page.notRun).toEqual([]);
  } finally {
    await service?.stop();
    await rm(folder, { recursive: true });
  }
});
