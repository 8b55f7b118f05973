import type { AuditEventDto } from '@latchkey/auth-models';
import { auditDays } from './audit-days';

const NOW = new Date(2026, 10, 25, 12).getTime();

/** A successful action at a local time, with the request that caused it. */
const entry = (id: string, time: Date, traceId?: string, members: Partial<AuditEventDto> = {}) =>
  ({
    id,
    time: time.toISOString(),
    traceId,
    actor: { id: 'anna', name: 'anna' },
    outcome: 'success',
    address: '192.0.2.1',
    ...members,
  }) as AuditEventDto;

const at = (day: number, hour: number, second = 0) => new Date(2026, 10, day, hour, 0, second);

const idsOf = (events: AuditEventDto[]) =>
  auditDays(events, NOW, 'en').map(({ acts }) => acts.map((act) => act.map(({ id }) => id)));

describe('auditDays', () => {
  it.each([
    ['en', ['Today', 'Yesterday', 'Monday, November 23, 2026']],
    ['de', ['Heute', 'Gestern', 'Montag, 23. November 2026']],
  ])('names the local days in %s', (locale, names) => {
    const events = [
      entry('4', at(25, 11)),
      entry('3', at(25, 0)),
      entry('2', at(24, 23)),
      entry('1', at(23, 9)),
    ];

    expect(auditDays(events, NOW, locale).map(({ name }) => name)).toEqual(names);
  });

  it('groups consecutive entries of one request', () => {
    const requests = ['b', 'b', 'a', undefined, undefined, 'a'];
    const events = requests.map((request, index) => entry(String(index), at(25, 9), request));

    expect(idsOf(events)).toEqual([[['0', '1'], ['2'], ['3'], ['4'], ['5']]]);
  });

  it.each<[string, Partial<AuditEventDto>, Partial<AuditEventDto>]>([
    ['of different actors', {}, { actor: { id: 'elif', name: 'elif' } }],
    ['without an actor', { actor: undefined }, { actor: undefined }],
    ['from different addresses', {}, { address: '192.0.2.2' }],
    ['of a failure before a success', {}, { outcome: 'failure' }],
    ['of a failure after a success', { outcome: 'failure' }, {}],
    ['of two failures', { outcome: 'failure' }, { outcome: 'failure' }],
  ])('does not group entries %s with the same trace id, which clients choose', (_, newer, older) => {
    const events = [entry('2', at(25, 9), 'same', newer), entry('1', at(25, 9), 'same', older)];

    expect(idsOf(events)).toEqual([[['2'], ['1']]]);
  });

  it('groups entries with a reused trace id within two seconds of the first', () => {
    const seconds = [5, 4, 3, 2, 1];
    const reused = seconds.map((second) => entry(String(second), at(25, 9, second), 'same'));
    const minutesAgo = entry('0', at(25, 8), 'same');

    expect(idsOf([...reused, minutesAgo])).toEqual([[['5', '4', '3'], ['2', '1'], ['0']]]);
  });

  it('does not group entries of different days', () => {
    const events = [entry('2', at(25, 0), 'same'), entry('1', at(25, 0, -1), 'same')];

    expect(idsOf(events)).toEqual([[['2']], [['1']]]);
  });
});
