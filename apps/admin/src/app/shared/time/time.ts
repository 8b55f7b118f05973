import { booleanAttribute, ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Language } from '../../core/language';
import { exactTime, relativeTime } from './format-time';
import { Now } from './now';

/**
 * An instant in relative words, with the exact one in its tooltip. Rows of a list have many, and lead to a page: the keys
 * stop at those of pages alone, and rows have the browser's own tooltip, which costs nothing until it is asked for.
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
    time:focus-visible {
      outline: 2px solid var(--mat-sys-primary);
      outline-offset: 2px;
      border-radius: 4px;
    }
    .never {
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class Time {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  /** The instant, RFC 3339; none = never. */
  readonly instant = input.required<string | null | undefined>();
  /** Whether the exact instant can be had with the keys. */
  readonly focusable = input(false, { transform: booleanAttribute });

  protected readonly t = this.language.texts;

  protected relative(instant: string): string {
    return relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }

  protected exact(instant: string): string {
    return exactTime(instant, this.language.tag()).full;
  }
}
