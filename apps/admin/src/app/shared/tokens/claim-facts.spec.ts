import { DE } from '../../core/texts/de';
import { EN } from '../../core/texts/en';
import { lifeInWords } from './claim-facts';

describe('lifeInWords', () => {
  it.each([
    [30, '1 minute'],
    [3_600, '1 hour'],
    [5_400, '90 minutes'],
    [86_400, '1 day'],
    [129_600, '36 hours'],
    [172_800, '2 days'],
    [7_776_000, '90 days'],
  ])('returns %d seconds as %s', (seconds, text) => {
    expect(lifeInWords(seconds, EN)).toBe(text);
  });

  it('returns a text in German', () => {
    expect(lifeInWords(129_600, DE)).toBe('36 Stunden');
  });
});
