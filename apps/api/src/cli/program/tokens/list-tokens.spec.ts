import { beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addListTokens } from './list-tokens.js';
import { type Shell } from '../shell.js';

const TOTAL = 450;
const TOKEN = { id: 'id', user: 'anna', kind: 'session', state: 'active', tokenPreview: 'latchkey_…abcd' };

let requested: string[];
let listed: { items: unknown[]; total: number };
let printed: string;
/** The only token, if there are not {@link TOTAL}. */
let token: object | undefined;
let notes: string[];

/** Runs the command on a server with {@link TOTAL} tokens. */
async function listTokens(...args: string[]): Promise<void> {
  const client = {
    get: (path: string) => {
      requested.push(path);
      if (token) {
        return Promise.resolve({ items: [token], total: 1 });
      }
      const query = new URLSearchParams(path.split('?')[1]);
      const size = Number(query.get('size'));
      const before = (Number(query.get('page')) - 1) * size;
      const items = Array.from({ length: Math.min(size, TOTAL - before) }, (_, index) => before + index);
      return Promise.resolve({ items, total: TOTAL });
    },
  };
  const shell = {
    withClient: (use: (api: unknown) => unknown) => use(client),
    output: {
      result: (result: typeof listed, describeTokens: () => string) => {
        listed = result;
        printed = token ? describeTokens() : '';
      },
      note: (text: string) => notes.push(text),
    },
  };
  const program = new Command();
  addListTokens(program, shell as unknown as Shell);
  await program.parseAsync(['list-tokens', ...args], { from: 'user' });
}

beforeEach(() => {
  requested = [];
  notes = [];
  token = undefined;
});

describe('list-tokens', () => {
  it('requests one page by default', async () => {
    await listTokens();

    expect(requested).toEqual(['/tokens?page=1&size=200']);
    expect(notes).toEqual([`Showing the newest 200 of ${TOTAL} tokens. Use --limit to show more.`]);
  });

  it('requests further pages up to the limit', async () => {
    await listTokens('--limit', '401', '--kind', 'api');

    expect(requested).toEqual([1, 2, 3].map((page) => `/tokens?kind=api&page=${page}&size=200`));
    expect(listed).toEqual({ items: Array.from({ length: 401 }, (_, index) => index), total: TOTAL });
  });

  it('stops at the last page', async () => {
    await listTokens('--limit', '10000', '--user', 'ANNA');

    expect(requested).toEqual([1, 2, 3].map((page) => `/users/anna/tokens?page=${page}&size=200`));
    expect([listed.items.length, notes]).toEqual([TOTAL, []]);
  });

  it.each([
    [
      'the earlier expiry of a session',
      '2026-12-28T10:00:00.000Z',
      '2026-12-05T10:00:00.000Z',
      '2026-12-05T10:00:00.000Z',
    ],
    ['the expiry of an API token', '2026-12-28T10:00:00.000Z', undefined, '2026-12-28T10:00:00.000Z'],
    ['that there is none', undefined, undefined, 'none'],
  ])('shows %s', async (_, expirationTime, idleExpirationTime, expected) => {
    token = { ...TOKEN, expirationTime, idleExpirationTime };

    await listTokens();

    expect(printed.split(/\s+/).at(-1)).toBe(expected);
  });

  it('rejects a name that no user can have, without a request', async () => {
    await expect(listTokens('--user', '')).rejects.toThrow('There is no user with this name.');

    expect(requested).toEqual([]);
  });
});
