import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { ImportResultDto } from '@latchkey/auth-models';
import { IMPORTED_USERS_MAX } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { type Problem, problemOf } from '../../core/problem';
import { FormError } from '../../shared/forms/form-error';
import { guardUnsaved } from '../../shared/leave-guard';
import { saveFile } from '../../shared/list/list-export';
import { Icon } from '../../shared/ui/icon';
import { UsersApi } from '../users-api';
import { IMPORT_COLUMNS, type ImportFileFault, type ImportRow, readImportFile } from './import-file';
import { type LineError, nameOf, repeatedNames, serverError } from './line-errors';

/** Maximum number of errors shown. */
const ERRORS_SHOWN = 100;

/** Checked file. */
interface Check {
  readonly rows: readonly ImportRow[];
  /** Lines of users that already exist. */
  readonly existing: ReadonlySet<number>;
  readonly errors: readonly LineError[];
}

/**
 * Dialog that imports users from a CSV file: it checks the whole file, and creates users if there are no
 * errors.
 */
@Component({
  selector: 'app-import-users',
  imports: [FormError, Icon, MatButton, MatCheckbox, MatDialogModule, MatProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './import-users.html',
  styles: `
    .drop {
      display: grid;
      justify-items: center;
      gap: var(--space-3);
      padding: var(--space-6) var(--space-5);
      border: 1.5px dashed var(--mat-sys-outline);
      border-radius: var(--mat-sys-corner-large);
      text-align: center;
    }
    .drop.over {
      border-color: var(--mat-sys-primary);
      background: var(--mat-sys-surface-container-high);
    }
    .errors {
      max-height: 40dvh;
      overflow: auto;
    }
    .summary {
      color: var(--mat-sys-on-surface);
      font: 600 1rem/1.5 var(--app-font);
    }
    input[type='file'] {
      display: none;
    }
  `,
})
export class ImportUsers {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject<MatDialogRef<ImportUsers, boolean>>(MatDialogRef);
  private readonly document = inject(DOCUMENT);

  protected readonly t = injectTexts();
  protected readonly columns = IMPORT_COLUMNS.join(', ');
  protected readonly fileName = signal<string | null>(null);
  protected readonly fault = signal<ImportFileFault | null>(null);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly check = signal<Check | null>(null);
  protected readonly isSkipping = signal(false);
  protected readonly isOver = signal(false);
  /** Progress of the current work; `null` if there is none. */
  protected readonly progress = signal<{ done: number; total: number } | null>(null);
  /** Rows of the users that were created; `null` before. */
  protected readonly created = signal<readonly ImportRow[] | null>(null);
  /** Created people, who need set-up links. */
  protected readonly people = computed(
    () => this.created()?.filter(({ user }) => user.kind !== 'service') ?? [],
  );
  /**
   * Lines of the file of set-up links, in the order of the people. A new link would replace the one before.
   */
  protected readonly links = signal<readonly string[]>([]);

  /** Errors that prevent the import, by line. */
  protected readonly errors = computed(() => {
    const check = this.check();
    if (check === null) {
      return [];
    }
    const taken = this.isSkipping()
      ? []
      : check.rows
          .filter(({ line }) => check.existing.has(line))
          .map((row) => ({ line: row.line, text: this.t().userImport.exists(nameOf(row)) }));
    return [...check.errors, ...taken].sort((one, other) => one.line - other.line);
  });
  protected readonly shownErrors = computed(() => this.errors().slice(0, ERRORS_SHOWN));
  /** Users that would be created. */
  protected readonly fresh = computed(() => {
    const check = this.check();
    return check?.rows.filter(({ line }) => !check.existing.has(line)) ?? [];
  });
  protected readonly canCreate = computed(
    () => this.check() !== null && this.errors().length === 0 && this.fresh().length > 0,
  );

  constructor() {
    guardUnsaved(
      // `null` keeps the dialog open: an import must not stop half-way.
      () => (this.progress() === null ? this.fileName() !== null && this.created() === null : null),
      () => this.close(),
    );
  }

  protected choose(files: FileList | null | undefined): void {
    const file = files?.[0];
    if (file !== undefined && this.progress() === null) {
      void this.read(file);
    }
  }

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(false);
    this.choose(event.dataTransfer?.files);
  }

  protected close(): void {
    this.dialog.close(this.created() !== null);
  }

  protected startAgain(): void {
    this.fileName.set(null);
    this.check.set(null);
    this.fault.set(null);
    this.problem.set(null);
  }

  /**
   * Creates the users of the checked file, in steps. Users of finished steps exist even if a later one fails.
   */
  protected async create(): Promise<void> {
    const rows = this.fresh();
    const created: ImportRow[] = [];
    await this.run(rows, async (step) => {
      const { problems } = await this.send(step, false);
      if (problems.length > 0) {
        const errors = problems.map((problem) => serverError(step, problem, this.t()));
        this.check.update((check) => check && { ...check, errors });
        return false;
      }
      created.push(...step);
      return true;
    });
    if (created.length > 0) {
      this.created.set(created);
    }
  }

  /** Creates a set-up link for each new person who has none yet, and saves all links as a CSV file. */
  protected async saveLinks(): Promise<void> {
    const rows = this.people().slice(this.links().length);
    await this.run(
      rows,
      async (step) => {
        for (const name of step.map(nameOf)) {
          const { link, expirationTime } = await firstValueFrom(this.api.createSetUpLink(name));
          this.links.update((lines) => [...lines, `${name},${link},${expirationTime}`]);
        }
        return true;
      },
      1,
    );
    if (this.links().length > 0) {
      const text = ['name,link,expirationTime', ...this.links()].join('\r\n');
      saveFile(this.document, new Blob([text], { type: 'text/csv' }), 'set-up-links.csv');
    }
  }

  private async read(file: File): Promise<void> {
    this.startAgain();
    this.fileName.set(file.name);
    const read = readImportFile(await file.arrayBuffer());
    if (!Array.isArray(read)) {
      this.fault.set(read);
      return;
    }
    const existing = new Set<number>();
    const errors: LineError[] = [...repeatedNames(read, this.t())];
    const isComplete = await this.run(read, async (step) => {
      const { problems } = await this.send(step, true);
      for (const problem of problems) {
        const error = serverError(step, problem, this.t());
        if (problem.code === 'name_taken') {
          existing.add(error.line);
        } else if (problem.code !== 'name_repeated') {
          errors.push(error);
        }
      }
      return true;
    });
    if (isComplete) {
      this.isSkipping.set(false);
      this.check.set({ rows: read, existing, errors });
    }
  }

  private send(step: readonly ImportRow[], dryRun: boolean): Promise<ImportResultDto> {
    const users = step.map(({ user }) => user);
    return firstValueFrom(this.api.import(users, dryRun));
  }

  /** Processes rows step by step, with progress. Returns whether all steps were done. */
  private async run(
    rows: readonly ImportRow[],
    act: (step: readonly ImportRow[]) => Promise<boolean>,
    size = IMPORTED_USERS_MAX,
  ): Promise<boolean> {
    this.problem.set(null);
    try {
      for (let done = 0; done < rows.length; done += size) {
        this.progress.set({ done, total: rows.length });
        if (!(await act(rows.slice(done, done + size)))) {
          return false;
        }
      }
      return true;
    } catch (error) {
      this.problem.set(problemOf(error));
      return false;
    } finally {
      this.progress.set(null);
    }
  }
}
