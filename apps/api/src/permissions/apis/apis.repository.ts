import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { Api } from './api.entity.js';

/** Queries on APIs. */
@Injectable()
export class ApisRepository {
  constructor(@InjectRepository(Api) private readonly apis: Repository<Api>) {}

  /** Returns all APIs, of which there are at most `APIS_MAX`. */
  findAll(): Promise<Api[]> {
    return this.apis.find();
  }

  /** Returns the names of all APIs. */
  async findNames(tx?: WriteTransaction): Promise<string[]> {
    const apis = await this.seenBy(tx).find({ select: { name: true } });
    return apis.map(({ name }) => name);
  }

  findByNames(names: readonly string[], tx?: WriteTransaction): Promise<Api[]> {
    return names.length === 0 ? Promise.resolve([]) : this.seenBy(tx).findBy({ name: In([...names]) });
  }

  /** @throws ApplicationError `not_found`. */
  async getByName(name: string, tx?: WriteTransaction): Promise<Api> {
    const api = await this.seenBy(tx).findOneBy({ name });
    if (!api) {
      throw new ApplicationError('not_found', {
        detail: 'There is no API with this name. GET /apis lists all APIs.',
      });
    }
    return api;
  }

  count(tx: WriteTransaction): Promise<number> {
    return tx.count(Api);
  }

  async insert(api: Api, tx: WriteTransaction): Promise<void> {
    await tx.insert(Api, api);
  }

  /** Updates an API and its version. Returns `false` if the version is stale. */
  async update(
    { name, version }: Api,
    change: QueryDeepPartialEntity<Api>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    const { affected } = await tx.update(Api, { name, version }, { ...change, version: version + 1 });
    return affected === 1;
  }

  /** Deletes an API. Returns `false` if the version is stale. */
  async delete({ name, version }: Api, tx: WriteTransaction): Promise<boolean> {
    const { affected } = await tx.delete(Api, { name, version });
    return affected === 1;
  }

  private seenBy(tx: WriteTransaction | undefined): Repository<Api> {
    return tx ? tx.getRepository(Api) : this.apis;
  }
}
