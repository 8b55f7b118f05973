import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { UserTokenDto } from '@latchkey/auth-models';
import { MESSAGES } from '../core/messages';

/** The button that ends a token; on the one in use here it says what that means. */
@Component({
  selector: 'app-revoke-button',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" [attr.aria-label]="action() + ' ' + name()" (click)="revoke.emit()">
      {{ action() }}
    </button>
  `,
})
export class RevokeButton {
  readonly token = input.required<UserTokenDto>();
  readonly isOwn = input.required<boolean>();
  readonly revoke = output();

  protected readonly action = computed(() =>
    this.isOwn() ? MESSAGES.revocation.signOut : MESSAGES.revocation.revoke,
  );
  protected readonly name = computed(() => this.token().note || this.token().tokenPreview);
}
