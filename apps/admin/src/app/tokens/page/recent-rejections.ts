import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import { loaded } from '../../shared/loaded';
import { ErrorState } from '../../shared/ui/states';
import { latestRejections, RejectionRows } from '../../shared/rejections/rejection-rows';

/** Maximum number of rejections on the page of a token. */
const SHOWN = 5;

/** Latest rejections of a token; hidden if there are none. */
@Component({
  selector: 'app-recent-rejections',
  imports: [ErrorState, MatButton, RejectionRows, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[hidden]': 'shown().length === 0 && rejections.problem() === null' },
  template: `
    <div class="row between">
      <h2 class="card-title">{{ t().rejections.recent }}</h2>
      @if (shown().length > 0) {
        <a matButton routerLink="/explanations" [queryParams]="{ tokenId: tokenId() }">
          {{ t().rejections.all }}
        </a>
      }
    </div>
    @if (shown().length > 0) {
      <app-rejection-rows isOfOneToken [items]="shown()" [label]="t().rejections.recent" />
    } @else if (rejections.problem(); as problem) {
      <app-error-state [problem]="problem" (retry)="rejections.reload()" />
    }
  `,
  styles: `
    :host([hidden]) {
      display: none;
    }
    app-rejection-rows {
      display: block;
      margin-inline: calc(-1 * var(--space-4));
    }
  `,
})
export class RecentRejections {
  private readonly http = inject(HttpClient);

  readonly tokenId = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly rejections = loaded(
    () => this.tokenId(),
    (tokenId) => latestRejections(this.http, { tokenId }),
  );
  protected readonly shown = computed(() => (this.rejections.value() ?? []).slice(0, SHOWN));
}
