import { describe, expect, it } from '@jest/globals';
import { commandLinePrincipal } from './command-line-principal.js';

describe('commandLinePrincipal', () => {
  it('holds every permission, and has no address and no token', () => {
    expect(commandLinePrincipal('alice', 'trace-1', ['users:read', 'users:write'])).toEqual({
      id: 'command-line',
      name: 'command line (alice)',
      scheme: 'command-line',
      roles: ['admin'],
      permissions: new Set(['users:read', 'users:write']),
      origin: { address: '', agent: undefined, traceId: 'trace-1' },
    });
  });

  it.each([
    ['a line\nbreak', 'command line (a linebreak)'],
    ['\u001B[31mred', 'command line ([31mred)'],
    ['x'.repeat(300), `command line (${'x'.repeat(64)})`],
  ])('shortens the account %j to one line', (user, name) => {
    expect(commandLinePrincipal(user, 'trace-1', []).name).toBe(name);
  });
});
