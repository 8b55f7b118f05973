import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable, type ArgumentMetadata } from '@nestjs/common';
import { canonicalUserName, type NewUserDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { skeletonOf } from '../../common/confusables/skeleton.js';
import { type Principal } from '../../common/request/principal.js';
import { ApiValidationPipe } from '../../http/bodies/api-validation.pipe.js';
import { WriteLimit } from '../../throttle/write-limit.service.js';
import { type ImportedUser } from './imported-user.js';
import { UserImportService } from './user-import.service.js';

/** Number of users that are validated in one turn of the event loop. */
const VALIDATED_AT_ONCE = 10;

/** User to import, and its number: the line in a file, or the position in a list. */
export interface ImportRow {
  readonly line: number;
  readonly user: object;
}

/** Error in a row. */
export interface RowProblem extends ProblemErrorDto {
  readonly line: number;
}

/** Result of importing one batch. */
export interface ImportedBatch {
  /** Users that were created, or would be in a dry run. 0 if the batch has problems. */
  imported: number;
  /** Users that already existed. */
  skipped: number;
  problems: RowProblem[];
}

/** Options of an import. */
export interface ImportOptions {
  /** Whether to validate the users without creating them. */
  readonly isDryRun: boolean;
  /** Whether to skip existing users instead of reporting them as problems. */
  readonly isSkippingExisting: boolean;
  /** Whether the caller has checked that no two names in the file are equal or look alike. */
  readonly hasCheckedNames: boolean;
  /** Class of the users: with password hashes, or without. */
  readonly type: typeof ImportedUser | typeof NewUserDto;
}

/** Row after validation. */
interface Checked {
  line: number;
  /** Absent if the row is invalid. */
  user?: ImportedUser;
  /** The valid members. They go through the remaining checks, so that one run reports all problems. */
  known: Partial<ImportedUser>;
}

/** Imports users of another system in batches. Each batch is imported completely or not at all. */
@Injectable()
export class ImportBatchService {
  constructor(
    private readonly users: UserImportService,
    private readonly validation: ApiValidationPipe,
    private readonly limit: WriteLimit,
  ) {}

  /**
   * Imports a batch, unless it has problems.
   *
   * @throws ApplicationError `above_your_permissions`, or `conflict` if a name was taken in the meantime.
   */
  async run(rows: readonly ImportRow[], options: ImportOptions, actor: Principal): Promise<ImportedBatch> {
    const problems: RowProblem[] = [];
    const checked: Checked[] = [];
    for (const [index, row] of rows.entries()) {
      if (index > 0 && index % VALIDATED_AT_ONCE === 0) {
        await otherWork();
      }
      await this.check(row, options.type, checked, problems);
    }
    const taken = await this.users.findTaken(checked.map(({ known }) => known));
    const isTaken = ({ known: { name = '' } }: Checked) => taken.has(canonicalUserName(name) ?? '');
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
      problems.push(...findRepeated(checked));
    }
    const isImported = problems.length === 0 && fresh.length > 0;
    if (isImported) {
      const users = fresh.flatMap(({ user }) => user ?? []);
      await this.users.checkGrants(users, actor);
      if (!options.isDryRun) {
        this.limit.countItems(actor, users.length);
        await this.users.insert(users, actor);
      }
    }
    return { imported: isImported ? fresh.length : 0, skipped: taken.size, problems };
  }

  private async findProblems(rows: readonly Checked[], actor: Principal): Promise<RowProblem[]> {
    const found = await this.users.findProblems(
      rows.map(({ known }) => known),
      actor,
    );
    return rows.flatMap(({ line }, index) => (found[index] ?? []).map((problem) => ({ ...problem, line })));
  }

  private async check(
    { line, user }: ImportRow,
    type: ImportOptions['type'],
    checked: Checked[],
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

/** Returns a problem for each name that equals an earlier one, or looks like it. */
function findRepeated(rows: readonly Checked[]): RowProblem[] {
  const earlier = new Map<string, string>();
  return rows.flatMap(({ line, known }) => {
    const name = canonicalUserName(known.name ?? '');
    if (name === null) {
      return [];
    }
    const skeleton = skeletonOf(name);
    const other = earlier.get(skeleton);
    if (other === undefined) {
      earlier.set(skeleton, name);
      return [];
    }
    return other === name
      ? [{ line, pointer: '/name', code: 'name_repeated', message: `the name ${name} occurs twice` }]
      : [
          {
            line,
            pointer: '/name',
            code: 'name_confusable',
            message: `the name ${name} looks like ${other}`,
          },
        ];
  });
}
