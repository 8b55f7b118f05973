import { Clipboard } from '@angular/cdk/clipboard';
import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { Icon } from './icon';

/** Button that copies a text and shows whether that succeeded. */
@Component({
  selector: 'app-copy-button',
  imports: [Icon, MatButton, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isCompact()) {
      <button matIconButton class="compact" type="button" [attr.aria-label]="label()" (click)="copy()">
        <app-icon [name]="hasCopied() ? 'check' : 'copy'" />
      </button>
    } @else {
      <button [matButton]="isMain() && !hasCopied() ? 'filled' : 'tonal'" type="button" (click)="copy()">
        <app-icon matButtonIcon [name]="hasCopied() ? 'check' : 'copy'" />
        {{ hasCopied() ? t().common.copied : label() }}
      </button>
    }
    <span aria-live="polite" [class.visually-hidden]="outcome() !== 'failed'">
      @switch (outcome()) {
        @case ('copied') {
          {{ t().common.copied }}
        }
        @case ('failed') {
          {{ t().common.notCopied }}
        }
      }
    </span>
  `,
  styles: `
    .compact {
      --mat-icon-button-icon-size: 16px;
      --mat-icon-button-state-layer-size: 32px;

      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class CopyButton {
  private readonly clipboard = inject(Clipboard);

  readonly text = input.required<string>();
  /** Caption; by default `Copy`. */
  readonly caption = input<string | null>(null);
  /** Whether only the icon is shown. */
  readonly isCompact = input(false, { transform: booleanAttribute });
  /** Whether it is the primary button until the text is copied. */
  readonly isMain = input(false, { transform: booleanAttribute });
  readonly copied = output();

  protected readonly t = injectTexts();
  protected readonly label = computed(() => this.caption() ?? this.t().common.copy);
  /** Result of the last attempt and its text, because another text is not copied yet. */
  private readonly tried = signal<{ text: string; worked: boolean } | null>(null);
  protected readonly outcome = computed(() => {
    const tried = this.tried();
    if (tried?.text !== this.text()) {
      return 'none';
    }
    return tried.worked ? 'copied' : 'failed';
  });
  protected readonly hasCopied = computed(() => this.outcome() === 'copied');

  protected copy(): void {
    const worked = this.clipboard.copy(this.text());
    this.tried.set({ text: this.text(), worked });
    if (worked) {
      this.copied.emit();
    }
  }
}
