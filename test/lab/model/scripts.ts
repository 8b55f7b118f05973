import { expect } from '@jest/globals';
import fc from 'fast-check';
import { tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { PASSWORD } from '../../support/factories.js';
import { type Hold } from '../../support/interleaving.js';
import { type Facts, type History } from './history.js';

/** A sequence of requests. */
export interface Script {
  does:
    'change' | 'change self' | 'log in' | 'log out' | 'revoke all' | 'reset the password' | 'bump' | 'use';
  token: 'one' | 'other';
  byHeader: boolean;
  facts: Facts;
}

/** A user with a password and two tokens. */
export interface Subject {
  name: string;
  tokens: Record<Script['token'], Headers>;
}

const facts = fc.oneof(
  fc.constantFrom('Anne', 'Bert', 'Cleo', 'Dora', 'Emil').map((displayName): Facts => ({ displayName })),
  fc.constantFrom(true, false).map((enabled): Facts => ({ enabled })),
  fc.boolean().map((isAuditor): Facts => ({ roles: isAuditor ? ['auditor'] : [] })),
);
/** Random scripts, most of which change or use something. */
export const script: fc.Arbitrary<Script> = fc.record({
  does: fc.constantFrom(
    ...([
      'change',
      'change',
      'change',
      'change self',
      'log in',
      'log in',
      'log out',
      'revoke all',
      'reset the password',
      'bump',
      'use',
      'use',
      'use',
    ] as const),
  ),
  token: fc.constantFrom('one', 'other'),
  byHeader: fc.boolean(),
  facts,
});

/** Returns a function that sends the requests of a script one by one. */
export function runScript(
  { does, token, byHeader, facts: changes }: Script,
  { name, tokens }: Subject,
  { client, asAdmin, history }: { client: ApiClient; asAdmin: Headers; history: History },
): (step: Hold) => Promise<void> {
  const headers = tokens[token];
  const form = (version: number): { body: { version?: number }; condition: Headers } =>
    byHeader ? { body: {}, condition: { 'If-Match': `"${version}"` } } : { body: { version }, condition: {} };
  const scripts: Record<Script['does'], (step: Hold) => Promise<void>> = {
    change: async (step) => {
      await step('read the user');
      const { version } = (await client.user(name, asAdmin)).body;
      const { body, condition } = form(version);
      await step(`change ${JSON.stringify(changes)}`);
      const event = await history.record(() =>
        client.updateUser(name, { ...changes, ...body }, { ...asAdmin, ...condition }),
      );
      expect([200, byHeader ? 412 : 409]).toContain(event.status);
      history.changed(event, changes, version);
    },
    'change self': async (step) => {
      await step('read oneself');
      const read = await client.me(headers);
      if (read.status === 200) {
        const { version } = read.body;
        const { body, condition } = form(version);
        const own = { displayName: 'Self' };
        await step('change oneself');
        const event = await history.record(() =>
          client.updateMe({ ...own, ...body }, { ...headers, ...condition }),
        );
        expect([200, 401, byHeader ? 412 : 409]).toContain(event.status);
        history.changed(event, own, version);
        history.used(event, token);
      }
    },
    'log out': async (step) => {
      await step(`log out ${token}`);
      const event = await history.record(() => client.logout(headers));
      expect([200, 401]).toContain(event.status);
      history.used(event, token);
      history.revoked(event, token);
    },
    'revoke all': async (step) => {
      await step('revoke all');
      history.revoked(await history.record(() => client.revokeUserTokens(name, asAdmin)), 'all');
    },
    'reset the password': async (step) => {
      await step('reset the password');
      const password = `another ${PASSWORD}`;
      const event = await history.record(() => client.resetPassword(name, { password }, asAdmin));
      history.revoked(event, 'all and the password');
    },
    'log in': async (step) => {
      await step('log in');
      const event = await history.record(() => client.login(name, PASSWORD));
      expect([200, 401]).toContain(event.status);
      history.loggedIn(event, event.status === 200 ? tokenHeader(event.body) : {});
    },
    bump: async (step) => {
      await step(`bump ${token}`);
      const event = await history.record(() => client.bump(headers));
      expect([200, 401]).toContain(event.status);
      history.used(event, token);
    },
    use: async (step) => {
      for (const time of ['once', 'twice', 'three times']) {
        await step(`use ${token} ${time}`);
        const event = await history.record(() => client.verify(headers, '?role=auditor'));
        expect([200, 401, 403]).toContain(event.status);
        history.used(event, token, { needsRole: true });
      }
    },
  };
  return scripts[does];
}
