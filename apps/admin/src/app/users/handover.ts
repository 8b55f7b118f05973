import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog, MatDialogModule } from '@angular/material/dialog';
import { injectTexts, Language } from '../core/language';
import { confirmed } from '../shared/dialogs/confirm';
import { warnBeforeUnload } from '../shared/leave-guard';
import { exactTime } from '../shared/time/format-time';
import { CopyButton } from '../shared/ui/copy-button';
import { Icon } from '../shared/ui/icon';

/** A secret that is shown once, to be given to a user. */
export interface HandoverSecret {
  readonly kind: 'password' | 'link';
  readonly secret: string;
  /** Expiry, RFC 3339; `null` = none. */
  readonly until: string | null;
  /** Reason why the link was not sent. */
  readonly problem?: string | undefined;
}

/** Content of a dialog that shows a password or set-up link once. */
@Component({
  selector: 'app-handover',
  imports: [CopyButton, Icon, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ heading() }}</h2>
    <mat-dialog-content>
      @if (shown().problem; as problem) {
        <p class="notice bad" role="alert">
          <app-icon name="alert" /><span>{{ t().mail.failed(problem) }}</span>
        </p>
      }
      <p>{{ t().handover[shown().kind] }}</p>
      <div class="code-box row between">
        <code>{{ shown().secret }}</code>
        <app-copy-button isMain [text]="shown().secret" (copied)="isCopied.set(true)" />
      </div>
      @if (expiry(); as expiry) {
        <p>{{ expiry }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button [matButton]="isCopied() ? 'filled' : 'tonal'" type="button" (click)="close()">
        {{ t().common.done }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    .row {
      margin: var(--space-3) 0;
    }
  `,
})
export class Handover {
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);

  readonly heading = input.required<string>();
  readonly shown = input.required<HandoverSecret>();
  readonly done = output();

  protected readonly t = injectTexts();
  protected readonly isCopied = signal(false);
  protected readonly expiry = computed(() => {
    const { until } = this.shown();
    return until === null ? null : this.t().users.worksUntil(exactTime(until, this.language.tag(), 'long'));
  });

  constructor() {
    warnBeforeUnload(() => !this.isCopied());
  }

  /** Asks for confirmation if the secret was not copied. */
  protected async close(): Promise<void> {
    const { heading, text, action } = this.t().handover.leave;
    const question = { heading, consequences: [text[this.shown().kind]], action };
    if (this.isCopied() || (await confirmed(this.dialog, question))) {
      this.done.emit();
    }
  }
}
