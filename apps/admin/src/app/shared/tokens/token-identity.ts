import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Badge } from '../ui/badge';
import { tokenNote } from './token';

/** What a token is recognised by: its note, its last characters, and whether it is the one in use here. */
@Component({
  selector: 'app-token-identity',
  imports: [Badge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="note" [title]="token().note ?? ''">
      @if (note(); as note) {
        <bdi>{{ note }}</bdi>
      } @else {
        <span class="none">{{ t().tokens.noNote }}</span>
      }
    </span>
    <span class="marks">
      <code>{{ token().tokenPreview }}</code>
      @if (isOwn()) {
        <app-badge tone="strong">{{ t().tokens.thisSession }}</app-badge>
      } @else {
        <app-badge>{{ t().tokens.kinds[token().kind] }}</app-badge>
      }
    </span>
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
      min-width: 0;
    }
    .note {
      overflow: hidden;
      font-weight: 600;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .none {
      color: var(--mat-sys-on-surface-variant);
      font-weight: 400;
    }
    .marks {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px;
    }
    code {
      margin-right: 4px;
      color: var(--mat-sys-on-surface-variant);
      font: 13px/20px var(--app-mono);
    }
  `,
})
export class TokenIdentity {
  readonly token = input.required<UserTokenDto>();
  /** Whether the person signed in here is using it. */
  readonly isOwn = input.required<boolean>();

  protected readonly t = injectTexts();
  protected readonly note = computed(() => tokenNote(this.token(), this.t()));
}
