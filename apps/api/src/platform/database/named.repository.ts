import { In, type FindOptionsWhere, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { type Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { stale, type VersionCondition } from '../../common/request/version-condition.js';
import { isUniqueViolation } from './driver-errors.js';
import { type WriteTransaction } from './writes.service.js';

interface NamedEntity {
  readonly name: string;
  readonly creationTime: EpochMilliseconds;
  readonly version: number;
}

/** Details of errors about one kind of entity. */
interface ErrorDetails {
  readonly notFound: string;
  nameTaken(name: string): string;
}

/** Queries on entities with a unique name and a version. */
export abstract class NamedRepository<Entity extends NamedEntity> {
  protected constructor(
    protected readonly entities: Repository<Entity>,
    private readonly details: ErrorDetails,
    private readonly clock: Clock,
  ) {}

  /** @throws ApplicationError `not_found`. */
  async getByName(name: string, tx?: WriteTransaction): Promise<Entity> {
    const entity = await this.seenBy(tx).findOneBy({ name } as FindOptionsWhere<Entity>);
    if (!entity) {
      throw new ApplicationError('not_found', { detail: this.details.notFound });
    }
    return entity;
  }

  async findByNames(names: readonly string[], tx?: WriteTransaction): Promise<Entity[]> {
    // PostgreSQL rejects an empty list.
    return names.length === 0
      ? []
      : this.seenBy(tx).findBy({ name: In([...names]) } as FindOptionsWhere<Entity>);
  }

  findAll(tx?: WriteTransaction): Promise<Entity[]> {
    return this.seenBy(tx).find();
  }

  count(tx: WriteTransaction): Promise<number> {
    return this.seenBy(tx).count();
  }

  /** Inserts and returns a new entity. @throws ApplicationError `name_taken`. */
  async insert(members: Omit<Entity, 'creationTime' | 'version'>, tx: WriteTransaction): Promise<Entity> {
    const entity = { ...members, creationTime: this.clock.now(), version: 0 } as Entity;
    try {
      await this.seenBy(tx).insert(entity as QueryDeepPartialEntity<Entity>);
      return entity;
    } catch (error) {
      const { name } = entity;
      throw isUniqueViolation(error)
        ? errorAt(
            '/name',
            'name_taken',
            `the name ${name} is in use`,
            'name_taken',
            this.details.nameTaken(name),
          )
        : error;
    }
  }

  /**
   * Updates an entity and its version and returns the result.
   *
   * @throws ApplicationError if the version is stale.
   */
  async update(
    entity: Entity,
    change: Partial<Entity>,
    condition: VersionCondition | undefined,
    tx: WriteTransaction,
  ): Promise<Entity> {
    const changed = { ...change, version: entity.version + 1 };
    const { affected } = await this.seenBy(tx).update(
      versionOf(entity),
      changed as QueryDeepPartialEntity<Entity>,
    );
    if (affected !== 1) {
      throw stale(condition);
    }
    return { ...entity, ...changed };
  }

  /** @throws ApplicationError if the version is stale. */
  async delete(entity: Entity, condition: VersionCondition | undefined, tx: WriteTransaction): Promise<void> {
    const { affected } = await this.seenBy(tx).delete(versionOf(entity));
    if (affected !== 1) {
      throw stale(condition);
    }
  }

  protected seenBy(tx: WriteTransaction | undefined): Repository<Entity> {
    return tx ? tx.getRepository(this.entities.target) : this.entities;
  }
}

function versionOf<Entity extends NamedEntity>({ name, version }: Entity): FindOptionsWhere<Entity> {
  return { name, version } as FindOptionsWhere<Entity>;
}
