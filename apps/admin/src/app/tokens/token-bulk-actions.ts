import { ChangeDetectionStrategy, Component, effect, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { BulkChange } from '../shared/bulk/bulk-change';
import type { ListSelection } from '../shared/list/list-selection';
import { TokenBulk } from './token-bulk';

/** Actions for the selected tokens. */
@Component({
  selector: 'app-token-bulk-actions',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" (click)="setEnabled(false)">{{ t().tokens.switching.disable }}</button>
    <button matButton type="button" (click)="setEnabled(true)">{{ t().tokens.switching.enable }}</button>
    <button matButton type="button" (click)="extend()">{{ t().tokens.bulk.extend }}</button>
    <button matButton type="button" (click)="revoke()">{{ t().tokens.revocation.revoke }}</button>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class TokenBulkActions {
  private readonly bulk = inject(TokenBulk);

  readonly selection = input.required<ListSelection<UserTokenDto>>();
  readonly rows = input.required<readonly UserTokenDto[]>();
  readonly changed = output();

  protected readonly t = injectTexts();
  /** All tokens shown so far, as the selection may include other pages. */
  private readonly seen = new Map<string, UserTokenDto>();

  constructor() {
    const change = inject(BulkChange);
    effect(() => {
      this.rows().forEach((token) => this.seen.set(token.id, token));
      change.addNames(this.rows());
    });
  }

  protected setEnabled(enabled: boolean): void {
    // Leaves out tokens that need no change, because undoing would change them too.
    const target = this.selection().target();
    const changing =
      'filter' in target
        ? { filter: { ...target.filter, enabled: !enabled } }
        : { ids: target.ids.filter((id) => this.seen.get(id)?.enabled !== enabled) };
    void this.bulk.setEnabled(changing, enabled, () => this.changed.emit());
  }

  protected extend(): void {
    void this.bulk.extend(this.selection().target(), () => this.changed.emit());
  }

  protected revoke(): void {
    void this.bulk.revoke(this.selection().target(), () => this.changed.emit());
  }
}
