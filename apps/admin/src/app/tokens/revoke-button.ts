import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';

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

  private readonly t = injectTexts();
  protected readonly action = computed(() =>
    this.isOwn() ? this.t().tokens.revocation.signOut : this.t().tokens.revocation.revoke,
  );
  protected readonly name = computed(() => this.token().note || this.token().tokenPreview);
}
