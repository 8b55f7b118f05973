import { validateSync } from 'class-validator';
import { IsDateTime } from './date-time.js';

class Form {
  @IsDateTime()
  time: unknown;
}

const errorsOf = (time: unknown) => validateSync(Object.assign(new Form(), { time }));

describe('IsDateTime', () => {
  it.each([
    '2026-01-01T00:00:00Z',
    '2026-01-01t00:00:00z',
    '2030-01-31T10:00:00.123Z',
    '2026-01-01t00:00:00.123+01:00',
    '2028-02-29T23:59:59-05:00',
  ])('accepts %s, which Date can parse', (time) => {
    expect(errorsOf(time)).toEqual([]);
    expect(new Date(time).getTime()).not.toBeNaN();
  });

  it.each([
    ['no time', '2026-01-01'],
    ['no time zone', '2026-01-01T00:00:00'],
    ['a day that does not exist', '2026-02-29t00:00:00z'],
    ['an hour that does not exist', '2030-01-31T24:00:00Z'],
    ['a leap second, which Date does not support', '2030-12-31T23:59:60Z'],
    ['a space for the T', '2026-01-01 00:00:00Z'],
    ['a week date', '2030-W05-4T10:00:00Z'],
    ['the basic format', '20300131T100000Z'],
    ['a year of six digits', '+012030-01-31T10:00:00Z'],
    ['words', 'soon'],
    ['a number', 1_900_000_000],
    ['null', null],
  ])('rejects %s', (_, time) => {
    expect(errorsOf(time)).toHaveLength(1);
  });
});
