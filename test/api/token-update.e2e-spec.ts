import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UpdateTokenDto } from '@latchkey/auth-models';
import { useAdmin, useServer } from '../support/use-server.js';
import { fromNow, useTokens, type TokenInUse } from '../support/use-tokens.js';

const DAY = 86_400_000;

const server = useServer({ environment: { LATCHKEY_SESSION_MAX_SECONDS: '2592000' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWith, make, stopClock, trailOf } = useTokens(server, asAdmin);

/** May see all tokens, and change none. */
let reader: TokenInUse;
/** Sees and may change all tokens. */
let writer: TokenInUse;
/** May change tokens, and sees none but their own. */
let blind: TokenInUse;

beforeAll(async () => {
  reader = await signUpWith('tokens:read');
  writer = await signUpWith('tokens:read', 'tokens:write');
  blind = await signUpWith('tokens:write');
});

const patch = (id: string, dto: UpdateTokenDto, { headers }: { headers: Record<string, string> }) =>
  server.client.updateToken(id, dto, { 'If-Match': '*', ...headers });

/** An answer without what tells requests apart. */
const problem = ({ status, body }: { status: number; body: { traceId?: string } }) => {
  const { traceId: _, ...rest } = body;
  return [status, rest];
};

describe('PATCH /tokens/{id}', () => {
  it('changes and removes the note, and increments the version', async () => {
    const session = await signUp();
    const { id } = await make(session, { note: 'old' });

    const renamed = await server.client.updateToken(id, { note: 'new', version: 0 }, session.headers);
    const removed = await server.client.updateToken(
      id,
      { note: null },
      {
        ...session.headers,
        'If-Match': '"1"',
      },
    );

    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.body).toMatchObject({ note: 'new', version: 1 });
    expect(renamed.body).not.toHaveProperty('token');
    expect([removed.status, removed.headers.get('etag')]).toEqual([200, '"2"']);
    expect(removed.body).not.toHaveProperty('note');
  });

  it('accepts a merge patch', async () => {
    const session = await signUp();

    const { status, body } = await server.client.updateToken(
      session.id,
      { note: 'x' },
      {
        ...session.headers,
        'If-Match': '"0"',
        'Content-Type': 'application/merge-patch+json',
      },
    );

    expect([status, body.note]).toEqual([200, 'x']);
  });

  it('disables a token from the next request on, and enables it again', async () => {
    const session = await signUp();
    const token = await make(session);
    const use = async () => (await server.client.me(token.headers)).body.code;

    await patch(token.id, { enabled: false }, session);
    const off = await use();
    const { body } = await patch(token.id, { enabled: true }, session);

    expect(off).toBe('token_disabled');
    expect(body).toMatchObject({ enabled: true, state: 'active' });
    expect(await use()).toBeUndefined();
  });

  it('changes the expiry, and sends it to the presented token', async () => {
    const session = await signUp();
    const token = await make(session);
    const [sooner, later] = [fromNow(DAY), fromNow(200 * DAY)];

    const first = await patch(token.id, { expirationTime: sooner }, token);
    const second = await patch(token.id, { expirationTime: later }, session);

    expect(first.body).toMatchObject({ expirationTime: sooner, state: 'expiring' });
    expect(first.headers.get('x-auth-token-expires')).toBe(sooner);
    expect(second.body).toMatchObject({ expirationTime: later, state: 'active' });
    expect(second.headers.get('x-auth-token-expires')).toBe(session.idleExpirationTime);
  });

  it('limits an expiry to the maximum, with a warning', async () => {
    const session = await signUp();
    const { id, creationTime } = await make(session);
    stopClock(creationTime);

    const { body } = await patch(id, { expirationTime: fromNow(400 * DAY) }, session);

    expect(Date.parse(body.expirationTime ?? '') - Date.parse(creationTime)).toBe(366 * DAY);
    expect(body.warnings).toEqual([expect.stringContaining('beyond the maximum')]);
  });

  it('limits a session to its maximum since log-in, and its idle expiry to its expiry', async () => {
    const session = await signUp();
    const sooner = fromNow(DAY);

    const clipped = await patch(session.id, { expirationTime: fromNow(60 * DAY) }, session);
    const shortened = await patch(session.id, { expirationTime: sooner }, session);

    expect(Date.parse(clipped.body.expirationTime ?? '') - Date.parse(session.creationTime)).toBe(30 * DAY);
    expect(clipped.body.warnings).toHaveLength(1);
    expect(shortened.body).toMatchObject({ expirationTime: sooner, idleExpirationTime: sooner });
  });

  it('limits a token to the expiry of its parent API token', async () => {
    const session = await signUp();
    const parent = await make(session, { expirationTime: fromNow(5 * DAY) });
    const child = await make(parent, { expirationTime: fromNow(DAY) });

    const { body } = await patch(child.id, { expirationTime: fromNow(6 * DAY) }, session);

    expect(body.expirationTime).toBe(parent.expirationTime);
    expect(body.warnings).toEqual([expect.stringContaining('the token it was created with')]);
  });

  it.each<[string, object, string, string]>([
    ['an expiry in the past', { expirationTime: fromNow(-1) }, '/expirationTime', 'in_the_past'],
    ['no expiry', { expirationTime: null }, '/expirationTime', 'no_expiry'],
    ['an invalid expiry', { expirationTime: 'soon' }, '/expirationTime', 'is_rfc3339'],
    ['enabled: null', { enabled: null }, '/enabled', 'is_boolean'],
    ['a negative version', { version: -1 }, '/version', 'min'],
    ['permissions', { permissions: [] }, '/permissions', 'unknown_member'],
    ['a note of two lines', { note: 'a\nb' }, '/note', 'is_single_line'],
  ])('returns 422 for %s, and changes nothing', async (_, dto, pointer, code) => {
    const session = await signUp();
    const token = await make(session);

    const { status, body } = await patch(token.id, dto, session);

    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer, code })]));
    expect((await server.client.token(token.id, session.headers)).body.version).toBe(0);
  });

  it('returns 422 for a session without expiry', async () => {
    const session = await signUp();

    const { status, body } = await patch(session.id, { expirationTime: null }, session);

    expect([status, body.errors?.[0]?.code]).toEqual([422, 'session_ends']);
  });

  it('returns 428 without a version, and 412 or 409 for a stale one', async () => {
    const session = await signUp();
    const ask = (dto: UpdateTokenDto, headers = {}) =>
      server.client.updateToken(session.id, dto, { ...session.headers, ...headers });
    await ask({ note: 'first', version: 0 });

    const answers = [
      await ask({ note: 'x' }),
      await ask({ note: 'x' }, { 'If-Match': '"0"' }),
      await ask({ note: 'x', version: 0 }),
      await ask({ note: 'x' }, { 'If-Match': 'W/"1"' }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [428, 'precondition_required'],
      [412, 'precondition_failed'],
      [409, 'conflict'],
      [412, 'precondition_failed'],
    ]);
    expect((await server.client.token(session.id, session.headers)).body.note).toBe('first');
  });

  it('succeeds for one of 50 edits of the same version', async () => {
    const session = await signUp();
    const { id } = await make(session);

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        server.client.updateToken(id, { note: `n${index}` }, { ...session.headers, 'If-Match': '"0"' }),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(49).fill(412)]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await server.client.token(id, session.headers)).body).toMatchObject({
      note: winner?.body.note,
      version: 1,
    });
    expect(await trailOf(id)).toHaveLength(2);
  });

  it('disables a token of a more powerful user with tokens:write', async () => {
    const { body: session } = await server.client.login('admin', 'correct horse: bättery staple');

    const off = await patch(session.id, { enabled: false }, writer);

    expect([off.status, off.body.state]).toEqual([200, 'disabled']);
    const trail = await trailOf(session.id);
    expect(trail.at(-1)).toMatchObject({
      action: 'authn_token_updated',
      actorName: writer.user,
      subjectName: 'admin',
      before: { enabled: true },
      after: { enabled: false },
    });
  });

  it('returns 403 if the token is visible only, and 404 if it is not visible', async () => {
    const { id } = await signUp();
    const other = await signUp();

    const seen = await patch(id, { note: 'x' }, reader);
    const hidden = await patch(id, { note: 'x' }, other);
    const unversioned = await server.client.updateToken(id, { note: 'x' }, other.headers);
    const unknown = await server.client.updateToken('unknown', { note: 'x' }, other.headers);

    expect([seen.status, seen.body.code]).toEqual([403, 'forbidden']);
    expect([hidden.status, hidden.body.code]).toEqual([404, 'not_found']);
    expect(problem(unversioned)).toEqual(problem(unknown));
    expect(problem(hidden)).toEqual(problem(unknown));
    expect(problem(await patch(id, { note: 'x' }, blind))).toEqual(problem(unknown));
  });

  it('returns 409 for an expired or revoked token', async () => {
    const session = await signUp();
    const revoked = await make(session);
    const expired = await make(session, { expirationTime: fromNow(DAY) });
    await server.client.revokeToken(revoked.id, session.headers);
    stopClock(expired.expirationTime ?? '');

    const answers = [
      await patch(revoked.id, { enabled: true }, session),
      await patch(revoked.id, { note: 'x' }, session),
      await patch(expired.id, { expirationTime: fromNow(9 * DAY) }, session),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([409, 'conflict']));
    expect((await server.client.me(revoked.headers)).body.code).toBe('token_revoked');
    expect((await server.client.me(expired.headers)).body.code).toBe('token_expired');
  });
});
