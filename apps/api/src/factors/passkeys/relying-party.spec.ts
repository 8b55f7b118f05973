import { describe, expect, it } from '@jest/globals';
import { relyingPartyOf } from './relying-party.js';

describe('relyingPartyOf', () => {
  it.each([
    ['https://auth.example.com', { id: 'auth.example.com', origin: 'https://auth.example.com' }],
    ['https://auth.example.com:8443', { id: 'auth.example.com', origin: 'https://auth.example.com:8443' }],
    ['http://localhost:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
    ['http://127.0.0.1:3000', { id: 'localhost', origin: 'http://localhost:3000' }],
    ['http://[::1]:8080', { id: 'localhost', origin: 'http://localhost:8080' }],
    ['http://auth.example.com', undefined],
    ['http://127.example.com', undefined],
    ['https://192.0.2.7', undefined],
    ['https://[2001:db8::1]', undefined],
    [
      'https://localhost.example.com',
      { id: 'localhost.example.com', origin: 'https://localhost.example.com' },
    ],
  ])('of %s is %j', (publicUrl, relyingParty) => {
    expect(relyingPartyOf(publicUrl)).toEqual(relyingParty);
  });
});
