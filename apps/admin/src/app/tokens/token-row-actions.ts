import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatTooltip } from '@angular/material/tooltip';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Icon } from '../shared/icon';
import { narrowScreen } from '../shared/narrow-screen';
import { TokenChanges } from '../shared/tokens/token-changes';
import { isLive } from '../shared/tokens/token-end';
import { tokenName } from '../shared/tokens/token-name';

/** What a row of tokens is opened for most: a new secret, or the end. */
@Component({
  selector: 'app-token-row-actions',
  imports: [Icon, MatButton, MatIconButton, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (canChange()) {
      @if (isNarrow()) {
        <button matButton type="button" [attr.aria-label]="labelled(ending())" (click)="revoke()">
          {{ ending() }}
        </button>
      } @else {
        <button
          matIconButton
          type="button"
          [attr.aria-label]="labelled(ending())"
          [matTooltip]="ending()"
          (click)="revoke()"
        >
          <app-icon [name]="isOwn() ? 'signOut' : 'ban'" />
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      justify-content: flex-end;
    }
  `,
})
export class TokenRowActions {
  private readonly changes = inject(TokenChanges);

  readonly token = input.required<UserTokenDto>();
  readonly tokenEnded = output();

  protected readonly t = injectTexts();
  protected readonly isNarrow = narrowScreen();
  protected readonly isOwn = computed(() => this.token().id === this.changes.ownId());
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));
  protected readonly ending = computed(() => {
    const { signOut, revoke } = this.t().tokens.revocation;
    return this.isOwn() ? signOut : revoke;
  });

  protected labelled(action: string): string {
    return `${action} ${tokenName(this.token())}`;
  }

  protected async revoke(): Promise<void> {
    if (await this.changes.revoke(this.token())) {
      this.tokenEnded.emit();
    }
  }
}
