import { In, type FindOptionsWhere, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { ApplicationError } from '../../common/application-error.js';
import { stale, type VersionCondition } from '../../common/request/version-condition.js';
import { isUniqueViolation } from './driver-errors.js';
import { type WriteTransaction } from './writes.service.js';

interface NamedEntity {
  readonly name: string;
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

  /** @throws ApplicationError `name_taken`. */
  async insert(entity: Entity, tx: WriteTransaction): Promise<void> {
    try {
      await this.seenBy(tx).insert(entity as QueryDeepPartialEntity<Entity>);
    } catch (error) {
      const { name } = entity;
      throw isUniqueViolation(error)
        ? new ApplicationError('name_taken', {
            detail: this.details.nameTaken(name),
            errors: [{ pointer: '/name', code: 'name_taken', message: `the name ${name} is in use` }],
          })
        : error;
    }
  }

  /** Updates an entity and its version, and returns the result. @throws ApplicationError if the version is stale. */
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
