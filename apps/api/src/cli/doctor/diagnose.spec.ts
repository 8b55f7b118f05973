import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LATCHKEY } from '../../common/program-name.js';
import { asAccount } from '../as-account.js';
import { attempt, diagnose } from './diagnose.js';

describe('diagnose, as an account that may not open the data folder', () => {
  /** Id of an account without permissions. Root could read a folder of mode 0. */
  const UNPRIVILEGED = 65_534;
  const OWN = process.getuid?.() ?? 0;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-diagnose-'));
  const data = join(folder, 'data');

  afterEach(() => {
    process.seteuid?.(OWN);
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('advises to use another account, and skips what it cannot know', async () => {
    chmodSync(folder, 0o711);
    mkdirSync(data, { mode: OWN === 0 ? 0o700 : 0 });
    jest.spyOn(process, 'getuid').mockReturnValue(UNPRIVILEGED);
    if (OWN === 0) {
      process.seteuid?.(UNPRIVILEGED);
    }

    const findings = await diagnose(
      { DATABASE_URL: `sqlite:${join(data, 'latchkey.sqlite')}` },
      undefined,
      String,
    );

    const message = `${data} belongs to another account, and this account may not open it.`;
    const advice = `Run ${LATCHKEY} doctor as that account: ${asAccount(OWN)}`;
    expect(findings).toEqual(
      expect.arrayContaining([
        { check: 'start', verdict: 'problem', message, advice },
        { check: 'files', verdict: 'problem', message, advice },
        { check: 'database', verdict: 'skipped', message },
      ]),
    );
    const verdicts = new Map(findings.map(({ check, verdict }) => [check, verdict]));
    expect([verdicts.get('audit key'), verdicts.get('backups'), verdicts.get('proxies')]).toEqual([
      'skipped',
      'skipped',
      'skipped',
    ]);
  });
});

describe('attempt', () => {
  const adviceAfter = (code: string) =>
    attempt(() => {
      throw Object.assign(new Error(`${code}: a reason`), { code });
    });

  it.each(['EACCES', 'EPERM'])('advises to use the account of the server after %s', (code) => {
    expect(adviceAfter(code)).toMatchObject({
      verdict: 'problem',
      message: expect.stringContaining(`${code}: a reason`),
      advice: `Run ${LATCHKEY} doctor with the same account as the server.`,
    });
  });

  it.each(['EIO', 'ELOOP'])('advises to fix the cause after %s', (code) => {
    expect(adviceAfter(code)).toMatchObject({
      verdict: 'problem',
      advice: `Fix this, then run ${LATCHKEY} doctor again.`,
    });
  });
});
