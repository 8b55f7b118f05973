import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  DOCUMENT,
  effect,
  ElementRef,
  inject,
  input,
  output,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { clock, countdown } from '../time/countdown';
import { Icon } from './icon';

/** Button to repeat a failed request after the wait that the server asked for. */
@Component({
  selector: 'app-retry-button',
  imports: [Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton="tonal"
      type="button"
      disabledInteractive
      [class.counting]="secondsLeft() > 0"
      [disabled]="secondsLeft() > 0"
      (click)="tryAgain()"
    >
      <app-icon matButtonIcon name="refresh" />
      {{ secondsLeft() > 0 ? t().common.tryAgainIn(clock(secondsLeft())) : t().common.retry }}
    </button>
  `,
})
export class RetryButton {
  private readonly document = inject(DOCUMENT);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly wait = countdown();
  private isTried = false;
  private dialog: HTMLElement | null = null;

  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly clock = clock;
  protected readonly secondsLeft = this.wait.secondsLeft;

  constructor() {
    effect(() => this.wait.start(this.problem().retryAfterSeconds ?? 0));
    inject(DestroyRef).onDestroy(() => setTimeout(() => this.passFocusOn()));
  }

  protected tryAgain(): void {
    if (this.secondsLeft() === 0) {
      this.isTried = true;
      this.dialog = this.host.closest<HTMLElement>('[role=dialog]');
      this.retry.emit();
    }
  }

  /** Moves the focus to the heading or dialog when the button disappears after a successful attempt. */
  private passFocusOn(): void {
    if (this.isTried && this.document.activeElement === this.document.body) {
      (this.dialog ?? this.document.querySelector<HTMLElement>('main h1'))?.focus();
    }
  }
}
