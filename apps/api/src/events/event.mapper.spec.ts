import { describe, expect, it } from '@jest/globals';
import { type AuditAction, type AuditSubjectKind } from '@latchkey/auth-models';
import { type RelatedSubject } from '../audit/trail/audit-event-subject.entity.js';
import { AuditEvent } from '../audit/trail/audit-event.entity.js';
import { eventForUsers, toEvent } from './event.mapper.js';

const ANNE = { id: 'id-anne', name: 'anne' };
const BERT = { id: 'id-bert', name: 'bert' };

interface Written {
  kind?: AuditSubjectKind;
  id?: string | null;
  name?: string;
  outcome?: AuditEvent['outcome'];
  before?: object;
  after?: object;
  about?: RelatedSubject[];
}

function eventOf(action: AuditAction, written: Written = {}) {
  const {
    kind = 'token',
    id = 't1',
    name = 'anne',
    outcome = 'success',
    before,
    after,
    about = [],
  } = written;
  const entry = Object.assign(new AuditEvent(), {
    id: 'e1',
    time: 0,
    actorId: null,
    actorName: null,
    subjectKind: kind,
    subjectId: id,
    subjectName: name,
    action,
    outcome,
    address: null,
    before: before ? JSON.stringify(before) : null,
    after: after ? JSON.stringify(after) : null,
  });
  return toEvent(entry, about);
}

describe('toEvent', () => {
  it.each<[string, AuditAction, Written, string | undefined]>([
    ['a new token', 'authn_token_created', { after: {} }, 'token.created'],
    ['a new canary', 'authn_token_created', { after: { kind: 'canary' } }, undefined],
    ['a disabled user', 'user_updated', { kind: 'user', after: { enabled: false } }, 'user.disabled'],
    ['an enabled user', 'user_updated', { kind: 'user', after: { enabled: true } }, undefined],
    ['disabled users', 'user_updated', { kind: 'user', after: { action: 'disable' } }, 'user.disabled'],
    ['a login', 'authn_login_success', { kind: 'user', after: { tokenId: 't' } }, undefined],
    [
      'a login from a new network',
      'authn_login_success',
      { kind: 'user', after: { newNetwork: true } },
      'login.new_network',
    ],
    ['a requested token', 'offer_created', { kind: 'offer', after: { hasLink: false } }, 'offer.waiting'],
    ['a claim link', 'offer_created', { kind: 'offer', after: { hasLink: true } }, undefined],
    ['a good check', 'audit_verified', { kind: 'audit', after: { problems: 0 } }, undefined],
    [
      'a failed check',
      'audit_verified',
      { kind: 'audit', outcome: 'failure', after: { problems: 2 } },
      'audit.check_failed',
    ],
    ['a new role', 'role_created', { kind: 'role' }, undefined],
  ])('returns the type for %s', (_, action, written, type) => {
    expect(eventOf(action, written)?.type).toBe(type);
  });

  it('describes a token with its owner, preview and note', () => {
    const about = [ANNE, { id: 'latchkey_…5Cd1', name: 'latchkey_…5Cd1' }];
    const before = { tokenPreview: 'latchkey_…5Cd1', note: 'deploy' };

    expect(eventOf('authn_token_revoked', { about, before, after: { reason: 'unused' } })?.data).toEqual({
      users: [ANNE],
      tokens: [{ id: 't1', user: 'anne', tokenPreview: 'latchkey_…5Cd1', note: 'deploy' }],
      reason: 'unused',
    });
  });

  it.each<[string, Written, object]>([
    ['a user', { kind: 'user', ...ANNE, after: { all: true } }, { users: [ANNE], allTokens: true }],
    [
      'some users',
      { kind: 'user', id: null, name: 'bulk', after: { action: 'revokeTokens', users: [ANNE, BERT] } },
      { users: [ANNE, BERT], allTokens: true },
    ],
    ['everyone', { id: null, name: 'bulk', after: { all: true } }, { allTokens: true }],
  ])('describes the revocation of all tokens of %s', (_, written, data) => {
    expect(eventOf('authn_token_revoked', written)?.data).toEqual(data);
  });
});

describe('eventForUsers', () => {
  it('leaves out other users and their tokens', () => {
    const event = eventOf('authn_token_leaked', {
      id: null,
      name: 'bulk',
      about: [ANNE, BERT],
      after: {
        tokens: [
          { id: 't1', user: 'anne', tokenPreview: 'a' },
          { id: 't2', user: 'bert', tokenPreview: 'b' },
        ],
      },
    });
    if (!event) {
      throw new Error('No event');
    }

    expect(eventForUsers(event, [BERT]).data).toEqual({
      users: [BERT],
      tokens: [{ id: 't2', user: 'bert', tokenPreview: 'b' }],
    });
  });
});
