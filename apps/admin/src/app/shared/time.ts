import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Language } from '../core/language';
import { exactTime } from './exact-time';
import { Now } from './now';
import { relativeTime } from './relative-time';

/** An instant in relative words, with the exact one in its tooltip. */
@Component({
  selector: 'app-time',
  imports: [MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (instant(); as instant) {
      <time [attr.datetime]="instant" [matTooltip]="exact(instant)">{{ relative(instant) }}</time>
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

  /** The instant, RFC 3339; none = never. */
  readonly instant = input.required<string | null | undefined>();

  protected readonly t = this.language.texts;

  protected relative(instant: string): string {
    return relativeTime(Date.parse(instant), this.now(), this.language.tag(), this.t());
  }

  protected exact(instant: string): string {
    return exactTime(instant, this.language.tag()).full;
  }
}
