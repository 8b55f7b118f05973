import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import type { ListSelection } from '../list/list-selection';
import type { RowList } from '../list/paged-list';
import { Icon } from '../ui/icon';

/** Toolbar with actions for the selected rows, in place of the list's toolbar. */
@Component({
  selector: 'app-bulk-bar',
  imports: [Icon, MatButton, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'toolbar' },
  template: `
    <button
      matIconButton
      type="button"
      [attr.aria-label]="t().lists.selection.clear"
      (click)="selection().clear()"
    >
      <app-icon name="close" />
    </button>
    <p aria-live="polite">{{ t().lists.selection.count(selection().count()) }}</p>
    @if (offersEverything()) {
      <button matButton type="button" (click)="selection().selectEverything()">
        {{ t().lists.selection.allMatching(list().total() ?? 0) }}
      </button>
    }
    <div class="actions"><ng-content /></div>
  `,
  styles: `
    :host {
      position: sticky;
      top: 8px;
      z-index: 3;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
      min-height: 44px;
      margin-bottom: var(--space-3);
      padding: var(--space-half) var(--space-2) var(--space-half) var(--space-1);
      border-radius: var(--mat-sys-corner-medium);
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);

      --mat-button-text-label-text-color: currentColor;
      --mat-icon-button-icon-color: currentColor;
    }
    p {
      font-weight: 600;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-1);
      margin-left: auto;
    }
    /* At the bottom, in one line that scrolls sideways, so that rows stay in sight. */
    :host-context(.narrow) {
      top: auto;
      bottom: 8px;
      margin: var(--space-2) 0 0;
      box-shadow: var(--mat-sys-level3);
    }
    :host-context(.narrow) .actions {
      flex-wrap: nowrap;
      overflow-x: auto;
      max-width: 100%;
      scrollbar-width: none;
      white-space: nowrap;
    }
    /* Above the navigation. */
    @media (width < 53.75em) {
      :host-context(.narrow) {
        bottom: calc(80px + env(safe-area-inset-bottom));
      }
    }
  `,
})
export class BulkBar<T> {
  readonly list = input.required<RowList<T>>();
  readonly selection = input.required<ListSelection<T>>();

  protected readonly t = injectTexts();
  protected readonly offersEverything = computed(() => {
    const selection = this.selection();
    return !selection.isEverything() && (this.list().total() ?? 0) > selection.count();
  });
}
