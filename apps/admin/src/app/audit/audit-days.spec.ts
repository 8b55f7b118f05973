import type { AuditEventDto } from '@latchkey/auth-models';
import { auditDays } from './audit-days';

const NOW = new Date(2026, 10, 25, 12).getTime();

/** An entry at a local time, with the request that caused it. */
const entry = (id: string, time: Date, traceId?: string, actorId = 'anna') =>
  ({ id, time: time.toISOString(), traceId, actor: { id: actorId } }) as AuditEventDto;

const at = (day: number, hour: number) => new Date(2026, 10, day, hour);

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

  it('does not group entries of different actors or days, whose trace id the clients chose', () => {
    const events = [
      entry('3', at(25, 9), 'same'),
      entry('2', at(25, 9), 'same', 'elif'),
      entry('1', at(24, 9), 'same', 'elif'),
    ];

    expect(idsOf(events)).toEqual([[['3'], ['2']], [['1']]]);
  });
});
