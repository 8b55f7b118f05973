import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { injectTexts } from '../core/language';
import { controlKey } from '../shared/keyboard';
import { Icon, type IconName } from '../shared/ui/icon';
import type { Destination } from './destinations';

@Component({
  selector: 'app-shortcuts',
  imports: [Icon, MatButton, MatDialogModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().shortcuts.heading }}</h2>
    <mat-dialog-content tabindex="0">
      @for (group of groups(); track group.heading) {
        <h3 class="small-title quiet">{{ group.heading }}</h3>
        <dl>
          @for (shortcut of group.shortcuts; track shortcut.text) {
            <dt class="second-line">
              @for (key of shortcut.keys; track key) {
                @if (group.isSequence && !$first) {
                  <span>{{ t().shortcutHelp.then }}</span>
                }
                <kbd>
                  @if (icons[key]; as icon) {
                    <app-icon [name]="icon" />
                  } @else {
                    {{ key }}
                  }
                </kbd>
              }
            </dt>
            <dd>{{ shortcut.text }}</dd>
          }
        </dl>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button matButton cdkFocusInitial type="button" mat-dialog-close>{{ t().common.close }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: minmax(112px, auto) 1fr;
      gap: var(--space-2) var(--space-4);
      margin: var(--space-1) 0 var(--space-4);
      color: var(--mat-sys-on-surface);
    }
    dt {
      display: flex;
      gap: var(--space-2);
      align-items: center;
    }
  `,
})
export class Shortcuts {
  private readonly destinations = inject<readonly Destination[]>(MAT_DIALOG_DATA);

  protected readonly t = injectTexts();
  private readonly controlKey = controlKey();
  /** Icons for keys whose characters some monospaced fonts lack. */
  protected readonly icons: Partial<Record<string, IconName>> = { '↑': 'arrowUp', '↓': 'arrowDown' };
  protected readonly groups = computed(() => {
    const { pages, shortcuts, shortcutHelp } = this.t();
    const { groups, keys, spaceBar, home, end } = shortcutHelp;
    return [
      {
        heading: groups.everywhere,
        shortcuts: [
          { keys: [this.controlKey(), 'K'], text: shortcuts.palette },
          { keys: ['?'], text: keys.help },
          { keys: ['/'], text: keys.search },
          { keys: ['Esc'], text: keys.escape },
        ],
      },
      {
        heading: groups.lists,
        shortcuts: [
          { keys: ['↑', '↓'], text: keys.move },
          { keys: [home, end], text: keys.ends },
          { keys: ['Enter'], text: keys.enter },
          { keys: [spaceBar], text: keys.space },
        ],
      },
      {
        heading: groups.go,
        isSequence: true,
        shortcuts: this.destinations.map(({ page, key }) => ({ keys: ['g', key], text: pages[page] })),
      },
    ];
  });
}
