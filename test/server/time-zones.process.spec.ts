import { describe, expect, it } from '@jest/globals';
import { tokenHeader } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { useServerProcess } from '../support/use-server-process.js';

const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HOUR = 3_600_000;

// On both sides of UTC, one of them not by whole hours. Covers B43 in docs/explanation/security.md.
describe.each([
  ['Asia/Kathmandu', '+05:45'],
  ['America/New_York', '-05:00'],
])('a server in %s', (zone, offset) => {
  const server = useServerProcess({ TZ: zone });

  /** An hour from now, in whole seconds, as `Date` counts. */
  const inAnHour = () => Math.floor(Date.now() / 1_000) * 1_000 + HOUR;

  /** An instant as a clock at this offset from UTC shows it. */
  function written(time: number, ahead: string): string {
    const [hours = 0, minutes = 0] = ahead.slice(1).split(':').map(Number);
    const shift = (ahead.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * 60_000);
    return `${new Date(time + shift).toISOString().slice(0, 19)}${ahead}`;
  }

  const logIn = (expirationTime: string) =>
    server.client.login(ADMIN.name, ADMIN.password, { body: { expirationTime } });

  it.each(['+00:00', offset])('returns the expiry in UTC when it was requested at %s', async (ahead) => {
    const before = Date.now();
    const end = inAnHour();

    const { status, body } = await logIn(written(end, ahead));

    expect([status, body.expirationTime]).toEqual([200, new Date(end).toISOString()]);
    expect(body.creationTime).toMatch(RFC3339_UTC);
    expect(Date.parse(body.creationTime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.creationTime)).toBeLessThanOrEqual(Date.now());
  });

  it('returns lastLoginTime in UTC', async () => {
    const { body: token } = await logIn(written(inAnHour(), '+00:00'));

    const { status, body } = await server.client.bump(tokenHeader(token));

    expect([status, body.lastLoginTime]).toEqual([200, expect.stringMatching(RFC3339_UTC)]);
    expect(Math.abs(Date.parse(body.lastLoginTime) - Date.parse(token.creationTime))).toBeLessThan(60_000);
  });

  it('revokes a token at logout', async () => {
    const headers = tokenHeader((await logIn(written(inAnHour(), '+00:00'))).body);

    const { status } = await server.client.logout(headers);

    expect([status, (await server.client.bump(headers)).status]).toEqual([200, 401]);
  });

  it('logs in UTC', () => {
    const logged = server.output
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { time: string }).time);

    expect(logged).not.toEqual([]);
    expect(logged.filter((time) => !RFC3339_UTC.test(time))).toEqual([]);
    expect(Math.abs(Date.parse(logged.at(-1) ?? '') - Date.now())).toBeLessThan(60_000);
  });
});
