import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { injectTexts } from '../../core/language';
import { EmptyState, ErrorState, StaleNotice } from '../ui/states';
import { Paginator } from './paginator';
import { type ListState, PAGE_SIZES } from './list-state';
import type { RowList } from './paged-list';

/** Frame of a list: progress, empty and error states, and pagination. */
@Component({
  selector: 'app-list-frame',
  imports: [EmptyState, Paginator, MatButton, MatProgressBar, StaleNotice, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-frame.html',
  styles: `
    app-stale-notice {
      margin: 0;
      border-radius: 0;
    }
    .rows {
      overflow-x: auto;
    }
    app-paginator,
    .skeleton + .skeleton {
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
    .skeleton {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      height: 64px;
      padding: 0 var(--space-5);
    }
    i {
      width: 24%;
      height: 12px;
      border-radius: var(--mat-sys-corner-extra-small);
      background: var(--mat-sys-surface-container-high);
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
    i:first-child {
      width: 36px;
      height: 36px;
      border-radius: 50%;
    }
    i:last-child {
      width: 14%;
      margin-left: auto;
    }
    @keyframes breathe {
      to {
        opacity: 0.4;
      }
    }
  `,
})
export class ListFrame {
  readonly list = input.required<RowList<unknown>>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly skeleton = [0, 1, 2, 3, 4, 5];
  protected readonly hasPages = computed(() => {
    const { status, total } = this.list();
    return status() === 'rows' && (total() ?? 0) > PAGE_SIZES[0];
  });
}
