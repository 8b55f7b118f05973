import { FormControl } from '@angular/forms';
import type { EventTargetDto } from '@latchkey/auth-models';
import { addressesIn, addressLines, changesOf, formOf, membersOf } from './target-form';

const WEBHOOK: EventTargetDto = {
  name: 'on-call',
  kind: 'webhook',
  url: 'https://hooks.example.com/latchkey',
  format: 'standard',
  types: ['token.expiring', 'token.leaked'],
  user: 'anna',
  enabled: true,
  waiting: 0,
  creationTime: '2026-12-01T12:00:00.000Z',
  version: 1,
};

const MAIL: EventTargetDto = {
  name: 'people',
  kind: 'email',
  addresses: ['a@example.org', 'b@example.org'],
  toOwners: false,
  schedule: 'daily',
  language: 'de',
  types: ['token.leaked'],
  enabled: true,
  waiting: 0,
  creationTime: '2026-12-01T12:00:00.000Z',
  version: 1,
};

describe('addressesIn', () => {
  it('splits lines, commas and semicolons', () => {
    expect(addressesIn(' a@example.org\nb@example.org, c@example.org;\n')).toEqual([
      'a@example.org',
      'b@example.org',
      'c@example.org',
    ]);
  });
});

describe('addressLines', () => {
  it.each([
    ['', null],
    ['a@example.org', null],
    ['a@example.org\nnobody', 'addresses.isEmail'],
    ['a@example.org\na@example.org', 'addresses.arrayUnique'],
  ])('validates %j by the rules of the server', (text, rule) => {
    const errors = addressLines(new FormControl(text)) as { field: { rules: string[] } } | null;

    expect(errors?.field.rules[0] ?? null).toBe(rule);
  });
});

describe('membersOf', () => {
  it('has only the members of the selected kind', () => {
    expect(membersOf({ ...formOf(MAIL), kind: 'webhook', url: ' https://example.com ' })).toEqual({
      url: 'https://example.com',
      format: 'standard',
      types: ['token.leaked'],
    });
    expect(membersOf(formOf(MAIL))).toEqual({
      addresses: MAIL.addresses,
      toOwners: false,
      schedule: 'daily',
      language: 'de',
      types: ['token.leaked'],
    });
  });
});

describe('changesOf', () => {
  it.each([WEBHOOK, MAIL])('is empty without changes: $kind', (target) => {
    expect(changesOf(target, formOf(target))).toEqual({});
  });

  it('ignores the order of types', () => {
    expect(changesOf(WEBHOOK, { ...formOf(WEBHOOK), types: ['token.leaked', 'token.expiring'] })).toEqual({});
  });

  it('removes an emptied filter, and sets another', () => {
    expect(changesOf(WEBHOOK, { ...formOf(WEBHOOK), user: '', api: 'orders', format: 'teams' })).toEqual({
      user: null,
      api: 'orders',
      format: 'teams',
    });
  });
});
