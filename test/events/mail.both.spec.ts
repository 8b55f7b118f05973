import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type CreateEventTargetDto,
  type EventDeliveryDto,
  type EventTargetDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { Clock } from '../../apps/api/src/common/clock.service.js';
import { EventSender } from '../../apps/api/src/events/sender/event-sender.service.js';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { ADMIN, newRole, newUser } from '../support/factories.js';
import { MailServer } from '../support/mail-server.js';
import { TestServer } from '../support/test-server.js';
import { settleLeakReports } from '../support/use-server.js';

let mails: MailServer;
let server: TestServer;
let asAdmin: Headers;

beforeAll(async () => {
  mails = await MailServer.start({
    onRcptTo({ address }, _session, done) {
      done(
        address.startsWith('full')
          ? Object.assign(new Error('Mailbox full'), { responseCode: 552 })
          : undefined,
      );
    },
  });
  server = await TestServer.start({ environment: mails.environment });
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterEach(() => {
  mails.received.length = 0;
});

afterAll(async () => {
  await server.remove();
  await mails.close();
});

const settle = () => server.app.get(EventSender, { strict: false }).settle();

async function newTarget(members: Partial<CreateEventTargetDto>): Promise<string> {
  const { name } = newRole();
  const body = { name, kind: 'email', types: ['token.leaked'], ...members };
  const { status } = await server.client.request('POST', '/event-targets', { headers: asAdmin, body });
  expect(status).toBe(201);
  return name;
}

const remove = (name: string) =>
  server.client.request('DELETE', `/event-targets/${name}`, { headers: asAdmin });

const deliveriesTo = async (name: string) =>
  (
    await server.client.request<{ items: EventDeliveryDto[] }>('GET', `/event-targets/${name}/deliveries`, {
      headers: asAdmin,
    })
  ).body.items;

async function newOwner(note: string) {
  const { name } = newUser();
  await server.client.createUser({ name, email: `${name}@example.org` }, asAdmin);
  const { body: token } = await server.client.createUserToken(name, asAdmin, { note });
  return { name, token };
}

async function reportLeak(...leaked: readonly UserTokenDto[]): Promise<void> {
  const tokens = leaked.map(({ token = '' }) => token);
  await server.client.reportLeak({ tokens, source: 'gitleaks' });
  await settleLeakReports(server);
}

describe('e-mail', () => {
  it('informs the owners of leaked tokens', async () => {
    const anne = await newOwner('deploy');
    const bert = await newOwner('nightly backup');

    await reportLeak(anne.token, bert.token);
    await settle();

    expect(mails.received.map(({ to }) => to).sort()).toEqual(
      [[`${anne.name}@example.org`], [`${bert.name}@example.org`]].sort(),
    );
    expect(mails.textTo(`${anne.name}@example.org`)).toContain('deploy');
  });

  it('informs each owner of revoked tokens about their own only', async () => {
    const target = await newTarget({ toOwners: true, types: ['token.revoked'] });
    const anne = await newOwner('deploy');
    const bert = await newOwner('nightly backup');

    await server.client.request('POST', '/tokens/bulk', {
      headers: asAdmin,
      body: { action: 'revoke', ids: [anne.token.id, bert.token.id] },
    });
    await settle();

    expect(mails.received).toHaveLength(2);
    const text = mails.textTo(`${anne.name}@example.org`);
    expect(text).toContain('deploy');
    expect(text).not.toContain('nightly backup');
    expect(text).not.toContain(bert.name);
    await remove(target);
  });

  it('informs the person responsible for a service, by name or by address', async () => {
    const { name: person } = newUser();
    await server.client.createUser({ name: person, email: `${person}@example.org` }, asAdmin);
    const tokens: UserTokenDto[] = [];
    for (const responsible of [person, 'ops-of-robots@example.org']) {
      const { name } = newUser();
      await server.client.createUser({ name, kind: 'service', responsible }, asAdmin);
      tokens.push((await server.client.createUserToken(name, asAdmin)).body);
    }

    await reportLeak(...tokens);
    await settle();

    expect(mails.received.map(({ to }) => to).sort()).toEqual(
      [['ops-of-robots@example.org'], [`${person}@example.org`]].sort(),
    );
    expect(mails.textTo(`${person}@example.org`)).toContain(tokens[0]?.user);
  });

  it('sends only the part about the user of a target', async () => {
    const anne = await newOwner('deploy');
    const bert = await newOwner('nightly backup');
    const target = await newTarget({
      addresses: ['ops@example.org'],
      toOwners: true,
      user: anne.name,
      types: ['token.revoked'],
    });
    await server.client.bulkTokens({ action: 'revoke', ids: [anne.token.id, bert.token.id] }, asAdmin);
    await settle();

    expect(mails.received.flatMap(({ to }) => to).sort()).toEqual(
      [`${anne.name}@example.org`, 'ops@example.org'].sort(),
    );
    expect(mails.textTo('ops@example.org')).toContain('deploy');
    expect(mails.textTo('ops@example.org')).not.toMatch(new RegExp(`nightly backup|${bert.name}`));
    await remove(target);
  });

  it('lists the events of a minute in one message, in the language of the target', async () => {
    const target = await newTarget({
      addresses: ['ops@example.org'],
      language: 'de',
      types: ['token.created'],
    });
    await newOwner('one');
    await settle();
    await newOwner('two');
    await newOwner('three');
    await settle();
    expect(mails.received).toHaveLength(1);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000);
    await settle();
    jest.restoreAllMocks();

    expect(mails.received).toHaveLength(2);
    expect(mails.received[1]?.raw).toMatch(/^Subject: 2 Ereignisse\r$/m);
    expect(mails.textTo('ops@example.org')).toMatch(/two[^]*three/);
    await remove(target);
  });

  it('waits for the daily message', async () => {
    const target = await newTarget({
      addresses: ['ops@example.org'],
      schedule: 'daily',
      types: ['token.created'],
    });
    await newOwner('later');
    await settle();

    const [delivery] = await deliveriesTo(target);
    expect(delivery).toMatchObject({ state: 'waiting', attempts: 0, recipient: 'ops@example.org' });
    expect(delivery?.nextAttemptTime).toMatch(/T06:00:00\.000Z$/);
    expect(mails.received).toEqual([]);
    await remove(target);
  });

  it('sends nothing to the former address of an owner', async () => {
    const target = await newTarget({ toOwners: true, schedule: 'daily', types: ['token.created'] });
    const anne = await newOwner('deploy');
    const bert = await newOwner('nightly');
    await settle();
    await server.client.updateUser(anne.name, { email: `new-${anne.name}@example.org`, version: 0 }, asAdmin);
    jest.spyOn(Clock.prototype, 'now').mockReturnValue(Date.now() + 86_400_000);
    await settle();
    jest.restoreAllMocks();

    expect(mails.received.map(({ to }) => to)).toEqual([[`${bert.name}@example.org`]]);
    expect(await deliveriesTo(target)).toContainEqual(
      expect.objectContaining({
        recipient: `${anne.name}@example.org`,
        state: 'failed',
        error: 'The target no longer sends to this address.',
      }),
    );
    await remove(target);
  });

  it('gives up a message that the mailbox rejects, and sends the others', async () => {
    const target = await newTarget({
      addresses: ['full@example.org', 'ops@example.org'],
      types: ['token.created'],
    });
    await newOwner('full');
    await settle();

    expect(await deliveriesTo(target)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          recipient: 'full@example.org',
          state: 'failed',
          error: expect.stringContaining('Mailbox full'),
        }),
        expect.objectContaining({ recipient: 'ops@example.org', state: 'delivered' }),
      ]),
    );
    await remove(target);
  });

  it('does not fail as a whole because of one mailbox', async () => {
    const target = await newTarget({ addresses: ['full@example.org'], types: ['token.created'] });
    await newOwner('full');
    await settle();
    const path = `/event-targets/${target}`;
    const { body } = await server.client.request<EventTargetDto>('GET', path, { headers: asAdmin });

    expect(await deliveriesTo(target)).toMatchObject([{ state: 'failed' }]);
    expect(body.failingSince).toBeUndefined();
    await remove(target);
  });

  it('shows its recipients only with events:write', async () => {
    const target = await newTarget({ toOwners: true, types: ['token.created'] });
    const { name } = await newOwner('deploy');
    await settle();
    const { body: token } = await server.client.createMyToken(asAdmin, { permissions: ['events:read'] });
    const path = `/event-targets/${target}/deliveries`;
    const { text } = await server.client.request('GET', path, { headers: tokenHeader(token) });

    expect(text).toContain('delivered');
    expect(text).not.toContain('example.org');
    expect(await deliveriesTo(target)).toContainEqual(
      expect.objectContaining({ recipient: `${name}@example.org` }),
    );
    await remove(target);
  });

  it('sends a test message at once', async () => {
    const target = await newTarget({ addresses: ['ops@example.org'] });

    const { body } = await server.client.request<EventDeliveryDto>('POST', `/event-targets/${target}/test`, {
      headers: asAdmin,
    });

    expect(body).toMatchObject({ state: 'delivered' });
    expect(mails.textTo('ops@example.org')).toContain('latchkey_…Test');
    await remove(target);
  });
});
