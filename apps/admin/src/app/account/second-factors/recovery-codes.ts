import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  ElementRef,
  inject,
  input,
  output,
  signal,
  ViewEncapsulation,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog, MatDialogModule } from '@angular/material/dialog';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { warnBeforeUnload } from '../../shared/leave-guard';
import { saveFile } from '../../shared/list/list-export';
import { CopyButton } from '../../shared/ui/copy-button';
import { Icon } from '../../shared/ui/icon';

/** Content of a dialog that shows recovery codes once. */
@Component({
  selector: 'app-recovery-codes',
  imports: [CopyButton, Icon, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  // The rules for paper are about the page around the dialog.
  encapsulation: ViewEncapsulation.None,
  template: `
    <h2 mat-dialog-title tabindex="-1">{{ t().factors.codes.heading }}</h2>
    <mat-dialog-content>
      <p>{{ lead() }} {{ t().factors.codes.text }}</p>
      <p class="about">{{ about() }}</p>
      <ol class="code-box" [attr.aria-label]="t().factors.codes.label">
        @for (code of codes(); track code) {
          <li>{{ code }}</li>
        }
      </ol>
      <div class="row">
        <app-copy-button
          isMain
          [text]="codes().join('\\n')"
          [caption]="t().factors.codes.copy"
          (copied)="isSaved.set(true)"
        />
        <button matButton="tonal" type="button" (click)="download()">
          <app-icon matButtonIcon name="download" />{{ t().factors.codes.download }}
        </button>
        <button matButton="tonal" type="button" (click)="print()">{{ t().factors.codes.print }}</button>
      </div>
    </mat-dialog-content>
    <mat-dialog-actions>
      <button [matButton]="isSaved() ? 'filled' : 'text'" type="button" (click)="close()">
        {{ t().common.done }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    app-recovery-codes {
      display: contents;

      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr));
        gap: var(--space-1) var(--space-6);
        margin-bottom: var(--space-4);
        color: var(--mat-sys-on-surface);
        font-size: 0.9375rem;
      }
      h2:focus {
        outline: none;
      }
      .about {
        display: none;
      }
    }
    /* On paper: the codes alone, with their user and server. */
    @media print {
      body:has(app-recovery-codes) {
        app-root,
        .cdk-overlay-backdrop,
        app-recovery-codes :is(.row, mat-dialog-actions) {
          display: none;
        }
        .cdk-overlay-container {
          display: block !important;
          position: static;
        }
        :is(.cdk-global-overlay-wrapper, .cdk-overlay-pane, mat-dialog-content) {
          position: static;
          display: block;
          width: auto !important;
          max-width: none !important;
          max-height: none;
        }
        .about {
          display: block;
        }
        app-recovery-codes ol {
          grid-template-columns: auto;
          color: #000;
        }
      }
    }
  `,
})
export class RecoveryCodes {
  private readonly document = inject(DOCUMENT);
  private readonly dialog = inject(MatDialog);
  private readonly session = inject(Session);

  /** Success message above the codes. */
  readonly lead = input.required<string>();
  readonly codes = input.required<readonly string[]>();
  readonly done = output();

  protected readonly t = injectTexts();
  protected readonly isSaved = signal(false);
  /** User and server of the codes, for files and paper. */
  protected readonly about = computed(() =>
    this.t().factors.codes.about(this.session.user()?.name ?? '', this.document.location.host),
  );

  constructor() {
    warnBeforeUnload(() => !this.isSaved());
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    // The form with the focus has disappeared.
    afterNextRender(() => host.querySelector('h2')?.focus());
  }

  protected download(): void {
    const content = `${[this.about(), '', ...this.codes()].join('\n')}\n`;
    saveFile(
      this.document,
      new Blob([content], { type: 'text/plain' }),
      `${this.document.location.hostname}-recovery-codes.txt`,
    );
    this.isSaved.set(true);
  }

  protected print(): void {
    this.document.defaultView?.print();
    this.isSaved.set(true);
  }

  /** Asks for confirmation if the codes were not saved. */
  protected async close(): Promise<void> {
    const { heading, text, action } = this.t().factors.codes.leave;
    if (this.isSaved() || (await confirmed(this.dialog, { heading, consequences: [text], action }))) {
      this.done.emit();
    }
  }
}
