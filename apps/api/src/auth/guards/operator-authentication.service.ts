import { type IncomingHttpHeaders } from 'node:http';
import { type Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { COMMAND_LINE_ACTOR_ID } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { FIELDS } from '../../common/request/header-fields.js';
import { type Principal } from '../../common/request/principal.js';
import { ADMINISTRATOR_ROLE } from '../../permissions/grants.service.js';
import { PermissionRegistry } from '../../permissions/permission-registry.service.js';

const CONNECTIONS = new WeakSet<Socket>();
const ACCOUNT_MAX_LENGTH = 64;
const NOT_PRINTING = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The account is percent-encoded, because a header has no letters outside ASCII. */
const CREDENTIALS = /^operator +(\S+)$/i;

/**
 * Marks a connection that only an operator of the server can open, because of the permissions of its socket
 * file.
 */
export function markOperatorConnection(socket: Socket): void {
  CONNECTIONS.add(socket);
}

/** Whether a request arrived over an operator's connection. No header can have this effect. */
export function isOperatorConnection({ raw }: FastifyRequest): boolean {
  return CONNECTIONS.has(raw.socket);
}

/**
 * Authenticates the command line. Its connection is the credential. `Authorization: Operator` only states the
 * account for the audit trail, and means nothing on other connections.
 */
@Injectable()
export class OperatorAuthentication {
  constructor(private readonly permissions: PermissionRegistry) {}

  /** Returns the principal of a request of the command line; `undefined` for all other requests. */
  authenticate(request: FastifyRequest): Principal | undefined {
    const account = isOperatorConnection(request) ? accountOf(request.headers) : undefined;
    return account === undefined
      ? undefined
      : operatorPrincipal(account, request.id, this.permissions.names());
  }
}

/**
 * Returns the principal of the command line. It is an administrator, because its account can open the
 * database anyway. It has no address, and its name in the audit trail cannot be a user's.
 *
 * @param account account of the operating system.
 */
export function operatorPrincipal(
  account: string,
  traceId: string,
  permissions: Iterable<string>,
): Principal {
  return {
    id: COMMAND_LINE_ACTOR_ID,
    name: `command line (${account.replace(NOT_PRINTING, '').slice(0, ACCOUNT_MAX_LENGTH)})`,
    scheme: 'command-line',
    roles: [ADMINISTRATOR_ROLE],
    permissions: new Set(permissions),
    origin: { address: '', agent: undefined, traceId },
  };
}

function accountOf({
  authorization = '',
  [FIELDS.xAuthToken]: token,
}: IncomingHttpHeaders): string | undefined {
  const [, account] = token === undefined ? (CREDENTIALS.exec(authorization) ?? []) : [];
  try {
    return account && decodeURIComponent(account);
  } catch {
    return undefined;
  }
}
