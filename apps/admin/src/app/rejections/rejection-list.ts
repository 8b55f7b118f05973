import { HttpClient } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import type { ExplanationQueryDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { FilterChip } from '../shared/filters/filter-chip';
import { pastedSecret } from '../shared/filters/pasted-secret';
import { isShortcutBlocked } from '../shared/keyboard';
import { loaded } from '../shared/loaded';
import { tokenQuery, traceIdIn } from '../shared/rejections/pasted-text';
import { latestRejections, RejectionRows } from '../shared/rejections/rejection-rows';
import { PageHeader } from '../shared/ui/page';
import { EmptyState, LoadState, StaleNotice } from '../shared/ui/states';

/** Page with the latest rejections, and a field for the trace id of one. */
@Component({
  selector: 'app-rejection-list',
  imports: [
    EmptyState,
    FilterChip,
    LoadState,
    MatButton,
    MatFormFieldModule,
    MatInput,
    PageHeader,
    RejectionRows,
    StaleNotice,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'focusOnSlash($event)' },
  template: `
    <app-page-header [heading]="t().pages.rejections" [lead]="t().rejections.lead" />

    <form id="request" class="card" (submit)="$event.preventDefault(); explain(field.value)">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().rejections.request }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-keyshortcuts="/"
          (paste)="paste($event)"
        />
        <mat-hint>{{ t().rejections.requestHint }}</mat-hint>
      </mat-form-field>
      <button matButton="filled" type="submit">{{ t().rejections.explain }}</button>
    </form>

    <div class="row between">
      <h2 class="section-title">{{ t().rejections.latest }}</h2>
      <app-filter-chip
        [filter]="{ name: 'token', label: t().rejections.token }"
        [value]="shownToken()"
        (valueChange)="filter($event)"
      />
    </div>
    @if (rejections.value(); as items) {
      @if (rejections.problem(); as problem) {
        <app-stale-notice [problem]="problem" (retry)="rejections.reload()" />
      }
      <div class="surface">
        @if (items.length > 0) {
          <app-rejection-rows [items]="items" [label]="t().rejections.latest" />
        } @else {
          <app-empty-state icon="done" [heading]="t().rejections.empty.heading">
            <p>{{ t().rejections.empty.text }}</p>
          </app-empty-state>
        }
      </div>
    } @else {
      <app-load-state [of]="rejections" />
    }
  `,
  styles: `
    form {
      display: flex;
      flex-wrap: wrap;
      align-items: flex-start;
      gap: var(--space-3) var(--space-4);
    }
    mat-form-field {
      flex: 1 1 280px;
    }
    form > button {
      height: 52px;
    }
    .between {
      margin: var(--space-8) 0 var(--space-3);
    }
  `,
})
export class RejectionList {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  /** Token whose rejections are shown, from the URL. */
  readonly tokenId = input<string>();
  readonly tokenPreview = input<string>();

  protected readonly t = injectTexts();
  private readonly query = computed((): ExplanationQueryDto => {
    const [tokenId, tokenPreview] = [this.tokenId(), this.tokenPreview()];
    return { ...(tokenId !== undefined && { tokenId }), ...(tokenPreview !== undefined && { tokenPreview }) };
  });
  protected readonly rejections = loaded(
    () => this.query(),
    (query) => latestRejections(this.http, query),
  );

  /** Preview of the token in the filter, or its id until a rejection of it is loaded. */
  protected readonly shownToken = computed(() => {
    const [item] = this.tokenId() === undefined ? [] : (this.rejections.value() ?? []);
    return this.tokenPreview() ?? item?.token?.tokenPreview ?? this.tokenId() ?? null;
  });

  /** Opens the explanation of a request. */
  protected explain(text: string): void {
    const traceId = traceIdIn(text);
    if (traceId === '') {
      this.field().nativeElement.focus();
    } else if (pastedSecret(traceId)) {
      this.filter(traceId);
    } else {
      void this.router.navigate(['/explanations', traceId]);
    }
  }

  /** Opens the explanation without a click when an id is pasted into the empty field. */
  protected paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text') ?? '';
    if (this.field().nativeElement.value === '' && text.trim() !== '') {
      this.explain(text);
    }
  }

  /** Shows the rejections of a token only, or with `null` all. */
  protected filter(token: string | null): void {
    void this.router.navigate([], { queryParams: token === null ? {} : tokenQuery(token) });
  }

  protected focusOnSlash(event: KeyboardEvent): void {
    if (event.key === '/' && !isShortcutBlocked(event)) {
      event.preventDefault();
      this.field().nativeElement.focus();
    }
  }
}
