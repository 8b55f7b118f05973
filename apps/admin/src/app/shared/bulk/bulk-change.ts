import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkDryRunResultDto, BulkResultDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { confirmed, type Question } from '../dialogs/confirm';
import { focusOrigin } from '../focus';
import type { SelectionTarget } from '../list/list-selection';

/** A change of many rows: its action and what goes with it. */
export interface BulkAction {
  readonly action: string;
  readonly [member: string]: unknown;
}

/** Changes many rows at once, after a dry run that says how many they are. */
@Injectable({ providedIn: 'root' })
export class BulkChange {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);

  /**
   * Tries the change, asks, and makes it.
   *
   * @param path the address of bulk requests, such as `/tokens/bulk`.
   * @param ask the question with the consequences that the dry run told; `null` = nobody need be asked.
   * @returns what came of each row, or `null` if the person did not agree.
   */
  async make<T = unknown>(
    path: string,
    wish: BulkAction,
    target: SelectionTarget,
    ask: (dryRun: BulkDryRunResultDto<T>) => Question | null,
  ): Promise<BulkResultDto | null> {
    const restoreFocus = focusOrigin();
    const body = { ...wish, ...target };
    const dryRun = await firstValueFrom(
      this.http.post<BulkDryRunResultDto<T>>(path, { ...body, dryRun: true }),
    );
    const question = ask(dryRun);
    if (question !== null && !(await confirmed(this.dialog, question, restoreFocus))) {
      return null;
    }
    // Only as many as were shown: the server refuses if more match by now.
    const expectedCount = 'filter' in target ? { expectedCount: dryRun.count } : {};
    const choice = question?.choice;
    const chosen = choice?.isChosen() ? { [choice.member]: true } : {};
    return firstValueFrom(this.http.post<BulkResultDto>(path, { ...body, ...chosen, ...expectedCount }));
  }
}

/** How many rows a bulk change did and did not change. */
export function outcomeOf({ results }: BulkResultDto): { done: number; refused: number } {
  const done = results.filter(({ status }) => status < 300).length;
  return { done, refused: results.length - done };
}
