import { execFileSync, spawnSync } from 'node:child_process';
import { beforeAll, expect, it } from '@jest/globals';
import { enrol, type Authenticator } from '../support/authenticator.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { useServerProcess } from '../support/use-server-process.js';

const missing =
  spawnSync('oathtool', ['--version']).status === 0 ? null : 'oathtool: apt-get install oathtool';

/** Returns the code that the program shows at a time. It reads the secret from standard input. */
function shownBy(secret: string, time: number): string {
  const words = ['--totp', '--base32', `--now=@${Math.floor(time / 1_000)}`, '-'];
  return execFileSync('oathtool', words, { input: secret, encoding: 'utf8' }).trim();
}

describeIfInstalled(missing, 'oathtool as the authenticator', () => {
  const server = useServerProcess();
  let name: string;
  let authenticator: Authenticator;
  let enrolledTime: number;

  beforeAll(async () => {
    const { client } = server;
    ({ name } = newUser());
    await client.createUser(
      { name, password: PASSWORD },
      await client.loginHeaders(ADMIN.name, ADMIN.password),
    );
    enrolledTime = Date.now();
    authenticator = await enrol(client, await client.loginHeaders(name, PASSWORD));
  });

  /** Returns the code of a device whose clock is wrong by that many seconds. */
  const codeOf = (seconds: number) => shownBy(authenticator.secret, Date.now() + seconds * 1_000);

  const logIn = (code: string) => server.client.login(name, PASSWORD, { headers: { 'X-Auth-OTP': code } });

  it('shows the code that confirmed the factor', () => {
    expect([0, 30_000].map((later) => shownBy(authenticator.secret, enrolledTime + later))).toContain(
      authenticator.firstCode,
    );
  });

  it.each([90, -90])('does not log in with a clock that is wrong by %d s', async (seconds) => {
    const { status, body } = await logIn(codeOf(seconds));

    expect([status, body.code]).toEqual([401, 'second_factor_required']);
  });

  it('logs in once with a clock that is 30 s ahead', async () => {
    const code = codeOf(30);

    expect((await logIn(code)).status).toBe(200);
    expect((await logIn(code)).status).toBe(401);
    expect((await logIn(codeOf(0))).status).toBe(401);
  });
});
