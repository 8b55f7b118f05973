import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog, MatDialogModule } from '@angular/material/dialog';
import { injectTexts, Language } from '../core/language';
import { confirmed } from '../shared/dialogs/confirm';
import { warnBeforeUnload } from '../shared/leave-guard';
import { CopyButton } from '../shared/ui/copy-button';

/** What is shown once, to be handed over to whom it is for. */
export interface HandoverSecret {
  readonly kind: 'password' | 'link';
  readonly secret: string;
  /** Until when it works, RFC 3339; `null` = as long as nobody changes it. */
  readonly until: string | null;
}

/** The content of a dialog that shows a password or set-up link once. */
@Component({
  selector: 'app-handover',
  imports: [CopyButton, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ heading() }}</h2>
    <mat-dialog-content>
      <p>{{ text() }}</p>
      <div class="secret">
        <code>{{ shown().secret }}</code>
        <app-copy-button isMain [text]="shown().secret" (copied)="isCopied.set(true)" />
      </div>
      @if (until(); as until) {
        <p class="until">{{ until }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button [matButton]="isCopied() ? 'filled' : 'tonal'" type="button" (click)="close()">
        {{ t().common.done }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    h2 {
      overflow-wrap: anywhere;
    }
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
      min-width: 0;
      font: 500 15px/1.5 var(--app-mono);
      overflow-wrap: anywhere;
      user-select: all;
    }
    .until {
      margin: 12px 0 0;
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
  protected readonly text = computed(() => this.t().users.handover[this.shown().kind]);
  protected readonly until = computed(() => {
    const { until } = this.shown();
    if (until === null) {
      return null;
    }
    const format = new Intl.DateTimeFormat(this.language.tag(), { dateStyle: 'full', timeStyle: 'short' });
    return this.t().users.worksUntil(format.format(new Date(until)));
  });

  constructor() {
    warnBeforeUnload(() => !this.isCopied());
  }

  /** Asks first while nobody copied it, as it cannot be shown again. */
  protected async close(): Promise<void> {
    const { heading, text, action } = this.t().users.handover.leave;
    const question = { heading, consequences: [text[this.shown().kind]], action };
    if (this.isCopied() || (await confirmed(this.dialog, question))) {
      this.done.emit();
    }
  }
}
