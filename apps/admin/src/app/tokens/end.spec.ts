import { localTime } from '../shared/local-time';
import { chosenEnd } from './end';

const NOW = Date.parse('2026-11-25T10:00:00Z');

describe('chosenEnd', () => {
  it('counts days from now', () => {
    expect(chosenEnd({ kind: 'days', days: 7 }, NOW)).toEqual({ instant: '2026-12-02T10:00:00.000Z' });
  });

  it('takes a local date and time', () => {
    const text = localTime('2026-12-24T18:30:00Z');

    expect(chosenEnd({ kind: 'own', text }, NOW)).toEqual({ instant: '2026-12-24T18:30:00.000Z' });
  });

  it('is an end that never comes', () => {
    expect(chosenEnd({ kind: 'none' }, NOW)).toEqual({ instant: null });
  });

  it.each(['', 'tomorrow', '2026-11-24T10:00'])('is none for “%s”', (text) => {
    expect(chosenEnd({ kind: 'own', text }, NOW)).toBeNull();
  });
});
