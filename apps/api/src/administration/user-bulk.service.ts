import { Injectable } from '@nestjs/common';
import {
  type BulkDryRunDto,
  type BulkResultDto,
  type UserBulkDto,
  type UserDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { checkCount } from '../common/bulk-count.js';
import { type Principal } from '../common/principal.js';
import { Writes } from '../database/writes.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { RolesService } from '../roles/roles.service.js';
import { UserBulkChunks } from './user-bulk-chunks.js';
import { UserBulkSelection } from './user-bulk-selection.js';
import { UserDeletion } from './user-deletion.js';
import { UserViews } from './user-views.js';

/** Changes many users at once, a few in each transaction. */
@Injectable()
export class UserBulkService {
  constructor(
    private readonly selection: UserBulkSelection,
    private readonly chunks: UserBulkChunks,
    private readonly deletion: UserDeletion,
    private readonly views: UserViews,
    private readonly roles: RolesService,
    private readonly rolesRepository: RolesRepository,
    private readonly writes: Writes,
  ) {}

  /**
   * Does to each user what the same change of one alone would; who cannot be changed is named in the result.
   *
   * @throws ApplicationError `forbidden`, `above_your_permissions`, `validation_failed` or `count_grown`, before anybody is
   * changed.
   */
  async run(bulk: UserBulkDto, actor: Principal): Promise<BulkResultDto | BulkDryRunDto<UserDto>> {
    await this.checkAction(bulk, actor);
    const targets = await this.selection.targetsOf(bulk);
    if (bulk.dryRun) {
      const count = targets.filter(({ id }) => id !== undefined).length;
      return { count, sample: await this.views.of(await this.selection.sample(targets)) };
    }
    checkCount(bulk, targets.length);

    const done = await this.writes.inChunks(targets, (chunk, tx) => this.chunks.run(chunk, bulk, actor, tx));
    await this.deletion.finish(done.flatMap(({ unfinished }) => unfinished));
    return { count: targets.length, results: done.flatMap(({ items }) => items) };
  }

  private async checkAction({ action, role }: UserBulkDto, actor: Principal): Promise<void> {
    if (action === 'revokeTokens' && !actor.permissions.has('tokens:write')) {
      throw new ApplicationError('forbidden', { detail: 'This needs tokens:write.' });
    }
    if (role === undefined) {
      return;
    }
    if ((await this.rolesRepository.findByNames([role])).length === 0) {
      throw new ApplicationError('validation_failed', {
        errors: [{ pointer: '/role', code: 'unknown_role', message: `there is no role ${role}` }],
      });
    }
    if (action === 'addRole') {
      await this.roles.checkGrantable([role], actor);
    }
  }
}
