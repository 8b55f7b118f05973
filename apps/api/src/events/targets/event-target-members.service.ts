import { Injectable } from '@nestjs/common';
import { type UpdateEventTargetDto } from '@latchkey/auth-models';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { isRestricted, type Principal } from '../../common/request/principal.js';
import { Config } from '../../platform/config/config.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ResourceApiPermissions } from '../../permissions/apis/resource-api-permissions.service.js';
import { UsersService } from '../../users/users.service.js';
import { type EventTarget } from './event-target.entity.js';
import { webhookUrlProblem } from '../webhooks/receiver-rules.js';

/** Members that only targets of the other kind have. */
const FOREIGN = {
  webhook: ['addresses', 'toOwners', 'schedule', 'language'],
  email: ['url', 'format'],
} as const;

/** Members of a request that a target stores. */
type TargetMembers = Omit<UpdateEventTargetDto, 'version'>;

/** Checks the members of requests about event targets, and converts them to columns. */
@Injectable()
export class EventTargetMembers {
  constructor(
    private readonly users: UsersService,
    private readonly permissions: ResourceApiPermissions,
    private readonly config: Config,
  ) {}

  /**
   * @param before types of events that the target receives already, which a change could redirect.
   * @throws ApplicationError `validation_failed` for a member of the other kind, or a bad URL; `forbidden` if
   *   the target receives uses of canaries, which a limited token may not see.
   */
  check(kind: EventTarget['kind'], members: TargetMembers, actor: Principal, before = ''): void {
    const types = [...before.split(','), ...(members.types ?? [])];
    if (types.includes('token.canary_used') && isRestricted(actor, 'audit:read')) {
      throw new ApplicationError('forbidden', {
        detail: 'A limited token needs audit:read for the type token.canary_used.',
      });
    }
    const foreign = FOREIGN[kind].find((member) => members[member as keyof TargetMembers] !== undefined);
    if (foreign !== undefined) {
      throw errorAt(
        `/${foreign}`,
        'not_for_kind',
        `${foreign} is not allowed for a target of the kind ${kind}`,
      );
    }
    const problem = members.url === undefined ? undefined : webhookUrlProblem(members.url, this.config);
    if (problem !== undefined) {
      throw errorAt('/url', 'webhook_url', problem);
    }
  }

  /**
   * Returns the columns that a request sets.
   *
   * @param before stored target. Its API may have been deleted since.
   * @throws ApplicationError `validation_failed` for an unknown user or API.
   */
  async columnsOf(
    { user, types, addresses, ...members }: TargetMembers,
    tx: WriteTransaction,
    before?: EventTarget,
  ): Promise<Partial<EventTarget>> {
    const { api } = members;
    if (typeof api === 'string' && api !== before?.api && !(await this.permissions.hasApi(api, tx))) {
      throw errorAt('/api', 'unknown_api', `there is no API ${api}; GET /apis lists all APIs`);
    }
    return {
      ...members,
      ...(types !== undefined && { types: [...types].sort().join(',') }),
      ...(addresses !== undefined && { addresses: addresses.join(',') }),
      ...(user === null && { userId: null, userName: null }),
      ...(typeof user === 'string' && (await this.filterBy(user, tx))),
    };
  }

  private async filterBy(name: string, tx: WriteTransaction): Promise<Partial<EventTarget>> {
    try {
      const user = await this.users.getByName(name, tx);
      return { userId: user.id, userName: user.name };
    } catch (error) {
      throw error instanceof ApplicationError && error.code === 'not_found'
        ? errorAt('/user', 'unknown_user', 'there is no user with this name')
        : error;
    }
  }
}

/** @throws ApplicationError `validation_failed` if a target has nowhere to send to. */
export function checkComplete({ kind, url, addresses, toOwners }: Partial<EventTarget>): void {
  if (kind === 'webhook' && !url) {
    throw errorAt('/url', 'required', 'a webhook needs a url');
  }
  if (kind === 'email' && !addresses && !toOwners) {
    throw errorAt('/addresses', 'required', 'e-mail needs addresses, or toOwners');
  }
}
