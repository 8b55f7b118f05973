import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  DOCUMENT,
  effect,
  ElementRef,
  inject,
  input,
  output,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../core/language';
import { type Problem, problemText } from '../core/problem';
import { clock, countdown } from './countdown';
import { Face } from './face';
import { Icon } from './icon';

/** What a list shows when it could not be loaded: forbidden, out of reach or gone wrong. It waits as long as the server asks. */
@Component({
  selector: 'app-problem-face',
  imports: [Face, Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @switch (kind()) {
      @case ('forbidden') {
        <app-face icon="lock" [heading]="t().problems.headings.forbidden">
          <p role="alert">{{ text() }}</p>
        </app-face>
      }
      @default {
        <app-face
          [icon]="kind() === 'offline' ? 'offline' : 'alert'"
          [heading]="t().problems.headings[kind()]"
        >
          <p role="alert">{{ text() }}</p>
          @if (problem().traceId; as traceId) {
            <p class="trace">
              {{ t().common.trace }} <code>{{ traceId }}</code>
            </p>
          }
          <button
            matButton="tonal"
            type="button"
            disabledInteractive
            [disabled]="secondsLeft() > 0"
            (click)="tryAgain()"
          >
            <app-icon matButtonIcon name="refresh" />
            {{ secondsLeft() > 0 ? t().common.tryAgainIn(clock(secondsLeft())) : t().common.retry }}
          </button>
        </app-face>
      }
    }
  `,
  styles: `
    .trace {
      font: var(--mat-sys-body-small);
    }
  `,
})
export class ProblemFace {
  private readonly document = inject(DOCUMENT);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly wait = countdown();

  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly clock = clock;
  protected readonly secondsLeft = this.wait.secondsLeft;
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => {
    const { status, isUnexpected } = this.problem();
    if (status === 403) {
      return 'forbidden';
    }
    if (status === 404) {
      return 'notFound';
    }
    return status === 0 && !isUnexpected ? 'offline' : 'error';
  });
  private isTried = false;
  private dialog: HTMLElement | null = null;

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

  /** Once a try went well the button is gone, and the focus with it: what it was for is read from its heading on. */
  private passFocusOn(): void {
    if (this.isTried && this.document.activeElement === this.document.body) {
      (this.dialog ?? this.document.querySelector<HTMLElement>('main h1'))?.focus();
    }
  }
}
