import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenSecret } from '../../../../apps/api/src/platform/crypto/secrets.js';
import { FakeClock } from '../../../../test/support/unit/fake-latchkey.js';
import { OwnToken, type TokenSource } from './own-token.js';

const DAY = 86_400_000;
const [OLD, NEW] = [createTokenSecret(), createTokenSecret()];

let clock: FakeClock;
let folder: string;
let file: string;
let owns: OwnToken[];
let warnings: string[];
/** Requests as method, path and token. */
let requests: string[];
/** Secret that the server accepts; another one is superseded. */
let current: string;
let expiry: number;
let permissions: string[];
let onRotation: () => void | Promise<void>;

/** Server with one token of 90 days, which can renew itself if it can only verify tokens. */
async function send(method: string, path: string, token: string, body?: object): Promise<unknown> {
  requests.push(`${method} ${path}`);
  await Promise.resolve();
  switch (path) {
    case 'me':
      return {
        permissions,
        token: { expirationTime: new Date(expiry).toISOString(), isSuperseded: !token.includes(current) },
      };
    case 'tokens/self':
      return { version: 3 };
    default:
      expect(body).toEqual({ gracePeriodSeconds: 604_800, version: 3 });
      await onRotation();
      current = NEW;
      expiry = clock.day + 90 * DAY;
      return { token: NEW, expirationTime: new Date(expiry).toISOString() };
  }
}

function create(source: TokenSource): OwnToken {
  const own = new OwnToken(source, send, clock, (error) => warnings.push((error as Error).message));
  owns.push(own);
  return own;
}

/** Receives a response, and completes the check that it causes. */
async function respond(own: OwnToken): Promise<void> {
  own.observe(
    new Headers({
      'x-auth-token-expires': new Date(expiry).toISOString(),
      ...((await own.read()).includes(current) ? {} : { 'x-auth-token-superseded': 'true' }),
    }),
  );
  await own.check();
}

/** Sets the age of the token in the file, and its remaining time. */
async function age(days: number, left: number): Promise<void> {
  expiry = clock.day + left * DAY;
  const time = (clock.day - days * DAY) / 1_000;
  await utimes(file, time, time);
}

beforeEach(async () => {
  clock = new FakeClock();
  folder = await mkdtemp(join(tmpdir(), 'latchkey-own-token-'));
  file = join(folder, 'token');
  await writeFile(file, `${OLD}\n`, { mode: 0o640 });
  [owns, warnings, requests] = [[], [], []];
  current = OLD;
  permissions = ['tokens:introspect'];
  onRotation = () => undefined;
});

afterEach(async () => {
  await Promise.all(owns.map((own) => own.close(AbortSignal.timeout(5_000))));
  await rm(folder, { recursive: true });
});

