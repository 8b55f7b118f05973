import { describe, expect, it } from '@jest/globals';
import { costOf, flawOfHash, schemeOf } from './password-schemes.js';

const SALT = 'c29tZXNhbHQ';
const KEY = 'CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const BCRYPT_REST = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

/** Hashes from other programs and from documents, with their passwords. */
const PUBLISHED: [string, string, string][] = [
  ['argon2id', 'password', `$argon2id$v=19$m=65536,t=2,p=1$${SALT}$${KEY}`],
  [
    'argon2i of version 16, which names no version',
    'password',
    '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
  ],
  ['bcrypt 2a', 'U*U', `$2a$05$${BCRYPT_REST}`],
  ['bcrypt 2b', 'U*U', `$2b$05$${BCRYPT_REST}`],
  ['bcrypt 2y', 'U*U', `$2y$05$${BCRYPT_REST}`],
  [
    'scrypt of passlib',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ],
  [
    'PBKDF2 with SHA-256 of passlib',
    'password',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
  ],
  // RFC 6070.
  ['PBKDF2 with SHA-1', 'password', '$pbkdf2$4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE'],
];

describe('costOf', () => {
  it.each([
    [`$argon2id$v=19$m=65536,t=2,p=1$${SALT}$${KEY}`, '$argon2id$v=19$m=65536,t=2,p=1$43'],
    [`$scrypt$ln=16,r=8,p=1$${SALT}$${KEY}`, '$scrypt$ln=16,r=8,p=1$43'],
    // Salt and key are one field.
    [`$2b$12$${BCRYPT_REST}`, '$2b$12$53'],
  ])('returns the parameters and the key length of %s, without the salt', (hash, cost) => {
    expect(costOf(hash)).toBe(cost);
  });
});

describe('an imported hash', () => {
  it.each(PUBLISHED)('of %s matches its password only', async (_, password, hash) => {
    const scheme = schemeOf(hash);

    expect(flawOfHash(hash)).toBeUndefined();
    expect(await scheme?.verify(hash, password)).toBe(true);
    expect(await scheme?.verify(hash, `${password} `)).toBe(false);
  });

  it.each([
    ['malformed scrypt', '$scrypt$ln=16,r=8,p=1$salt'],
    ['malformed PBKDF2', '$pbkdf2-sha256$1$salt'],
  ])('of %s matches no password', async (_, hash) => {
    expect(await schemeOf(hash)?.verify(hash, 'password')).toBe(false);
  });

  it.each([
    `$argon2d$v=19$m=262144,t=4,p=16$${SALT}$${KEY}`,
    `$2b$14$${BCRYPT_REST}`,
    `$scrypt$ln=18,r=8,p=1$${SALT}$${KEY}`,
    `$scrypt$ln=10,r=1,p=2048$${SALT}$${KEY}`,
    `$pbkdf2-sha512$i=1000000,l=32$${SALT}$${KEY}`,
    `$pbkdf2-sha1$i=1000000,l=32$${SALT}$${KEY}`,
    `$pbkdf2-sha256$1000$${SALT}$${KEY}`,
  ])('is accepted at the maximum cost: %s', (hash) => {
    expect(flawOfHash(hash)).toBeUndefined();
  });

  it.each([
    `$argon2id$v=19$m=262145,t=1,p=1$${SALT}$${KEY}`,
    `$argon2id$v=19$m=65536,t=17,p=1$${SALT}$${KEY}`,
    `$2b$15$${BCRYPT_REST}`,
    `$scrypt$ln=19,r=8,p=1$${SALT}$${KEY}`,
    `$scrypt$ln=16,r=8,p=5$${SALT}$${KEY}`,
    `$scrypt$ln=99,r=8,p=1$${SALT}$${KEY}`,
    `$pbkdf2-sha256$i=2000001,l=32$${SALT}$${KEY}`,
    // Two parts of twenty bytes: twice the work.
    `$pbkdf2-sha1$i=1000001,l=32$${SALT}$${KEY}`,
  ])('is rejected above the maximum cost: %s', (hash) => {
    expect(flawOfHash(hash)).toMatch(/^costs too much: .*at most/);
  });

  it.each([
    ['Django', `pbkdf2_sha256$600000$salt$${KEY}=`, /^is in Django's form: .*\$pbkdf2-sha256\$i=/],
    ['Werkzeug', 'scrypt:32768:8:1$salt$00ff', /^is in Werkzeug's form: .*\$scrypt\$ln=15,r=8,p=1\$/],
    ['Spring', `{bcrypt}$2a$10$${BCRYPT_REST}`, /^is in Spring's form: leave out .*\{bcrypt\}/],
  ])('of %s is rejected with a message that explains the conversion', (_, hash, message) => {
    expect(flawOfHash(hash)).toMatch(message);
  });

  it.each([
    `x pbkdf2_sha256$600000$salt$${KEY}=`,
    'x scrypt:32768:8:1$salt$00ff',
    `x {bcrypt}$2a$10$${BCRYPT_REST}`,
  ])('is not taken for that of a known system if other text precedes it: %s', (hash) => {
    expect(flawOfHash(hash)).toBe(
      'is not a hash of argon2, bcrypt, scrypt, PBKDF2 in PHC or modular crypt form',
    );
  });

  it.each([
    ['empty', ''],
    ['a password', 'correct horse battery staple'],
    ['MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    [
      'SHA-512 crypt',
      '$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/',
    ],
    ['argon2 without memory', `$argon2id$v=19$m=0,t=2,p=1$${SALT}$${KEY}`],
    ['argon2 with too little memory for its lanes', `$argon2id$v=19$m=31,t=2,p=4$${SALT}$${KEY}`],
    ['argon2 without passes', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${KEY}`],
    ['argon2 without a hash', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}`],
    ['argon2 with a short hash', `$argon2id$v=19$m=19456,t=2,p=1$${SALT}$c2hvcnQ`],
    ['argon2 of an unknown version', `$argon2id$v=18$m=19456,t=2,p=1$${SALT}$${KEY}`],
    ['truncated bcrypt', `$2b$12$${BCRYPT_REST}`.slice(0, -1)],
    ['bcrypt of an unknown kind', `$2x$12$${BCRYPT_REST}`],
    ['bcrypt below its minimum cost', `$2b$03$${BCRYPT_REST}`],
    ['scrypt without a salt', `$scrypt$ln=16,r=8,p=1$$${KEY}`],
    ['scrypt below its minimum cost', `$scrypt$ln=1,r=8,p=1$${SALT}$${KEY}`],
    ['scrypt without blocks', `$scrypt$ln=16,r=0,p=1$${SALT}$${KEY}`],
    ['PBKDF2 below its minimum cost', `$pbkdf2-sha256$i=999,l=32$${SALT}$${KEY}`],
    ['PBKDF2 of another length than declared', `$pbkdf2-sha256$i=6400,l=20$${SALT}$${KEY}`],
    ['PBKDF2 with MD5', `$pbkdf2-md5$i=6400$${SALT}$${KEY}`],
    ['no base64', `$pbkdf2-sha256$i=6400$${SALT}$*${KEY}`],
    ['followed by other text', `$2b$12$${BCRYPT_REST}\n`],
    ['too long', `$scrypt$ln=16,r=8,p=1$${SALT.repeat(100)}$${KEY}`],
  ])('is rejected when it is %s', (_, hash) => {
    expect(flawOfHash(hash)).toMatch(/^is not an? /);
  });
});
