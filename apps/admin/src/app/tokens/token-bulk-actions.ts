import { ChangeDetectionStrategy, Component, effect, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import type { ListSelection } from '../shared/list/list-selection';
import { TokenBulk } from './token-bulk';

/** What can be done to the selected tokens. */
@Component({
  selector: 'app-token-bulk-actions',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" (click)="switchTo(false)">{{ t().tokens.switching.disable }}</button>
    <button matButton type="button" (click)="switchTo(true)">{{ t().tokens.switching.enable }}</button>
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
  /** Every token that was on a page since the selection could begin. */
  private readonly seen = new Map<string, UserTokenDto>();

  constructor() {
    effect(() => {
      this.rows().forEach((token) => this.seen.set(token.id, token));
      this.bulk.meet(this.rows());
    });
  }

  protected switchTo(enabled: boolean): void {
    // What is so already stays out of it, or taking the change back would turn that round as well.
    const target = this.selection().target();
    const due =
      'filter' in target
        ? { filter: { ...target.filter, enabled: !enabled } }
        : { ids: target.ids.filter((id) => this.seen.get(id)?.enabled !== enabled) };
    void this.bulk.setEnabled(due, enabled, () => this.changed.emit());
  }

  protected extend(): void {
    void this.bulk.extend(this.selection().target(), () => this.changed.emit());
  }

  protected revoke(): void {
    void this.bulk.revoke(this.selection().target(), () => this.changed.emit());
  }
}
