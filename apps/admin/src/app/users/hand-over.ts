import { Clipboard } from '@angular/cdk/clipboard';
import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import type { UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Icon } from '../shared/icon';

/** Shows a generated password once, to be handed over to whom it is for. */
@Component({
  selector: 'app-hand-over',
  imports: [Icon, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().users.created(user().name) }}</h2>
    <mat-dialog-content>
      <p>{{ t().users.handOver }}</p>
      <div class="secret">
        <code>{{ password() }}</code>
        <button matButton="tonal" type="button" (click)="copy()">
          <app-icon matButtonIcon [name]="hasCopied() ? 'check' : 'copy'" />{{
            hasCopied() ? t().common.copied : t().common.copy
          }}
        </button>
      </div>
      <p class="outcome" aria-live="polite">{{ outcome() }}</p>
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton="filled" type="button" (click)="done.emit()">{{ t().common.done }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    .secret {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      padding: 14px 16px;
      border-radius: 10px;
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface);
    }
    code {
      font: 500 16px/1.5 var(--app-mono);
      overflow-wrap: anywhere;
      user-select: all;
    }
    .outcome {
      min-height: 20px;
      margin: 8px 0 0;
    }
  `,
})
export class HandOver {
  private readonly clipboard = inject(Clipboard);

  readonly user = input.required<UserDto>();
  readonly password = input.required<string>();
  readonly done = output();

  protected readonly t = injectTexts();
  protected readonly hasCopied = signal(false);
  protected readonly outcome = signal('');

  protected copy(): void {
    const hasCopied = this.clipboard.copy(this.password());
    this.hasCopied.set(hasCopied);
    this.outcome.set(hasCopied ? `${this.t().common.copied}.` : this.t().common.notCopied);
  }
}
