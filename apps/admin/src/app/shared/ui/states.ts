import { ChangeDetectionStrategy, Component, input, computed, output } from '@angular/core';
import { injectTexts } from '../../core/language';
import { type Problem, type ProblemKind, problemKind, problemText } from '../../core/problem';
import type { Loaded } from '../loaded';
import { RejectionLink } from '../rejections/rejection-link';
import { Icon, type IconName } from './icon';
import { RetryButton } from './retry-button';

/** Placeholder for missing content: icon, heading and projected text. */
@Component({
  selector: 'app-empty-state',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="medal"><app-icon [name]="icon()" /></span>
    <h2>{{ heading() }}</h2>
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: var(--space-2);
      padding: var(--space-16) var(--space-6);
      text-align: center;
      color: var(--mat-sys-on-surface-variant);
    }
    .medal {
      --app-icon-size: 26px;

      display: grid;
      place-items: center;
      width: 56px;
      height: 56px;
      margin-bottom: var(--space-2);
      border-radius: var(--mat-sys-corner-extra-large);
      background: var(--mat-sys-surface-container-high);
    }
    h2 {
      color: var(--mat-sys-on-surface);
      font: 600 1.125rem/1.4 var(--app-font);
      letter-spacing: -0.01em;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
}

const ICONS: Record<ProblemKind, IconName> = {
  forbidden: 'lock',
  offline: 'offline',
  notFound: 'alert',
  error: 'alert',
};

/** Placeholder for content that could not be loaded, with a retry button that respects `Retry-After`. */
@Component({
  selector: 'app-error-state',
  imports: [EmptyState, RejectionLink, RetryButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-empty-state [icon]="icon()" [heading]="t().problems.headings[kind()]">
      <p role="alert">{{ text() }}</p>
      @if (problem().rejectionId) {
        <app-rejection-link [problem]="problem()" />
      }
      @if (problem().traceId; as traceId) {
        <p class="second-line">
          {{ t().common.trace }} <code>{{ traceId }}</code>
        </p>
      }
      @if (kind() !== 'forbidden') {
        <app-retry-button [problem]="problem()" (retry)="retry.emit()" />
      }
    </app-empty-state>
  `,
})
export class ErrorState {
  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => problemKind(this.problem()));
  protected readonly icon = computed(() => ICONS[this.kind()]);
}

/** Placeholder for a resource that has no value yet: room while it loads, or its problem. */
@Component({
  selector: 'app-load-state',
  imports: [ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (heading(); as heading) {
      <h1 class="visually-hidden" tabindex="-1">{{ heading }}</h1>
    }
    @if (of().problem(); as problem) {
      <app-error-state [problem]="problem" (retry)="of().reload()" />
    } @else {
      <div class="waiting" aria-busy="true">
        <span class="visually-hidden">{{ t().common.loading }}</span>
      </div>
    }
  `,
})
export class LoadState {
  readonly of = input.required<Pick<Loaded<unknown>, 'problem' | 'reload'>>();
  /** Hidden heading, where that of the page comes with the value. */
  readonly heading = input('');

  protected readonly t = injectTexts();
}

/** Notice that the content below could not be loaded again and may be stale. */
@Component({
  selector: 'app-stale-notice',
  imports: [Icon, RejectionLink, RetryButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'notice aligned' },
  template: `
    <app-icon [name]="icon()" />
    <p role="alert">
      <strong>{{ t().problems.outOfDate }}</strong>
      {{ text() }}
      @if (problem().rejectionId) {
        <app-rejection-link [problem]="problem()" />
      }
      @if (problem().traceId; as traceId) {
        <small
          >{{ t().common.trace }} <code>{{ traceId }}</code></small
        >
      }
    </p>
    @if (kind() !== 'forbidden') {
      <app-retry-button [problem]="problem()" (retry)="retry.emit()" />
    }
  `,
  styles: `
    :host {
      margin-bottom: var(--space-4);
    }
    p {
      flex: 1 1 240px;
    }
    small {
      display: block;
      font: 0.75rem/1.125rem var(--app-mono);
    }
  `,
})
export class StaleNotice {
  readonly problem = input.required<Problem>();
  readonly retry = output();

  protected readonly t = injectTexts();
  protected readonly text = computed(() => problemText(this.problem(), this.t()));
  protected readonly kind = computed(() => problemKind(this.problem()));
  protected readonly icon = computed(() => ICONS[this.kind()]);
}
