import { describe, expect, it } from '@jest/globals';
import { LATCHKEY } from '../../common/program-name.js';
import { attempt } from './diagnose.js';

describe('attempt', () => {
  const adviceAfter = (code: string) =>
    attempt('files', () => {
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
