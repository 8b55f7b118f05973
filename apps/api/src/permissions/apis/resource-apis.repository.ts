import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type Repository } from 'typeorm';
import { Clock } from '../../common/clock.service.js';
import { NamedRepository } from '../../platform/database/named.repository.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { ResourceApi } from './resource-api.entity.js';

/** Queries on APIs, of which there are at most `APIS_MAX`. */
@Injectable()
export class ResourceApisRepository extends NamedRepository<ResourceApi> {
  constructor(@InjectRepository(ResourceApi) apis: Repository<ResourceApi>, clock: Clock) {
    super(
      apis,
      {
        notFound: 'There is no API with this name. GET /apis lists all APIs.',
        nameTaken: (name) => `An API named ${name} already exists.`,
      },
      clock,
    );
  }

  /** Returns the names of all APIs. */
  async findNames(tx?: WriteTransaction): Promise<string[]> {
    const apis = await this.seenBy(tx).find({ select: { name: true } });
    return apis.map(({ name }) => name);
  }
}
