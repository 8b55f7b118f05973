import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatTooltip } from '@angular/material/tooltip';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Icon, type IconName } from '../ui/icon';
import { ListWidth } from '../list/list-width';
import { isLive, mayRotate, tokenName } from './token';
import { TokenChanges } from './token-changes';

/** The most frequent actions of a token's row: rotate and revoke. */
@Component({
  selector: 'app-token-row-actions',
  imports: [Icon, MatButton, MatIconButton, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (action of actions(); track action.name) {
      @if (isNarrow()) {
        <button matButton type="button" [attr.aria-label]="labelled(action.label)" (click)="run(action.name)">
          {{ action.label }}
        </button>
      } @else {
        <button
          matIconButton
          type="button"
          [attr.aria-label]="labelled(action.label)"
          [matTooltip]="action.label"
          (click)="run(action.name)"
        >
          <app-icon [name]="action.icon" />
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      justify-content: flex-end;
    }
  `,
})
export class TokenRowActions {
  private readonly changes = inject(TokenChanges);

  readonly token = input.required<UserTokenDto>();
  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly isNarrow = inject(ListWidth).isNarrow;
  protected readonly actions = computed(() => {
    const token = this.token();
    const { rotate, revocation } = this.t().tokens;
    const actions: { name: 'rotate' | 'revoke'; label: string; icon: IconName }[] = [];
    if (isLive(token) && this.changes.mayChange(token)) {
      if (mayRotate(token)) {
        actions.push({ name: 'rotate', label: rotate, icon: 'refresh' });
      }
      actions.push(
        token.id === this.changes.ownId()
          ? { name: 'revoke', label: revocation.signOut, icon: 'signOut' }
          : { name: 'revoke', label: revocation.revoke, icon: 'ban' },
      );
    }
    return actions;
  });

  protected labelled(action: string): string {
    const { id, kind, tokenPreview } = this.token();
    // Other sessions of the same browser have the same name.
    const isOther = kind === 'session' && id !== this.changes.ownId();
    return `${action} ${tokenName(this.token(), this.t())}${isOther ? `, ${tokenPreview}` : ''}`;
  }

  protected async run(name: 'rotate' | 'revoke'): Promise<void> {
    if (await this.changes[name](this.token())) {
      this.changed.emit();
    }
  }
}
