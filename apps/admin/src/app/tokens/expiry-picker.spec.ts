import { localTime } from '../shared/time/format-time';
import { chosenExpiry } from './expiry-picker';

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('chosenExpiry', () => {
  it('adds the chosen days to the current time', () => {
    expect(chosenExpiry({ kind: 'days', days: 7 }, NOW)).toEqual({ instant: '2026-12-02T10:00:00.000Z' });
  });

  it('accepts a local date and time', () => {
    const text = localTime('2026-12-24T18:30:00Z');

    expect(chosenExpiry({ kind: 'custom', text }, NOW)).toEqual({ instant: '2026-12-24T18:30:00.000Z' });
  });

  it('returns no expiry for the choice of none', () => {
    expect(chosenExpiry({ kind: 'none' }, NOW)).toEqual({ instant: null });
  });

  it.each(['', 'tomorrow', '2026-11-24T10:00'])('returns null for “%s”', (text) => {
    expect(chosenExpiry({ kind: 'custom', text }, NOW)).toBeNull();
  });
});
