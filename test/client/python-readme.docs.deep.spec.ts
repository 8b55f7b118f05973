import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';
import { describeIfInstalled, ExternalProgram, PYTHON_MISSING } from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { useServer } from '../support/use-server.js';

const PAGE = '../libs/python/README.md';

describeIfInstalled(PYTHON_MISSING, 'libs/python/README.md', () => {
  const latchkey = useServer();
  let page: CommandsOnPage;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-readme-'));
    page = new CommandsOnPage(
      PAGE,
      {},
      {
        'pack:python': `pack:python ${folder}`,
        // The frameworks are those of the system.
        'python3 -m venv': '/usr/bin/python3 -m venv --system-site-packages',
        '.venv': `${folder}/.venv`,
        'pip install ./': `pip install --no-index ${folder}/`,
        'http://127.0.0.1:3000': latchkey.client.baseUrl,
        '-u admin': `-u '${ADMIN.name}:${ADMIN.password}'`,
        '$PWD/auth-token': `${folder}/auth-token`,
        'export TOKEN': 'printf "\\n$TOKEN"; export TOKEN',
      },
    );
    await page.run('pack:python');
    await page.run('pip install');
    const TOKEN = (await page.run('/auth/login')).split('\n').at(-1) ?? '';
    environment = { TOKEN, AUTH_TOKEN_FILE: `${folder}/auth-token` };
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['flask', 'fastapi', 'django'])(
    'guards a service that uses %s and the installed package',
    async (framework) => {
      const code = codeOnPage(PAGE, 'python').find((each) => each.includes(`latchkey.${framework} `)) ?? '';
      const service = await ExternalProgram.start((_, port) => ({
        program: `${folder}/.venv/bin/python`,
        arguments: ['app.py'],
        files: { 'app.py': code },
        environment: { PORT: String(port), AUTH_URL: latchkey.client.baseUrl, ...environment },
      }));
      try {
        const calls = new CommandsOnPage(PAGE, environment, { 'http://127.0.0.1:8080': service.baseUrl });
        const output = await calls.run(':8080/orders');

        expect([...output.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual([
          '200',
          '401',
        ]);
      } finally {
        await service.stop();
      }
    },
  );
});
