import { describe, expect, it } from '@jest/globals';
import { knownWords } from './known-words.js';

describe('knownWords', () => {
  it('returns names and addresses, whole and in parts, folded, with the product and the host', () => {
    const owner = { name: 'jane.doe', displayName: 'Jane DÖE', email: 'J.Roe@Example.com' };

    expect(knownWords(owner, 'https://auth.acme.example:8443').sort()).toEqual([
      'acme',
      'auth',
      'auth.acme.example',
      'com',
      'doe',
      'döe',
      'example',
      'j.roe',
      'j.roe@example.com',
      'jane',
      'jane döe',
      'jane.doe',
      'latchkey',
      'roe',
    ]);
  });

  it('omits absent members and words that are too short', () => {
    expect(knownWords({ name: 'jo', displayName: null }, 'http://127.0.0.1:3000')).toEqual([
      'latchkey',
      '127.0.0.1',
      '127',
    ]);
  });
});
