import { canonicalUserName } from '@latchkey/auth-models/lists';
import { skeletonOf } from '../../../../common/confusables/skeleton.js';
import { CommandError } from '../../../command-error.js';
import { type OperatorClient } from '../../../client/operator-client.js';
import { type ReportProgress } from '../../../progress.js';
import { type ImportedLines, type ImportRow, type LineProblem } from '../../../server/operator.dto.js';
import { count } from '../../format.js';
import { type ImportFormat, type ImportSource, readRows } from './import-file.js';
import { inBatches } from './in-batches.js';

/** Number of problems after which the check of a file stops. */
const PROBLEMS_MAX = 1_000;

/** Result of checking or importing a file. */
export interface ImportSummary extends ImportedLines {
  isDryRun: boolean;
}

/** Import of one file. The whole file is checked before the first user is created. */
export class UserImport {
  /** First line of each name, by the skeleton of the name. */
  private readonly firstLines = new Map<string, { line: number; canonical: string }>();

  constructor(
    private readonly source: ImportSource,
    private readonly format: ImportFormat,
    private readonly isSkippingExisting: boolean,
    private readonly report: ReportProgress,
  ) {}

  /** Checks all users of the file and creates none. */
  async check(client: OperatorClient): Promise<ImportSummary> {
    const summary = await this.run(client, true);
    if (summary.imported + summary.skipped + summary.problems.length === 0) {
      throw CommandError.of(`There are no users in ${this.source.name}.`);
    }
    return summary;
  }

  /**
   * Creates the users of a checked file, batch by batch.
   *
   * @param total number of users in the file.
   * @throws CommandError that reports the number of users created before the error.
   */
  create(client: OperatorClient, total: number): Promise<ImportSummary> {
    return this.run(client, false, total);
  }

  private async run(client: OperatorClient, isDryRun: boolean, total?: number): Promise<ImportSummary> {
    const summary: ImportSummary = { isDryRun, imported: 0, skipped: 0, problems: [] };
    const { isSkippingExisting } = this;
    for await (const all of inBatches(readRows(this.source, this.format))) {
      const rows = all.filter((row) => 'user' in row);
      summary.problems.push(...all.filter((row) => 'message' in row));
      if (isDryRun) {
        summary.problems.push(...this.findRepeated(rows));
      }
      const batch = await client
        .post<ImportedLines>('/operator/user-imports', { rows, isDryRun, isSkippingExisting })
        .catch((error: Error) => Promise.reject(withImported(error, summary.imported)));
      summary.imported += batch.imported;
      summary.skipped += batch.skipped;
      summary.problems.push(...batch.problems);
      summary.problems.sort((one, other) => one.line - other.line);
      if (summary.problems.length > (isDryRun ? PROBLEMS_MAX : 0)) {
        return summary;
      }
      const done = summary.imported + summary.skipped + summary.problems.length;
      this.report({ done, total, what: isDryRun ? 'users checked' : 'users created' });
    }
    return summary;
  }

  /** Returns names that equal a name on an earlier line, or look like one. */
  private findRepeated(rows: readonly ImportRow[]): LineProblem[] {
    return rows.flatMap(({ line, user }) => {
      const { name } = user as { name?: unknown };
      const canonical = typeof name === 'string' ? canonicalUserName(name) : null;
      if (canonical === null) {
        return [];
      }
      const skeleton = skeletonOf(canonical);
      const before = this.firstLines.get(skeleton);
      if (before === undefined) {
        this.firstLines.set(skeleton, { line, canonical });
        return [];
      }
      const message =
        before.canonical === canonical
          ? `the name ${canonical} is already on line ${before.line}`
          : `the name ${canonical} looks like ${before.canonical} on line ${before.line}`;
      return [{ line, message }];
    });
  }
}

/** Adds the number of users created so far to an error. */
function withImported(error: Error, imported: number): Error {
  if (!(error instanceof CommandError) || imported === 0) {
    return error;
  }
  const { failure } = error;
  const message = `${failure.message} ${count(imported, 'user')} had been created before. Use --skip-existing to continue.`;
  return new CommandError({ ...failure, message });
}
