import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable, type ArgumentMetadata } from '@nestjs/common';
import { canonicalUserName, type NewUserDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock } from '../../common/clock.service.js';
import { skeletonOf } from '../../common/confusables/skeleton.js';
import { type Principal } from '../../common/request/principal.js';
import { ApiValidationPipe } from '../../http/bodies/api-validation.pipe.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';
import { newUser } from '../model/user.entity.js';
import { UsersRepository } from '../model/users.repository.js';
import { UserInsertion } from '../user-creation.service.js';
import {
  nameOf,
  problemsOf,
  repeatedNames,
  rolesOf,
  type CheckedRow,
  type ImportRow,
  type RowProblem,
} from './import-problems.js';
import { type ImportedUser } from './imported-user.js';

/** Number of users that are validated in one turn of the event loop. */
const VALIDATED_AT_ONCE = 10;

/** Result of importing one batch. */
interface ImportedBatch {
  /** Users that were created, or would be in a dry run. 0 if the batch has problems. */
  imported: number;
  /** Users that already existed. */
  skipped: number;
  problems: RowProblem[];
}

/** Options of an import. */
interface ImportOptions {
  /** Whether to validate the users without creating them. */
  readonly isDryRun: boolean;
  /** Whether to skip existing users instead of reporting them as problems. */
  readonly isSkippingExisting: boolean;
  /** Whether the caller has checked that no two names in the file are equal or look alike. */
  readonly hasCheckedNames: boolean;
  /** Class of the users: with password hashes, or without. */
  readonly type: typeof ImportedUser | typeof NewUserDto;
}

/** Imports users of another system in batches. Each batch is imported completely or not at all. */
@Injectable()
export class UserImportService {
  constructor(
    private readonly users: UsersRepository,
    private readonly insertion: UserInsertion,
    private readonly roles: RolesService,
    private readonly validation: ApiValidationPipe,
    private readonly limit: WriteLimit,
    private readonly clock: Clock,
  ) {}

  /**
   * Imports a batch, unless it has problems.
   *
   * @throws ApplicationError `above_your_permissions`, or `conflict` if a name was taken in the meantime.
   */
  async run(rows: readonly ImportRow[], options: ImportOptions, actor: Principal): Promise<ImportedBatch> {
    const problems: RowProblem[] = [];
    const checked: CheckedRow[] = [];
    for (const [index, row] of rows.entries()) {
      if (index > 0 && index % VALIDATED_AT_ONCE === 0) {
        await otherWork();
      }
      await this.check(row, options.type, checked, problems);
    }
    const taken = await this.users.findIdsByNames(checked.map(nameOf));
    const isTaken = (row: CheckedRow) => taken.has(nameOf(row));
    const fresh = checked.filter((row) => !isTaken(row));
    if (!options.isSkippingExisting) {
      problems.push(
        ...checked.filter(isTaken).map(({ line, known }) => ({
          line,
          pointer: '/name',
          code: 'name_taken',
          message: `the user ${known.name} already exists`,
        })),
      );
    }
    problems.push(...(await this.findProblems(options.isSkippingExisting ? fresh : checked, actor)));
    if (!options.hasCheckedNames) {
      problems.push(...repeatedNames(checked));
    }
    const isImported = problems.length === 0 && fresh.length > 0;
    if (isImported) {
      const users = fresh.flatMap(({ user }) => user ?? []);
      await this.roles.checkGrantable([...new Set(users.flatMap(rolesOf))], actor);
      if (!options.isDryRun) {
        this.limit.countItems(actor, users.length);
        await this.insert(users, actor);
      }
    }
    return { imported: isImported ? fresh.length : 0, skipped: taken.size, problems };
  }

  /**
   * Creates users without problems, in one transaction and with one audit entry.
   *
   * @throws ApplicationError `conflict` if one of the names is taken, `validation_failed` or
   *   `above_your_permissions`.
   */
  async insert(dtos: readonly ImportedUser[], actor: Principal): Promise<void> {
    const now = this.clock.now();
    const users = dtos.map((dto) => ({
      user: newUser(dto, dto.passwordHash ?? null, now),
      roles: [...rolesOf(dto)].sort(),
    }));
    const entry = {
      subject: { kind: 'user', id: null, name: 'bulk' },
      about: users.map(({ user: { id, name } }) => ({ id, name })),
      after: {
        action: 'import',
        users: users.map(({ user: { id, name, kind, enabled }, roles }) => ({
          id,
          name,
          kind,
          enabled,
          roles,
        })),
      },
    } as const;
    if (!(await this.insertion.insert(users, entry, actor))) {
      throw new ApplicationError('conflict', {
        detail:
          'In the meantime, a user was created whose name equals or looks like the name of one of these users.',
      });
    }
  }

  private async findProblems(rows: readonly CheckedRow[], actor: Principal): Promise<RowProblem[]> {
    const knownRoles = await this.roles.findKnown([...new Set(rows.flatMap(({ known }) => rolesOf(known)))]);
    const lookAlikes = await this.users.findNamesBySkeletons(rows.map((row) => skeletonOf(nameOf(row))));
    const knownUsers = await this.findResponsible(rows);
    const mayNameOthers = actor.permissions.has('users:read');
    return rows.flatMap((row) => problemsOf(row, lookAlikes, knownRoles, knownUsers, mayNameOthers));
  }

  /** Returns the names of users who are responsible for a service, and of the users in the import. */
  private async findResponsible(rows: readonly CheckedRow[]): Promise<ReadonlySet<string>> {
    const named = rows.flatMap(({ known }) => canonicalUserName(known.responsible ?? '') ?? []);
    const existing = named.length === 0 ? [] : (await this.users.findIdsByNames(named)).keys();
    return new Set([...existing, ...rows.map(nameOf)]);
  }

  private async check(
    { line, user }: ImportRow,
    type: ImportOptions['type'],
    checked: CheckedRow[],
    problems: RowProblem[],
  ): Promise<void> {
    const metadata: ArgumentMetadata = { type: 'body', metatype: type };
    try {
      const whole = (await this.validation.transform(user, metadata)) as ImportedUser;
      checked.push({ line, user: whole, known: whole });
    } catch (error) {
      if (!(error instanceof ApplicationError)) {
        throw error;
      }
      const { errors = [] } = error.options;
      problems.push(...errors.map((problem) => ({ ...problem, line })));
      const wrong = new Set(errors.map(({ pointer }) => pointer.split('/')[1]));
      checked.push({
        line,
        known: Object.fromEntries(Object.entries(user).filter(([name]) => !wrong.has(name))),
      });
    }
  }
}
