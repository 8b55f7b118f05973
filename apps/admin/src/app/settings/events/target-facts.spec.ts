import type { EventTargetDto, EventType } from '@latchkey/auth-models';
import { EVENT_TYPES } from '@latchkey/auth-models/lists';
import { DE } from '../../core/texts/de';
import { EN } from '../../core/texts/en';
import { methodOf, shortDestinationOf, stateOf, TYPE_GROUPS, typesInWords } from './target-facts';

const TARGET: EventTargetDto = {
  name: 'on-call',
  kind: 'webhook',
  url: 'https://hooks.example.com:8443/services/secret',
  format: 'slack',
  types: ['token.leaked'],
  enabled: true,
  waiting: 0,
  creationTime: '2026-12-01T12:00:00.000Z',
  version: 1,
};

describe('the facts about a target', () => {
  it.each<[string, Partial<EventTargetDto>]>([
    ['enabled', {}],
    ['failing', { failingSince: '2026-12-01T12:00:00.000Z' }],
    ['disabled', { enabled: false, failingSince: '2026-12-01T12:00:00.000Z' }],
    ['stopped', { enabled: false, disabledReason: 'gone' }],
  ])('name its state: %s', (state, members) => {
    expect(stateOf({ ...TARGET, ...members })).toBe(state);
  });

  it('name the host of a webhook without its path, which can be secret', () => {
    expect(shortDestinationOf(TARGET, EN)).toBe('hooks.example.com:8443');
    expect(methodOf(TARGET, EN)).toBe('Slack or Mattermost');
  });

  it('name the recipients of e-mail, when and in which language it is sent', () => {
    const { url: _url, format: _format, ...others } = TARGET;
    const mail: EventTargetDto = {
      ...others,
      kind: 'email',
      addresses: ['security@example.org'],
      toOwners: true,
      schedule: 'daily',
      language: 'de',
    };

    expect(shortDestinationOf(mail, DE)).toBe('security@example.org, die betroffenen Benutzer');
    expect(methodOf(mail, DE)).toBe('E-Mail · Einmal täglich · Deutsch');
  });

  it.each([
    [3, 'a1@b.org, a2@b.org, a3@b.org'],
    [4, 'a1@b.org, a2@b.org and 2 more'],
    [20, 'a1@b.org, a2@b.org and 18 more'],
  ])('name the first of many recipients: %i', (total, words) => {
    const { url: _url, ...others } = TARGET;
    const addresses = Array.from({ length: total }, (_, index) => `a${index + 1}@b.org`);

    expect(shortDestinationOf({ ...others, kind: 'email', addresses }, EN)).toBe(words);
  });

  it.each<[string, readonly EventType[]]>([
    ['Token leaked', ['token.leaked']],
    ['2 types', ['token.leaked', 'backup.overdue']],
    ['All events', EVENT_TYPES],
  ])('name the types: %s', (words, types) => {
    expect(typesInWords(types, EN)).toBe(words);
  });
});

describe('TYPE_GROUPS', () => {
  it('has each type once', () => {
    expect(Object.values<readonly EventType[]>(TYPE_GROUPS).flat().sort()).toEqual([...EVENT_TYPES].sort());
  });
});
