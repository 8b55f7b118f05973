import { Injectable, type ArgumentMetadata } from '@nestjs/common';
import { canonicalUserName } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { ImportedUser } from '../../identity/users/import/imported-user.js';
import { UserImportService } from '../../identity/users/import/user-import.service.js';
import { type Principal } from '../../common/request/principal.js';
import { ApiValidationPipe } from '../../http/bodies/api-validation.pipe.js';
import { type ImportBatchDto, type ImportRow } from './operator.dto.js';

/** Error in a line of the file. */
export interface RowProblem {
  line: number;
  message: string;
}

/** Result of importing one batch. */
export interface ImportedBatch {
  /** Users that were created, or would be in a dry run. 0 if the batch has problems. */
  imported: number;
  /** Users that already existed. */
  skipped: number;
  problems: RowProblem[];
}

/** Row after validation. */
interface Checked {
  line: number;
  /** Absent if the row is invalid. */
  user?: ImportedUser;
  /** The valid members. They go through the remaining checks, so that one run reports all problems. */
  known: Partial<ImportedUser>;
}

const IMPORTED_USER: ArgumentMetadata = { type: 'body', metatype: ImportedUser };

/** Imports users of another system in batches. Each batch is imported completely or not at all. */
@Injectable()
export class ImportBatchService {
  constructor(
    private readonly users: UserImportService,
    private readonly validation: ApiValidationPipe,
  ) {}

  /** Imports a batch, unless it has problems. */
  async run(options: ImportBatchDto, actor: Principal): Promise<ImportedBatch> {
    const problems: RowProblem[] = [];
    const checked: Checked[] = [];
    for (const row of options.rows) {
      await this.check(row, checked, problems);
    }
    const taken = await this.users.findTaken(checked.map(({ known }) => known));
    const isTaken = ({ known: { name = '' } }: Checked) => taken.has(canonicalUserName(name) ?? '');
    const fresh = checked.filter((row) => !isTaken(row));
    if (!options.isSkippingExisting) {
      problems.push(
        ...checked
          .filter(isTaken)
          .map(({ line, known }) => ({ line, message: `the user ${known.name} already exists` })),
      );
    }
    problems.push(...(await this.findProblems(options.isSkippingExisting ? fresh : checked)));
    const isImported = problems.length === 0 && fresh.length > 0;
    if (isImported && !options.isDryRun) {
      await this.users.insert(
        fresh.flatMap(({ user }) => user ?? []),
        actor,
      );
    }
    return { imported: isImported ? fresh.length : 0, skipped: taken.size, problems };
  }

  private async findProblems(rows: readonly Checked[]): Promise<RowProblem[]> {
    const found = await this.users.findProblems(rows.map(({ known }) => known));
    return rows.flatMap(({ line }, index) => (found[index] ?? []).map(({ message }) => ({ line, message })));
  }

  private async check({ line, user }: ImportRow, checked: Checked[], problems: RowProblem[]): Promise<void> {
    try {
      const whole = (await this.validation.transform(user, IMPORTED_USER)) as ImportedUser;
      checked.push({ line, user: whole, known: whole });
    } catch (error) {
      if (!(error instanceof ApplicationError)) {
        throw error;
      }
      const { errors = [] } = error.options;
      problems.push(...errors.map(({ message }) => ({ line, message })));
      const wrong = new Set(errors.map(({ pointer }) => pointer.split('/')[1]));
      checked.push({
        line,
        known: Object.fromEntries(Object.entries(user).filter(([name]) => !wrong.has(name))),
      });
    }
  }
}
