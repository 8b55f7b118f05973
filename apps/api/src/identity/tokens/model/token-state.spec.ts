import { describe, expect, it } from '@jest/globals';
import { EXPIRING_MILLISECONDS, stateOf } from './token-state.js';

const NOW = Date.UTC(2030, 0, 1);

const TOKEN = {
  enabled: true,
  stampTime: 6,
  expirationTime: null as number | null,
  idleExpirationTime: null as number | null,
  revocationTime: null as number | null,
};
const OWNER = { enabled: true, tokensEndedBefore: 5 };

describe('stateOf', () => {
  it.each<[string, Partial<typeof TOKEN>, Partial<typeof OWNER>, string]>([
    ['has no end', {}, {}, 'active'],
    ['ends later than soon', { expirationTime: NOW + EXPIRING_MILLISECONDS + 1 }, {}, 'active'],
    ['ends soon', { expirationTime: NOW + EXPIRING_MILLISECONDS }, {}, 'expiring'],
    ['ends in a moment', { expirationTime: NOW + 1 }, {}, 'expiring'],
    ['will be idle soon', { idleExpirationTime: NOW + 1 }, {}, 'active'],
    ['ends now', { expirationTime: NOW }, {}, 'expired'],
    ['is idle', { idleExpirationTime: NOW, expirationTime: NOW + 1 }, {}, 'expired'],
    ['is switched off', { enabled: false }, {}, 'disabled'],
    ['is of a user who is switched off', {}, { enabled: false }, 'disabled'],
    ['is off and ends soon', { enabled: false, expirationTime: NOW + 1 }, {}, 'disabled'],
    ['is off and over', { enabled: false, expirationTime: NOW }, {}, 'expired'],
    ['was revoked', { revocationTime: 0 }, {}, 'revoked'],
    ['was revoked, is off and over', { revocationTime: 1, enabled: false, expirationTime: 2 }, {}, 'revoked'],
    [
      'was refused after its end, before the clock was set back',
      { revocationTime: NOW + 1, expirationTime: NOW + 1 },
      {},
      'expired',
    ],
    [
      'was refused after its idle end before that',
      { revocationTime: NOW + 1, idleExpirationTime: NOW + 1, expirationTime: NOW + 2 },
      {},
      'expired',
    ],
    [
      'was refused so and ended with all of its user’s',
      { revocationTime: 1, expirationTime: 1 },
      { tokensEndedBefore: 6 },
      'revoked',
    ],
    ['was ended with all of its user’s', {}, { tokensEndedBefore: 6 }, 'revoked'],
  ])('of a token that %s', (_, token, owner, state) => {
    expect(stateOf({ ...TOKEN, ...token }, { ...OWNER, ...owner }, NOW)).toBe(state);
  });
});
