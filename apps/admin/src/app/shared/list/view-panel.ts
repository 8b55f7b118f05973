import { A11yModule } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { CopyButton } from '../ui/copy-button';
import { ListExport } from './list-export';
import { HIDDEN_PARAMETER, type ListLayout } from './list-layout';
import type { ListState } from './list-state';

/** A column that can be hidden. */
export interface HideableColumn {
  readonly name: string;
  readonly label: string;
  /** Whether the table has too little room for it. */
  readonly isLeftOut?: boolean;
}

/** Columns and density of a list, its export and the link to it. */
@Component({
  selector: 'app-view-panel',
  imports: [A11yModule, CopyButton, ListExport],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div
      class="overlay-panel"
      cdkTrapFocus
      cdkTrapFocusAutoCapture
      role="dialog"
      [attr.aria-label]="t().lists.view"
    >
      @if (columns().length > 0) {
        <fieldset>
          <legend class="small-title">{{ t().lists.columns }}</legend>
          @for (column of columns(); track column.name) {
            <label>
              <input
                type="checkbox"
                [checked]="!layout().hidden().has(column.name)"
                (change)="layout().toggle(column.name)"
              />
              <span>{{ column.label }}</span>
              @if (column.isLeftOut) {
                <span class="second-line">{{ t().lists.ifRoom }}</span>
              }
            </label>
          }
        </fieldset>
        <fieldset class="density">
          <legend class="small-title">{{ t().lists.rows }}</legend>
          @for (isCompact of [false, true]; track isCompact) {
            <label>
              <input
                type="radio"
                name="density"
                [checked]="isCompact === layout().isCompact()"
                (change)="layout().setCompact(isCompact)"
              />
              <span>{{ isCompact ? t().lists.compact : t().lists.comfortable }}</span>
            </label>
          }
        </fieldset>
        <button class="bare link-button" type="button" [disabled]="isDefault()" (click)="layout().reset()">
          {{ t().lists.reset }}
        </button>
      }
      <app-list-export [path]="path()" [state]="state()" />
      <app-copy-button [text]="link()" [caption]="t().lists.copyLink" />
    </div>
  `,
  styles: `
    .overlay-panel {
      justify-items: start;
      width: min(300px, calc(100vw - 16px));
      /* Minus the margins of the window and of the panel. The overlay does not move a taller panel into the window. */
      max-height: calc(100dvh - 20px);
      overflow-y: auto;
    }
    fieldset {
      width: 100%;
    }
    legend {
      margin-bottom: var(--space-1);
    }
    label {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      min-height: 32px;
      cursor: pointer;
    }
    label > .second-line {
      margin-left: auto;
    }
    input {
      flex: none;
      width: 18px;
      height: 18px;
      margin: 0;
      accent-color: var(--mat-sys-primary);
    }
    .density {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-5);
    }
    .link-button:disabled {
      color: var(--mat-sys-on-surface-variant);
      text-decoration: none;
      cursor: default;
    }
    @media (pointer: coarse) {
      label {
        min-height: 44px;
      }
      /* Touch screens have no compact rows, because their buttons would be too small for a finger. */
      .density {
        display: none;
      }
    }
  `,
})
export class ViewPanel {
  private readonly location = inject(DOCUMENT).location;

  readonly layout = input.required<ListLayout>();
  /** Columns to choose from; empty for cards, which have neither columns nor a density. */
  readonly columns = input.required<readonly HideableColumn[]>();
  readonly path = input.required<string>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly hidesColumns = computed(() => this.layout().hidden().size > 0);
  protected readonly isDefault = computed(() => !this.hidesColumns() && !this.layout().isCompact());

  /** Returns the URL of the list with its hidden columns. It already contains search, filters and order. */
  protected link(): string {
    const url = new URL(this.location.href);
    if (this.hidesColumns()) {
      url.searchParams.set(HIDDEN_PARAMETER, [...this.layout().hidden()].join(','));
    }
    return url.href;
  }
}
