import { validateSync } from 'class-validator';
import { IsDateTime } from './is-instant.decorator.js';

class Form {
  @IsDateTime()
  time: unknown;
}

const isAccepted = (time: unknown) => validateSync(Object.assign(new Form(), { time })).length === 0;

describe('IsDateTime', () => {
  it.each([
    '2026-01-01T00:00:00Z',
    '2026-01-01t00:00:00z',
    '2026-01-01t00:00:00.123+01:00',
    '2028-02-29T23:59:59-05:00',
  ])('accepts %s', (time) => {
    expect(isAccepted(time)).toBe(true);
  });

  it.each([
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-02-29t00:00:00z',
    '2026-01-01 00:00:00Z',
    'soon',
    1,
    null,
  ])('rejects %p', (time) => {
    expect(isAccepted(time)).toBe(false);
  });
});
