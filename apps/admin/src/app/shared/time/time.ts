import { booleanAttribute, ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Language } from '../../core/language';
import { exactTime, relativeTime } from './format-time';
import { Now } from './now';

/**
 * Relative time with the exact one as tooltip. In rows of a list, which are many, it is not focusable and has
 * the browser's tooltip, which costs nothing until it is shown.
 */
@Component({
  selector: 'app-time',
  imports: [MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (instant(); as instant) {
      @if (focusable()) {
        <time tabindex="0" [attr.datetime]="instant" [matTooltip]="exact(instant)">{{
          relative(instant)
        }}</time>
      } @else {
        <time [attr.datetime]="instant" [title]="exact(instant)">{{ relative(instant) }}</time>
      }
    } @else {
      <span class="never">{{ t().common.never }}</span>
    }
  `,
  styles: `
    time {
      white-space: nowrap;
    }
    .never {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class Time {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  /** RFC 3339; absent = never. */
  readonly instant = input.required<string | null | undefined>();
  /** Whether the tooltip is reachable with the keyboard. */
  readonly focusable = input(false, { transform: booleanAttribute });

  protected readonly t = this.language.texts;

  protected relative(instant: string): string {
    return relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }

  protected exact(instant: string): string {
    return exactTime(instant, this.language.tag(), 'full');
  }
}