describe('a token in a file', () => {
  it('is renewed when a third of its lifetime is left, and the file keeps its mode', async () => {
    const own = create({ tokenFile: file });
    await age(59, 31);
    await respond(own);
    expect([await own.read(), requests]).toEqual([OLD, []]);

    await age(60, 29.9);
    await respond(own);

    expect(await own.read()).toBe(NEW);
    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['token']);
    expect(own.expirationTime).toBe(new Date(clock.day + 90 * DAY).toISOString());
    expect([requests, warnings]).toEqual([['GET me', 'GET tokens/self', 'POST tokens/self/rotate'], []]);
  });

  it('is renewed in the last third after it was first seen if the time of the file is in the future', async () => {
    const own = create({ tokenFile: file });
    await age(-1_000, 90);
    await respond(own);
    clock.advance(59 * DAY);
    await respond(own);
    expect(requests).toEqual([]);

    clock.advance(2 * DAY);
    await own.check();

    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
  });

  it('keeps the name of its user, and the symbolic link to it', async () => {
    const header = (token: string) => Buffer.from(`änna:${token}`).toString('base64');
    const link = join(folder, 'link');
    await writeFile(file, header(OLD));
    await symlink('token', link);
    permissions = ['tokens:introspect'];
    const own = create({ tokenFile: link });
    await age(80, 10);
    current = header(OLD);

    await respond(own);

    expect([await own.read(), (await readFile(file, 'utf8')).trim()]).toEqual([header(NEW), header(NEW)]);
  });

  it('is renewed once by two programs that read it', async () => {
    const [one, other] = [create({ tokenFile: file }), create({ tokenFile: file })];
    await age(80, 10);

    await Promise.all([respond(one), respond(other)]);

    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
    expect(warnings).toEqual([]);
  });

  it('is renewed after another program has stopped during a renewal', async () => {
    await writeFile(`${file}.new`, '');
    await utimes(`${file}.new`, 1, 1);
    const own = create({ tokenFile: file });
    await age(80, 10);
    await respond(own);
    expect(await readFile(file, 'utf8')).toBe(`${OLD}\n`);

    await own.check();

    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
  });

  it('keeps the mode of its file, whatever the umask', async () => {
    await chmod(file, 0o660);
    await age(80, 10);
    const own = create({ tokenFile: file });
    const umask = process.umask(0o077);

    await respond(own).finally(() => process.umask(umask));

    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o660);
  });

  it('is stored without the lock of another program, which has taken it after a long pause', async () => {
    onRotation = async () => {
      await rm(`${file}.new`);
      await writeFile(`${file}.new`, '   ');
    };
    await age(80, 10);

    await respond(create({ tokenFile: file }));

    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
    expect(await readFile(`${file}.new`, 'utf8')).toBe('   ');
  });

  it('is stored in the same file if that cannot be replaced, as in a container', async () => {
    onRotation = () => rm(`${file}.new`);
    await age(80, 10);

    await respond(create({ tokenFile: file }));

    expect(await readFile(file, 'utf8')).toBe(`${NEW}\n`);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['the file is read-only', () => chmod(file, 0o444), 'token is read-only.'],
    [
      'the token can do more than verify',
      () => Promise.resolve((permissions = ['tokens:introspect', 'users:read'])),
      'It has other permissions than tokens:introspect.',
    ],
  ])('is reported once a day from 14 days before the expiry if %s', async (_, prepare, reason) => {
    await prepare();
    const own = create({ tokenFile: file });
    await age(75, 14.1);
    await respond(own);
    expect(warnings).toEqual([]);

    for (const left of [13.9, 13.8, 12.8]) {
      await age(76, left);
      clock.advance(left === 12.8 ? DAY : 1);
      await respond(own);
    }

    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(
      /^The token of this verifier stops working on \d{4}-.*, and was not renewed: /,
    );
    expect(warnings[0]).toContain(reason);
    expect(await readFile(file, 'utf8')).toBe(`${OLD}\n`);
    expect(requests).not.toContain('POST tokens/self/rotate');
  });

  it('is reported at once if it was rotated elsewhere, until the new one is stored', async () => {
    const own = create({ tokenFile: file });
    await age(1, 89);
    current = NEW;
    await respond(own);
    expect(warnings).toEqual([
      'The token of this verifier stops working within a week, and was not renewed: ' +
        'It was rotated, and the new one is not stored here. Store that one, or another token.',
    ]);

    await writeFile(file, NEW);
    clock.advance(2 * DAY);
    await age(0, 89);
    await respond(create({ tokenFile: file }));

    expect(warnings).toHaveLength(1);
  });
});

describe('a token in an option', () => {
  it('is reported from 14 days before the expiry', async () => {
    const own = create({ token: OLD });
    await age(0, 14.1);
    await respond(own);
    expect(warnings).toEqual([]);

    await age(0, 9);
    await respond(own);

    expect(warnings).toEqual([
      expect.stringContaining('It is in the option "token". Replace it, or use the option "tokenFile".'),
    ]);
    expect(requests).toEqual([]);
  });

  it('is renewed by a function that stores it, and again stored after that has failed', async () => {
    let stored = OLD;
    let attempts = 0;
    const own = create({
      token: () => stored,
      storeToken: (token) => {
        attempts += 1;
        if (attempts === 1) {
          throw new Error('The vault is sealed.');
        }
        stored = token;
      },
    });
    await age(0, 90);
    await respond(own);
    clock.advance(70 * DAY);
    expiry -= 1;

    await respond(own);
    expect([await own.read(), stored, warnings]).toEqual([
      NEW,
      OLD,
      [expect.stringContaining('The vault is sealed.')],
    ]);
    expiry += 1;
    await respond(own);

    expect([await own.read(), stored, attempts]).toEqual([NEW, NEW, 2]);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  });
});

it.each<[TokenSource, string]>([
  [{}, 'either'],
  [{ token: OLD, tokenFile: 'token' }, 'either'],
  [{ tokenFile: '' }, 'is empty'],
  [{ token: OLD, storeToken: () => undefined }, 'needs a function'],
])('rejects sources that it cannot use: %j', (source, message) => {
  expect(() => create(source)).toThrow(message);
});
