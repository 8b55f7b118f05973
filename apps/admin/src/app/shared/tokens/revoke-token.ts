import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { relativeTime } from '../time/format-time';
import { tokenName } from './token';

/** The token to revoke. */
export interface Revocation {
  readonly token: UserTokenDto;
  /** Whether it is the token of this session. */
  readonly isOwn: boolean;
}

/** Result of the dialog if the user confirmed. */
export interface RevocationOptions {
  /** Whether tokens created with it are revoked too. */
  readonly descendants: boolean;
}

/** Confirmation before a token is revoked, with its owner, last use and the effect. */
@Component({
  selector: 'app-revoke-token',
  imports: [MatButton, MatCheckbox, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokens.revocation.heading[sort] }}</h2>
    <mat-dialog-content>
      <p>
        <strong>{{ t().tokens.revocation.name(name, token.user) }}</strong>
      </p>
      @if (sort !== 'own') {
        <p>{{ lastUse() }}</p>
      }
      <p>{{ t().tokens.revocation.consequence[sort] }}</p>
      @if (sort !== 'own') {
        <mat-checkbox (change)="descendants.set($event.checked)">
          {{ t().tokens.revocation.descendants }}
        </mat-checkbox>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
      <button
        matButton="filled"
        class="danger"
        type="button"
        [mat-dialog-close]="{ descendants: descendants() }"
      >
        {{ sort === 'own' ? t().tokens.revocation.signOut : t().tokens.revocation.revoke }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    p {
      margin: 0 0 12px;
      overflow-wrap: anywhere;
    }
    mat-checkbox {
      margin-left: -11px;
    }
  `,
})
export class RevokeToken {
  private readonly language = inject(Language);
  private readonly revocation = inject<Revocation>(MAT_DIALOG_DATA);

  protected readonly t = this.language.texts;
  protected readonly token = this.revocation.token;
  protected readonly sort = this.revocation.isOwn ? 'own' : this.token.kind;
  protected readonly name = tokenName(this.token, this.t());
  protected readonly descendants = signal(false);
  protected readonly lastUse = computed(() => {
    const { lastUsageTime, lastUsageAddress } = this.token;
    const { neverUsed, lastUse } = this.t().tokens.revocation;
    return lastUsageTime === undefined
      ? neverUsed
      : lastUse(
          relativeTime(Date.parse(lastUsageTime), Date.now(), this.language.tag(), this.t()),
          lastUsageAddress ?? null,
        );
  });
}
