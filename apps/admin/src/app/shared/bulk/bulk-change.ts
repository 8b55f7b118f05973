import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkDryRunResultDto, BulkResultDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { confirmed, type Question } from '../dialogs/confirm';
import { focusOrigin } from '../focus';
import type { SelectionTarget } from '../list/list-selection';

/** A bulk action and its parameters. */
export interface BulkAction {
  readonly action: string;
  readonly [member: string]: unknown;
}

/** Runs bulk actions after a dry run that returns the number of affected rows. */
@Injectable({ providedIn: 'root' })
export class BulkChange {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);

  /**
   * Makes a dry run, asks for confirmation and runs the action.
   *
   * @param path the path of bulk requests, such as `/tokens/bulk`.
   * @param ask returns the confirmation for the result of the dry run; `null` = none is needed.
   * @returns the result of each row, or `null` if the user cancelled.
   */
  async run<T = unknown>(
    path: string,
    action: BulkAction,
    target: SelectionTarget,
    ask: (dryRun: BulkDryRunResultDto<T>) => Question | null,
  ): Promise<BulkResultDto | null> {
    const restoreFocus = focusOrigin();
    const body = { ...action, ...target };
    const dryRun = await firstValueFrom(
      this.http.post<BulkDryRunResultDto<T>>(path, { ...body, dryRun: true }),
    );
    const question = ask(dryRun);
    if (question !== null && !(await confirmed(this.dialog, question, restoreFocus))) {
      return null;
    }
    // The server rejects the request if more rows match than were confirmed.
    const expectedCount = 'filter' in target ? { expectedCount: dryRun.count } : {};
    const option = question?.option?.isChecked() ? { [question.option.member]: true } : {};
    return firstValueFrom(this.http.post<BulkResultDto>(path, { ...body, ...option, ...expectedCount }));
  }
}

/** Returns the ids of the rows that a bulk request changed. */
export function succeededIn({ results }: BulkResultDto): readonly string[] {
  return results.filter(({ status }) => status < 300).map(({ id }) => id);
}
