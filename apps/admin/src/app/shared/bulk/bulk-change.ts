import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type {
  BulkDryRunResultDto,
  BulkItemResultDto,
  BulkResultDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import { BULK_IDS_MAX } from '@latchkey/auth-models/lists';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { confirmed, type Question } from '../dialogs/confirm';
import { focusOrigin } from '../focus';
import type { SelectionTarget } from '../list/list-selection';
import { tokenName } from '../tokens/token';
import { BulkRejections, type BulkRejectionsData } from './bulk-rejections';

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
  private readonly t = injectTexts();
  private readonly names = new Map<string, string>();

  /** Stores the names of tokens for the list of rejected ones. */
  addNames(tokens: readonly UserTokenDto[]): void {
    tokens.forEach((token) => this.names.set(token.id, `${tokenName(token, this.t())} (${token.user})`));
  }

  /** Returns the name of a token, or the id itself. */
  nameOf(id: string): string {
    return this.names.get(id) ?? id;
  }

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
    ask: (dryRun: BulkDryRunResultDto<T>) => Question | null | Promise<Question | null>,
  ): Promise<BulkResultDto | null> {
    const restoreFocus = focusOrigin();
    const body = { ...action, ...target };
    const dryRun = await firstValueFrom(
      this.http.post<BulkDryRunResultDto<T>>(path, { ...body, dryRun: true }),
    );
    const question = await ask(dryRun);
    if (question !== null && !(await confirmed(this.dialog, question, restoreFocus))) {
      return null;
    }
    // The server rejects the request if more rows match than were confirmed.
    const expectedCount = 'filter' in target ? { expectedCount: dryRun.count } : {};
    const option = question?.option?.isChecked() ? { [question.option.member]: true } : {};
    return firstValueFrom(this.http.post<BulkResultDto>(path, { ...body, ...option, ...expectedCount }));
  }

  /** Runs the action without confirmation, in parts that the server accepts. */
  async send(path: string, action: BulkAction, ids: readonly string[]): Promise<BulkResultDto> {
    const results: BulkItemResultDto[] = [];
    for (let from = 0; from < ids.length; from += BULK_IDS_MAX) {
      const body = { ...action, ids: ids.slice(from, from + BULK_IDS_MAX) };
      results.push(...(await firstValueFrom(this.http.post<BulkResultDto>(path, body))).results);
    }
    return { count: results.length, results };
  }

  /** Shows the rejected rows, if there are any. Resolves when the dialog is closed. */
  async showRejections({ results }: BulkResultDto): Promise<void> {
    const rejected = results
      .filter(({ status }) => status >= 300)
      .map((item) => ({ ...item, id: this.nameOf(item.id) }));
    if (rejected.length > 0) {
      const data: BulkRejectionsData = { rejected, total: results.length };
      await firstValueFrom(this.dialog.open(BulkRejections, { data, width: '520px' }).afterClosed());
    }
  }
}

/** Returns the ids of the rows that a bulk request changed. */
export function succeededIn({ results }: BulkResultDto): readonly string[] {
  return results.filter(({ status }) => status < 300).map(({ id }) => id);
}
