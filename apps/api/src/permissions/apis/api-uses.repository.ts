import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Like, type Repository } from 'typeorm';
import { type EpochMilliseconds } from '../../common/clock.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { Role } from '../roles/role.entity.js';
import { TokenApi } from '../../tokens/model/token-api.entity.js';
import { IS_LIVE_SQL } from '../../tokens/model/token-state.js';

/** Queries on the roles and tokens that use permissions of APIs. */
@Injectable()
export class ApiUsesRepository {
  constructor(@InjectRepository(TokenApi) private readonly tokenApis: Repository<TokenApi>) {}

  /** Returns the number of live tokens whose scope names permissions of each API. APIs without such tokens are absent. */
  async countTokens(apis: readonly string[], now: EpochMilliseconds): Promise<Map<string, number>> {
    if (apis.length === 0) {
      return new Map();
    }
    const rows = await this.tokenApis
      .createQueryBuilder('use')
      .select('use.api', 'api')
      .addSelect('COUNT(*)', 'count')
      .innerJoin('use.token', 'token')
      .innerJoin('token.user', 'owner')
      .where(IS_LIVE_SQL, { now })
      .andWhere('use.api IN (:...apis)', { apis: [...apis] })
      .groupBy('use.api')
      .getRawMany<{ api: string; count: number | string }>();
    return new Map(rows.map(({ api, count }) => [api, Number(count)]));
  }

  /** Returns the scopes of the live tokens that name permissions of an API, each with the number of its tokens. */
  async countScopes(
    api: string,
    now: EpochMilliseconds,
    tx?: WriteTransaction,
  ): Promise<{ permissions: string; count: number }[]> {
    const rows = await (tx ? tx.getRepository(TokenApi) : this.tokenApis)
      .createQueryBuilder('use')
      .select('token.permissions', 'permissions')
      .addSelect('COUNT(*)', 'count')
      .innerJoin('use.token', 'token')
      .innerJoin('token.user', 'owner')
      .where(IS_LIVE_SQL, { now })
      .andWhere('use.api = :api', { api })
      .groupBy('token.permissions')
      .getRawMany<{ permissions: string; count: number | string }>();
    return rows.map(({ permissions, count }) => ({ permissions, count: Number(count) }));
  }

  /** Returns the roles that may grant permissions of an API, sorted by name. Some of them may not. */
  findRoles(api: string, tx?: WriteTransaction): Promise<Role[]> {
    return (tx ?? this.tokenApis.manager).find(Role, {
      where: [{ permissions: Like(`%${api}:%`) }, { permissions: Like('*%') }],
      order: { name: 'ASC' },
    });
  }

  async updateRole({ name, version }: Role, permissions: string, tx: WriteTransaction): Promise<void> {
    await tx.update(Role, { name }, { permissions, version: version + 1 });
  }
}
