import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AuditEventDto,
  type TokenBulkRequestDto,
  type UserBulkRequestDto,
  type UserDto,
} from '@latchkey/auth-models';
import { operatorPrincipal } from '../../apps/api/src/auth/guards/operator-authentication.service.js';
import { UserImportService } from '../../apps/api/src/users/import/user-import.service.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { useAdmin, useServer } from '../support/use-server.js';

const server = useServer();
const asAdmin = useAdmin(server);

describe('subjects of audit entries', () => {
  let bob: UserDto;
  let carol: UserDto;

  const makeUser = async (change = {}) => (await server.client.createUser(newUser(change), asAdmin)).body;

  beforeEach(async () => {
    [bob, carol] = [await makeUser(), await makeUser()];
  });

  async function events(query: string): Promise<AuditEventDto[]> {
    const { status, body, text } = await server.client.auditEvents(asAdmin, query);
    if (status !== 200) {
      throw new Error(`/audit-events${query} answered ${status}: ${text}`);
    }
    return body.items;
  }

  /** Returns the actions on a subject, newest first, without its creation. */
  async function actsOn(subject: string): Promise<string[]> {
    const items = await events(`?subject=${encodeURIComponent(subject)}`);
    return items.map(({ action }) => action).filter((action) => action !== 'user_created');
  }

  const bulk = (body: object) => server.client.bulkUsers(body as UserBulkRequestDto, asAdmin);
  const bulkTokens = (body: object, headers = asAdmin) =>
    server.client.bulkTokens(body as TokenBulkRequestDto, headers);

  it('finds a token by its preview, also by the one before a rotation, and with three dots', async () => {
    const { body: token } = await server.client.createUserToken(bob.name, asAdmin, { note: 'deploy' });
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin);
    await bulkTokens({ action: 'disable', ids: [token.id] });
    await server.client.revokeToken(token.id, asAdmin);

    const [revoked] = await events(`?subject=${encodeURIComponent(rotated.tokenPreview)}`);
    expect(revoked?.before).toEqual({ tokenPreview: rotated.tokenPreview, note: 'deploy' });
    expect(await actsOn(rotated.tokenPreview)).toEqual([
      'authn_token_revoked',
      'authn_token_updated',
      'authn_token_rotated',
    ]);
    expect(await actsOn(token.tokenPreview.replace('…', '...'))).toEqual([
      'authn_token_rotated',
      'authn_token_created',
    ]);
    const found = await server.client.tokens(
      asAdmin,
      `?state=revoked&q=${rotated.tokenPreview.replace('…', '...')}`,
    );
    expect(found.body.items.map(({ id }) => id)).toEqual([token.id]);
  });

  describe('GET /audit-events?subject for bulk changes of users', () => {
    it.each([
      [{ action: 'disable' }, 'user_updated', { enabled: true }],
      [{ action: 'addRole', role: 'auditor' }, 'user_updated', { roles: ['user'] }],
      [{ action: 'removeRole', role: 'user' }, 'user_updated', { roles: ['user'] }],
      [{ action: 'delete' }, 'user_deleted', { kind: 'human', enabled: true, roles: ['user'] }],
      [{ action: 'revokeTokens' }, 'authn_token_revoked', undefined],
    ])('finds the entry by each changed user, with the state before: %j', async (change, action, before) => {
      await bulk({ ...change, ids: [bob.name, carol.name] });

      const [event] = await events(`?subject=${bob.name.toUpperCase()}`);

      expect(event).toMatchObject({ action, subject: { kind: 'user', name: 'bulk' } });
      const changed = [bob, carol].map(({ id }) => ({ id, ...before }));
      expect(event?.before).toEqual(before && { users: expect.arrayContaining(changed) });
      for (const subject of [bob.id, bob.id.toUpperCase(), carol.name, carol.id]) {
        expect((await events(`?subject=${subject}`))[0]?.id).toBe(event?.id);
      }
    });

    it('does not find the entry by other users, nor by users that were not changed', async () => {
      await bulk({ action: 'disable', ids: [bob.name] });

      await bulk({ action: 'disable', ids: [bob.name, carol.name] });

      expect(await actsOn(bob.name)).toEqual(['user_updated']);
      expect(await actsOn(carol.id)).toEqual(['user_updated']);
      expect(await actsOn((await makeUser()).name)).toEqual([]);
    });

    it('finds the entry of an import', async () => {
      const names = [newUser(), newUser()].map(({ name }) => name);
      const actor = operatorPrincipal('root', 'trace', ['users:read', 'users:write']);
      await server.app.get(UserImportService, { strict: false }).insert(
        names.map((name) => ({ name, roles: [] })),
        actor,
      );

      for (const name of names) {
        const items = await events(`?subject=${name}`);
        expect(items).toMatchObject([{ action: 'user_created', after: { action: 'import' } }]);
      }
    });
  });

  describe('GET /audit-events?subject for changes of tokens', () => {
    const makeToken = async (name: string) => (await server.client.createUserToken(name, asAdmin)).body;

    it("finds single changes by the owner's id and name", async () => {
      const asBob = await server.client.loginHeaders(bob.name, PASSWORD);
      const { id, version } = await makeToken(bob.name);
      await server.client.updateToken(id, { note: 'changed', version }, asAdmin);
      await server.client.rotateToken(id, asAdmin);
      await server.client.revokeToken(id, asAdmin);
      await server.client.logout(asBob);

      const acts = await actsOn(bob.id);

      expect(acts).toEqual([
        'authn_logout',
        'authn_token_revoked',
        'authn_token_rotated',
        'authn_token_updated',
        'authn_token_created',
        'authn_login_success',
      ]);
      expect(await actsOn(bob.name)).toEqual(acts);
      expect(await actsOn(id)).toEqual(acts.slice(1, 5));
    });

    it.each([
      [{ action: 'disable' }, 'authn_token_updated', { enabled: true }],
      [{ action: 'extend', expirationTime: '2040-01-01T00:00:00Z' }, 'authn_token_updated', 'expirationTime'],
      [{ action: 'revoke' }, 'authn_token_revoked', undefined],
    ])('finds bulk changes by each token and owner: %j', async (change, action, before) => {
      const tokens = [await makeToken(bob.name), await makeToken(bob.name), await makeToken(carol.name)];

      await bulkTokens({ ...change, ids: tokens.map(({ id }) => id) });

      const [event] = await events(`?subject=${bob.id}`);
      expect(event).toMatchObject({ action, subject: { kind: 'token', name: 'bulk' } });
      const changed = tokens.map(({ id, expirationTime }) => ({
        id,
        ...(before === 'expirationTime' ? { expirationTime } : (before as object)),
      }));
      expect(event?.before).toEqual(before && { tokens: changed });
      for (const subject of [bob.name, carol.name, carol.id, ...tokens.map(({ id }) => id)]) {
        const found = await events(`?subject=${subject}`);
        expect(found.filter(({ id }) => id === event?.id)).toHaveLength(1);
      }
    });

    it('finds the revocation of descendants by their owners', async () => {
      const parent = await server.client.createMyToken(asAdmin);
      const asParent = tokenHeader(parent.body);
      const child = (await server.client.createUserToken(bob.name, asParent)).body;

      await server.client.revokeToken(parent.body.id, asAdmin, '?descendants=true');

      expect((await server.client.token(child.id, asAdmin)).body.state).toBe('revoked');
      for (const subject of [bob.name, bob.id, child.id]) {
        expect((await actsOn(subject))[0]).toBe('authn_token_revoked');
      }
    });
  });

  describe('GET /audit-events?subject with single and bulk changes', () => {
    let all: AuditEventDto[];
    let since: string;
    const idsOf = (items: readonly AuditEventDto[]) => items.map(({ id }) => id);

    beforeEach(async () => {
      since = (await events('?size=1'))[0]?.id ?? '';
      for (let round = 0; round < 4; round += 1) {
        await server.client.login(bob.name, 'a wrong password');
        await bulk({ action: round % 2 === 0 ? 'disable' : 'enable', ids: [bob.name, carol.name] });
        await server.client.createUserToken(bob.name, asAdmin);
      }
      all = (await events('?size=50')).filter(({ subject, after }) =>
        [subject.name, ...((after?.['users'] ?? []) as UserDto[]).map(({ name }) => name)].includes(bob.name),
      );
    });

    const next = (headers: globalThis.Headers) =>
      /<\/audit-events(\?[^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];

    async function pages(query: string): Promise<AuditEventDto[]> {
      const read: AuditEventDto[] = [];
      for (let link: string | undefined = query; link !== undefined;) {
        const { body, headers } = await server.client.auditEvents(asAdmin, link);
        read.push(...body.items);
        link = body.items.length > 0 ? next(headers) : undefined;
      }
      return read;
    }

    it('pages in the order of the trail, each entry once', async () => {
      expect(all).toHaveLength(13);
      expect(idsOf(await pages(`?subject=${bob.name}&size=2`))).toEqual(idsOf(all));
      expect(idsOf(await pages(`?subject=${bob.id}&size=3`))).toEqual(idsOf(all));
    });

    it('polls oldest first', async () => {
      const read = await pages(`?subject=${bob.name}&after=${since}&size=3`);

      expect(idsOf(read)).toEqual(idsOf(all.slice(0, -1)).reverse());
    });

    it('accepts further filters and a time span', async () => {
      const bulks = all.filter(({ subject }) => subject.name === 'bulk');
      const [from, to] = [all.at(5)?.time ?? '', all.at(2)?.time ?? ''];
      const within = all.filter(({ time }) => time >= from && time < to);

      expect(bulks).toHaveLength(4);
      expect(idsOf(await events(`?subject=${bob.id}&action=user_updated&actor=admin`))).toEqual(idsOf(bulks));
      expect(idsOf(await events(`?subject=${bob.name}&outcome=failure`))).toHaveLength(4);
      expect(idsOf(await events(`?subject=${bob.name}&from=${from}&to=${to}`))).toEqual(idsOf(within));
    });

    it('exports all entries', async () => {
      const headers: Headers = { ...asAdmin, Accept: 'application/x-ndjson' };
      const { text } = await server.client.auditEvents(headers, `?subject=${bob.name}`);

      const exported = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as AuditEventDto);
      expect(idsOf(exported)).toEqual(idsOf(all));
    });
  });

  describe('a change whose subjects cannot be indexed', () => {
    it('returns 503 and changes nothing', async () => {
      await server.database.execute('ALTER TABLE audit_event_subjects RENAME TO subjects_away');
      const { status } = await bulk({ action: 'disable', ids: [bob.name] });
      await server.database.execute('ALTER TABLE subjects_away RENAME TO audit_event_subjects');

      expect(status).toBe(503);
      expect((await server.client.user(bob.name, asAdmin)).body.enabled).toBe(true);
      expect(await actsOn(bob.name)).toEqual([]);
    });
  });

  // This test is the last one, because its entry is found by every user.
  describe('GET /audit-events?subject for the revocation of all tokens', () => {
    it('finds the entry by every user', async () => {
      await bulkTokens({ action: 'revoke', filter: {}, keepCurrent: true });

      for (const subject of [bob.name, bob.id, carol.name]) {
        expect(await actsOn(subject)).toEqual(['authn_token_revoked']);
      }
    });
  });
});
