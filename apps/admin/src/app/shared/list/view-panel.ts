import { A11yModule } from '@angular/cdk/a11y';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { injectTexts } from '../../core/language';
import { SavedViewList } from './saved-view-list';
import type { ViewMenu } from './view-menu';

/** Saved views, columns and density of a list. */
@Component({
  selector: 'app-view-panel',
  imports: [A11yModule, SavedViewList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="panel" cdkTrapFocus cdkTrapFocusAutoCapture role="dialog" [attr.aria-label]="t().lists.view">
      <app-saved-view-list [menu]="menu()" />
      @if (menu().columns().length > 0) {
        <hr />
        <fieldset>
          <legend class="small-title">{{ t().listView.columns }}</legend>
          @for (column of menu().columns(); track column.name) {
            <label>
              <input
                type="checkbox"
                [checked]="!layout().hidden().has(column.name)"
                (change)="layout().toggle(column.name)"
              />
              <span>{{ column.label }}</span>
              @if (column.isMinor && !hidesColumns()) {
                <span class="second-line">{{ t().listView.ifRoom }}</span>
              }
            </label>
          }
        </fieldset>
        <fieldset class="density">
          <legend class="small-title">{{ t().listView.density }}</legend>
          @for (isCompact of densities; track isCompact) {
            <label>
              <input
                type="radio"
                name="density"
                [checked]="isCompact === layout().isCompact()"
                (change)="layout().setCompact(isCompact)"
              />
              <span>{{ isCompact ? t().listView.compact : t().listView.comfortable }}</span>
            </label>
          }
        </fieldset>
        @if (menu().option(); as option) {
          <label>
            <input #box type="checkbox" [checked]="option.isOn" (change)="option.set(box.checked)" />
            <span>{{ option.label }}</span>
          </label>
        }
        <button class="bare link-button" type="button" [disabled]="isDefault()" (click)="layout().reset()">
          {{ t().listView.reset }}
        </button>
      }
    </div>
  `,
  styles: `
    .panel {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
      width: min(300px, calc(100vw - 16px));
      /* Minus the margins of the window and of the panel. The overlay does not move a taller panel into the window. */
      max-height: calc(100dvh - 20px);
      overflow-y: auto;
      margin-top: 4px;
      padding: 16px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 12px;
      background: var(--app-card);
      box-shadow: var(--mat-sys-level2);
    }
    hr {
      width: 100%;
      height: 1px;
      margin: 0;
      border: 0;
      background: var(--mat-sys-outline-variant);
    }
    legend {
      margin-bottom: 4px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 10px;
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
      gap: 0 20px;
    }
    .link-button {
      justify-self: start;
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
      /* Rows stay comfortable, because their buttons are pressed with a finger. */
      .density {
        display: none;
      }
    }
  `,
})
export class ViewPanel {
  readonly menu = input.required<ViewMenu>();

  protected readonly t = injectTexts();
  protected readonly layout = computed(() => this.menu().layout());
  protected readonly densities = [false, true];
  protected readonly hidesColumns = computed(() => this.layout().hidden().size > 0);
  protected readonly isDefault = computed(() => !this.hidesColumns() && !this.layout().isCompact());
}
