import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type AuditService } from '../../audit/trail/audit.service.js';
import { type ScopedDescendant, type TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type TokensRepository } from '../model/tokens.repository.js';
import { TokenUpdates } from './token-updates.service.js';

const TX = {} as WriteTransaction;
const SCOPE_ONLY = { scope: true, addresses: false };

let below: ScopedDescendant[];
let updates: TokenUpdates;
const updateScopes = jest.fn<TokenLineageRepository['updateScopes']>();

beforeEach(() => {
  updateScopes.mockReset().mockImplementation((changed) => {
    below = below.map((one) => changed.find(({ id }) => id === one.id) ?? one);
    return Promise.resolve();
  });
  const lineage = {
    findScopesOfDescendants: () => Promise.resolve(below),
    findSomeDescendants: () => Promise.resolve([{ id: 'wider' }]),
    findOwnersOfDescendants: () => Promise.resolve([{ userId: 'id-bert' }]),
    updateApisOfDescendants: () => Promise.resolve(),
    updateScopes,
  } as unknown as TokenLineageRepository;
  updates = new TokenUpdates({} as TokensRepository, lineage, {} as AuditService);
});

describe('narrow', () => {
  it('narrows the scopes of wider descendants, and returns their number', async () => {
    below = [
      { id: 'unlimited', scope: null, maxScope: null },
      { id: 'wider', scope: 'roles:read', maxScope: null },
      { id: 'within', scope: '', maxScope: 'users:read' },
    ];

    const token = { id: 'token-1', scope: 'users:read', useLimits: null };
    await expect(updates.narrow(token, SCOPE_ONLY, TX)).resolves.toMatchObject({
      count: 2,
      owners: [{ userId: 'id-bert' }],
    });

    expect(below.map(({ scope, maxScope }) => [scope, maxScope])).toEqual([
      ['users:read', 'users:read'],
      ['', 'users:read'],
      ['', 'users:read'],
    ]);
    expect(updateScopes.mock.calls[0]?.[0].map(({ id }) => id)).toEqual(['unlimited', 'wider']);
  });
});
