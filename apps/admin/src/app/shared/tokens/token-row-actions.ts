import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton, MatIconAnchor, MatIconButton } from '@angular/material/button';
import { MatTooltip } from '@angular/material/tooltip';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { ListWidth } from '../list/list-width';
import { isLive, mayRotate, tokenName } from './token';
import { TokenChanges } from './token-changes';

/** The most frequent actions of a token's row: rotate and revoke. */
@Component({
  selector: 'app-token-row-actions',
  imports: [Icon, MatButton, MatIconAnchor, MatIconButton, MatTooltip, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (canChange()) {
      @if (isNarrow()) {
        @if (mayRotate(token())) {
          <a matButton [attr.aria-label]="labelled(t().tokens.rotate)" [routerLink]="rotation()">
            {{ t().tokens.rotate }}
          </a>
        }
        <button matButton type="button" [attr.aria-label]="labelled(revocation())" (click)="revoke()">
          {{ revocation() }}
        </button>
      } @else {
        @if (mayRotate(token())) {
          <a
            matIconButton
            [attr.aria-label]="labelled(t().tokens.rotate)"
            [matTooltip]="t().tokens.rotate"
            [routerLink]="rotation()"
          >
            <app-icon name="refresh" />
          </a>
        }
        <button
          matIconButton
          type="button"
          [attr.aria-label]="labelled(revocation())"
          [matTooltip]="revocation()"
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
  protected readonly mayRotate = mayRotate;
  protected readonly isOwn = computed(() => this.token().id === this.changes.ownId());
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));
  protected readonly rotation = computed(() => ['/tokens', this.token().id, 'rotate']);
  protected readonly revocation = computed(() => {
    const { signOut, revoke } = this.t().tokens.revocation;
    return this.isOwn() ? signOut : revoke;
  });

  protected labelled(action: string): string {
    return `${action} ${tokenName(this.token(), this.t())}`;
  }

  protected async revoke(): Promise<void> {
    if (await this.changes.revoke(this.token())) {
      this.changed.emit();
    }
  }
}
