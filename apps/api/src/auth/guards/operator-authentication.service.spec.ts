import { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { PermissionRegistry } from '../../permissions/permission-registry.service.js';
import {
  markOperatorConnection,
  OperatorAuthentication,
  operatorPrincipal,
} from './operator-authentication.service.js';

describe('OperatorAuthentication', () => {
  const permissions = new PermissionRegistry();
  const operators = new OperatorAuthentication(permissions);
  const marked = new Socket();
  const other = new Socket();

  beforeEach(() => markOperatorConnection(marked));

  const principalOf = (socket: Socket, headers: Record<string, string>) =>
    operators.authenticate({ id: 'trace-1', headers, raw: { socket } } as unknown as FastifyRequest);

  it('returns the principal of an account, with every permission', () => {
    expect(principalOf(marked, { authorization: 'Operator J%C3%BCrgen' })).toEqual(
      operatorPrincipal('Jürgen', 'trace-1', permissions.names()),
    );
  });

  it('accepts several spaces before the account', () => {
    expect(principalOf(marked, { authorization: 'operator  alice' })?.name).toBe('command line (alice)');
  });

  it('ignores the header on other connections', () => {
    expect(principalOf(other, { authorization: 'Operator alice' })).toBeUndefined();
  });

  it.each([
    [{}],
    [{ authorization: '' }],
    [{ authorization: 'Operator' }],
    [{ authorization: 'Operator ' }],
    [{ authorization: 'Operator alice bert' }],
    [{ authorization: 'Operator %E4' }],
    [{ authorization: 'Bearer alice' }],
    [{ authorization: 'Bearer operator alice' }],
    [{ authorization: 'Operator alice', 'x-auth-token': 'token' }],
  ])('requires the header on a marked connection: %j', (headers) => {
    expect(principalOf(marked, headers)).toBeUndefined();
  });
});

describe('operatorPrincipal', () => {
  it('holds every permission, and has no address and no token', () => {
    expect(operatorPrincipal('alice', 'trace-1', ['users:read', 'users:write'])).toEqual({
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
  ])('shortens the account %j to one line', (account, name) => {
    expect(operatorPrincipal(account, 'trace-1', []).name).toBe(name);
  });
});
