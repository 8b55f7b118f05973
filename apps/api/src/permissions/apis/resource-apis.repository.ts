import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ResourceApi } from './resource-api.entity.js';

/** Queries on APIs. */
@Injectable()
export class ResourceApisRepository {
  constructor(@InjectRepository(ResourceApi) private readonly apis: Repository<ResourceApi>) {}

  /** Returns all APIs, of which there are at most `APIS_MAX`. */
  findAll(): Promise<ResourceApi[]> {
    return this.apis.find();
  }

  /** Returns the names of all APIs. */
  async findNames(tx?: WriteTransaction): Promise<string[]> {
    const apis = await this.seenBy(tx).find({ select: { name: true } });
    return apis.map(({ name }) => name);
  }

  findByNames(names: readonly string[], tx?: WriteTransaction): Promise<ResourceApi[]> {
    return names.length === 0 ? Promise.resolve([]) : this.seenBy(tx).findBy({ name: In([...names]) });
  }

  /** @throws ApplicationError `not_found`. */
  async getByName(name: string, tx?: WriteTransaction): Promise<ResourceApi> {
    const api = await this.seenBy(tx).findOneBy({ name });
    if (!api) {
      throw new ApplicationError('not_found', {
        detail: 'There is no API with this name. GET /apis lists all APIs.',
      });
    }
    return api;
  }

  count(tx: WriteTransaction): Promise<number> {
    return tx.count(ResourceApi);
  }

  async insert(api: ResourceApi, tx: WriteTransaction): Promise<void> {
    await tx.insert(ResourceApi, api);
  }

  /** Updates an API and its version. Returns `false` if the version is stale. */
  async update(
    { name, version }: ResourceApi,
    change: QueryDeepPartialEntity<ResourceApi>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(ResourceApi, { name, version }, { ...change, version: version + 1 });
    return affected === 1;
  }

  /** Deletes an API. Returns `false` if the version is stale. */
  async delete({ name, version }: ResourceApi, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(ResourceApi, { name, version });
    return affected === 1;
  }

  private seenBy(tx: WriteTransaction | undefined): Repository<ResourceApi> {
    return tx ? tx.getRepository(ResourceApi) : this.apis;
  }
}
