import { describe, expect, it } from '@jest/globals';
import { DE } from './de';
import { EN } from './en';

/** Names, and words that are the same in both languages. */
const IN_BOTH = [
  '.env',
  'API',
  'APIs',
  'Alertmanager',
  'Client',
  'Code',
  'Details',
  'Format',
  'Leak',
  'Live',
  'MIT',
  'Microsoft Teams',
  'Name',
  'Passkey',
  'Person',
  'Server',
  'Status',
  'System',
  'Token',
  'URL',
  'Version',
  'Webhook',
  'X-Auth-Token',
  'curl',
  'openapi.json',
];

/** Whether a function that inserts values contains two words in a row, and not only signs or a unit. */
const hasWords = (code: string) => /\p{L} \p{L}/u.test(code.replace(/\$\{[^}]*\}/g, ''));

/** Returns the texts of two catalogues. Functions are compared by their code. */
function pairsOf(english: unknown, german: unknown): [string, string][] {
  if (typeof english === 'function') {
    return hasWords(String(english)) ? [[String(english), String(german)]] : [];
  }
  if (typeof english === 'string') {
    return [[english, String(german)]];
  }
  return Object.entries(english as Record<string, unknown>).flatMap(([key, value]) =>
    pairsOf(value, (german as Record<string, unknown>)[key]),
  );
}

describe('German texts', () => {
  it('differ from the English ones, except for names and words of both languages', () => {
    const pairs = pairsOf(EN, DE);
    const same = pairs.filter(([english, german]) => english === german).map(([english]) => english);

    expect(pairs.length).toBeGreaterThan(1_000);
    expect([...new Set(same)].sort()).toEqual(IN_BOTH);
  });
});
